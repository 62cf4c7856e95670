"""Compiled: cycles of a fault tree from all up to all up again, failures forced to be frequent."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel
from rerack.reliability.simulate_course import Reserves, course, draw

#: Chance with which a failure is forced before the next return to service, beside one thing down
#: and beside several; beyond that many nothing is forced, so that cycles end.
_FORCE_FIRST, _FORCE_LATER, _FORCE_AT_MOST = 0.5, 0.3, 6

BoolArray = NDArray[np.bool_]


class Net(NamedTuple):
    """A fault tree with its planned work, numbers only; times in hours.

    Parameters
    ----------
    hazard, repair : FloatArray
        Rates of failing while up and of returning while down [1/h], shape (event,); of a supply
        the rate of outages of its primary, and 0.
    supply : IntArray
        Index of the supply, or -1, shape (event,).
    work_event : IntArray
        Event that planned work takes down, shape (work,).
    work_hazard, work_hours : FloatArray
        Rate of starting it while no other is under way [1/h], and length [h], shape (work,).
    threshold : IntArray
        Inputs that have to be down, shape (gate,).
    input_start, inputs : IntArray
        Inputs of gate g are inputs[input_start[g]:input_start[g + 1]].
    top : int
        Index of the top.
    """

    hazard: FloatArray
    repair: FloatArray
    supply: IntArray
    work_event: IntArray
    work_hazard: FloatArray
    work_hours: FloatArray
    threshold: IntArray
    input_start: IntArray
    inputs: IntArray
    top: int


@kernel
def cycles(
    net: Net,
    reserves: Reserves,
    first: int,
    count: int,
    forced: bool,
    random: np.random.Generator,
    edges: FloatArray,
    sums: FloatArray,
    histogram: FloatArray,
) -> None:
    """Add up `count` cycles that begin with event (or work, numbered after events) `first`.

    `sums` (6,) receives lost hours, their squares, losses, their squares, busy hours, their
    squares; `histogram` (edge + 1,) the weight of outages by length between `edges` [h].
    """
    events = net.hazard.size
    supplies = reserves.ride_hours.size
    down, span = np.zeros(events, np.bool_), np.zeros((supplies, 5))
    status = np.zeros(events + net.threshold.size, np.bool_)
    for _ in range(count):
        down[:] = False
        span[:] = 0.0
        lost, losses, busy = _cycle(
            net, reserves, first, forced, random, edges, histogram, down, span, status
        )
        sums[0] += lost
        sums[1] += lost * lost
        sums[2] += losses
        sums[3] += losses * losses
        sums[4] += busy
        sums[5] += busy * busy


@kernel
def _cycle(
    net: Net,
    reserves: Reserves,
    first: int,
    forced: bool,
    random: np.random.Generator,
    edges: FloatArray,
    histogram: FloatArray,
    down: BoolArray,
    span: FloatArray,
    status: BoolArray,
) -> tuple[float, float, float]:
    """Return weighted (lost hours, losses) and the busy hours of one cycle."""
    now, weight, began = 0.0, 1.0, 0.0
    lost, losses = 0.0, 0.0
    work, work_end = -1, 0.0
    was_lost, ever_lost = False, False
    chosen = first
    while True:
        if chosen >= net.hazard.size:
            work = chosen - net.hazard.size
            work_end = now + net.work_hours[work]
        elif chosen >= 0 and net.supply[chosen] >= 0:
            s = net.supply[chosen]
            weight *= course(reserves, s, forced and not ever_lost, random, span[s])
            span[s] += now
        elif chosen >= 0:
            down[chosen] = True
        is_lost = _is_lost(net, down, span, work, now, status)
        if is_lost and not was_lost:
            losses += weight
            began, ever_lost = now, True
        if was_lost and not is_lost:
            histogram[np.searchsorted(edges, now - began)] += weight
        was_lost = is_lost
        active, repairs, fails, able = _totals(net, down, span, work, now)
        if active == 0:
            return lost, losses, now
        until = -math.log1p(-random.random()) / repairs if repairs > 0.0 else np.inf
        fixed = _next_fixed(span, work, work_end, now)
        returns = until < fixed - now
        until = min(until, fixed - now)
        force = 0.0
        if forced and not ever_lost and active <= _FORCE_AT_MOST:
            force = _FORCE_FIRST if active == 1 else _FORCE_LATER
        chance = -math.expm1(-fails * until)
        hit, turn = draw(random, chance, force)
        weight *= turn
        step = -math.log1p(-random.random() * chance) / fails if hit else until
        if was_lost:
            lost += weight * step
        now = now + step if hit or returns else fixed
        chosen = -1
        if hit:
            chosen, turn = _failing(net, down, span, work, now - step, fails, able, force, random)
            weight *= turn
        elif returns:
            down[_repaired(net, down, repairs, random)] = False
        elif work >= 0 and now >= work_end:
            work = -1


@kernel
def _is_lost(
    net: Net, down: BoolArray, span: FloatArray, work: int, now: float, status: BoolArray
) -> bool:
    """Return whether the top is down, filling `status` (event + gate,)."""
    events = net.hazard.size
    for e in range(events):
        s = net.supply[e]
        status[e] = down[e]
        if s >= 0:
            first = span[s, 0] <= now < span[s, 1]
            status[e] = first or span[s, 2] <= now < span[s, 3]
    if work >= 0:
        status[net.work_event[work]] = True
    for g in range(net.threshold.size):
        found = 0
        for i in range(net.input_start[g], net.input_start[g + 1]):
            found += status[net.inputs[i]]
        status[events + g] = found >= net.threshold[g]
    return bool(status[net.top])


@kernel
def _totals(
    net: Net, down: BoolArray, span: FloatArray, work: int, now: float
) -> tuple[int, float, float, int]:
    """Return (things not in order, rate of repairs, rate of failures, what may fail)."""
    active, able = 0, 0
    repairs, fails = 0.0, 0.0
    for e in range(net.hazard.size):
        s = net.supply[e]
        if down[e] or (s >= 0 and now < span[s, 4]):
            active += 1
            repairs += net.repair[e]
        elif net.hazard[e] > 0.0:
            able += 1
            fails += net.hazard[e]
    if work >= 0:
        active += 1
    else:
        for w in range(net.work_hazard.size):
            able += 1
            fails += net.work_hazard[w]
    return active, repairs, fails, able


@kernel
def _next_fixed(span: FloatArray, work: int, work_end: float, now: float) -> float:
    """Return the next time that is fixed already: of an outage's course or the end of work."""
    found = work_end if work >= 0 else np.inf
    for s in range(span.shape[0]):
        for k in range(5):
            if now < span[s, k] < found:
                found = span[s, k]
    return found


@kernel
def _failing(
    net: Net,
    down: BoolArray,
    span: FloatArray,
    work: int,
    now: float,
    fails: float,
    able: int,
    force: float,
    random: np.random.Generator,
) -> tuple[int, float]:
    """Return (what fails, weight); when forced, half of the draws are even among all."""
    even = 0.5 if force > 0.0 else 0.0
    mark, chosen, rate, chance = random.random(), -1, 0.0, 1.0
    events = net.hazard.size
    for e in range(events + net.work_hazard.size):
        if e < events:
            s = net.supply[e]
            if down[e] or (s >= 0 and now < span[s, 4]) or net.hazard[e] == 0.0:
                continue
            rate = net.hazard[e]
        elif work >= 0:
            break
        else:
            rate = net.work_hazard[e - events]
        chosen = e
        chance = (1.0 - even) * rate / fails + even / able
        if mark < chance:
            break
        mark -= chance
    return chosen, rate / fails / chance


@kernel
def _repaired(net: Net, down: BoolArray, repairs: float, random: np.random.Generator) -> int:
    """Return which of the events that are down returns to service."""
    mark, chosen = random.random() * repairs, -1
    for e in range(net.hazard.size):
        if down[e]:
            chosen = e
            if mark < net.repair[e]:
                break
            mark -= net.repair[e]
    return chosen
