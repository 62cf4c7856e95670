"""Compiled: price-duration queries where hours of a month carry different time-of-use rates."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def rates_kernel(
    sorted_usd: FloatArray,
    summed_usd: FloatArray,
    sorted_start: IntArray,
    sum_start: IntArray,
    hours: IntArray,
    rate: FloatArray,
    pattern: IntArray,
    library_year: IntArray,
    level: FloatArray,
    adder: float,
    strike: FloatArray,
    run_frac: FloatArray,
    run_price: FloatArray,
) -> None:
    """Fill `run_frac` and `run_price` (scenario, month), one binary search a rate.

    `hours`, `sorted_start` and `sum_start` are (pattern, rate); `pattern` (month,).
    """
    scenarios, months = strike.shape
    for m in range(months):
        p = pattern[m]
        total = hours[p].sum()
        for s in range(scenarios):
            count, paid = 0, 0.0
            for r in range(rate.size):
                n = hours[p, r]
                if n == 0:
                    continue
                base = adder + rate[r]
                first = sorted_start[p, r] + library_year[s, m] * n
                x = (strike[s, m] - base) / level[s, m]
                low, high = first, first + n
                while low < high:
                    middle = (low + high) // 2
                    if sorted_usd[middle] < x:
                        low = middle + 1
                    else:
                        high = middle
                run = low - first
                count += run
                at = sum_start[p, r] + library_year[s, m] * (n + 1) + run
                paid += level[s, m] * summed_usd[at] + base * run
            run_frac[s, m] = count / total
            run_price[s, m] = paid / total


def rates_plain(
    hourly: FloatArray, rate_by_hour: FloatArray, level: float, adder: float, strike: float
) -> tuple[float, float]:
    """Do one scenario-month hour by hour: share of hours run, and their price over all hours."""
    price = level * hourly + adder + rate_by_hour
    run = price < strike
    return float(run.mean()), float(np.where(run, price, 0.0).mean())
