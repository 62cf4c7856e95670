"""What a stress does to a study: to its inputs, or to the paths that were drawn from them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from rerack.assets import Lease
from rerack.assets.deal_terms import TenantCredit
from rerack.markets import PriceLibrary
from rerack.network import NetworkSpec
from rerack.network.rig_market import rig_price_path
from rerack.planning import World
from rerack.planning.world import repriced
from rerack.scenario import Scenario

#: Hours of the February 2021 storm at the ERCOT cap, 15 to 19 February.
STORM_HOURS = 77
#: The cap of that week [USD/MWh].
STORM_USD_PER_MWH = 9_000.0
#: Where in February the storm stands: the 15th, as in 2021.
_STORM_BEGINS = 14 * 24


def halving_gpu_prices(scenario: Scenario) -> Scenario:
    """Let the price of a GPU-hour halve each year."""
    gpu = replace(scenario.market.gpu, decline_frac_per_year=0.5)
    return replace(scenario, market=replace(scenario.market, gpu=gpu))


#: Yearly odds of failure at which a tenant lasts three years on average.
FAILING_FRAC_PER_YEAR = 1.0 - math.exp(-1.0 / 3.0)


def failing_tenants(scenario: Scenario) -> Scenario:
    """Let every tenant of a lease fail, on average three years after signing.

    Security, vacancy and re-letting are those of the lease; one that names none has none.
    """
    offers = {
        name: replace(use, credit=_failing(use.credit)) if isinstance(use, Lease) else use
        for name, use in scenario.offers.items()
    }
    return replace(scenario, offers=offers)


def _failing(credit: TenantCredit | None) -> TenantCredit:
    if credit is None:
        return TenantCredit(default_frac_per_year=FAILING_FRAC_PER_YEAR)
    return replace(credit, default_frac_per_year=FAILING_FRAC_PER_YEAR)


def lower_hashprice(world: World, spec: NetworkSpec, *, usd_per_ph_day: float) -> World:
    """Move every scenario's hashprice in proportion, so that it starts at `usd_per_ph_day`.

    Parameters
    ----------
    world : World
        Scenarios.
    spec : NetworkSpec
        The network they were made with: new rigs are priced by what they earn now.
    usd_per_ph_day : float
        Mean hashprice of the first month [USD/PH/day].

    Notes
    -----
    Bitcoin's price stays, so it is difficulty that differs: as if hashrate had been that much
    larger from the start. Hashprice held at one number for good would be no stress: rigs improve.
    """
    network = world.network
    factor = usd_per_ph_day / float(network.hashprice_usd_per_ph_day[:, 0].mean())
    hashprice = network.hashprice_usd_per_ph_day * factor
    moved = replace(
        network,
        hashprice_usd_per_ph_day=hashprice,
        btc_per_ph_day=network.btc_per_ph_day * factor,
        difficulty=network.difficulty / factor,
        hashrate_eh_s=network.hashrate_eh_s / factor,
        rig_price_usd_per_th=rig_price_path(spec, world.meter.grid, hashprice),
    )
    return replace(world, network=moved, _mining={}, _hosting={})


def storm(world: World, spec: NetworkSpec) -> World:
    """Put the week of February 2021 into the second February of every scenario.

    For 77 hours from the 15th the index stands at 9,000 USD/MWh, whatever the scenario's level.

    Notes
    -----
    The library gets one year a scenario that has such a February; every other month is copied.
    The network is left as it is: its hashprice does not hang on one site's power.
    """
    grid, power = world.meter.grid, world.meter.power
    second = np.flatnonzero(grid.month_of_year == 2)[1:2]
    del spec  # every change of paths is given the network; this one does not touch it
    if second.size == 0:
        return world
    month = int(second[0])
    years = power.library_year[:, month]
    hourly = [m.copy() for m in power.library.hourly_usd_per_mwh]
    stormy = [m[years] for m in hourly]
    hours = slice(_STORM_BEGINS, _STORM_BEGINS + STORM_HOURS)
    stormy[1][:, hours] = STORM_USD_PER_MWH / power.level[:, month, None]
    joined = tuple(np.concatenate([m, s]) for m, s in zip(hourly, stormy, strict=True))
    library = PriceLibrary(
        name=f"{power.library.name} with a storm",
        source=power.library.source,
        hourly_usd_per_mwh=joined,
        mean_usd_per_mwh=float(np.concatenate(joined, axis=1).mean()),
    )
    library_year = power.library_year.copy()
    library_year[:, month] = power.library.library_years + np.arange(years.size)
    return repriced(world, replace(power, library=library, library_year=library_year))
