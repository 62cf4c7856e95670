"""How long prices remember: time constants fitted to an autocorrelation."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray
from rerack.markets.power.days import BoolArray

FAST_HOURS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
SLOW_HOURS = (18.0, 24.0, 36.0, 48.0, 72.0, 96.0, 144.0, 192.0, 288.0, 432.0)
CYCLE_HOURS = (12.0, 24.0, 48.0, 96.0, 144.0, 192.0, 288.0, 432.0, 648.0)
LAGS = 240

FAST_DAYS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)
SLOW_DAYS = (4.0, 6.0, 9.0, 13.0, 20.0, 30.0, 45.0, 65.0, 95.0)
DAY_LAGS = 40


class Persistence(NamedTuple):
    """Variance shares and time constants [h] of the slow, fast and cyclic components."""

    slow_frac: float
    fast_frac: float
    cycle_frac: float
    slow_hours: float
    fast_hours: float
    cycle_hours: float


def masked_autocorrelation(values: FloatArray, present: BoolArray, lags: int) -> FloatArray:
    """Return autocorrelations at lags 1 to `lags` over the pairs that are both present.

    Parameters
    ----------
    values : ndarray
        Series, shape (time,); anything where not present.
    present : ndarray of bool
        Which entries count, shape (time,).
    lags : int
        Number of lags.

    Returns
    -------
    ndarray
        Autocorrelations, shape (lags,).
    """
    centred = np.where(present, values - values[present].mean(), 0.0)
    variance = float((centred[present] ** 2).mean())
    counted = present.astype(np.float64)
    out = np.empty(lags)
    for k in range(1, lags + 1):
        pairs = float(counted[:-k] @ counted[k:])
        out[k - 1] = float(centred[:-k] @ centred[k:]) / max(pairs, 1.0) / variance
    return out


def fit_persistence(autocorrelation: FloatArray) -> Persistence:
    """Fit ``a exp(-k/slow) + b exp(-k/fast) + c exp(-k/cycle) cos(2 pi k/24)``, a + b + c = 1.

    Least squares with weights ``1/sqrt(k)`` over a grid of time constants; the shares at each grid
    point are the exact constrained minimum, found by trying every set of non-negative shares.

    Parameters
    ----------
    autocorrelation : ndarray
        At lags 1, 2, ... [h], shape (lag,).
    """
    lag = np.arange(1, len(autocorrelation) + 1, dtype=np.float64)
    weight = lag**-0.25  # its square is the weight of the squared error
    target = autocorrelation * weight
    wave = np.cos(2.0 * np.pi * lag / 24.0)
    grid = np.array(list(product(SLOW_HOURS, FAST_HOURS, CYCLE_HOURS)))
    columns = np.exp(-lag / grid[:, :, None])
    columns[:, 2] *= wave
    columns *= weight
    gram = np.einsum("gil,gjl->gij", columns, columns)
    shares, errors = _simplex_fit(gram, columns @ target, float(target @ target))
    place = int(np.argmin(errors))
    a, b, c = (float(share) for share in shares[place])
    slow, fast, cycle = (float(hours) for hours in grid[place])
    return Persistence(a, b, c, slow, fast, cycle)


def fit_tension(autocorrelation: FloatArray) -> tuple[float, float, float]:
    """Fit ``a exp(-k/slow) + (1 - a) exp(-k/fast)`` and return a, slow and fast [day].

    Parameters
    ----------
    autocorrelation : ndarray
        At lags 1, 2, ... [day], shape (lag,).
    """
    lag = np.arange(1, len(autocorrelation) + 1, dtype=np.float64)
    weight = lag**-0.25
    best, best_error = (0.0, SLOW_DAYS[0], FAST_DAYS[0]), np.inf
    for slow, fast in product(SLOW_DAYS, FAST_DAYS):
        long, short = np.exp(-lag / slow) * weight, np.exp(-lag / fast) * weight
        gap = long - short
        share = float(np.clip(gap @ (autocorrelation * weight - short) / (gap @ gap), 0.0, 1.0))
        error = float(((autocorrelation * weight - short - share * gap) ** 2).sum())
        if error < best_error:
            best, best_error = (share, slow, fast), error
    return best


def _simplex_fit(
    gram: FloatArray, moment: FloatArray, square: float
) -> tuple[FloatArray, FloatArray]:
    """Return shares (grid, 3), non-negative with sum 1, of least squared error, and the errors.

    Parameters
    ----------
    gram, moment : ndarray
        Products of the three columns with each other, shape (grid, 3, 3), and with the target,
        shape (grid, 3).
    square : float
        The target's sum of squares.
    """
    best = np.zeros_like(moment)
    best_error = np.full(len(moment), np.inf)
    for active in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)):
        last, free = active[-1], list(active[:-1])
        shares = np.zeros_like(moment)
        if free:
            # The sum-to-one constraint removes one share: regress on differences to its column.
            lift = np.zeros((len(free), 3))
            lift[np.arange(len(free)), free], lift[:, last] = 1.0, -1.0
            design = lift @ gram @ lift.T + 1e-12 * np.eye(len(free))
            wanted = (moment - gram[:, :, last]) @ lift.T
            shares[:, free] = np.linalg.solve(design, wanted[:, :, None])[:, :, 0]
        shares[:, last] = 1.0 - shares[:, free].sum(axis=1)
        fitted = np.einsum("gi,gij,gj->g", shares, gram, shares)
        error = square - 2.0 * (shares * moment).sum(axis=1) + fitted
        better = (shares >= 0.0).all(axis=1) & (error < best_error)
        best[better], best_error[better] = shares[better], error[better]
    return best, best_error
