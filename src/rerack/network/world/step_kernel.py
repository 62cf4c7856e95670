"""Compiled: all months of all scenarios; `plain.step_world_plain` is its twin."""

from __future__ import annotations

import math

import numpy as np

from rerack.base.checks import FloatArray
from rerack.network.growth_kernel import mean_subsidy, month_blocks
from rerack.network.world.arrays import CohortArrays, Ways
from rerack.network.world.departure_kernel import depart
from rerack.network.world.entry_kernel import arrive_and_wear, order_rigs
from rerack.network.world.exit_kernel import convert_sites, find_room, move_and_scrap, value_rigs
from rerack.network.world.records import (
    CONVERTED,
    CONVERTED_MW,
    PRODUCED,
    SCRAPPED,
    Months,
    Numbers,
    Outputs,
    Paths,
    Places,
    State,
)
from rerack.network.world.supply_kernel import settle
from rerack.numerics.jit import kernel

_HALVING_BLOCKS = 210_000.0
_BLOCKS_PER_YEAR = 52_560.0


@kernel
def fresh_state(cohorts: CohortArrays, regions: int, slots: int, delay: int) -> State:
    """Return a scenario's state before its first month; orders of the past come evenly."""
    number = cohorts.installed_eh_s.size
    state = State(
        cohorts.installed_eh_s.copy(),
        cohorts.installed_eh_s.copy(),
        np.zeros(number),
        np.zeros(number),
        np.zeros(number),
        cohorts.installed_eh_s * cohorts.convertible,
        np.zeros((number, slots)),
        np.zeros(number),
        np.zeros(number),
        np.zeros((3, number)),
        np.zeros(regions),
        np.zeros(regions),
        np.zeros(4),
    )
    for m in range(1, delay + 1):
        state.ring[:, m % slots] = cohorts.arriving_eh_s / delay
        state.pending[:] += cohorts.arriving_eh_s / delay
    return state


@kernel
def write_month(
    cohorts: CohortArrays, state: State, out: Outputs, s: int, m: int, hashprice: float
) -> float:
    """Write the sums of a month before anybody decides; return the hashrate online [EH/s]."""
    online = 0.0
    rigs = 0.0
    online_mw = 0.0
    for c in range(state.rigs.size):
        running = state.online[c]
        online += running
        rigs += state.rigs[c]
        online_mw += running * cohorts.efficiency[c]
        out.region[s, m, cohorts.region[c]] += running
        out.region_mw[s, m, cohorts.region[c]] += running * cohorts.efficiency[c]
        out.owner[s, m, cohorts.owner[c]] += running
        out.generation[s, m, cohorts.generation[c]] += running
        out.idle[s, m, cohorts.generation[c]] += state.rigs[c] - running
        out.retired[s, m, cohorts.generation[c]] += state.retired[c]
    row = out.totals[s, m]
    row[0] = online
    row[1] = rigs - online
    row[2] = np.sum(state.pending)
    row[3] = state.tally[SCRAPPED]
    row[4] = state.tally[CONVERTED]
    row[5] = state.tally[PRODUCED]
    row[6] = hashprice
    row[8] = online_mw
    row[9] = state.tally[CONVERTED_MW]
    return online


@kernel
def decide(
    cohorts: CohortArrays,
    ways: Ways,
    places: Places,
    months: Months,
    numbers: Numbers,
    state: State,
    m: int,
    hashprice: float,
    height: float,
    keep: float,
    power: float,
    lease: float,
    foundry_mw: float,
    member: FloatArray,
    departing_mw: FloatArray,
) -> float:
    """Convert, move, scrap and buy at the end of a month; return the price of a rig [USD/TH].

    Parameters
    ----------
    cohorts, ways, places, months, numbers, state
        The world.
    m : int
        This month.
    hashprice, height : float
        Hashprice [USD/PH/day] and height reached.
    keep : float
        Factor on the reward at the next halving.
    power, lease, foundry_mw : float
        Factor on power prices, lease index and supply of rigs [MW].
    member : array, shape (group, cohort)
        Whom each group of announced conversions draws on.
    departing_mw : array, shape (group,)
        What they convert this month [MW].
    """
    level = months.level[m]
    to_halving = (_HALVING_BLOCKS - height % _HALVING_BLOCKS) / _BLOCKS_PER_YEAR
    value_rigs(cohorts, state, numbers, hashprice, level * power, to_halving, keep)
    convert_sites(cohorts, state, numbers, hashprice, level, power, lease)
    depart(cohorts, member, state, departing_mw)
    find_room(cohorts, places, state)
    move_and_scrap(cohorts, ways, state, numbers, m, level)
    if months.newest[m] < 0:
        return float(months.rig_floor[m])
    return order_rigs(
        cohorts, state, numbers, m, months.newest[m], level, foundry_mw, months.rig_floor[m]
    )


@kernel
def step_world(
    cohorts: CohortArrays,
    ways: Ways,
    places: Places,
    months: Months,
    paths: Paths,
    numbers: Numbers,
    member: FloatArray,
    slots: int,
    out: Outputs,
) -> None:
    """Step every scenario from month to month.

    Parameters
    ----------
    cohorts, ways, places, months, paths, numbers
        The world, the calendar and the scenarios.
    member : array, shape (group, cohort)
        Whom each group of announced conversions draws on.
    slots : int
        More than the longest delay in months.
    out : Outputs
        Filled; its arrays by region, owner and generation are given as zeros.
    """
    for s in range(paths.price_usd.shape[0]):
        state = fresh_state(cohorts, places.limit_mw.size, slots, numbers.entry_delay)
        height = numbers.start_height
        threshold = 0.0
        log_hashprice = 0.0
        revenue_before = 0.0
        online_before = 0.0
        foundry = paths.foundry[s]
        for m in range(months.hours.size):
            arrive_and_wear(cohorts, state, numbers.wear if m > 0 else 0.0, m)
            due = 6.0 * months.hours[m]
            fees = paths.fees_btc[s, m]
            subsidy = mean_subsidy(height, due)
            log_revenue = math.log(0.144 * (subsidy + fees) * paths.price_usd[s, m])
            dearness = months.level[m] * paths.power[s]
            start = log_hashprice + log_revenue - revenue_before
            band = numbers.band
            if m == 0:
                start = log_revenue - math.log(np.sum(state.rigs))
                band = 0.0  # nobody is in the band yet: each runs where it pays
            log_hashprice, threshold = settle(
                cohorts, state, log_revenue, start, threshold, band, math.log(dearness)
            )
            hashprice = math.exp(log_hashprice)
            online = write_month(cohorts, state, out, s, m, hashprice)
            climb = math.log(online / online_before) if m > 0 else 0.0
            height += month_blocks(due, climb)
            revenue_before = log_revenue
            online_before = online
            price = decide(
                cohorts, ways, places, months, numbers, state, m, hashprice, height,
                (0.5 * subsidy + fees) / (subsidy + fees), paths.power[s], paths.lease[s, m],
                months.foundry_mw[m] * foundry, member, paths.departing_mw[s, m],
            )  # fmt: skip
            out.totals[s, m, 7] = price
            # Foundries grow while rigs sell above what they must cost.
            foundry *= (price / months.rig_floor[m]) ** numbers.foundry_response
        out.rigs[s] = state.rigs
