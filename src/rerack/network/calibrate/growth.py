"""Calibration of the hashrate model on the built-in monthly history."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.markets import NetworkHistory
from rerack.markets.history import SOURCE
from rerack.markets.parameters import Calibration, Estimate

#: Exit and return of China's miners: a policy event, not a reaction to revenue.
BAN_MONTHS: Final = ("2021-06", "2021-07", "2021-08", "2021-09")
#: Assumed inflation of the sample, to turn the nominal fall of hashprice into a real one.
SAMPLE_INFLATION_FRAC: Final = 0.03
#: Autocorrelation lags in the standard errors [month].
_LAGS: Final = 6
_AHEAD: Final = 12


def calibrate_growth(history: NetworkHistory) -> Calibration:
    """Estimate anchor, progress, response, entry and volatility by least squares.

    Parameters
    ----------
    history : NetworkHistory
        Months of hashrate, hashprice, price and fees.

    Returns
    -------
    found : Calibration
        Estimates at the last month of the history; the speeds of exit and shutdown are
        assumptions (no standard error). Diagnostics score 12-month forecasts.

    Notes
    -----
    ``dlog H' = c + k log hashprice + k p t + beta dlog R' + e`` with t in years to the sample's
    end, R the revenue at 144 blocks a day (block luck is in hashrate too, so it must not be in
    R). Then ``anchor = exp(-c/k)`` and p the yearly log fall of the nominal anchor. Errors:
    Newey and West 1987, six lags, carried to the ratios by the delta method.
    """
    x, y, months = regression(history)
    kept = ~np.isin(months, BAN_MONTHS)
    b, cov = newey_west(x[kept], y[kept])
    c, k, kp = (float(v) for v in b[:3])
    require(k > 0.0, "history", given=f"k = {k:.4f}", allowed="hashrate that follows hashprice")
    log_anchor, fall = -c / k, kp / k
    anchor_slope = np.array([-1.0 / k, c / k**2, 0.0, 0.0])
    fall_slope = np.array([0.0, -kp / k**2, 1.0 / k, 0.0])
    anchor_se = _delta(anchor_slope, cov)
    real = fall + math.log1p(SAMPLE_INFLATION_FRAC)
    residuals = y - x @ b
    volatility = float(residuals.std(ddof=b.size)) * math.sqrt(12.0)
    half_life = math.log(0.5) / math.log1p(-k)
    k_se = math.sqrt(cov[1, 1])
    anchor = math.exp(log_anchor)
    assumed = "Assumption: no month of the sample lay below the anchor or the power cost."
    estimates = {
        "anchor_usd_per_ph_day": Estimate(
            value=anchor, se=anchor * anchor_se, unit="USD/PH/day", note="At the sample's end."
        ),
        "progress_frac_per_year": Estimate(
            value=-math.expm1(-real),
            se=math.exp(-real) * _delta(fall_slope, cov),
            unit="1/year",
            note="Real: the nominal fall plus an assumed 3 % inflation.",
        ),
        "response_frac": Estimate(value=float(b[3]), se=math.sqrt(cov[3, 3]), unit="elasticity"),
        "entry_half_life_months": Estimate(
            value=half_life, se=half_life * k_se / ((1 - k) * -math.log1p(-k)), unit="month"
        ),
        "exit_half_life_months": Estimate(
            value=2.0 * half_life, se=None, unit="month", note=assumed
        ),
        "shutdown_half_life_months": Estimate(value=2.0, se=None, unit="month", note=assumed),
        "volatility_frac": Estimate(
            value=volatility,
            se=volatility / math.sqrt(2.0 * (y.size - b.size)),
            unit="1/sqrt(year), log",
        ),
    }
    return Calibration(
        name="growth",
        date=history.labels[-1],
        sample=f"{int(kept.sum())} monthly changes {months[0]} to {months[-1]}, without "
        f"{BAN_MONTHS[0]} to {BAN_MONTHS[-1]} (volatility: with them)",
        source=SOURCE,
        method="least squares with Newey-West errors (6 lags), ratios by the delta method",
        estimates=estimates,
        diagnostics={
            "r2_frac": 1.0 - float(((y - x @ b)[kept]).var() / y[kept].var()),
            "nominal_fall_log_per_year": fall,
            "least_gap_to_anchor_log": float((x[:, 1] - log_anchor + fall * x[:, 2]).min()),
            **_backtest(x, y, history),
        },
    )


def regression(history: NetworkHistory) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """Return regressors (month, 4), changes of log hashrate (month,) and their months.

    Parameters
    ----------
    history : NetworkHistory
        Consecutive months.

    Returns
    -------
    x : array, shape (month, 4)
        One, log hashprice before, years to the sample's end, change of log revenue.
    y : array, shape (month,)
        Change of log hashrate.
    months : tuple of str
        Month in which each change ends.
    """
    level = np.log(history.hashrate_eh_s)
    reward_btc = history.fees_btc_per_block / history.fee_share_frac
    revenue = np.log(reward_btc * history.price_usd)
    years = (np.arange(level.size) - (level.size - 1)) / 12.0
    x = np.column_stack(
        [
            np.ones(level.size - 1),
            np.log(history.hashprice_usd_per_ph_day[:-1]),
            years[:-1],
            np.diff(revenue),
        ]
    )
    return x, np.diff(level), history.labels[1:]


def newey_west(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return least-squares coefficients and their covariance under autocorrelation.

    Parameters
    ----------
    x : array, shape (month, regressor)
        Regressors.
    y : array, shape (month,)
        Outcome.

    Notes
    -----
    Bartlett weights, six lags. Reference: Newey and West 1987, doi:10.2307/1913610.
    """
    inverse = np.linalg.inv(x.T @ x)
    b = inverse @ (x.T @ y)
    scores = x * (y - x @ b)[:, None]
    meat = scores.T @ scores
    for lag in range(1, _LAGS + 1):
        cross = scores[lag:].T @ scores[:-lag]
        meat += (1.0 - lag / (_LAGS + 1.0)) * (cross + cross.T)
    return b, inverse @ meat @ inverse * (y.size / (y.size - x.shape[1]))


def _delta(slope: FloatArray, cov: FloatArray) -> float:
    return math.sqrt(float(slope @ cov @ slope))


def _backtest(x: FloatArray, y: FloatArray, history: NetworkHistory) -> dict[str, float]:
    """Score forecasts 12 months ahead, refitted at each origin, given the actual revenue."""
    level = np.log(history.hashrate_eh_s)
    revenue = np.log(history.hashprice_usd_per_ph_day) + level
    ban = np.isin(history.labels[1:], BAN_MONTHS)
    errors: list[tuple[float, float, float]] = []
    for origin in range(history.labels.index("2021-12"), level.size - _AHEAD):
        kept = ~ban[:origin]
        b, _ = newey_west(x[:origin][kept], y[:origin][kept])
        h = level[origin]
        for t in range(origin, origin + _AHEAD):
            h += b @ np.array([1.0, revenue[t] - h, x[t, 2], x[t, 3]])
        actual = level[origin + _AHEAD]
        steady = level[origin] + _AHEAD * float(y[:origin].mean())
        errors.append((actual - h, actual - level[origin], actual - steady))
    model, still, steady_rmse = np.sqrt((np.array(errors) ** 2).mean(axis=0))
    return {
        "backtest_origins": float(len(errors)),
        "backtest_rmse_log": float(model),
        "backtest_random_walk_rmse_log": float(still),
        "backtest_constant_growth_rmse_log": float(steady_rmse),
        "backtest_bias_log": float(np.mean([e[0] for e in errors])),
    }
