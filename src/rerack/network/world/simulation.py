"""The world's hashrate month by month: who runs, buys, moves, converts, and what that pays."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require, require_between
from rerack.base.errors import SolverError
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.chain import run_epochs
from rerack.markets import Outlook
from rerack.network.world.announced import departures_mw, kinds_of, members
from rerack.network.world.arrays import cohort_arrays, ways_between
from rerack.network.world.behaviour import AiDemand
from rerack.network.world.cohort import OWNERS
from rerack.network.world.records import TOTALS, Months, Numbers, Outputs, Paths, Places
from rerack.network.world.result import NetworkSimulation
from rerack.network.world.state import World

_NO_AI = AiDemand(rent_usd_per_mw_year=0.0, capex_usd_per_mw=0.0, limit_mw_per_month=0.0)


def simulate(
    world: World,
    outlook: Outlook,
    *,
    months: int,
    seed: int,
    workers: int = 1,
    leaving_mw: FloatArray | None = None,
) -> NetworkSimulation:
    """Return the world's hashrate along every scenario of an outlook.

    Parameters
    ----------
    world : World
        The state at the first month, and how owners decide.
    outlook : Outlook
        Bitcoin price, fees and lease rates; it begins in the world's month.
    months : int
        How far to go, 1 or more and no longer than the outlook.
    seed : int
        For what is not known about power prices and foundries
        (`Behaviour.power_error_frac`, `Behaviour.foundry_error_frac`); 0 or more.
    workers : int
        Threads among which scenarios are divided; the result is the same for any number.
    leaving_mw : array, shape (scenario, month), or None
        Sites of all cohorts that convert to AI at the end of each month beside those of the
        world, as a study decides [MW at the meter].

    Returns
    -------
    NetworkSimulation
        Hashrate by what became of it, by region, owner and generation; hashprice, difficulty.

    Raises
    ------
    InputError
        The outlook begins in another month, or ends before `months`; `leaving_mw` of another
        shape, or negative.
    SolverError
        A month without a hashprice: everybody has left.

    Notes
    -----
    In each month: arrivals and wear; hashprice and hashrate solved together (`equilibrium`), with
    a band within which nobody switches; conversion to AI; relocation and scrapping of what is
    idle; orders at the rig price that clears. Then the chain runs under that hashrate, which gives
    difficulty, halvings and the hashprice that was really paid. Equations and weaknesses:
    docs/explanation/network-equilibrium.md.

    Not for a shock within a month: give `rerack.chain.run_epochs` days instead.

    Examples
    --------
    >>> from rerack.base import MonthGrid, Streams
    >>> from rerack.markets import BitcoinSpec, MarketSpec, build_outlook
    >>> from rerack.network.world import simulate, world_of
    >>> grid = MonthGrid.parse("2025-12", 13)
    >>> spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0))
    >>> outlook = build_outlook(spec, grid, Streams(7), paths=2)
    >>> result = simulate(world_of("2025-12"), outlook, months=13, seed=7)
    >>> result.region_eh_s.shape, bool(abs(result.imbalance_eh_s).max() < 1e-9)
    ((2, 13, 10), True)
    """
    _check_span(world, outlook, months)
    require(workers >= 1, "workers", given=workers, allowed="1 or more")
    grid = MonthGrid(
        start_year=outlook.grid.start_year, start_month=outlook.grid.start_month, months=months
    )
    paths = _paths(world, outlook, grid, Streams(seed), leaving_mw)
    out = run_world(world, grid, paths, workers=workers)
    totals = {name: out.totals[:, :, i].copy() for i, name in enumerate(TOTALS)}
    lost = np.argwhere(~np.isfinite(totals["equilibrium_usd_per_ph_day"]))
    if lost.size:
        s, m = (int(i) for i in lost[0])
        raise SolverError(
            f"scenario {outlook.first_path + s}, {grid.labels[m]}: no hashprice; every miner left"
        )
    epochs = run_epochs(
        hashrate_eh_s=totals["online_eh_s"],
        hours=grid.hours,
        fees_btc=paths.fees_btc,
        start_height=world.height,
        start_difficulty=world.difficulty,
    )
    return NetworkSimulation(
        world=world,
        grid=grid,
        **totals,
        hashprice_usd_per_ph_day=epochs.btc_per_ph_day * paths.price_usd,
        btc_per_ph_day=epochs.btc_per_ph_day,
        subsidy_btc=epochs.subsidy_btc_mean,
        difficulty=epochs.difficulty_mean,
        region_eh_s=out.region,
        region_mw=out.region_mw,
        owner_eh_s=out.owner,
        generation_eh_s=out.generation,
        generation_idle_eh_s=out.idle,
        generation_retired_eh_s=out.retired,
        installed_eh_s=out.rigs,
        power_level_frac=paths.power,
        halving_month=epochs.halving_month,
    )


def run_world(world: World, grid: MonthGrid, paths: Paths, *, workers: int = 1) -> Outputs:
    """Run the compiled step over scenarios, in as many threads as there are workers.

    Parameters
    ----------
    world : World
        The state at the start.
    grid : MonthGrid
        Months.
    paths : Paths
        The scenarios.
    workers : int
        Threads.
    """
    from rerack.network.world.step_kernel import step_world  # numba: only when it is needed

    cohorts, ways = cohort_arrays(world), ways_between(world)
    places = Places(
        limit_mw=np.array([r.limit_mw for r in world.regions]),
        build_mw=np.array([r.build_mw_per_month for r in world.regions]),
    )
    calendar, numbers = month_arrays(world, grid), world_numbers(world)
    member = members(world, alike=paths.departing_mw.shape[2] > len(kinds_of(world)))
    slots = 1 + max(
        [world.behaviour.entry_delay_months, *(w.delay_months for w in world.relocations)]
    )
    out = empty_outputs(world, paths.price_usd.shape)

    def part(rows: slice) -> None:
        chosen = Paths(*(a[rows] for a in paths))
        mine = Outputs(*(a[rows] for a in out))
        step_world(cohorts, ways, places, calendar, chosen, numbers, member, slots, mine)

    edges = np.linspace(0, paths.price_usd.shape[0], workers + 1).astype(int)
    spans = [slice(a, b) for a, b in pairwise(edges) if b > a]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        list(pool.map(part, spans))
    return out


def empty_outputs(world: World, shape: tuple[int, ...]) -> Outputs:
    """Return zeros for the step to fill, for (scenario, month) of `shape`.

    Parameters
    ----------
    world : World
        Gives the lengths of the last axes.
    shape : tuple of int
        Scenarios and months.
    """
    return Outputs(
        totals=np.zeros((*shape, len(TOTALS))),
        region=np.zeros((*shape, len(world.regions))),
        region_mw=np.zeros((*shape, len(world.regions))),
        owner=np.zeros((*shape, len(OWNERS))),
        generation=np.zeros((*shape, len(world.generations))),
        idle=np.zeros((*shape, len(world.generations))),
        retired=np.zeros((*shape, len(world.generations))),
        rigs=np.zeros((shape[0], len(world.cohorts))),
    )


def month_arrays(world: World, grid: MonthGrid) -> Months:
    """Return what the months bring in every scenario.

    Parameters
    ----------
    world : World
        Behaviour and generations.
    grid : MonthGrid
        Months.
    """
    rules = world.behaviour
    years = np.arange(grid.months) / 12.0
    level = (1.0 + rules.inflation_frac_per_year) ** years
    released = np.array([g.release_month for g in world.generations])
    newest = np.searchsorted(released, np.arange(grid.months), side="right") - 1
    return Months(
        hours=grid.hours,
        level=level,
        newest=newest.astype(np.int64),
        foundry_mw=rules.foundry_mw_per_month * (1.0 + rules.foundry_growth_frac_per_year) ** years,
        rig_floor=rules.rig_floor_usd_per_th
        * (1.0 - rules.progress_frac_per_year) ** years
        * level,
    )


def world_numbers(world: World) -> Numbers:
    """Return the scalars of a world's behaviour, speeds per month.

    Parameters
    ----------
    world : World
        Any world.
    """
    rules, ai = world.behaviour, world.ai or _NO_AI
    return Numbers(
        fee=rules.pool_fee_frac,
        band=math.log1p(rules.stop_band_frac),
        scrap=1.0 - 0.5 ** (1.0 / rules.scrap_half_life_months),
        wear=1.0 - (1.0 - rules.wear_frac_per_year) ** (1.0 / 12.0),
        entry_delay=rules.entry_delay_months,
        entry_width=rules.entry_width_frac,
        foundry_response=rules.foundry_response_per_year / 12.0,
        site_usd_per_mw=rules.site_usd_per_mw,
        discount=math.log1p(rules.discount_frac_per_year),
        decline=math.log1p(rules.decline_frac_per_year),
        life=rules.life_years,
        start_height=float(world.height),
        ai_rent=ai.rent_usd_per_mw_year,
        ai_charge=ai.capex_usd_per_mw * ai.charge_frac_per_year,
        ai_depth=ai.depth_mw,
        ai_elasticity=ai.elasticity,
        ai_premium=ai.premium_frac,
        ai_speed=ai.convert_frac_per_month,
        ai_limit_mw=ai.limit_mw_per_month,
    )


def _check_span(world: World, outlook: Outlook, months: int) -> None:
    offset = outlook.grid.index_of(world.date)
    require(
        offset == 0,
        "outlook",
        given=f"a first month of {outlook.grid.labels[0]}",
        allowed=f"the month of the world, {world.date}",
        cure="Build the outlook from that month on, or take the world of another date.",
    )
    require_between(
        months,
        1,
        outlook.grid.months,
        "months",
        cure="The price path ends there: give a longer outlook, or ask for fewer months.",
    )


def _paths(
    world: World,
    outlook: Outlook,
    grid: MonthGrid,
    streams: Streams,
    leaving_mw: FloatArray | None,
) -> Paths:
    rules, first, months = world.behaviour, outlook.first_path, grid.months
    shape = (outlook.paths, months)
    leaving = np.empty((0, 0)) if leaving_mw is None else as_finite(leaving_mw, "leaving_mw")
    if leaving.size:
        require(leaving.shape == shape, "leaving_mw", given=leaving.shape, allowed=f"shape {shape}")
        lowest = float(leaving.min())
        require(lowest >= 0.0, "leaving_mw", given=f"{lowest:g}", allowed="0 or more")

    def level(name: str, spread: float) -> FloatArray:
        draws = streams.normals(name, paths=outlook.paths, shape=(1,), first_path=first)[:, 0]
        factor: FloatArray = np.exp(spread * draws)
        return factor

    return Paths(
        price_usd=np.ascontiguousarray(outlook.btc_price_usd[:, :months]),
        fees_btc=np.ascontiguousarray(outlook.fees_btc_per_block[:, :months]),
        lease=np.ascontiguousarray(outlook.lease_index[:, :months]),
        power=level("world-power", rules.power_error_frac),
        foundry=level("world-foundry", rules.foundry_error_frac),
        departing_mw=departures_mw(world, grid, outlook.paths, leaving),
    )
