"""Quantiles of draws: sorted once, however many are asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, require


def quantiles(values: ArrayLike, fracs: Sequence[float] | FloatArray) -> FloatArray:
    """Return quantiles along the first axis, the same bits as `numpy.quantile` gives.

    Parameters
    ----------
    values : array_like
        Draws without NaN, shape (draw, ...).
    fracs : sequence of float
        Shares of draws below each quantile, 0 to 1, shape (quantile,).

    Returns
    -------
    ndarray
        Shape (quantile, ...).

    Raises
    ------
    InputError
        No draw, a draw is NaN, or a share is not from 0 to 1.

    Notes
    -----
    Type 7 of Hyndman and Fan (1996), doi:10.1080/00031305.1996.10473566: with n draws in rising
    order, counted from 0, the quantile at share p stands at place (n - 1) p, between its neighbours
    in proportion. A full sort of doubles takes vector instructions where NumPy has them and is then
    several times faster than the partition in `numpy.quantile`, at 32 draws and at a million.

    Examples
    --------
    >>> quantiles([3.0, 1.0, 2.0, 10.0], [0.0, 0.5, 1.0]).tolist()
    [1.0, 2.5, 10.0]
    """
    within = all(0.0 <= frac <= 1.0 for frac in fracs)
    require(within, "fracs", given=fracs, allowed="shares from 0 to 1")
    rising = np.sort(np.asarray(values, dtype=np.float64), axis=0)
    require(len(rising) > 0, "values", given="no draw", allowed="one draw or more")
    # NaN is sorted to the end.
    require(not np.isnan(rising[-1]).any(), "values", given="NaN", allowed="numbers")
    places = (len(rising) - 1) * np.asarray(fracs, dtype=np.float64)
    below = places.astype(np.intp)
    weight = (places - below).reshape(-1, *(1,) * (rising.ndim - 1))
    low, high = rising[below], rising[np.minimum(below + 1, len(rising) - 1)]
    gap = high - low
    # From the nearer neighbour, as NumPy does: the result never passes the other one by rounding.
    return np.where(weight < 0.5, low + gap * weight, high - gap * (1.0 - weight))
