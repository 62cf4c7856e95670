"""Chance that an hour sets the month's coincident peak: a logistic rule learnt on past summers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array, require

#: Ridge on standardised coefficients: a summer has four peaks, far too few to fit freely.
_RIDGE = 1.0
_STEPS = 50


@dataclass(frozen=True, kw_only=True, eq=False)
class PeakModel:
    """A logistic rule from signals to the chance that the hour sets the month's peak.

    Parameters
    ----------
    centre, spread : ndarray
        Mean and standard deviation of the signals in training, shape (signal,).
    weights : ndarray
        Coefficients of the standardised signals, the intercept last, shape (signal + 1,).
    peaks : int
        Peaks learnt from.
    """

    centre: FloatArray
    spread: FloatArray
    weights: FloatArray
    peaks: int

    def __post_init__(self) -> None:
        signals = np.size(self.centre)
        for name, size in (("centre", signals), ("spread", signals), ("weights", signals + 1)):
            values = as_finite(getattr(self, name), f"peak model {name}", ndim=1)
            require(
                values.shape == (size,),
                f"peak model {name}",
                given=f"{values.size} values",
                allowed=f"{size}: one for each of {signals} signals, and an intercept for weights",
            )
            object.__setattr__(self, name, frozen_array(values))

    def chance_frac(self, signals: FloatArray) -> FloatArray:
        """Return the chance of each hour, shape (hour,).

        Parameters
        ----------
        signals : ndarray
            As those learnt from, shape (hour, signal).
        """
        return _logistic(_design(signals, self.centre, self.spread) @ self.weights)


def fit_peak_model(signals: FloatArray, is_peak: FloatArray) -> PeakModel:
    """Estimate the rule by penalised maximum likelihood.

    Parameters
    ----------
    signals : ndarray
        As `peak_signals` and `weather_signals` make them, summer hours only, shape (hour,
        signal).
    is_peak : ndarray
        1 for an hour that set its month's peak, else 0, shape (hour,).

    Returns
    -------
    PeakModel
        The rule.

    Raises
    ------
    InputError
        If there is no peak to learn from, or numbers are missing.

    Notes
    -----
    Maximises ``sum y log p + (1 - y) log(1 - p) - ridge/2 |w|^2`` by Newton's method, which the
    concavity of the sum makes safe; the intercept is free, so that chances add up to the peaks
    of the training. Reference: le Cessie and van Houwelingen (1992), Applied Statistics 41(1),
    doi:10.2307/2347628.
    """
    y = as_finite(is_peak, "is_peak", ndim=1)
    x = as_finite(signals, "signals", ndim=2)
    require(
        x.shape[0] == y.size and x.shape[1] >= 1 and bool(y.sum() >= 1.0),
        "signals, is_peak",
        given=f"shapes {x.shape} and {y.shape} with {y.sum():g} peaks",
        allowed="signals of shape (hour, signal), one signal and one peak or more",
        cure="Give load of at least one whole earlier summer month.",
    )
    centre, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-12)
    design = _design(x, centre, spread)
    ridge = np.append(np.full(x.shape[1], _RIDGE), 0.0)
    weights = np.append(np.zeros(x.shape[1]), np.log(y.mean() / (1.0 - y.mean() + 1e-12)))
    for _ in range(_STEPS):
        chance = _logistic(design @ weights)
        slope = design.T @ (y - chance) - ridge * weights
        curve = (design * (chance * (1.0 - chance))[:, np.newaxis]).T @ design + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        # A full Newton step can overshoot while chances are still near zero.
        weights = weights + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < 1e-10:
            break
    return PeakModel(centre=centre, spread=spread, weights=weights, peaks=int(y.sum()))


def _design(signals: FloatArray, centre: FloatArray, spread: FloatArray) -> FloatArray:
    standard = (signals - centre) / spread
    return np.concatenate([standard, np.ones((standard.shape[0], 1))], axis=1)


def _logistic(score: FloatArray) -> FloatArray:
    # tanh does not overflow where exp would.
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * score)))
