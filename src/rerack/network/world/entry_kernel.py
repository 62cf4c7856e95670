"""Compiled: rigs that arrive and wear out, and new ones ordered at the price that clears."""

from __future__ import annotations

from rerack.base.checks import FloatArray
from rerack.network.world.arrays import CohortArrays
from rerack.network.world.records import PRODUCED, SCRAPPED, Numbers, State
from rerack.numerics.jit import kernel

_HALVINGS = 50
#: Less than this is not a rig [EH/s].
LEAST_RIG = 1e-4


@kernel
def arrive_and_wear(cohorts: CohortArrays, state: State, wear: float, month: int) -> None:
    """Put arrivals of the month in place, and let rigs die; a state replaces those of its floor."""
    slot = month % state.ring.shape[1]
    for c in range(state.rigs.size):
        came = state.ring[c, slot]
        state.ring[c, slot] = 0.0
        # Added up anew, since a running difference would leave dust behind.
        waiting = 0.0
        for later in range(state.ring.shape[1]):
            waiting += state.ring[c, later]
        state.pending[c] = waiting
        state.rigs[c] += came
        state.sites[c] += came
        state.left[c] += cohorts.convertible[c] * came
        dead = wear * state.rigs[c]
        replaced = min(max(cohorts.floor_eh_s[c] - (state.rigs[c] - dead), 0.0), dead)
        state.rigs[c] -= dead - replaced
        state.sites[c] -= dead - replaced
        if state.rigs[c] < LEAST_RIG and state.pending[c] < LEAST_RIG:
            dead += state.rigs[c]
            state.rigs[c] = 0.0
            state.sites[c] = 0.0
        state.left[c] = min(state.left[c], state.rigs[c])
        state.tally[SCRAPPED] += dead
        state.tally[PRODUCED] += replaced


@kernel
def order_rigs(
    cohorts: CohortArrays,
    state: State,
    numbers: Numbers,
    month: int,
    newest: int,
    level: float,
    foundry_mw: float,
    rig_floor: float,
) -> float:
    """Order rigs of the newest generation; return the price that clears [USD/TH].

    Parameters
    ----------
    cohorts, state, numbers
        The world; `state.room` is what is left of it, `state.worth` what a rig is worth where.
    month, newest : int
        This month and the generation on sale.
    level : float
        Price level.
    foundry_mw, rig_floor : float
        Most that is made [MW]; least price [USD/TH].
    """
    buyers = 0
    most, worth, site = state.scratch[0], state.scratch[1], state.scratch[2]
    dearest = rig_floor
    for c in range(state.rigs.size):
        room = state.room[cohorts.region[c]] * cohorts.entry_share[c]
        if cohorts.generation[c] != newest or room <= 0.0:
            continue
        most[buyers] = room
        worth[buyers] = state.worth[c]
        site[buyers] = numbers.site_usd_per_mw * level * cohorts.efficiency[c] * 1e-6
        dearest = max(dearest, worth[buyers] - site[buyers])
        buyers += 1
    most, worth, site = most[:buyers], worth[:buyers], site[:buyers]
    price = clearing_price(most, worth, site, numbers.entry_width, foundry_mw, rig_floor, dearest)
    slot = (month + numbers.entry_delay) % state.ring.shape[1]
    buyer = 0
    for c in range(state.rigs.size):
        room = state.room[cohorts.region[c]] * cohorts.entry_share[c]
        if cohorts.generation[c] != newest or room <= 0.0:
            continue
        filled = appetite(worth[buyer], price + site[buyer], numbers.entry_width)
        bought = most[buyer] * filled / cohorts.efficiency[c]
        state.ring[c, slot] += bought
        state.pending[c] += bought
        state.tally[PRODUCED] += bought
        buyer += 1
    return price


@kernel
def clearing_price(
    most: FloatArray,
    worth: FloatArray,
    site: FloatArray,
    width: float,
    foundry_mw: float,
    low: float,
    high: float,
) -> float:
    """Return the price at which orders are no more than foundries make, `low` at the least.

    Parameters
    ----------
    most, worth, site : array, shape (buyer,)
        Largest order [MW], value of a rig and cost of its place [USD/TH].
    width : float
        See `appetite`.
    foundry_mw : float
        Supply [MW].
    low, high : float
        Least price; a price at which nobody buys [USD/TH].
    """
    if demand(most, worth, site, width, low) <= foundry_mw:
        return low
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if demand(most, worth, site, width, middle) > foundry_mw:
            low = middle
        else:
            high = middle
    return high


@kernel
def demand(
    most: FloatArray, worth: FloatArray, site: FloatArray, width: float, price: float
) -> float:
    """Return the orders of all buyers at a price [MW]; they do not rise with it."""
    total = 0.0
    for b in range(most.size):
        total += most[b] * appetite(worth[b], price + site[b], width)
    return total


@kernel
def appetite(worth: float, cost: float, width: float) -> float:
    """Return the share of its room that a buyer fills: 0 at value = cost, 1 at (1 + width) cost."""
    return min(max((worth - cost) / (width * cost), 0.0), 1.0)
