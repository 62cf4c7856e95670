"""What moves the answer: one input at a time, on the same scenarios."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from rerack.planning import Plan, World, evaluate
from rerack.planning.policy import FittedPlan
from rerack.scenario import Scenario
from rerack.study.levers import LEVERS, bitcoin_price, conversion_cost, lease_rate, power_level
from rerack.study.simulate import Prepared, build_world
from rerack.study.store import Table

#: Scenarios on which sensitivities are measured: differences on common draws need few.
SENSITIVITY_SCENARIOS = 128


@dataclass(frozen=True, kw_only=True)
class Gain:
    """Mean NPV gain of a plan over keeping mining, as a function of a changed scenario.

    Parameters
    ----------
    prepared : Prepared
        The study; its library and streams serve every change.
    keep, answer : Plan or FittedPlan
        The two plans compared. A policy keeps the rule that it was fitted with.
    world : World
        The unchanged study's draws, reused where a change touches neither market nor site.
    offset_usd : float
        Gain on all scenarios less gain on the sensitivity scenarios, both unchanged [USD].

    Notes
    -----
    A changed gain is measured on few scenarios and shifted by `offset_usd`: the unchanged case is
    a control variate, so the base of every bar is the headline figure itself.
    """

    prepared: Prepared
    keep: Plan | FittedPlan
    answer: Plan | FittedPlan
    world: World
    offset_usd: float

    @classmethod
    def of(
        cls,
        prepared: Prepared,
        keep: Plan | FittedPlan,
        answer: Plan | FittedPlan,
        *,
        full_gain_usd: float,
    ) -> Gain:
        """Draw the sensitivity scenarios once.

        Parameters
        ----------
        prepared : Prepared
            The study.
        keep, answer : Plan
            The two plans compared.
        full_gain_usd : float
            Mean gain on all scenarios of the study [USD].
        """
        count = min(SENSITIVITY_SCENARIOS, prepared.scenario.scenarios)
        world = build_world(prepared, 0, count)
        few = cls(prepared=prepared, keep=keep, answer=answer, world=world, offset_usd=0.0)
        return replace(few, offset_usd=full_gain_usd - few.usd(prepared.scenario))

    def usd(self, scenario: Scenario) -> float:
        """Return the mean gain [USD] under `scenario`."""
        world = self._world(scenario)
        gain = evaluate(self.answer, world).npv_usd - evaluate(self.keep, world).npv_usd
        return float(gain.mean()) + self.offset_usd

    def _world(self, scenario: Scenario) -> World:
        base = self.prepared.scenario
        same_draws = (
            scenario.market is base.market
            and scenario.network is base.network
            and scenario.site is base.site
        )
        if same_draws:
            return replace(self.world, offers=scenario.offers, terms=scenario.finance)
        # Hashrate follows Bitcoin, fees and leases, not the power prices of one site.
        same_network = scenario.network is base.network and base.market == replace(
            scenario.market, power=base.market.power
        )
        prepared = replace(self.prepared, scenario=scenario)
        network = self.world.network if same_network else None
        return build_world(prepared, 0, self.world.shape[0], network)


def tornado_table(gain: Gain) -> Table:
    """Return the answer plan's gain over keeping mining as each lever moves, widest first."""
    scenario = gain.prepared.scenario
    base = gain.usd(scenario)
    rows = [
        (
            lever.name,
            lever.label(scenario, lever.low),
            lever.label(scenario, lever.high),
            gain.usd(lever.change(scenario, lever.low)),
            gain.usd(lever.change(scenario, lever.high)),
        )
        for lever in LEVERS
    ]
    rows.sort(key=lambda r: -abs(r[4] - r[3]))
    return {
        "input": np.asarray([r[0] for r in rows], dtype=str),
        "low": np.asarray([r[1] for r in rows], dtype=str),
        "high": np.asarray([r[2] for r in rows], dtype=str),
        "low_delta_usd": np.asarray([r[3] for r in rows]),
        "high_delta_usd": np.asarray([r[4] for r in rows]),
        "base_delta_usd": np.full(len(rows), base),
    }


#: Levers whose flip point is sought: change and range of factors.
FLIPS: tuple[tuple[str, Callable[[Scenario, float], Scenario], float, float], ...] = (
    ("rent or GPU-hour price", lease_rate, 0.1, 5.0),
    ("Bitcoin price", bitcoin_price, 0.1, 10.0),
    ("power price", power_level, 0.2, 5.0),
    ("conversion cost", conversion_cost, 0.1, 5.0),
)


def flips_table(gain: Gain, *, hurdle_usd: float) -> Table:
    """Return the factor on each input at which the answer would change.

    Parameters
    ----------
    gain : Gain
        Gain of the plan over keeping mining.
    hurdle_usd : float
        Gain above which the plan is the answer and below which it is not [USD].

    Returns
    -------
    Table
        Factor by input; NaN where the answer does not change within the range searched.
    """
    factors = [
        flip_factor(partial(_excess_usd, gain, change, hurdle_usd), low, high)
        for _, change, low, high in FLIPS
    ]
    return {
        "input": np.asarray([f[0] for f in FLIPS], dtype=str),
        "factor": np.asarray(factors),
        "searched_low": np.asarray([f[2] for f in FLIPS]),
        "searched_high": np.asarray([f[3] for f in FLIPS]),
    }


def _excess_usd(
    gain: Gain, change: Callable[[Scenario, float], Scenario], hurdle_usd: float, factor: float
) -> float:
    """Return the gain under a change, less the hurdle."""
    return gain.usd(change(gain.prepared.scenario, factor)) - hurdle_usd


#: Width of the bracket of a flip point in the logarithm of the factor: 0.5 %.
_FLIP_TOLERANCE = 0.005


def flip_factor(gain: Callable[[float], float], low: float, high: float) -> float:
    """Return where `gain` changes sign between two positive factors, to 0.5 %; NaN if nowhere.

    Notes
    -----
    Bisection and chord in turn, in the logarithm of the factor: the bracket at least halves with
    every second evaluation, and closes at once where the function is nearly straight.
    """
    a, b = math.log(low), math.log(high)
    at_a, at_b = gain(low), gain(high)
    if not at_a * at_b < 0.0:
        return float("nan")
    secant = False
    while b - a > _FLIP_TOLERANCE:
        x = _chord(a, b, at_a, at_b) if secant else 0.5 * (a + b)
        # A chord that lands beside an end is stepped inwards, so that it can close the bracket.
        x = min(max(x, a + 0.4 * _FLIP_TOLERANCE), b - 0.4 * _FLIP_TOLERANCE)
        secant = not secant
        value = gain(math.exp(x))
        if value * at_a > 0.0:
            a, at_a = x, value
        else:
            b, at_b = x, value
    return math.exp(_chord(a, b, at_a, at_b))


def _chord(a: float, b: float, at_a: float, at_b: float) -> float:
    """Return where the straight line through two points of opposite sign is zero."""
    return a - at_a * (b - a) / (at_b - at_a)
