"""Compiled depreciation of a programme of purchases, and its plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def add_expense(cost: FloatArray, shares: FloatArray, expense: FloatArray) -> None:
    """Add ``sum_k shares_k cost_{t-k}`` to `expense`; it and `cost` are (scenario, year)."""
    scenarios, years = cost.shape
    for s in range(scenarios):
        for k in range(min(shares.size, years)):
            for t in range(k, years):
                expense[s, t] += shares[k] * cost[s, t - k]


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
        cost[:], expense[:] = 0.0, 0.0
        for t in range(years):
            stop = year_starts[t + 1] if t + 1 < years else monthly.shape[1]
            for m in range(year_starts[t], stop):
                cost[t] += monthly[s, m]
        for k in range(min(shares.size, years)):
            for t in range(k, years):
                expense[t] += shares[k] * cost[t - k]
        for t in range(years):
            taxable[s, t] -= expense[t]


def expense_plain(cost: FloatArray, shares: FloatArray) -> FloatArray:
    """Return the expense that `add_expense` adds, by one convolution a scenario."""
    years = cost.shape[1]
    return np.stack([np.convolve(row, shares)[:years] for row in cost])
