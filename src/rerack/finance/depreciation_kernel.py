"""Compiled depreciation of a programme of purchases, and its plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def add_expense(cost: FloatArray, shares: FloatArray, expense: FloatArray) -> None:
    """Add ``sum_k shares_k cost_{t-k}`` to `expense`; it and `cost` are (scenario, year)."""
    scenarios, years = cost.shape
    for s in range(scenarios):
        for k in range(min(shares.size, years)):
            for t in range(k, years):
                expense[s, t] += shares[k] * cost[s, t - k]


def expense_plain(cost: FloatArray, shares: FloatArray) -> FloatArray:
    """Return the expense that `add_expense` adds, by one convolution a scenario."""
    years = cost.shape[1]
    return np.stack([np.convolve(row, shares)[:years] for row in cost])
