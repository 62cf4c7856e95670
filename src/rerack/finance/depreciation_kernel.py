"""Compiled deduction of purchases; its plain twin is `depreciation_schedule` by calendar year."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def deduct_purchases(
    monthly: FloatArray, year_starts: IntArray, shares: FloatArray, taxable: FloatArray
) -> None:
    """Take the depreciation of purchases off taxable income.

    Parameters
    ----------
    monthly : ndarray, shape (scenario, month)
        Cost placed in service [USD].
    year_starts : ndarray of int, shape (year,)
        First month of each calendar year.
    shares : ndarray, shape (life,)
        Shares of cost by year of service.
    taxable : ndarray, shape (scenario, year)
        Reduced in place [USD].
    """
    scenarios, years = taxable.shape
    cost, expense = np.empty(years), np.empty(years)
    for s in range(scenarios):
        for t in range(years):
            cost[t], expense[t] = 0.0, 0.0
            stop = year_starts[t + 1] if t + 1 < years else monthly.shape[1]
            for m in range(year_starts[t], stop):
                cost[t] += monthly[s, m]
        for k in range(min(shares.size, years)):
            for t in range(k, years):
                expense[t] += shares[k] * cost[t - k]
        for t in range(years):
            taxable[s, t] -= expense[t]
