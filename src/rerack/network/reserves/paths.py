"""Price paths from a few known days: straight in logs between them, wandering about them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.streams import Streams


def interpolated_usd(known_days: ArrayLike, known_usd: ArrayLike, days: ArrayLike) -> FloatArray:
    """Return the price on days between known ones, straight in logs; the last holds on.

    Parameters
    ----------
    known_days, known_usd : array_like, shape (point,)
        Days, rising, and prices there [USD/BTC].
    days : array_like, shape (step,)
        Days wanted, none before the first known.

    Raises
    ------
    InputError
        A price that is not above 0; a day before the first.

    Examples
    --------
    >>> interpolated_usd([0, 2], [100.0, 400.0], [0, 1, 3]).round(6).tolist()
    [100.0, 200.0, 400.0]
    """
    points = as_finite(known_days, "known_days", ndim=1)
    prices = as_finite(known_usd, "known_usd", ndim=1)
    wanted = as_finite(days, "days", ndim=1)
    require(bool((prices > 0.0).all()), "known_usd", given=prices.min(), allowed="above 0")
    require(
        bool(wanted.min() >= points[0]),
        "days",
        given=f"day {wanted.min():g}",
        allowed=f"{points[0]:g} or later",
        cure="Give the price of the first day.",
    )
    path: FloatArray = np.exp(np.interp(wanted, points, np.log(prices)))
    return path


def wandering_usd(
    path_usd: FloatArray,
    days: FloatArray,
    *,
    volatility_frac: float,
    scenarios: int,
    streams: Streams,
) -> FloatArray:
    """Return paths that wander about a given one as martingales, shape (scenario, step).

    Parameters
    ----------
    path_usd, days : array, shape (step,)
        The path, and the length of each step [day].
    volatility_frac : float
        Standard deviation of a day's log return.
    scenarios : int
        Number of paths; one is the path itself.
    streams : Streams
        Gives the normals, by the name ``reserves-price``.
    """
    if scenarios == 1:
        return path_usd[None, :].copy()
    draws = streams.normals("reserves-price", paths=scenarios, shape=path_usd.shape)
    # Known on the first day, so that day does not wander.
    spread = volatility_frac * np.sqrt(np.where(np.arange(days.size) == 0, 0.0, days))
    steps = spread * draws - 0.5 * spread * spread
    paths: FloatArray = path_usd * np.exp(np.cumsum(steps, axis=1))
    return paths
