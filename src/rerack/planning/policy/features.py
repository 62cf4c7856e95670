"""The state of the market that the rule looks at, and the functions of it that are regressed on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import Hall
from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.regression import Scale, monomials
from rerack.planning.meter import Meter
from rerack.planning.policy.surprises import Surprises, month_major
from rerack.planning.world import World

#: What the rule knows of a month, in the order of `_known`.
VARIABLES = (
    "hashprice",
    "hashrate",
    "lease rate",
    "power level",
    "rig income",
    "mining spread",
    "fees",
)
_H, _N, _L, _P, _E, _S, _F = range(len(VARIABLES))


def market_state(world: World, hall: Hall) -> FloatArray:
    """Return what is known of each month, shape (scenario, month, variable).

    Parameters
    ----------
    world : World
        The scenarios.
    hall : Hall
        Whose rigs earn the income; an empty hall has none.

    Notes
    -----
    Logarithms of hashprice [USD/PH/day], network hashrate [EH/s], lease index and power level, of
    the rigs' income per MWh over hashprice (their efficiency in the units of the money), and the
    positive part of income less mean price [USD/MWh]. The weather of the running year is left out:
    nobody knows it in advance.
    """
    return month_major(world.shape, len(VARIABLES), lambda block: _known(world, hall, block))


def _known(world: World, hall: Hall, block: slice) -> list[FloatArray]:
    """Return the variables of some scenarios, each of shape (scenario, month)."""
    hashprice = world.network.hashprice_usd_per_ph_day[block]
    level = world.meter.power.level[block]
    per_hashprice, spread = np.ones_like(level), np.zeros_like(level)
    if hall.rigs is not None:
        mining = world.mining(hall.rigs, world.shape[1])
        per_hashprice = _income_per_hashprice(
            mining.revenue_usd_per_mw[block], mining.energy_mwh_per_mw[block], hashprice
        )
        mean = _usual_price_usd_per_mwh(world.meter, block)
        spread = np.maximum(hashprice * per_hashprice - mean, 0.0)
    return [
        np.log(hashprice),
        np.log(world.network.hashrate_eh_s[block]),
        np.log(world.outlook.lease_index[block]),
        np.log(level),
        np.log(per_hashprice),
        spread,
        np.log(world.outlook.fees_btc_per_block[block]),
    ]


def _usual_price_usd_per_mwh(meter: Meter, block: slice) -> FloatArray | float:
    """Return the mean price at the meter over months and weather of all years [USD/MWh]."""
    rate = 0.0 if meter.rated is None else meter.rated.mean_rate_usd_per_mwh()
    fixed = meter.tariff.fixed_price_usd_per_mwh
    if fixed is not None:
        return fixed + rate
    gross = meter.power.level[block] / (1.0 - meter.tariff.losses_frac)
    return gross * meter.power.library.mean_usd_per_mwh + meter.tariff.adder_usd_per_mwh + rate


def strikes_usd_per_mwh(world: World, hall: Hall) -> FloatArray:
    """Return the price below which a hall's rigs run, shape (scenario, month) [USD/MWh]."""
    assert hall.rigs is not None
    hashprice = world.network.hashprice_usd_per_ph_day
    mining = world.mining(hall.rigs, world.shape[1])
    income = hashprice * _income_per_hashprice(
        mining.revenue_usd_per_mw, mining.energy_mwh_per_mw, hashprice
    )
    return np.asarray(income - hall.rigs.variable_om_usd_per_mwh)


def _income_per_hashprice(
    revenue: FloatArray, energy: FloatArray, hashprice: FloatArray
) -> FloatArray:
    """Return income per MWh over hashprice; in a month without energy, that of the month before."""
    ran = energy > 0.0
    ratio = np.where(ran, revenue, 1.0) / np.where(ran, energy * hashprice, 1.0)
    month = np.arange(energy.shape[1])
    first = np.where(ran.any(axis=1), ran.argmax(axis=1), 0)[:, None]
    last = np.maximum(np.maximum.accumulate(np.where(ran, month, 0), axis=1), first)
    filled: FloatArray = np.take_along_axis(ratio, last, axis=1)
    return filled


@dataclass(frozen=True, kw_only=True, eq=False)
class Basis:
    """Products of powers of standardised variables.

    Parameters
    ----------
    scale : Scale
        Measured on the sample that the rule is fitted on, and used on every other.
    rule_powers : ndarray of int, shape (term, variable)
        Exponents of the terms that values are regressed on.
    hedge_powers : dict of str to ndarray of int, shape (term, variable)
        Exponents of the terms that multiply each surprise.
    """

    scale: Scale
    rule_powers: IntArray
    hedge_powers: dict[str, IntArray]

    @classmethod
    def of(cls, state: FloatArray) -> Basis:
        """Choose the terms and measure the scale of `state`, shape (scenario, month, variable)."""
        return cls(
            scale=Scale.of(state),
            rule_powers=_powers(_RULE),
            hedge_powers={name: _powers(terms) for name, terms in _HEDGE.items()},
        )

    def rule(self, state: FloatArray, month: int) -> FloatArray:
        """Return the terms of the rule in a month, shape (scenario, term); the first is 1."""
        return monomials(self.scale.apply(state, month, _REACH), self.rule_powers)

    def rules(self, state: FloatArray, months: IntArray) -> FloatArray:
        """Return the terms of the rule in several months, shape (month, scenario, term)."""
        scaled = self.scale.apply_steps(state, months, _REACH)
        terms = monomials(scaled.reshape(-1, scaled.shape[2]), self.rule_powers)
        return terms.reshape(*scaled.shape[:2], -1)

    def hedges(self, state: FloatArray, surprises: Surprises, month: int) -> FloatArray:
        """Return surprises between a month and the next times terms, shape (scenario, column)."""
        powers = [self.hedge_powers[name] for name in surprises.names]
        return monomials(
            self.scale.apply(state, month, _REACH),
            np.concatenate(powers),
            surprises.at(month),
            np.repeat(np.arange(len(powers)), [len(terms) for terms in powers]),
        )


#: Standard deviations beyond which a variable counts as at that distance: a path beyond what the
#: fit has seen must not be sent off by a cubic.
_REACH = 6.0
_RULE = (
    *((), (_H,), (_H, _H), (_H, _H, _H), (_N,), (_L,), (_L, _L), (_P,), (_E,), (_S,), (_S, _S)),
    *((_H, _L), (_H, _E), (_H, _N), (_S, _L), (_S, _E), (_S, _P), (_E, _E)),
)
#: Terms by surprise: where a value bends most, most terms.
_FULL = ((), (_H,), (_S,), (_E,), (_L,), (_N,), (_H, _H), (_S, _S), (_H, _E), (_H, _S))
_HEDGE = {
    "bitcoin": _FULL,
    "network": _FULL,
    "bitcoin twice": ((), (_H,), (_S,), (_E,)),
    "bitcoin and network": ((), (_H,), (_S,)),
    "lease": ((), (_H,), (_S,), (_L,)),
    "power": ((), (_H,), (_S,), (_E,)),
    "fees": ((), (_H,), (_F,)),
    "weather": ((), (_H,)),
}


def _powers(terms: tuple[tuple[int, ...], ...]) -> IntArray:
    counts: IntArray = np.array(
        [[term.count(v) for v in range(len(VARIABLES))] for term in terms], dtype=np.int64
    )
    return counts
