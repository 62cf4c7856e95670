"""Compiled: the best use of a battery on one or many price paths."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.storage_segments import Bus, segments
from rerack.numerics.concave_kernel import advance, recede
from rerack.numerics.jit import kernel


@kernel
def storage_kernel(
    bus: Bus,
    price: FloatArray,
    export_price: FloatArray,
    period_start: IntArray,
    strike: FloatArray,
    capacity: FloatArray,
    energy: FloatArray,
    state: FloatArray,
    earned: FloatArray,
    gain: FloatArray,
    bound: FloatArray,
    bridged: IntArray,
) -> None:
    """Fill `gain` (scenario, period), `bound` and `bridged` (scenario,); keep the last schedule.

    Prices are (scenario, hour); `strike` and `capacity` (scenario, period, unit) are sorted by
    falling strike; `energy` is (capacity, first, last, keep). `bound` is what the battery adds at
    most, NaN where the last state cannot be reached; it is the sum of `gain` where no hour was
    bridged. `state` and `earned` (hour,) are the energy stored at the end of each hour and what
    the hour gains, of the last scenario.
    """
    hours = price.shape[1]
    most = hours * (strike.shape[2] + 3)
    slope, width, level = np.empty(most), np.empty(most), np.empty(most)
    slopes, widths = np.empty(2 * most + 8), np.empty(2 * most + 8)
    start, split = np.empty(hours + 1, np.int64), np.empty(hours, np.int64)
    used = np.empty((hours, 2), np.int64)
    for i in range(price.shape[0]):
        segments(
            bus, price[i], export_price[i], period_start, strike[i], capacity[i], start, split,
            slope, width,
        )  # fmt: skip
        bound[i], bridged[i] = recede(
            slope, width, start, split, energy[0], energy[1], energy[2], energy[3], slopes,
            widths, level, used,
        )  # fmt: skip
        advance(slope, width, start, split, used, energy[1], energy[3], level, state, earned)
        for m in range(period_start.size - 1):
            gain[i, m] = earned[period_start[m] : period_start[m + 1]].sum()
