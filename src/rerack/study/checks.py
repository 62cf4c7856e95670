"""How far to trust a run: the fast dispatch against the linear programme on sampled months."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rerack.assets import Tariff
from rerack.base.checks import FloatArray
from rerack.dispatch import solve, strike_usd_per_mwh
from rerack.planning import World


def lp_gap(world: World, *, samples: int = 3) -> float:
    """Return the largest relative difference between pipeline and LP mining margin.

    Parameters
    ----------
    world : World
        First block of scenarios.
    samples : int
        Scenario-months, spread over the horizon, solved hour by hour with HiGHS.

    Returns
    -------
    float
        ``max |fast - lp| / max(1 USD, |lp|)``.
    """
    scenarios, months = world.shape
    picks = np.linspace(0, months - 1, samples).astype(int)
    return max(_month_gap(world, (7 * i) % scenarios, int(month)) for i, month in enumerate(picks))


def _month_gap(world: World, scenario: int, month: int) -> float:
    power = world.meter.power
    of_year = int(world.meter.grid.month_of_year[month]) - 1
    shape = power.library.hourly_usd_per_mwh[of_year][power.library_year[scenario, month]]
    hashprice = float(world.network.hashprice_usd_per_ph_day[scenario, month])
    # Charges for peaks and what couples halls are compared elsewhere: `rerack dispatch` is the
    # whole problem. Here every hour has its price at the meter, and that is all.
    free = replace(world.site, tariff=Tariff())
    exact = solve(free, _meter_usd_per_mwh(world, scenario, month, shape), hashprice, method="lp")
    lp_usd = exact.objective_usd
    fast = 0.0
    for hall in world.site.halls:
        if hall.rigs is None:
            continue
        strike = np.full(world.shape, float(strike_usd_per_mwh(hall.rigs, hashprice)))
        run_frac, run_price = world.meter.run(strike)
        margin = strike * run_frac - run_price
        hours = shape.size * hall.rigs.uptime_frac
        fast += float(margin[scenario, month]) * hours * hall.utility_mw
    return abs(fast - lp_usd) / max(1.0, abs(lp_usd))


def _meter_usd_per_mwh(world: World, scenario: int, month: int, shape: FloatArray) -> FloatArray:
    """Return the price at the meter of each hour of a scenario-month [USD/MWh], shape (hour,)."""
    meter = world.meter
    fixed = meter.tariff.fixed_price_usd_per_mwh
    bought = meter.gross_level[scenario, month] * shape + meter.tariff.adder_usd_per_mwh
    price = bought if fixed is None else np.full(shape.shape, fixed)
    if meter.rated is None:
        return price
    by_hour = meter.rated.rate_by_hour[meter.rated.pattern[month], : shape.size]
    return price + meter.rated.rate_usd_per_mwh[by_hour]
