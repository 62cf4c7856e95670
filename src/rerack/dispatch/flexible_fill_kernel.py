"""Compiled hour-by-hour filling of competing uses of power, and its plain twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def fill_kernel(
    value: FloatArray, width: FloatArray, supply: FloatArray, amount: FloatArray
) -> None:
    """Fill `amount` (hour, use) with the best uses of each hour's `supply` (hour,).

    `value` and `width` have shape (hour, use). Uses are served by falling value until the supply
    is spent. They are few and nearly in order from hour to hour, so insertion sort wins, and it
    starts from the order of the hour before.
    """
    hours, uses = value.shape
    order = np.arange(uses)
    for h in range(hours):
        for i in range(1, uses):
            use = order[i]
            worth = value[h, use]
            j = i - 1
            while j >= 0 and value[h, order[j]] < worth:
                order[j + 1] = order[j]
                j -= 1
            order[j + 1] = use
        left = supply[h]
        for i in range(uses):
            use = order[i]
            taken = min(width[h, use], max(left, 0.0))
            amount[h, use] = taken
            left -= taken


def fill_plain(
    value: FloatArray, width: FloatArray, supply: FloatArray, amount: FloatArray
) -> None:
    """Do what `fill_kernel` does with NumPy's sort, all hours at once."""
    order = np.argsort(-value, axis=1, kind="stable")
    ranked = np.take_along_axis(width, order, axis=1)
    before = np.cumsum(ranked, axis=1) - ranked
    taken = np.clip(supply[:, np.newaxis] - before, 0.0, ranked)
    np.put_along_axis(amount, order, taken, axis=1)


@kernel
def limit_slopes_kernel(
    value: FloatArray,
    width: FloatArray,
    supply: FloatArray,
    price: FloatArray,
    limit: FloatArray,
    level: FloatArray,
    drop: FloatArray,
) -> None:
    """Fill `level` and `drop` (hour, use): where the worth of more import falls, and by how much.

    With D MW of import on top of `supply` (hour,), uses are served by falling value up to
    ``supply + D``. The worth of one MW more is the value of the use being served less the
    `price`, 0 at least, and 0 from the hour's own `limit` on. Uses not worth their power, or
    served without import, get a level of 0.
    """
    hours, uses = value.shape
    order = np.arange(uses)
    for h in range(hours):
        for i in range(1, uses):
            use = order[i]
            worth = value[h, use]
            j = i - 1
            while j >= 0 and value[h, order[j]] < worth:
                order[j + 1] = order[j]
                j -= 1
            order[j + 1] = use
        end = -supply[h]
        for i in range(uses):
            use = order[i]
            end += width[h, use]
            after = value[h, order[i + 1]] if i + 1 < uses else price[h]
            fall = max(value[h, use], price[h]) - max(after, price[h])
            level[h, i] = min(max(end, 0.0), limit[h])
            drop[h, i] = fall


def limit_slopes_plain(
    value: FloatArray,
    width: FloatArray,
    supply: FloatArray,
    price: FloatArray,
    limit: FloatArray,
    level: FloatArray,
    drop: FloatArray,
) -> None:
    """Do what `limit_slopes_kernel` does with NumPy's sort, all hours at once."""
    order = np.argsort(-value, axis=1, kind="stable")
    ranked = np.take_along_axis(value, order, axis=1)
    worth = np.maximum(np.column_stack([ranked, price]), price[:, np.newaxis])
    end = np.cumsum(np.take_along_axis(width, order, axis=1), axis=1) - supply[:, np.newaxis]
    level[:] = np.clip(end, 0.0, limit[:, np.newaxis])
    drop[:] = worth[:, :-1] - worth[:, 1:]
