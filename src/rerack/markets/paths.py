"""The two processes that the slow drivers share: a log random walk and an Ornstein-Uhlenbeck."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray


def expected_path(start: float, growth_frac_per_year: float, months: int) -> FloatArray:
    """Return ``start * (1 + growth)^(t/12)``, shape (month,)."""
    path: FloatArray = start * (1.0 + growth_frac_per_year) ** (np.arange(months) / 12.0)
    return path


def log_walk(shocks: FloatArray, volatility_frac: float) -> FloatArray:
    """Return a positive martingale that starts at 1: a driftless geometric Brownian motion.

    Parameters
    ----------
    shocks : array, shape (scenario, month)
        Standard normals; column t moves month t - 1 to month t, column 0 is unused.
    volatility_frac : float
        Standard deviation of the yearly log return.

    Returns
    -------
    array, shape (scenario, month)
        ``exp(sum_u (s z_u - s^2/2))`` with ``s = volatility / sqrt(12)``; the mean is 1 exactly.
    """
    s = volatility_frac / np.sqrt(12.0)
    walk: FloatArray = s * shocks
    walk -= s * s / 2.0
    walk[:, 0] = 0.0
    # In place: fresh pages cost more than the arithmetic.
    np.cumsum(walk, axis=1, out=walk)
    return np.exp(walk, out=walk)


def decay_per_month(half_life_months: float) -> float:
    """Return the share of a deviation that is left after a month: ``2^(-1/half life)``."""
    return float(0.5 ** (1.0 / half_life_months))


def ornstein_uhlenbeck(
    shocks: FloatArray, decay: float, step_sd: float
) -> tuple[FloatArray, FloatArray]:
    """Return an Ornstein-Uhlenbeck path from 0 and its variance.

    Parameters
    ----------
    shocks : array, shape (scenario, month)
        Standard normals; column 0 is unused.
    decay : float
        Share of a deviation left after a month, 0 to 1.
    step_sd : float
        Standard deviation of a monthly step.

    Returns
    -------
    path : array, shape (scenario, month)
        ``x_t = decay x_{t-1} + step_sd z_t``, ``x_0 = 0``.
    variance : array, shape (month,)
        ``step_sd^2 (1 - decay^(2t)) / (1 - decay^2)``, which tends to the stationary variance.
    """
    from rerack.markets.paths_kernel import revert  # numba: not where a file is only read

    variance = np.zeros(shocks.shape[1])
    for t in range(1, shocks.shape[1]):
        variance[t] = decay * decay * variance[t - 1] + step_sd * step_sd
    path = np.empty(shocks.shape)
    revert(shocks, decay, step_sd, path)
    return path, variance
