"""Compiled: the best use of a battery on one or many price paths."""

from __future__ import annotations

from threading import local
from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.storage_segments import Bus, segments
from rerack.numerics.concave_kernel import advance, recede
from rerack.numerics.jit import kernel

#: Scratch up to which a thread keeps it for its next call [byte]: fresh pages cost as much time
#: as the recursion on a year.
_KEPT_BYTES = 32 * 2**20
_kept = local()


class Scratch(NamedTuple):
    """Working memory of the kernel.

    Parameters
    ----------
    slope, width, level : ndarray
        Segments of all hours, shape (segment,).
    slopes, widths : ndarray
        The value function, shape (2 * segment + 8,).
    start, split, used : ndarray of int
        Segments of each hour, shapes (hour + 1,), (hour,) and (hour, 2).
    """

    slope: FloatArray
    width: FloatArray
    level: FloatArray
    slopes: FloatArray
    widths: FloatArray
    start: IntArray
    split: IntArray
    used: IntArray


def scratch_of(hours: int, units: int) -> Scratch:
    """Return working memory, the thread's own from an earlier call if that had the same size.

    Parameters
    ----------
    hours, units : int
        Hours of a path and classes of rigs.
    """
    kept: tuple[tuple[int, int], Scratch] | None = getattr(_kept, "scratch", None)
    if kept is not None and kept[0] == (hours, units):
        return kept[1]
    most = hours * (units + 3)
    wide = 2 * most + 8
    scratch = Scratch(
        np.empty(most), np.empty(most), np.empty(most), np.empty(wide), np.empty(wide),
        np.empty(hours + 1, np.int64), np.empty(hours, np.int64), np.empty((hours, 2), np.int64),
    )  # fmt: skip
    if sum(array.nbytes for array in scratch) <= _KEPT_BYTES:
        _kept.scratch = (hours, units), scratch
    return scratch


@kernel
def storage_kernel(
    scratch: Scratch,
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
    slope, width, level, slopes, widths, start, split, used = scratch
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
