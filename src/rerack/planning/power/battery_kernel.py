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
    limit: float,
    export: float,
    power: FloatArray,
    energy: FloatArray,
    ai: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
    wanted: FloatArray,
    gain: FloatArray,
) -> None:
    """Fill `gain` (scenario, month) where `wanted` is not 0.

    `power` is (charge MW, discharge MW, charge efficiency, discharge efficiency, wear); `energy`
    (capacity, first, last, keep). `strike` and `capacity` (scenario, month, class) fall along the
    last axis. The gain is that of a feasible schedule, and the optimum where no hour had to be
    bridged (see `rerack.dispatch.storage`); NaN where the first state cannot be kept.
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
    own, held = np.empty((1, classes)), np.empty((1, classes))
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
            # Halls of equal strike are one class, and empty ones none: an hour has fewer segments.
            count = 0
            for k in range(classes):
                if capacity[s, m, k] <= 0.0:
                    continue
                if count > 0 and own[0, count - 1] == strike[s, m, k]:
                    held[0, count - 1] += capacity[s, m, k]
                else:
                    own[0, count], held[0, count] = strike[s, m, k], capacity[s, m, k]
                    count += 1
            bus = Bus(
                limit, limit - ai[s, m], export, power[0], power[1], power[2], power[3], power[4]
            )
            steps = segments(
                bus, price[:n], sale[:n], period, own[:, :count], held[:, :count],
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
