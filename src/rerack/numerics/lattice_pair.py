"""A lattice for stopping two correlated geometric Brownian motions: the two-dimensional oracle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rerack.base.checks import FloatArray, require, require_between

PairPayoff = Callable[[FloatArray, FloatArray], FloatArray]


def binomial_pair_stopping(
    *,
    start: tuple[float, float],
    volatility: tuple[float, float],
    drift: tuple[float, float],
    correlation: float,
    rate: float,
    horizon: float,
    steps: int,
    payoff: PairPayoff,
    exercise_every: int = 1,
) -> float:
    r"""Value the right to take ``payoff(X, Y)`` once, X and Y correlated geometric motions.

    Parameters
    ----------
    start, volatility, drift : (float, float)
        Of each motion, as in `rerack.numerics.lattice.binomial_stopping`.
    correlation : float
        Of the two Brownian motions, -1 to 1.
    rate, horizon : float
        Discount rate (continuous, per year) and years.
    steps : int
        Time steps; work and memory grow as steps cubed and squared.
    payoff : callable
        Arrays of X and Y, of one shape -> what is paid; below zero is never taken.
    exercise_every : int
        Steps between dates.

    Notes
    -----
    Both log motions step :math:`m\,dt \pm \sigma\sqrt{dt}`, with :math:`m = \mu - \sigma^2/2`; the
    pair moves alike with probability :math:`(1+\rho)/2`. Moments of the logs are exact (He 1990,
    doi:10.1093/rfs/3.4.523, for two assets). Time 0 and every `exercise_every`-th step are dates.

    Examples
    --------
    >>> swap = binomial_pair_stopping(start=(1.0, 1.0), volatility=(0.2, 0.2), drift=(0.0, 0.0),
    ...     correlation=0.0, rate=0.1, horizon=1.0, steps=50, payoff=lambda x, y: x - y)
    >>> 0.0 < swap < 0.2
    True
    """
    require_between(steps, 1, 2_000, "steps")
    require_between(correlation, -1.0, 1.0, "correlation")
    require(
        min(volatility) > 0.0 and min(start) > 0.0 and horizon > 0.0,
        "start, volatility",
        given=(start, volatility),
        allowed="above 0",
    )
    require(
        1 <= exercise_every <= steps,
        "exercise_every",
        given=exercise_every,
        allowed=f"1 to {steps}",
    )
    dt = horizon / steps
    alike = 0.25 * (1.0 + correlation)
    apart = 0.25 * (1.0 - correlation)
    discount = np.exp(-rate * dt)

    def level(axis: int, step: int) -> FloatArray:
        log_mean = (drift[axis] - 0.5 * volatility[axis] ** 2) * dt * step
        jumps = volatility[axis] * np.sqrt(dt) * np.arange(-step, step + 1, 2)
        levels: FloatArray = start[axis] * np.exp(log_mean + jumps)
        return levels

    def paid(step: int) -> FloatArray:
        x, y = np.meshgrid(level(0, step), level(1, step), indexing="ij")
        return payoff(x, y)

    value = np.maximum(paid(steps), 0.0)
    for step in range(steps - 1, -1, -1):
        same = value[1:, 1:] + value[:-1, :-1]
        other = value[1:, :-1] + value[:-1, 1:]
        value = discount * (alike * same + apart * other)
        if step % exercise_every == 0:
            value = np.maximum(value, paid(step))
    return float(value[0, 0])
