"""Compiled loss carry-forward, and its plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def carry_losses(
    income: FloatArray, opening: FloatArray, limit: float, used: FloatArray, balance: FloatArray
) -> None:
    """Fill losses `used` and closing `balance` from `income`, all (scenario, year)."""
    for s in range(income.shape[0]):
        losses = opening[s]
        for t in range(income.shape[1]):
            x = income[s, t]
            if x > 0.0:
                used[s, t] = min(losses, limit * x)
                losses -= used[s, t]
            else:
                used[s, t] = 0.0
                losses -= x
            balance[s, t] = losses


def carry_losses_plain(
    income: FloatArray, opening: FloatArray, limit: float
) -> tuple[FloatArray, FloatArray]:
    """Return (used, balance) as `carry_losses` fills them, a year at a time."""
    used, balance = np.zeros_like(income), np.zeros_like(income)
    losses = opening.copy()
    for t in range(income.shape[1]):
        used[:, t] = np.minimum(losses, limit * np.maximum(income[:, t], 0.0))
        losses = losses - used[:, t] + np.maximum(-income[:, t], 0.0)
        balance[:, t] = losses
    return used, balance
