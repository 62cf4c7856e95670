"""Scores of a probabilistic forecast given as a sample."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require


def crps(sample: FloatArray, observed: float) -> float:
    r"""Return the continuous ranked probability score, in the unit of the observation.

    :math:`E|X - y| - \tfrac12 E|X - X'|` over the sample; 0 is perfect, and for a single value it
    is the absolute error (Gneiting and Raftery 2007, doi:10.1198/016214506000001437, eq. 21).

    Parameters
    ----------
    sample : ndarray
        Forecast draws, shape (draw,).
    observed : float
        What came.

    Examples
    --------
    >>> crps(np.array([3.0]), 5.0), round(crps(np.array([4.0, 6.0]), 5.0), 6)
    (2.0, 0.5)
    """
    values = np.sort(as_finite(sample, "sample", ndim=1))
    count = len(values)
    require(count >= 1, "sample", given="no draw", allowed="1 or more")
    distance = float(np.abs(values - observed).mean())
    # Sum over pairs |x_i - x_j| of sorted values is 2 sum (2 i - n + 1) x_i.
    spread = float(((2.0 * np.arange(count) - count + 1.0) * values).sum()) * 2.0 / count**2
    return distance - 0.5 * spread


def covered(sample: FloatArray, observed: float, level_frac: float) -> bool:
    """Return whether the central interval of the sample holds the observation.

    Parameters
    ----------
    sample : ndarray
        Forecast draws, shape (draw,).
    observed : float
        What came.
    level_frac : float
        Nominal coverage, such as 0.9.
    """
    tail = 0.5 * (1.0 - level_frac)
    low, high = np.quantile(sample, (tail, 1.0 - tail))
    return bool(low <= observed <= high)
