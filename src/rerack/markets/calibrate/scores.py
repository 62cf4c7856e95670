"""How good a predictive distribution was: CRPS and coverage."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray


def crps(sample: FloatArray, observed: FloatArray) -> float:
    """Return the mean continuous ranked probability score of one predictive sample.

    Parameters
    ----------
    sample : array, shape (draw,)
        Draws from the prediction, the same for every observation.
    observed : array, shape (observation,)
        What happened.

    Returns
    -------
    float
        ``mean_i (E|X - y_i| - E|X - X'|/2)`` in the unit of the data; lower is better.

    Notes
    -----
    Reference: Gneiting and Raftery 2007, doi:10.1198/016214506000001437, eq. 21.

    Examples
    --------
    >>> crps(np.array([0.0, 0.0]), np.array([1.0]))
    1.0
    """
    ordered = np.sort(sample)
    n = ordered.size
    # E|X - X'| of the sample from its order statistics, without n^2 pairs.
    spread = 2.0 * float(((2.0 * np.arange(n) - n + 1.0) * ordered).sum()) / n**2
    misses = np.abs(ordered[None, :] - observed[:, None]).mean(axis=1)
    return float(misses.mean() - spread / 2.0)


def coverage_frac(sample: FloatArray, observed: FloatArray, level_frac: float) -> float:
    """Return the share of observations inside the central interval of a predictive sample.

    Parameters
    ----------
    sample : array, shape (draw,)
        Draws from the prediction.
    observed : array, shape (observation,)
        What happened.
    level_frac : float
        Probability that the interval claims.

    Examples
    --------
    >>> coverage_frac(np.arange(101.0), np.array([50.0, 99.0]), 0.8)
    0.5
    """
    low, high = np.quantile(sample, [(1.0 - level_frac) / 2.0, (1.0 + level_frac) / 2.0])
    return float(((observed >= low) & (observed <= high)).mean())
