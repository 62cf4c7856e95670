"""Compiled mean reversion, one path after another, and its plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def revert(shocks: FloatArray, decay: float, step_sd: float, path: FloatArray) -> None:
    """Fill `path` with ``x_t = decay x_{t-1} + step_sd z_t``, ``x_0 = 0``, (scenario, month)."""
    for s in range(shocks.shape[0]):
        x = 0.0
        path[s, 0] = x
        for t in range(1, shocks.shape[1]):
            x = decay * x + step_sd * shocks[s, t]
            path[s, t] = x


def revert_plain(shocks: FloatArray, decay: float, step_sd: float) -> FloatArray:
    """Return the path that `revert` fills, all scenarios a month at a time."""
    path = np.zeros_like(shocks)
    for t in range(1, shocks.shape[1]):
        path[:, t] = decay * path[:, t - 1] + step_sd * shocks[:, t]
    return path
