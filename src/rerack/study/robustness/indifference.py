"""Indifference: the lease rate at which converting and mining on are worth the same."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rerack.assets import GpuCloud, Lease
from rerack.base.checks import require
from rerack.network.cohort_network import as_a_whole
from rerack.planning import FixedPlan, Plan, World, evaluate, keep_mining
from rerack.planning.plans import Assignment
from rerack.study.levers import lease_rate, power_level
from rerack.study.robustness.shocks import lower_hashprice
from rerack.study.sensitivity import flip_factor
from rerack.study.simulate import Prepared, build_world
from rerack.study.store import Table

#: Hashprices at which the lease rate of indifference is sought [USD/PH/day].
HASHPRICES_USD_PER_PH_DAY = (20.0, 25.0, 30.0, 35.0, 45.0, 60.0)
#: Factors on the price of power.
POWER_FACTORS = (0.5, 1.0, 1.5)
#: Scenarios: the same for every point, so that curves are smooth.
_SCENARIOS = 64
#: Range of factors on the rent that is searched.
_SEARCH = (0.02, 50.0)


@dataclass(frozen=True, kw_only=True)
class _Question:
    """Whether one hall is better converted today, in a market that starts at a hashprice."""

    prepared: Prepared
    world: World
    convert: Plan
    offer: str

    def gain_usd(self, factor: float) -> float:
        """Return the mean gain over mining on with the offer's rent times `factor` [USD]."""
        scenario = lease_rate(self.prepared.scenario, factor)
        world = replace(self.world, offers=scenario.offers, _hosting={})
        gain = evaluate(self.convert, world).npv_usd - evaluate(keep_mining(), world).npv_usd
        return float(gain.mean())


def indifference_table(
    prepared: Prepared,
    *,
    offer: str,
    hall: str | None = None,
    hashprices_usd_per_ph_day: tuple[float, ...] = HASHPRICES_USD_PER_PH_DAY,
    power_factors: tuple[float, ...] = POWER_FACTORS,
) -> Table:
    """Return the rent at which a hall may as well convert today as mine on.

    Parameters
    ----------
    prepared : Prepared
        The study.
    offer : str
        Offer whose rent, or price of a GPU-hour, is moved.
    hall : str or None
        Hall; the first with rigs if None.
    hashprices_usd_per_ph_day : tuple of float
        Hashprices of the first month; later ones follow in proportion [USD/PH/day].
    power_factors : tuple of float
        Factors on the index price of power, or on the fixed price.

    Returns
    -------
    Table
        One row a hashprice and power price: the rate of indifference in the offer's unit
        [USD/kW-month critical, or USD/GPU-hour], NaN where no rate within 1/50 to 50 times the
        offer's is; the mean price at the meter [USD/MWh].

    Raises
    ------
    InputError
        An unknown offer or hall.

    Notes
    -----
    The hall converts in the first month or never: for what waiting needs, see the policy's region.
    The rent of indifference is on the mean over scenarios, after tax and debt.
    """
    scenario = prepared.scenario
    require(
        offer in scenario.offers,
        "offer",
        given=repr(offer),
        allowed=", ".join(scenario.offers) or "none: the file has no offers",
    )
    chosen = _hall(prepared, hall)
    assignment = Assignment(hall=chosen, use=offer, decide_month=0)
    convert = FixedPlan(name=f"convert {chosen}", kind="staged", assignments=(assignment,))
    base = _rate(prepared, offer)
    rows = []
    for factor in power_factors:
        drawn = replace(prepared, scenario=power_level(scenario, factor))
        world = build_world(drawn, 0, min(_SCENARIOS, scenario.scenarios))
        meter = float(world.meter.mean_usd_per_mwh()[:, :12].mean())
        for hashprice in hashprices_usd_per_ph_day:
            held = lower_hashprice(world, as_a_whole(scenario.network), usd_per_ph_day=hashprice)
            asked = _Question(prepared=drawn, world=held, convert=convert, offer=offer)
            rows.append((hashprice, meter, base * flip_factor(asked.gain_usd, *_SEARCH)))
    return {
        "offer": np.full(len(rows), offer),
        "hall": np.full(len(rows), chosen),
        "hashprice_usd_per_ph_day": np.asarray([r[0] for r in rows]),
        "power_usd_per_mwh": np.asarray([r[1] for r in rows]),
        "rate": np.asarray([r[2] for r in rows]),
        "unit": np.full(len(rows), _unit(prepared, offer)),
        "offered": np.full(len(rows), base),
    }


def break_even_sentences(table: Table) -> list[str]:
    """Return one sentence a price of power: from which rent on converting pays, by hashprice."""
    told = []
    for power in dict.fromkeys(table["power_usd_per_mwh"].tolist()):
        here = table["power_usd_per_mwh"] == power
        points = [
            f"{rate:,.0f} at {hashprice:.0f}" if rate >= 10.0 else f"{rate:.2f} at {hashprice:.0f}"
            for hashprice, rate in zip(
                table["hashprice_usd_per_ph_day"][here], table["rate"][here], strict=True
            )
            if np.isfinite(rate)
        ]
        if points:
            told.append(
                f"With power at {power:.1f} USD/MWh in the first year, {table['offer'][0]} pays in "
                f"hall {table['hall'][0]} from {', '.join(points)} USD/PH/day "
                f"[{table['unit'][0]}; offered {table['offered'][0]:,.4g}]."
            )
    return told


def _hall(prepared: Prepared, name: str | None) -> str:
    site = prepared.scenario.site
    if name is not None:
        return site.hall(name).name
    return next((h.name for h in site.halls if h.rigs is not None), site.halls[0].name)


def _rate(prepared: Prepared, offer: str) -> float:
    use = prepared.scenario.offers[offer]
    return use.rate_usd_per_kw_month if isinstance(use, Lease) else use.price_usd_per_gpu_hour


def _unit(prepared: Prepared, offer: str) -> str:
    cloud = isinstance(prepared.scenario.offers[offer], GpuCloud)
    return "USD/GPU-hour" if cloud else "USD/kW-month critical"
