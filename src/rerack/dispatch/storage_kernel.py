"""Compiled: the best use of a battery on one or many price paths."""

from __future__ import annotations

from threading import local
from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.storage_bus import Bus
from rerack.dispatch.storage_segments import segments
from rerack.numerics.concave_kernel import Levels, Steps, advance, recede
from rerack.numerics.jit import kernel

#: Scratch up to which a thread keeps it for its next call [byte]: fresh pages cost as much time
#: as the recursion on a year.
_KEPT_BYTES = 32 * 2**20
_kept = local()


class Scratch(NamedTuple):
    """Working memory of the kernel.

    Parameters
    ----------
    steps : Steps
        Room for the segments of all hours; its price is not used.
    levels : Levels
        Room for those that matter.
    slopes, widths : ndarray
        The value function, shape (2 * segment + 8,).
    known : ndarray of int
        Kinds of hour seen, shape (unit + 1,).
    stack, bent : ndarray
        Power of classes served and slopes of an hour, shapes (unit + 1,) and (unit + 3,).
    """

    steps: Steps
    levels: Levels
    slopes: FloatArray
    widths: FloatArray
    known: IntArray
    stack: FloatArray
    bent: FloatArray


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
        Steps(
            np.empty(hours, np.int64), np.empty(0), np.empty(hours + 1, np.int64),
            np.empty(hours, np.int64), np.empty(most), np.empty(most), np.empty(most),
        ),
        Levels(
            np.empty(hours + 1, np.int64), np.empty(hours, np.int64), np.empty(most),
            np.empty(most), np.empty(most),
        ),
        np.empty(wide),
        np.empty(wide),
        np.empty(units + 1, np.int64),
        np.empty(units + 1),
        np.empty(units + 3),
    )  # fmt: skip
    # Ten arrays of segments, four of hours; what is never touched takes no memory.
    if 8 * (10 * most + 4 * hours) <= _KEPT_BYTES:
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
    room, levels, slopes, widths, known, stack, bent = scratch
    for i in range(price.shape[0]):
        steps = segments(
            bus, price[i], export_price[i], period_start, strike[i], capacity[i], known, stack, room
        )
        bound[i], bridged[i] = recede(
            steps, energy[0], energy[1], energy[2], energy[3], slopes, widths, bent, levels
        )
        advance(levels, energy[1], energy[3], state, earned)
        for m in range(period_start.size - 1):
            gain[i, m] = earned[period_start[m] : period_start[m + 1]].sum()
