"""Compiled: who leaves at the end of a month, to AI, to another region, or for good."""

from __future__ import annotations

from rerack.network.world.arrays import CohortArrays, Ways
from rerack.network.world.departure_kernel import vacate
from rerack.network.world.entry_kernel import LEAST_RIG
from rerack.network.world.records import (
    CONVERTED,
    CONVERTED_MW,
    SCRAPPED,
    Numbers,
    Places,
    State,
)
from rerack.network.world.value_kernel import rig_value
from rerack.numerics.jit import kernel


@kernel
def find_room(cohorts: CohortArrays, places: Places, state: State) -> None:
    """Fill `state.room`: what each region can still take this month [MW]."""
    for r in range(places.limit_mw.size):
        state.room[r] = places.limit_mw[r] - state.taken[r]
    for c in range(state.rigs.size):
        load = (state.rigs[c] + state.pending[c]) * cohorts.efficiency[c]
        state.room[cohorts.region[c]] -= load
    for r in range(places.limit_mw.size):
        state.room[r] = min(max(state.room[r], 0.0), places.build_mw[r])


@kernel
def value_rigs(
    cohorts: CohortArrays,
    state: State,
    numbers: Numbers,
    hashprice: float,
    dearness: float,
    to_halving: float,
    keep: float,
) -> None:
    """Fill `state.worth`; neighbours of one efficiency and power price are valued once.

    Parameters
    ----------
    cohorts, state, numbers
        The world.
    hashprice : float
        [USD/PH/day].
    dearness : float
        Factor on the power prices of the start.
    to_halving, keep : float
        As in `rig_value`.
    """
    for c in range(state.rigs.size):
        if c > 0 and cohorts.cost[c] == cohorts.cost[c - 1]:
            state.worth[c] = state.worth[c - 1]
            continue
        # Both hashprices are before the pool's fee, of which the owner keeps the rest.
        state.worth[c] = (1.0 - numbers.fee) * rig_value(
            hashprice,
            cohorts.cost[c] * dearness,
            numbers.discount,
            numbers.decline,
            numbers.life,
            to_halving,
            keep,
        )


@kernel
def convert_sites(
    cohorts: CohortArrays,
    state: State,
    numbers: Numbers,
    hashprice: float,
    level: float,
    power: float,
    lease: float,
) -> None:
    """Take convertible sites for AI where it pays more; fill `state.displaced` with their rigs."""
    state.displaced[:] = 0.0
    scarcity = (1.0 + state.tally[CONVERTED_MW] / numbers.ai_depth) ** -numbers.ai_elasticity
    ai_usd = numbers.ai_rent * lease * scarcity - numbers.ai_charge * level
    if ai_usd <= 0.0 or numbers.ai_limit_mw <= 0.0:
        return
    wanted_mw = 0.0
    for c in range(state.rigs.size):
        free = min(state.left[c], state.rigs[c] - cohorts.floor_eh_s[c])
        if free <= 0.0:
            continue
        # One MW runs 1000 / e PH/s; a year of its margin, at the cohort's mean power price.
        margin = hashprice - cohorts.cost[c] * level * power
        mining_usd = 365_000.0 * (1.0 - numbers.fee) / cohorts.efficiency[c] * max(margin, 0.0)
        if ai_usd > (1.0 + numbers.ai_premium) * mining_usd:
            state.displaced[c] = min(numbers.ai_speed * state.left[c], free)
            wanted_mw += state.displaced[c] * cohorts.efficiency[c]
    scale = min(1.0, numbers.ai_limit_mw / wanted_mw) if wanted_mw > 0.0 else 0.0
    for c in range(state.rigs.size):
        gone = state.displaced[c] * scale
        state.displaced[c] = gone
        if gone > 0.0:
            state.tally[CONVERTED_MW] += vacate(cohorts, state, c, gone)


@kernel
def move_and_scrap(
    cohorts: CohortArrays,
    ways: Ways,
    state: State,
    numbers: Numbers,
    month: int,
) -> None:
    """Send idle and displaced rigs where they are worth the freight; retire some of the rest.

    Parameters
    ----------
    cohorts, ways, state, numbers
        The world.
    month : int
        This month.
    """
    slots = state.ring.shape[1]
    for c in range(state.rigs.size):
        idle = max(state.rigs[c] - state.online[c], 0.0)
        displaced = state.displaced[c]
        if idle + displaced <= 0.0:
            continue
        last = ways.first[c + 1] if idle + displaced > LEAST_RIG else ways.first[c]
        for w in range(ways.first[c], last):
            to = ways.to[w]
            region = cohorts.region[to]
            movable = ways.limit_frac[w] * idle + displaced
            moved = min(movable, state.room[region] / cohorts.efficiency[to])
            if moved <= 0.0:
                continue
            if state.worth[to] <= ways.cost_usd_per_th[w]:
                continue
            from_displaced = min(moved, displaced)
            displaced -= from_displaced
            idle -= moved - from_displaced
            state.rigs[c] -= moved - from_displaced
            state.pending[to] += moved
            state.ring[to, (month + ways.delay[w]) % slots] += moved
            state.room[region] -= moved * cohorts.efficiency[to]
        state.tally[CONVERTED] += displaced
        scrapped = numbers.scrap * idle
        state.rigs[c] -= scrapped
        state.tally[SCRAPPED] += scrapped
        state.retired[c] += displaced + scrapped
