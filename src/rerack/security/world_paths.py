"""Worlds of cohorts as an attacker finds them: idle rigs, what new ones cost, who holds what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require, require_between
from rerack.base.errors import InputError
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid, parse_month
from rerack.markets import BitcoinSpec, FeesSpec, MarketSpec, build_outlook
from rerack.network.world import OWNERS, NetworkSimulation, World, simulate
from rerack.network.world.simulation import month_arrays
from rerack.security.conditions import Conditions, conditions
from rerack.security.facts import fact
from rerack.security.presets import december_2025
from rerack.security.state import PH_PER_EH, Holders, NetworkState

#: Regions that are no jurisdiction: nobody can seize them as one.
NOT_ONE_PLACE = frozenset({"Rest of world"})
_BLOCKS_PER_DAY = 144.0
#: How far from its month an observed rig price still stands for the market's [months]: a world
#: that was carried by a month must not change it threefold.
_PRICE_HOLDS_MONTHS = 6


def network_state(
    world: World | NetworkSimulation,
    *,
    scenario: int = 0,
    month: int = 0,
    price_usd: float | None = None,
    fees_btc: float | None = None,
) -> NetworkState:
    """Return a world of cohorts as an attacker finds it.

    Parameters
    ----------
    world : World or NetworkSimulation
        A world, as it stands in its month once hashprice and hashrate agree; or a simulation.
    scenario, month : int
        Where in a simulation.
    price_usd : float, optional
        Bitcoin price of a world [USD/BTC]; by default the one among its assumptions.
    fees_btc : float, optional
        Fees of a world [BTC per block]; by default those among its assumptions.

    Returns
    -------
    NetworkState
        Quantities of `world_paths` at that place, shares by region and by kind of owner. Pools are
        those of `december_2025`: a world of cohorts knows none.

    Raises
    ------
    InputError
        A place outside the simulation; a world that states no price where none is given.

    Examples
    --------
    >>> from rerack.network.world import world_of
    >>> state = network_state(world_of("2025-12"))
    >>> round(state.hashrate_eh_s), round(state.hashprice_usd_per_ph_day, 1)
    (1069, 36.0)
    """
    if isinstance(world, World):
        world = _one_month(world, price_usd, fees_btc)
    require_between(scenario, 0, world.paths - 1, "scenario")
    require_between(month, 0, world.grid.months - 1, "month")
    at: dict[str, Any] = {n: float(v[scenario, month]) for n, v in world_paths(world).items()}
    basis = december_2025()
    supply = {name: at.pop(name) for name in list(at) if hasattr(basis.supply, name)}
    return replace(
        basis,
        date=world.grid.labels[month],
        block_reward_usd=float(block_reward_usd(world)[scenario, month]),
        supply=replace(basis.supply, **supply),
        region_shares=_named(world, "region", scenario, month),
        owner_shares=_named(world, "owner", scenario, month),
        **at,
    )


def world_paths(simulation: NetworkSimulation) -> dict[str, FloatArray]:
    """Return the fields of a network state that a simulation moves, shape (scenario, month).

    Parameters
    ----------
    simulation : NetworkSimulation
        Any world, with any outlook.

    Returns
    -------
    dict of str to array
        Fields of `NetworkState` and of its `RigSupply`, as `attack_path` takes them.

    Notes
    -----
    Online hashrate, efficiency and equilibrium hashprice are the simulation's. Idle rigs are those
    switched off in place and a share of the retired ones (scrapped or sold off while idle, put out
    by a conversion), efficiency the mean of that stock by generation. New rigs have the efficiency
    of the newest generation; makers can ship their MW of it. The price of a new rig *moves* as in
    the simulation; its level in month 0 is the market's where the world begins within half a year
    of `december_2025`, else the simulation's. Rigs that stand idle keep their December 2025 ratio
    to it, rentable hashrate its share of what is online; a maker's own cost is the least rig
    price; sites cost what they did, with inflation. Power is the mean over the regions by hashrate
    online.
    """
    basis = december_2025()
    world, grid = simulation.world, simulation.grid
    calendar = month_arrays(world, grid)
    online = simulation.online_eh_s
    idle, efficiency = _idle_stock(simulation, basis)
    new_j_per_th = _newest_efficiency(world, calendar.newest)
    anchor = basis.rig_price_usd_per_th / simulation.rig_price_usd_per_th[:, :1]
    if _months_apart(world.date, basis.date) > _PRICE_HOLDS_MONTHS:
        anchor = np.ones_like(anchor)
    rig_price = simulation.rig_price_usd_per_th * anchor
    moved: dict[str, FloatArray] = {
        "hashrate_eh_s": online,
        "efficiency_j_per_th": simulation.efficiency_j_per_th,
        "hashprice_usd_per_ph_day": simulation.equilibrium_usd_per_ph_day,
        "power_price_usd_per_mwh": _power_usd_per_mwh(simulation, calendar.level),
        "rig_price_usd_per_th": rig_price,
        "idle_eh_s": idle,
        "rig_efficiency_j_per_th": new_j_per_th,
        "output_eh_s_per_month": calendar.foundry_mw / new_j_per_th,
        "idle_price_usd_per_th": rig_price
        * (basis.supply.idle_price_usd_per_th / basis.rig_price_usd_per_th),
        "idle_efficiency_j_per_th": efficiency,
        "rentable_eh_s": online * (basis.supply.rentable_eh_s / basis.hashrate_eh_s),
        "manufacture_usd_per_th": calendar.rig_floor,
        "site_usd_per_mw": basis.supply.site_usd_per_mw * calendar.level,
    }
    return {name: np.broadcast_to(values, online.shape) for name, values in moved.items()}


def _months_apart(date: str, other: str) -> int:
    (y0, m0), (y1, m1) = parse_month(date, "date"), parse_month(other, "date")
    return abs(12 * (y1 - y0) + m1 - m0)


def world_conditions(
    simulation: NetworkSimulation, *, honest_response_frac: float = 0.0
) -> Conditions:
    """Return a simulation as arrays that routes read; see `world_paths` and `conditions`."""
    return conditions(
        december_2025(), honest_response_frac=honest_response_frac, **world_paths(simulation)
    )


def held_along(
    simulation: NetworkSimulation, holders: Holders, share_frac: float
) -> tuple[FloatArray, IntArray]:
    """Return what the fewest holders that reach a share hold, and how many they are.

    Parameters
    ----------
    simulation : NetworkSimulation
        The worlds.
    holders : {"region", "owner", "pool"}
        Kind of holder; pools stay those of `december_2025`.
    share_frac : float
        Share to reach.

    Returns
    -------
    held_frac : array, shape (scenario, month)
        Share held by the largest that reach it; by all known ones where they do not.
    taken : array of int, shape (scenario, month)
        Number of these holders.
    """
    shares = holder_shares(simulation, holders)
    largest_first = -np.sort(-shares, axis=2)
    reached = np.cumsum(largest_first, axis=2)
    # A hair below, so that holders that meet the share exactly are enough.
    last = (reached < share_frac - 1e-9).sum(axis=2)
    known = (shares > 0.0).sum(axis=2)
    taken = np.minimum(last + 1, known)
    held = np.take_along_axis(reached, taken[:, :, None] - 1, axis=2)[:, :, 0]
    return held, taken


def holder_shares(simulation: NetworkSimulation, holders: Holders) -> FloatArray:
    """Return shares of the hashrate online by known holder, shape (scenario, month, holder)."""
    if holders == "pool":
        pools = [s for n, s in december_2025().pool_shares.items() if n != "unknown"]
        return np.broadcast_to(np.array(pools), (*simulation.online_eh_s.shape, len(pools)))
    require(
        holders in ("region", "owner"),
        "holders",
        given=repr(holders),
        allowed="'region', 'owner' or 'pool'",
    )
    held = simulation.region_eh_s if holders == "region" else simulation.owner_eh_s
    if holders == "region":
        held = held[:, :, [n not in NOT_ONE_PLACE for n in simulation.world.region_names]]
    shares: FloatArray = held / simulation.online_eh_s[:, :, None]
    return shares


def block_reward_usd(simulation: NetworkSimulation) -> FloatArray:
    """Return subsidy and fees of a block, shape (scenario, month) [USD]."""
    paid = simulation.equilibrium_usd_per_ph_day * simulation.online_eh_s * PH_PER_EH
    reward: FloatArray = paid / _BLOCKS_PER_DAY
    return reward


def _idle_stock(
    simulation: NetworkSimulation, basis: NetworkState
) -> tuple[FloatArray, FloatArray]:
    """Return what an attacker could switch on [EH/s] and its mean efficiency [J/TH]."""
    world = simulation.world
    usable = fact("retired_usable_frac")
    stock = simulation.generation_idle_eh_s + usable * simulation.generation_retired_eh_s
    stock = np.maximum(stock, 0.0)
    idle: FloatArray = stock.sum(axis=2)
    load_mw = stock @ _generation_efficiency(world)
    efficiency = np.full_like(idle, basis.supply.idle_efficiency_j_per_th)
    np.divide(load_mw, idle, out=efficiency, where=idle > 0.0)
    return idle, efficiency


def _generation_efficiency(world: World) -> FloatArray:
    """Return the mean efficiency of each generation, by what is installed if anything is."""
    found = []
    for generation in world.generations:
        cohorts = [c for c in world.cohorts if c.generation == generation.name]
        weights = [c.installed_eh_s + 1e-12 for c in cohorts] or [1.0]
        values = [c.efficiency_j_per_th for c in cohorts] or [np.nan]
        found.append(float(np.average(values, weights=weights)))
    means: FloatArray = np.nan_to_num(np.array(found))
    return means


def _newest_efficiency(world: World, newest: IntArray) -> FloatArray:
    by_generation = _generation_efficiency(world)
    require(
        bool((by_generation[newest] > 0.0).all() and (newest >= 0).all()),
        "world.generations",
        given="a month in which no generation with cohorts is on sale",
        allowed="a generation released by the world's month, with a cohort",
        cure="Give a generation a release_month of 0 or less, and a cohort.",
    )
    chosen: FloatArray = by_generation[newest]
    return chosen


def _power_usd_per_mwh(simulation: NetworkSimulation, level: FloatArray) -> FloatArray:
    """Return the mean power price of the regions by hashrate online [USD/MWh]."""
    world = simulation.world
    prices = []
    for region in world.region_names:
        cohorts = [c for c in world.cohorts if c.region == region]
        weights = [c.load_mw + 1e-12 for c in cohorts] or [1.0]
        values = [c.power_usd_per_mwh for c in cohorts] or [0.0]
        prices.append(float(np.average(values, weights=weights)))
    mean = simulation.region_eh_s @ np.array(prices) / simulation.online_eh_s
    price: FloatArray = mean * level * simulation.power_level_frac[:, None]
    return price


def _named(
    simulation: NetworkSimulation, holders: Holders, scenario: int, month: int
) -> Mapping[str, float]:
    names = OWNERS if holders == "owner" else simulation.world.region_names
    held = simulation.owner_eh_s if holders == "owner" else simulation.region_eh_s
    online = simulation.online_eh_s[scenario, month]
    return {
        name: float(value / online)
        for name, value in zip(names, held[scenario, month], strict=True)
        if value > 0.0 and name not in NOT_ONE_PLACE
    }


def stated_market(
    world: World, price_usd: float | None, fees_btc: float | None
) -> tuple[float, float]:
    """Return price [USD/BTC] and fees [BTC per block]: those given, else the world's own.

    Raises
    ------
    InputError
        Neither is there.
    """
    return (
        _stated(world, "chain bitcoin, price", "price_usd") if price_usd is None else price_usd,
        _stated(world, "chain bitcoin, fees", "fees_btc") if fees_btc is None else fees_btc,
    )


def _one_month(world: World, price_usd: float | None, fees_btc: float | None) -> NetworkSimulation:
    """Run a world through its first month, its own price unless another is given."""
    price, fees = stated_market(world, price_usd, fees_btc)
    sure = replace(world.behaviour, power_error_frac=0.0, foundry_error_frac=0.0)
    spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=price), fees=FeesSpec(level_btc_per_block=fees))
    outlook = build_outlook(spec, MonthGrid.parse(world.date, 1), Streams(0), paths=1)
    return simulate(replace(world, behaviour=sure), outlook, months=1, seed=0)


def _stated(world: World, what: str, argument: str) -> float:
    for assumption in world.assumptions:
        if assumption.what == what:
            return assumption.value
    raise InputError.of(
        argument,
        given=f"none, and {what!r} is not among the world's assumptions",
        allowed="a number above 0",
        cure=f"Pass network_state(world, {argument}=...).",
    )
