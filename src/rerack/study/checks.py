"""How far to trust a run: the fast dispatch against the linear programme on sampled months."""

from __future__ import annotations

import numpy as np

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
    hourly = power.level[scenario, month] * shape
    hashprice = float(world.network.hashprice_usd_per_ph_day[scenario, month])
    exact = solve(world.site, hourly, hashprice, method="lp")
    lp_usd = exact.objective_usd - exact.block_settlement_usd
    fast = 0.0
    for hall in world.site.halls:
        if hall.rigs is None:
            continue
        strike = np.full(world.shape, float(strike_usd_per_mwh(hall.rigs, hashprice)))
        run_frac, run_price = world.meter.run(strike)
        margin = strike * run_frac - run_price
        hours = len(hourly) * hall.rigs.uptime_frac
        fast += float(margin[scenario, month]) * hours * hall.utility_mw
    return abs(fast - lp_usd) / max(1.0, abs(lp_usd))
