"""A binomial lattice for stopping one geometric Brownian motion: the oracle in one dimension."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, require, require_between

Payoff = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, kw_only=True)
class LatticeValue:
    """The value at the root and where it pays to stop there.

    Parameters
    ----------
    value : float
        Value at the start, in the payoff's unit.
    stops_at_start : bool
        Whether stopping at once is best at the start.
    """

    value: float
    stops_at_start: bool


def binomial_stopping(
    *,
    start: float,
    volatility: float,
    drift: float,
    rate: float,
    horizon: float,
    steps: int,
    payoff: Payoff,
    exercise_every: int = 1,
    at_start: bool = True,
) -> LatticeValue:
    r"""Value the right to take ``payoff(X)`` once, X a geometric Brownian motion.

    Parameters
    ----------
    start : float
        X at time 0, above 0.
    volatility : float
        Standard deviation of the yearly log change, above 0.
    drift : float
        Expected growth of X (continuous, per year).
    rate : float
        Discount rate (continuous, per year).
    horizon : float
        Years until the right ends.
    steps : int
        Time steps.
    payoff : callable
        X (array) -> what is paid; a payoff below zero is never taken.
    exercise_every : int
        Steps between dates: 1 for American, ``steps / 50`` for a 50-date Bermudan.
    at_start : bool
        Whether time 0 is a date.

    Notes
    -----
    Cox, Ross and Rubinstein 1979, doi:10.1016/0304-405X(79)90015-1: up factor
    :math:`u = e^{\sigma\sqrt{dt}}`, probability :math:`(e^{\mu dt} - 1/u)/(u - 1/u)`. Error falls
    as 1/steps, with a sawtooth.

    Examples
    --------
    >>> put = binomial_stopping(start=36.0, volatility=0.2, drift=0.06, rate=0.06, horizon=1.0,
    ...                         steps=1000, payoff=lambda x: 40.0 - x, exercise_every=20)
    >>> round(put.value, 2)
    4.48
    """
    require_between(start, 1e-300, 1e300, "start")
    require_between(steps, 1, 100_000, "steps")
    require(
        volatility > 0.0 and horizon > 0.0,
        "volatility, horizon",
        given=(volatility, horizon),
        allowed="above 0",
    )
    require(
        1 <= exercise_every <= steps and steps % exercise_every == 0,
        "exercise_every",
        given=exercise_every,
        allowed=f"a divisor of {steps} steps",
    )
    dt = horizon / steps
    up = np.exp(volatility * np.sqrt(dt))
    chance = (np.exp(drift * dt) - 1.0 / up) / (up - 1.0 / up)
    require(
        0.0 < chance < 1.0,
        "steps",
        given=steps,
        allowed="probabilities between 0 and 1",
        cure="Take more steps.",
    )
    discount = np.exp(-rate * dt)
    powers = up ** np.arange(-steps, steps + 1)
    value = np.maximum(payoff(start * powers[::2]), 0.0)
    for step in range(steps - 1, -1, -1):
        value = discount * (chance * value[1:] + (1.0 - chance) * value[:-1])
        if step % exercise_every == 0 and (step > 0 or at_start):
            now = payoff(start * powers[steps - step : steps + step + 1 : 2])
            stops = bool(now[0] >= value[0]) if step == 0 else False
            value = np.maximum(value, now)
    return LatticeValue(value=float(value[0]), stops_at_start=at_start and stops)
