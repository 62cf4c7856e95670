"""Compiled: what a battery adds in every scenario-month, each month back to its first state."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.storage_segments import Bus, segments
from rerack.numerics.concave_kernel import Levels, Steps, advance, recede
from rerack.numerics.jit import kernel
from rerack.planning.power.hours import Hours


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
    most = longest * (classes + 3)
    rooms = Steps(
        np.empty(longest, np.int64), np.empty(0), np.empty(longest + 1, np.int64),
        np.empty(longest, np.int64), np.empty(most), np.empty(most), np.empty(most),
    )  # fmt: skip
    slope, width, level = np.empty(most), np.empty(most), np.empty(most)
    slopes, widths = np.empty(2 * most + 8), np.empty(2 * most + 8)
    starts, splits = np.empty(longest + 1, np.int64), np.empty(longest, np.int64)
    price, sale = np.empty(longest), np.empty(longest)
    state, earned = np.empty(longest), np.empty(longest)
    period = np.zeros(2, np.int64)
    for m in range(months):
        n = hours.hours[m]
        period[1] = n
        for s in range(scenarios):
            if wanted[s, m] == 0.0:
                continue
            first = hours.start[m] + hours.library_year[s, m] * n
            for h in range(n):
                shape = hours.shape_usd_per_mwh[first + h]
                price[h] = (
                    hours.level[s, m] * shape
                    + hours.base_usd_per_mwh
                    + hours.rate_usd_per_mwh[m, h]
                )
                sale[h] = hours.index_level[s, m] * shape - hours.discount_usd_per_mwh
                if export == 0.0:
                    sale[h] = price[h]
            # Classes that are not there come last: without them an hour has fewer segments.
            count = 0
            while count < classes and capacity[s, m, count] > 0.0:
                count += 1
            bus = Bus(
                room[s, m] + ai[s, m], room[s, m], export, power[0], power[1], power[2], power[3],
                power[4],
            )  # fmt: skip
            steps = segments(
                bus, price[:n], sale[:n], period, strike[s, m : m + 1, :count],
                capacity[s, m : m + 1, :count],
                Steps(
                    rooms.kind[:n], price[:n], rooms.start, rooms.split, rooms.slope, rooms.rate,
                    rooms.width,
                ),
            )  # fmt: skip
            levels = Levels(starts[: n + 1], splits[:n], slope, width, level)
            found, bridged = recede(
                steps, energy[0], energy[1], energy[2], energy[3], slopes, widths, levels
            )
            gain[s, m] = found * hours.scale[m]
            if bridged > 0:
                advance(levels, energy[1], energy[3], state, earned)
                gain[s, m] = earned[:n].sum() * hours.scale[m]
