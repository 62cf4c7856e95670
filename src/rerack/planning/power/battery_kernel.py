"""Compiled: what a battery adds in every scenario-month, each month back to its first state."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.storage_bus import Bus
from rerack.dispatch.storage_segments import segments
from rerack.numerics.concave_kernel import Levels, Steps, advance, recede
from rerack.numerics.jit import kernel
from rerack.planning.power.hours import Hours


@kernel
def float_room(hours: int, classes: int) -> int:
    """Return the floats of scratch that `battery_month` needs for so many hours and classes."""
    segment = hours * (classes + 3)
    # Three arrays of segments twice over, the value function, four of hours, three of classes.
    return 6 * segment + 2 * (2 * segment + 8) + 4 * hours + 3 * (classes + 3)


@kernel
def int_room(hours: int, classes: int) -> int:
    """Return the integers of scratch that `battery_month` needs."""
    return 2 + classes + 1 + 5 * (hours + 1)


@kernel
def battery_month(
    hours: Hours,
    export: float,
    power: FloatArray,
    energy: FloatArray,
    ai: FloatArray,
    room: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
    s: int,
    m: int,
    floats: FloatArray,
    ints: IntArray,
) -> float:
    """Return the gain of scenario `s` in month `m`; parameters as of `battery_kernel`.

    `floats` and `ints` are scratch of `float_room` and `int_room`. The body allocates nothing, so
    that it is compiled for a GPU thread as it is.
    """
    n, classes = hours.hours[m], strike.shape[2]
    most = n * (classes + 3)
    wide, at = 2 * most + 8, 6 * most
    rooms = Steps(
        ints[:n], floats[:0], ints[n : 2 * n + 1], ints[2 * n + 1 : 3 * n + 1],
        floats[:most], floats[most : 2 * most], floats[2 * most : 3 * most],
    )  # fmt: skip
    levels = Levels(
        ints[3 * n + 1 : 4 * n + 2], ints[4 * n + 2 : 5 * n + 2],
        floats[3 * most : 4 * most], floats[4 * most : 5 * most], floats[5 * most : at],
    )  # fmt: skip
    slopes, widths = floats[at : at + wide], floats[at + wide : at + 2 * wide]
    at += 2 * wide
    price, sale = floats[at : at + n], floats[at + n : at + 2 * n]
    state, earned = floats[at + 2 * n : at + 3 * n], floats[at + 3 * n : at + 4 * n]
    at += 4 * n
    stack, bent = floats[at : at + classes + 1], floats[at + classes + 1 : at + 2 * classes + 4]
    at = 5 * n + 2
    period, known = ints[at : at + 2], ints[at + 2 : at + 3 + classes]
    period[0], period[1] = 0, n
    first = hours.start[m] + hours.library_year[s, m] * n
    for h in range(n):
        shape = hours.shape_usd_per_mwh[first + h]
        price[h] = hours.level[s, m] * shape + hours.base_usd_per_mwh + hours.rate_usd_per_mwh[m, h]
        sale[h] = hours.index_level[s, m] * shape - hours.discount_usd_per_mwh
        if export == 0.0:
            sale[h] = price[h]
    # Classes that are not there come last: without them an hour has fewer segments.
    count = 0
    while count < classes and capacity[s, m, count] > 0.0:
        count += 1
    spare = room[s, m]
    bus = Bus(spare + ai[s, m], spare, export, power[0], power[1], power[2], power[3], power[4])
    steps = segments(
        bus, price, sale, period, strike[s, m : m + 1, :count], capacity[s, m : m + 1, :count],
        known, stack, rooms,
    )  # fmt: skip
    found, bridged = recede(
        steps, energy[0], energy[1], energy[2], energy[3], slopes, widths, bent, levels
    )
    if bridged > 0 and not np.isnan(found):
        advance(levels, energy[1], energy[3], state, earned)
        found = 0.0
        for h in range(n):
            found += earned[h]
    gain: float = found * hours.scale[m]
    return gain


@kernel
def battery_kernel(
    hours: Hours,
    export: float,
    power: FloatArray,
    energy: FloatArray,
    ai: FloatArray,
    room: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
    wanted: FloatArray,
    gain: FloatArray,
) -> None:
    """Fill `gain` (scenario, month) where `wanted` is not 0.

    `power` is (charge MW, discharge MW, charge efficiency, discharge efficiency, wear); `energy`
    (capacity, first, last, keep). `room` is the interconnect less `ai`; `strike` and `capacity`
    (scenario, month, class) are as in `SiteState`. The gain is that of a feasible schedule, and
    the optimum where no hour had to be bridged (see `rerack.dispatch.storage`); NaN where the
    first state cannot be kept.
    """
    scenarios, months, classes = strike.shape
    longest = hours.hours.max()
    floats = np.empty(float_room(longest, classes))
    ints = np.empty(int_room(longest, classes), np.int64)
    for m in range(months):
        for s in range(scenarios):
            if wanted[s, m] != 0.0:
                gain[s, m] = battery_month(
                    hours, export, power, energy, ai, room, strike, capacity, s, m, floats, ints
                )
