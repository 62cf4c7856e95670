"""Compiled price-duration queries, and their plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel

#: Scenarios searched in step: enough to keep a core's outstanding loads busy.
LANES = 16


@kernel
def run_of(
    level: float, cheapest: float, adder: float, count: int, hours: int
) -> tuple[float, float]:
    """Return share of hours run and their price over all hours, of the `count` cheapest hours.

    `cheapest` is the sum of those hours' prices at base level. A GPU thread runs the same body.
    """
    return count / hours, (level * cheapest + adder * count) / hours


@kernel
def duration_kernel(
    shape_sorted: FloatArray,
    shape_sum: FloatArray,
    sorted_start: IntArray,
    sum_start: IntArray,
    month_hours: IntArray,
    month_of_year: IntArray,
    library_year: IntArray,
    level: FloatArray,
    adder: float,
    strike: FloatArray,
    run_frac: FloatArray,
    run_price: FloatArray,
) -> None:
    """Fill `run_frac` and `run_price` (scenario, month, unit) by one binary search each.

    ``shape_sum`` holds, for every segment of n sorted prices, n + 1 sums: of none, of the
    cheapest, ... of all. The windows of one calendar month halve alike, so `LANES` scenarios and
    all their units advance together: independent loads overlap, which matters because the
    segments lie far apart in memory, and a product in place of a branch leaves nothing to
    mispredict.
    """
    scenarios, months, units = strike.shape
    low = np.empty(LANES * units, np.int64)
    x = np.empty(LANES * units)
    for m in range(months):
        calendar = month_of_year[m] - 1
        hours = month_hours[calendar]
        for start in range(0, scenarios, LANES):
            stop = min(start + LANES, scenarios)
            lanes = (stop - start) * units
            for i in range(lanes):
                s = start + i // units
                x[i] = (strike[s, m, i % units] - adder) / level[s, m]
                low[i] = sorted_start[calendar] + library_year[s, m] * hours
            window = hours
            while window > 1:
                half = window // 2
                for i in range(lanes):
                    low[i] += half * (shape_sorted[low[i] + half - 1] < x[i])
                window -= half
            for i in range(lanes):
                s, k = start + i // units, i % units
                first = sorted_start[calendar] + library_year[s, m] * hours
                count = low[i] - first + (shape_sorted[low[i]] < x[i])
                sums = sum_start[calendar] + library_year[s, m] * (hours + 1)
                run_frac[s, m, k], run_price[s, m, k] = run_of(
                    level[s, m], shape_sum[sums + count], adder, count, hours
                )


def duration_plain(
    shape_sorted: FloatArray,
    shape_sum: FloatArray,
    sorted_start: IntArray,
    sum_start: IntArray,
    month_hours: IntArray,
    month_of_year: IntArray,
    library_year: IntArray,
    level: FloatArray,
    adder: float,
    strike: FloatArray,
    run_frac: FloatArray,
    run_price: FloatArray,
) -> None:
    """Do what `duration_kernel` does with NumPy's own search, one scenario-month at a time."""
    for s, m in np.ndindex(level.shape):
        calendar = month_of_year[m] - 1
        hours = month_hours[calendar]
        year = library_year[s, m]
        first = sorted_start[calendar] + year * hours
        sums = sum_start[calendar] + year * (hours + 1)
        x = (strike[s, m] - adder) / level[s, m]
        count = np.searchsorted(shape_sorted[first : first + hours], x, side="left")
        run_frac[s, m] = count / hours
        run_price[s, m] = (level[s, m] * shape_sum[sums + count] + adder * count) / hours
