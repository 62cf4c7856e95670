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
        The share of them that is posted.
    signs, at : ndarray, shape (amount,)
        1 for income and -1 for cost; the line of each.
    rows, sizes_mw : ndarray, shape (hall,)
        Row and megawatts of each hall that earns it.
    totals : ndarray, shape (line, scenario, month)
        Book by scenario; what stands in a line that is not posted yet means nothing.
    posted : ndarray of bool, shape (line,)
        Lines with something in them.
    book : ndarray, shape (row, line, month)
        Book by hall.
    """
    amounts, scenarios, months = per_mw.shape
    summed = np.empty(months)
    mw = sizes_mw.sum()
    for a in range(amounts):
        line, sign = at[a], signs[a]
        total = totals[line]
        if not posted[line]:
            total[:] = 0.0
            posted[line] = True
        summed[:] = 0.0
        for s in range(scenarios):
            for m in range(months):
                value = sign * (per_mw[a, s, m] * kept[s, m])
                total[s, m] += value * mw
                summed[m] += value
        for h in range(rows.size):
            for m in range(months):
                book[rows[h], line, m] += summed[m] * sizes_mw[h]


@kernel
def sum_lines(totals: FloatArray, at: IntArray, out: FloatArray) -> None:
    """Fill `out` (scenario, month) with the sum of the lines `at` of `totals`, in their order."""
    out[:] = 0.0
    for s in range(out.shape[0]):
        for line in at:
            for m in range(out.shape[1]):
                out[s, m] += totals[line, s, m]


@kernel
def add_kept(per_mw: FloatArray, kept: FloatArray, summed: FloatArray) -> None:
    """Add the sum over scenarios of ``per_mw kept`` to `summed`, shape (month,)."""
    scenarios, months = per_mw.shape
    for s in range(scenarios):
        for m in range(months):
            summed[m] += per_mw[s, m] * kept[s, m]
