"""Memory of tight days: correlations of a hidden Gaussian tension from runs of tight days."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.markets.power.days import BoolArray

#: Quadrature over the correlation; the integrand is smooth below 0.95.
POINTS, WEIGHTS = np.polynomial.legendre.leggauss(24)
HIGHEST = 0.95


def tetrachoric_autocorrelation(
    tight: BoolArray, month: IntArray, keep: BoolArray, tight_frac: FloatArray, lags: int
) -> FloatArray:
    r"""Return the tension's autocorrelation that explains how often tight days follow each other.

    The expected number of pairs of tight days k days apart, were the tension a standard normal
    over the thresholds of its months, is :math:`\sum q_i q_j + \int_0^{\rho} \phi_2(z_i, z_j, r)
    dr`; the correlation is that at which it equals the number seen (Pearson's tetrachoric
    correlation, 1900, doi:10.1098/rsta.1900.0022), taking each month's share as known.

    Parameters
    ----------
    tight : ndarray of bool
        Tight days, shape (day,).
    month : ndarray
        Calendar month 0 to 11 of each day, shape (day,).
    keep : ndarray of bool
        Days that count, shape (day,).
    tight_frac : ndarray
        Share of tight days by month, shape (12,), each above 0 and below 1.
    lags : int
        Number of lags [day].

    Returns
    -------
    ndarray
        Correlations from 0 to 0.95, shape (lags,).
    """
    grid = np.linspace(0.0, HIGHEST, 96)
    joint = np.stack([_joint_frac(tight_frac, float(rho)) for rho in grid])
    out = np.empty(lags)
    for k in range(1, lags + 1):
        both = keep[:-k] & keep[k:]
        pairs = np.zeros((12, 12))
        np.add.at(pairs, (month[:-k][both], month[k:][both]), 1.0)
        seen = float((tight[:-k] & tight[k:] & both).sum())
        expected = (joint * pairs).sum(axis=(1, 2))
        out[k - 1] = np.interp(seen, expected, grid)
    return out


def _joint_frac(tight_frac: FloatArray, rho: float) -> FloatArray:
    """Return the odds that two days are both tight, by their months, shape (12, 12)."""
    normal = NormalDist()
    z = np.array([normal.inv_cdf(1.0 - float(q)) for q in tight_frac])
    nodes = 0.5 * rho * (POINTS + 1.0)
    total = np.outer(tight_frac, tight_frac)
    squares = z[:, None] ** 2 + z[None, :] ** 2
    for r, w in zip(nodes, 0.5 * rho * WEIGHTS, strict=True):
        rest = 1.0 - r * r
        exponent = -(squares - 2.0 * r * np.outer(z, z)) / (2.0 * rest)
        total = total + w * np.exp(exponent) / (2.0 * math.pi * math.sqrt(rest))
    return total
