"""Compiled hour loop over explicit prices, and its plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def hour_kernel(
    price: FloatArray,
    month_start: IntArray,
    strike: FloatArray,
    run_frac: FloatArray,
    run_price: FloatArray,
) -> None:
    """Fill `run_frac` and `run_price` (scenario, month, unit) from `price` (scenario, hour).

    The strike is constant in the inner loop, and the month is folded into eight strands that are
    added element by element: without fast-math the compiler may not reorder one long sum, and
    only independent sums fill the vector unit.
    """
    scenarios, months, units = strike.shape
    longest = 0
    for month in range(months):
        longest = max(longest, month_start[month + 1] - month_start[month])
    fold = np.empty(longest // 8)
    for s in range(scenarios):
        for month in range(months):
            p = price[s, month_start[month] : month_start[month + 1]]
            hours = p.size
            q = hours // 8
            p0, p1, p2, p3 = p[:q], p[q : 2 * q], p[2 * q : 3 * q], p[3 * q : 4 * q]
            p4, p5 = p[4 * q : 5 * q], p[5 * q : 6 * q]
            p6, p7 = p[6 * q : 7 * q], p[7 * q : 8 * q]
            for k in range(units):
                x = strike[s, month, k]
                for j in range(q):
                    a, b, c, d = p0[j], p1[j], p2[j], p3[j]
                    e, f, g, h = p4[j], p5[j], p6[j], p7[j]
                    fold[j] = (
                        ((a if a < x else 0.0) + (b if b < x else 0.0))
                        + ((c if c < x else 0.0) + (d if d < x else 0.0))
                    ) + (
                        ((e if e < x else 0.0) + (f if f < x else 0.0))
                        + ((g if g < x else 0.0) + (h if h < x else 0.0))
                    )
                running = 0
                for j in range(hours):
                    running += p[j] < x
                total = 0.0
                for j in range(q):
                    total += fold[j]
                for j in range(8 * q, hours):
                    total += p[j] if p[j] < x else 0.0
                run_frac[s, month, k] = running / hours
                run_price[s, month, k] = total / hours


def hour_plain(
    price: FloatArray,
    month_start: IntArray,
    strike: FloatArray,
    run_frac: FloatArray,
    run_price: FloatArray,
) -> None:
    """Do what `hour_kernel` does in NumPy, one month and unit of all scenarios at a time."""
    for month in range(strike.shape[1]):
        p = price[:, month_start[month] : month_start[month + 1]]
        hours = p.shape[1]
        for k in range(strike.shape[2]):
            runs = p < strike[:, month, k, np.newaxis]
            run_frac[:, month, k] = np.count_nonzero(runs, axis=1) / hours
            run_price[:, month, k] = (p * runs).sum(axis=1) / hours
