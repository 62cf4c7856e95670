"""A world as arrays: what the equilibrium and the compiled month step read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.network.world.cohort import OWNERS, Cohort, Relocation
from rerack.network.world.state import World


class CohortArrays(NamedTuple):
    """Cohorts as arrays of shape (cohort,), in the order of the world.

    Parameters
    ----------
    installed_eh_s, arriving_eh_s, floor_eh_s : array
        Rigs in place; ordered before the start and on their way; what runs at any hashprice [EH/s].
    efficiency : array
        [J/TH].
    log_half : array
        Logarithm of the hashprice at which half of the sites pay [USD/PH/day].
    spread : array
        Standard deviation of log power price.
    cost : array
        Hashprice that just pays the mean power price [USD/PH/day].
    convertible : array
        Share of the sites that AI could take.
    entry_share : array
        Share of its region's room that the cohort may build in a month while its generation is the
        newest; the shares of a region and generation sum to 1 or to 0.
    region, owner, generation : array of int
        Positions in the world's regions, in `OWNERS` and in the world's generations.
    """

    installed_eh_s: FloatArray
    arriving_eh_s: FloatArray
    floor_eh_s: FloatArray
    efficiency: FloatArray
    log_half: FloatArray
    spread: FloatArray
    cost: FloatArray
    convertible: FloatArray
    entry_share: FloatArray
    region: IntArray
    owner: IntArray
    generation: IntArray


class Ways(NamedTuple):
    """Relocations between cohorts: those from cohort c stand at ``first[c]`` to ``first[c + 1]``.

    Parameters
    ----------
    first : array of int, shape (cohort + 1,)
        Where the ways of each cohort begin.
    to : array of int, shape (way,)
        Cohort of arrival; the ways of a cohort stand in the order of power price there.
    cost_usd_per_th, limit_frac : array, shape (way,)
        Cost, and largest share of idle rigs that leaves in a month.
    delay : array of int, shape (way,)
        Months on the way.
    """

    first: IntArray
    to: IntArray
    cost_usd_per_th: FloatArray
    limit_frac: FloatArray
    delay: IntArray


def cohort_arrays(world: World) -> CohortArrays:
    """Return the cohorts of a world as arrays.

    Parameters
    ----------
    world : World
        Any world.
    """
    cohorts = world.cohorts
    generations = [g.name for g in world.generations]
    efficiency = np.array([c.efficiency_j_per_th for c in cohorts])
    mean_power = np.array([c.power_usd_per_mwh for c in cohorts])
    spread = np.array([c.spread_frac for c in cohorts])
    # One PH/s at e J/TH draws e kW, so 0.024 e MWh a day; the pool keeps its share of income.
    cost = 0.024 * efficiency * mean_power / (1.0 - world.behaviour.pool_fee_frac)
    return CohortArrays(
        installed_eh_s=np.array([c.installed_eh_s for c in cohorts]),
        arriving_eh_s=np.array([c.arriving_eh_s for c in cohorts]),
        floor_eh_s=np.array([c.floor_eh_s for c in cohorts]),
        efficiency=efficiency,
        log_half=np.log(cost) - 0.5 * spread * spread,  # median of a lognormal from its mean
        spread=spread,
        cost=cost,
        convertible=np.array([c.convertible_frac for c in cohorts]),
        entry_share=_entry_shares(world),
        region=np.array([world.region_names.index(c.region) for c in cohorts], dtype=np.int64),
        owner=np.array([OWNERS.index(c.owner) for c in cohorts], dtype=np.int64),
        generation=np.array([generations.index(c.generation) for c in cohorts], dtype=np.int64),
    )


def ways_between(world: World) -> Ways:
    """Return which cohort can move where.

    Parameters
    ----------
    world : World
        Any world.
    """
    by_kind = {(c.region, c.generation, c.owner): i for i, c in enumerate(world.cohorts)}
    first = [0]
    found: list[tuple[int, Relocation]] = []
    for cohort in world.cohorts:
        here = [
            (by_kind[w.destination, cohort.generation, cohort.owner], w)
            for w in world.relocations
            if w.origin == cohort.region
            and (w.destination, cohort.generation, cohort.owner) in by_kind
        ]
        found += sorted(here, key=lambda pair: world.cohorts[pair[0]].power_usd_per_mwh)
        first.append(len(found))
    return Ways(
        first=np.array(first, dtype=np.int64),
        to=np.array([i for i, _ in found], dtype=np.int64),
        cost_usd_per_th=np.array([w.cost_usd_per_th for _, w in found], dtype=np.float64),
        limit_frac=np.array([w.limit_frac for _, w in found], dtype=np.float64),
        delay=np.array([w.delay_months for _, w in found], dtype=np.int64),
    )


def _entry_shares(world: World) -> FloatArray:
    """Divide a region's room among owners as its load is divided, evenly where it has none."""
    shares = []
    for cohort in world.cohorts:
        rivals = [
            c
            for c in world.cohorts
            if (c.region, c.generation) == (cohort.region, cohort.generation)
        ]
        loads = {c.owner: _load(world, c) for c in rivals}
        total = sum(loads.values())
        shares.append(loads[cohort.owner] / total if total > 0.0 else 1.0 / len(rivals))
    return np.array(shares)


def _load(world: World, like: Cohort) -> float:
    return sum(c.load_mw for c in world.cohorts if (c.region, c.owner) == (like.region, like.owner))
