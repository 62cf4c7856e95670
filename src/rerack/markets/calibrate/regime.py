"""Fit of the two-state Markov switching model to monthly returns."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray
from rerack.markets.calibrate.likelihood import normal_density, opg_standard_errors
from rerack.markets.parameters import Estimate

_ROUNDS: Final = 5_000
# A hundred months cannot tell a state that lasts 200 from one that never ends.
_LONGEST_STAY: Final = 0.995
_NAMES: Final = (
    "regime.calm_mean_frac",
    "regime.wild_mean_frac",
    "regime.calm_sd_frac",
    "regime.wild_sd_frac",
    "regime.calm_stay_frac",
    "regime.wild_stay_frac",
)


def fit_regime(monthly_log_returns: FloatArray) -> dict[str, Estimate]:
    """Return the parameters of `RegimeModel` by maximum likelihood.

    Parameters
    ----------
    monthly_log_returns : array, shape (month,)
        Log returns of consecutive months.

    Returns
    -------
    dict of Estimate
        Mean, deviation and persistence of the calm and the wild state.

    Notes
    -----
    Baum-Welch (expectation-maximisation with forward and backward passes), the first month drawn
    from the long-run shares held fixed at one half each. Reference: Hamilton 1990,
    doi:10.1016/0304-4076(90)90093-9. A hundred months hold few spells: the standard errors are
    wide, and it is the persistence that is least certain.
    """
    theta = _maximise(monthly_log_returns)
    errors = opg_standard_errors(lambda t: _filter(t, monthly_log_returns)[1], theta)
    units = ("log", "log", "log", "log", "probability", "probability")
    return {
        name: Estimate(value=float(v), se=float(e), unit=u)
        for name, v, e, u in zip(_NAMES, theta, errors, units, strict=True)
    }


def regime_gain(estimates: dict[str, Estimate], monthly_log_returns: FloatArray) -> float:
    """Return twice the gain in log-likelihood over independent normal returns.

    Parameters
    ----------
    estimates : dict of Estimate
        What `fit_regime` returned.
    monthly_log_returns : array, shape (month,)
        The same returns.

    Returns
    -------
    float
        Likelihood ratio. Four parameters more, one of them without meaning under the null: values
        below about 13 do not reject independence at 5 % (Garcia 1998, doi:10.2307/2527399).
    """
    theta = np.array([estimates[name].value for name in _NAMES])
    sd = float(monthly_log_returns.std())
    plain = np.log(normal_density(monthly_log_returns, float(monthly_log_returns.mean()), sd))
    return 2.0 * float(_filter(theta, monthly_log_returns)[1].sum() - plain.sum())


def _maximise(x: FloatArray) -> FloatArray:
    spread = float(x.std())
    theta = np.array([float(x.mean()), float(x.mean()), 0.6 * spread, 1.4 * spread, 0.9, 0.9])
    for _ in range(_ROUNDS):
        smoothed, pairs = _smooth(theta, x)
        mean = (smoothed * x[:, None]).sum(axis=0) / smoothed.sum(axis=0)
        square = (smoothed * (x[:, None] - mean) ** 2).sum(axis=0) / smoothed.sum(axis=0)
        stay = np.minimum(np.diag(pairs) / pairs.sum(axis=1), _LONGEST_STAY)
        before, theta = theta, np.concatenate([mean, np.sqrt(square), stay])
        if np.abs(theta - before).max() < 1e-11:
            break
    if theta[2] > theta[3]:
        theta = theta[[1, 0, 3, 2, 5, 4]]
    return theta


def _switch(theta: FloatArray) -> FloatArray:
    return np.array([[theta[4], 1.0 - theta[4]], [1.0 - theta[5], theta[5]]])


def _filter(theta: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return filtered state probabilities (month, state) and log-likelihood terms (month,)."""
    switch = _switch(theta)
    density = np.column_stack(
        [normal_density(x, float(theta[k]), float(theta[2 + k])) for k in range(2)]
    )
    filtered, terms = np.empty_like(density), np.empty(x.size)
    prior = np.array([0.5, 0.5])
    for t in range(x.size):
        joint = prior * density[t]
        total = float(joint.sum())
        terms[t] = math.log(total)
        filtered[t] = joint / total
        prior = filtered[t] @ switch
    return filtered, terms


def _smooth(theta: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return smoothed states (month, state) and expected transitions (state, state)."""
    switch = _switch(theta)
    filtered, _ = _filter(theta, x)
    smoothed, pairs = filtered.copy(), np.zeros((2, 2))
    for t in range(x.size - 2, -1, -1):
        ahead = filtered[t] @ switch
        joint = filtered[t][:, None] * switch * (smoothed[t + 1] / ahead)[None, :]
        pairs += joint
        smoothed[t] = joint.sum(axis=1)
    return smoothed, pairs
