"""A world whose states hold the floors that their reserves justify: floors and network agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rerack.base.checks import require
from rerack.base.errors import SolverError
from rerack.network.world import Cohort, Region, World, equilibrium
from rerack.network.world.cohort import Owner
from rerack.security.guard import Floor, Guard, floor_of
from rerack.security.world_paths import network_state, stated_market

_MOST_ROUNDS = 500
#: Accepted change of a floor from one round to the next, as a share of the network.
_TOLERANCE = 1e-10


@dataclass(frozen=True, kw_only=True)
class GuardedWorld:
    """A world whose states hold the floors that pay them.

    Parameters
    ----------
    world : World
        The world, floors in its cohorts of owner "state".
    floors : tuple of Floor
        One a guard.
    hashrate_eh_s, hashprice_usd_per_ph_day : float
        Once everybody has answered [EH/s], [USD/PH/day].
    before_eh_s, before_usd_per_ph_day : float
        Without any guard's floor.
    residual_frac : float
        Largest change of a floor in the last round over the network's hashrate.
    rounds : int
        Rounds.
    """

    world: World
    floors: tuple[Floor, ...]
    hashrate_eh_s: float
    hashprice_usd_per_ph_day: float
    before_eh_s: float
    before_usd_per_ph_day: float
    residual_frac: float
    rounds: int


def guarded_world(
    world: World,
    guards: Sequence[Guard],
    *,
    price_usd: float | None = None,
    fees_btc: float | None = None,
) -> GuardedWorld:
    """Return a world in which each state holds the floor that its reserve justifies.

    Parameters
    ----------
    world : World
        Any world. A guard's region that it lacks is added, with the guard's power.
    guards : sequence of Guard
        States, names distinct.
    price_usd, fees_btc : float, optional
        As in `network_state`.

    Returns
    -------
    GuardedWorld
        The world, the floors and the residual.

    Raises
    ------
    InputError
        Two guards of one name; no price.
    SolverError
        Floors that do not settle.

    Notes
    -----
    Each state buys new rigs up to the share at which net cost equals chance x loss x reserve
    (`floor_share_frac`), or up to its power. Floors lower hashprice, others switch off, and a share
    of a smaller network is cheaper: floors and equilibrium are solved together, from no floor up,
    each round going half of the way. One guard alone climbs to the least fixed point; with several,
    one's floor makes the others' dearer, and uniqueness is not proved. Rigs at the market's price:
    states buy slowly. Floors are those of the world's month; they are not derived anew later.

    Examples
    --------
    >>> from rerack.network.world import world_of
    >>> guard = Guard(name="US", region="United States", power_usd_per_mwh=50.0, limit_mw=3_000.0,
    ...               reserve_btc=324_625.0, attack_per_year=0.02)
    >>> found = guarded_world(world_of("2025-12"), [guard])
    >>> round(found.floors[0].share_frac, 3), found.hashrate_eh_s > found.before_eh_s
    (0.122, True)
    """
    names = [g.name for g in guards]
    require(len(set(names)) == len(names), "guards", given=", ".join(names), allowed="each once")
    bare = _with_floors(world, guards, [0.0] * len(guards))
    state = network_state(bare, price_usd=price_usd, fees_btc=fees_btc)
    price, _ = stated_market(world, price_usd, fees_btc)
    reward = state.block_reward_usd / price
    before = equilibrium(bare, price, reward)
    floors, total = np.zeros(len(guards)), before.hashrate_eh_s
    residual, rounds = math.inf, 0
    while residual > _TOLERANCE:
        if rounds == _MOST_ROUNDS:
            raise SolverError(f"floors of {', '.join(names)}: no end after {_MOST_ROUNDS} rounds")
        rounds += 1
        answers = [
            floor_of(g, state, total - held, btc_price_usd=price).hashrate_eh_s
            for g, held in zip(guards, floors.tolist(), strict=True)
        ]
        moves = np.array(answers) - floors
        residual = float(np.abs(moves).max(initial=0.0)) / total
        floors = floors + 0.5 * moves
        total = equilibrium(
            _with_floors(world, guards, floors.tolist()), price, reward
        ).hashrate_eh_s
    guarded = _with_floors(world, guards, floors.tolist())
    after = equilibrium(guarded, price, reward)
    return GuardedWorld(
        world=guarded,
        floors=tuple(
            floor_of(g, state, after.hashrate_eh_s - held, btc_price_usd=price)
            for g, held in zip(guards, floors.tolist(), strict=True)
        ),
        hashrate_eh_s=after.hashrate_eh_s,
        hashprice_usd_per_ph_day=after.hashprice_usd_per_ph_day,
        before_eh_s=before.hashrate_eh_s,
        before_usd_per_ph_day=before.hashprice_usd_per_ph_day,
        residual_frac=residual,
        rounds=rounds,
    )


def _with_floors(world: World, guards: Sequence[Guard], floors_eh_s: Sequence[float]) -> World:
    """Put floors into cohorts of owner "state", new rigs where what stands there is too little."""
    newest = [g.name for g in world.generations if g.release_month <= 0][-1]
    efficiency = next(c.efficiency_j_per_th for c in world.cohorts if c.generation == newest)
    regions = {r.name: r for r in world.regions}
    cohorts = {(c.region, c.generation, c.owner): c for c in world.cohorts}
    for guard, floor in zip(guards, floors_eh_s, strict=True):
        spot: tuple[str, str, Owner] = (guard.region, newest, "state")
        if spot not in cohorts:
            cohorts[spot] = Cohort(
                region=guard.region,
                generation=newest,
                owner="state",
                installed_eh_s=0.0,
                efficiency_j_per_th=efficiency,
                power_usd_per_mwh=guard.power_usd_per_mwh,
            )
        mine = sorted(
            (k for k in cohorts if k[0] == guard.region and k[2] == "state"),
            key=lambda k: cohorts[k].efficiency_j_per_th,
        )
        left = floor
        for key in mine:
            held = min(left, cohorts[key].installed_eh_s)
            cohorts[key] = replace(cohorts[key], floor_eh_s=held)
            left -= held
        # What stands there is not enough: the rest is new.
        fresh = cohorts[spot]
        cohorts[spot] = replace(
            fresh,
            installed_eh_s=fresh.installed_eh_s + left,
            floor_eh_s=fresh.floor_eh_s + left,
        )
        regions.setdefault(
            guard.region,
            Region(name=guard.region, limit_mw=guard.limit_mw, build_mw_per_month=0.0),
        )
    return replace(world, regions=tuple(regions.values()), cohorts=tuple(cohorts.values()))
