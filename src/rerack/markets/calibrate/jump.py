"""Fit of the jump diffusion to daily returns: a day has one jump or none."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray
from rerack.markets.calibrate.likelihood import normal_density, opg_standard_errors
from rerack.markets.parameters import Estimate

_DAYS_PER_YEAR: Final = 365.25
_ROUNDS: Final = 5_000


def fit_jump(daily_log_returns: FloatArray) -> dict[str, Estimate]:
    """Return the parameters of `JumpModel` by maximum likelihood.

    Parameters
    ----------
    daily_log_returns : array, shape (day,)
        Log returns of consecutive days.

    Returns
    -------
    dict of Estimate
        Keys ``jump.diffusion_frac``, ``jump.jumps_per_year``, ``jump.jump_mean_frac``,
        ``jump.jump_sd_frac``.

    Notes
    -----
    At most one jump a day, probability p: a mixture of ``N(m, s^2)`` and ``N(m + mu, s^2 + d^2)``,
    fitted by expectation-maximisation. Reference: Ball and Torous 1983, doi:10.2307/2330804.
    """
    theta = _maximise(daily_log_returns)
    errors = opg_standard_errors(lambda t: _log_terms(t, daily_log_returns), theta)
    _, sd, share, mean, extra = (float(v) for v in theta)
    root_year = math.sqrt(_DAYS_PER_YEAR)
    return {
        "jump.diffusion_frac": Estimate(
            value=sd * root_year, se=float(errors[1]) * root_year, unit="1/sqrt(year), log"
        ),
        "jump.jumps_per_year": Estimate(
            value=share * _DAYS_PER_YEAR, se=float(errors[2]) * _DAYS_PER_YEAR, unit="1/year"
        ),
        "jump.jump_mean_frac": Estimate(value=mean, se=float(errors[3]), unit="log"),
        "jump.jump_sd_frac": Estimate(value=extra, se=float(errors[4]), unit="log"),
    }


def _maximise(x: FloatArray) -> FloatArray:
    """Return (m, s, p, mu, d) by expectation-maximisation from a fixed start."""
    mean, sd, share = float(np.median(x)), 0.6 * float(x.std()), 0.2
    jump_mean, jump_sd = mean, 1.8 * float(x.std())
    for _ in range(_ROUNDS):
        calm = (1.0 - share) * normal_density(x, mean, sd)
        wild = share * normal_density(x, jump_mean, jump_sd)
        weight = wild / (calm + wild)
        before = (mean, sd, share, jump_mean, jump_sd)
        share = float(weight.mean())
        mean = float(np.average(x, weights=1.0 - weight))
        sd = math.sqrt(float(np.average((x - mean) ** 2, weights=1.0 - weight)))
        jump_mean = float(np.average(x, weights=weight))
        jump_sd = math.sqrt(float(np.average((x - jump_mean) ** 2, weights=weight)))
        after = (mean, sd, share, jump_mean, jump_sd)
        if max(abs(a - b) for a, b in zip(after, before, strict=True)) < 1e-12:
            break
    extra = math.sqrt(max(jump_sd**2 - sd**2, 0.0))
    return np.array([mean, sd, share, jump_mean - mean, extra])


def _log_terms(theta: FloatArray, x: FloatArray) -> FloatArray:
    mean, sd, share, jump_mean, extra = (float(v) for v in theta)
    calm = (1.0 - share) * normal_density(x, mean, sd)
    wild = share * normal_density(x, mean + jump_mean, math.hypot(sd, extra))
    terms: FloatArray = np.log(calm + wild)
    return terms
