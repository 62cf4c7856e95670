"""Compiled posting to a ledger: one pass over an amount instead of one for each book."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import BoolArray, FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def add_posts(
    per_mw: FloatArray,
    kept: FloatArray,
    signs: FloatArray,
    at: IntArray,
    rows: IntArray,
    sizes_mw: FloatArray,
    sum_of: IntArray,
    sums: FloatArray,
    place: IntArray,
    totals: FloatArray,
    posted: BoolArray,
    book: FloatArray,
) -> None:
    """Add ``sign per_mw kept`` of several lines and halls to both books.

    Parameters
    ----------
    per_mw : ndarray, shape (amount, scenario, month)
        Amounts per MW.
    kept : ndarray, shape (scenario, month)
        The share of them that is posted; of no scenario where that is all.
    signs, at : ndarray, shape (amount,)
        1 for income and -1 for cost; the line of each.
    rows, sizes_mw : ndarray, shape (hall,)
        Row and megawatts of each hall that earns it.
    sum_of : ndarray of int, shape (line,)
        Which of `sums` a line adds to.
    sums : ndarray, shape (sum, scenario, month)
        Running sums of lines.
    place : ndarray of int, shape (line,)
        Where in `totals` a line is kept; -1 where it is not.
    totals : ndarray, shape (place, scenario, month)
        Book by scenario; what stands in a line that is not posted yet means nothing.
    posted : ndarray of bool, shape (line,)
        Lines with something in them.
    book : ndarray, shape (row, line, month)
        Book by hall.
    """
    amounts, scenarios, months = per_mw.shape
    summed, taken = np.empty(months), np.empty(months)
    mw = 0.0
    for h in range(sizes_mw.size):
        mw += sizes_mw[h]
    for a in range(amounts):
        line, sign = at[a], signs[a]
        kept_at, running = place[line], sums[sum_of[line]]
        fresh = not posted[line]
        posted[line] = True
        for m in range(months):
            summed[m] = 0.0
        for s in range(scenarios):
            for m in range(months):
                taken[m] = sign * per_mw[a, s, m]
            if kept.size > 0:
                for m in range(months):
                    taken[m] = sign * (per_mw[a, s, m] * kept[s, m])
            for m in range(months):
                summed[m] += taken[m]
                taken[m] *= mw
                running[s, m] += taken[m]
            if kept_at >= 0 and fresh:
                for m in range(months):
                    totals[kept_at, s, m] = taken[m]
            elif kept_at >= 0:
                for m in range(months):
                    totals[kept_at, s, m] += taken[m]
        for h in range(rows.size):
            for m in range(months):
                book[rows[h], line, m] += summed[m] * sizes_mw[h]


@kernel
def sum_kept(coins: FloatArray, energy: FloatArray, kept: FloatArray) -> FloatArray:
    """Return the sums over scenarios of what is kept of coins and energy, shape (2, month)."""
    scenarios, months = kept.shape
    summed = np.zeros((2, months))
    for s in range(scenarios):
        for m in range(months):
            summed[0, m] += coins[s, m] * kept[s, m]
            summed[1, m] += energy[s, m] * kept[s, m]
    return summed
