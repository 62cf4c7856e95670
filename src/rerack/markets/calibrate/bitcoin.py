"""Calibration of the Bitcoin price models from daily prices, with a held-out score."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.streams import Streams
from rerack.markets.bitcoin.simulate import martingale_of, model_of
from rerack.markets.calibrate.jump import fit_jump
from rerack.markets.calibrate.regime import fit_regime, regime_gain
from rerack.markets.calibrate.scores import coverage_frac, crps
from rerack.markets.parameters import Calibration, Estimate

#: Years of daily and monthly returns behind the volatility: older ones were far wilder.
RECENT_MONTHS: Final = 60
_SCORE_PATHS: Final = 4_096


def calibrate_bitcoin(
    labels: tuple[str, ...],
    price_usd: FloatArray,
    *,
    source: str,
    regime_start: str = "2015-01",
    held_out_start: str = "2023-01",
) -> Calibration:
    """Estimate the three price models and score them on months that they did not see.

    Parameters
    ----------
    labels : tuple of str
        ISO dates of consecutive days, ending with a month's last.
    price_usd : array, shape (day,)
        Closing prices [USD/BTC], above 0.
    source : str
        Where the prices come from.
    regime_start : str
        First month of the sample of the regime model, which needs wild months to see.
    held_out_start : str
        First month of the score; a second fit uses earlier prices only.

    Returns
    -------
    found : Calibration
        ``gbm.*`` and ``jump.*`` from the last 60 months, ``regime.*`` since `regime_start`, and
        in the diagnostics one-month CRPS (of the log return) and coverage in the held-out months,
        beside those of the plain empirical distribution.

    Raises
    ------
    InputError
        Prices are not above 0, or the sample is too short for the windows.
    """
    prices = as_finite(price_usd, "price_usd", ndim=1)
    require(bool((prices > 0).all()), "price_usd", given=float(prices.min()), allowed="above 0")
    require(
        len(labels) == prices.size, "labels", given=f"{len(labels)}", allowed=f"{prices.size} dates"
    )
    estimates = _fit(labels, prices, regime_start)
    months, closes = month_ends(labels, prices)
    long_returns = np.diff(np.log(closes))[months.index(regime_start) - 1 :]
    return Calibration(
        name="bitcoin",
        date=labels[-1],
        sample=(
            f"gbm: {RECENT_MONTHS} month-end returns to {labels[-1]}; jump: the daily returns of "
            f"the same months; regime: month-end returns from {regime_start}"
        ),
        source=source,
        method=(
            "gbm: sample deviation, error from the fourth moment; jump: maximum likelihood of a "
            "daily normal mixture (Ball and Torous 1983); regime: Baum-Welch (Hamilton 1990); "
            "errors of both from the outer product of gradients. Held-out: refitted before the "
            "score months, one-month log return, growth 0"
        ),
        estimates=estimates,
        diagnostics={
            "regime.likelihood_ratio": regime_gain(estimates, long_returns),
            **_held_out(labels, prices, regime_start, held_out_start),
        },
    )


def month_ends(labels: tuple[str, ...], values: FloatArray) -> tuple[tuple[str, ...], FloatArray]:
    """Return the last value of each month and its label ``YYYY-MM``.

    Parameters
    ----------
    labels : tuple of str
        ISO dates in order.
    values : array, shape (day,)
        One value a day.

    Examples
    --------
    >>> month_ends(("2024-01-30", "2024-01-31", "2024-02-01"), np.array([1.0, 2.0, 3.0]))
    (('2024-01', '2024-02'), array([2., 3.]))
    """
    months = [label[:7] for label in labels]
    last = [i for i, m in enumerate(months) if i + 1 == len(months) or months[i + 1] != m]
    return tuple(months[i] for i in last), values[last]


def _fit(labels: tuple[str, ...], prices: FloatArray, regime_start: str) -> dict[str, Estimate]:
    months, closes = month_ends(labels, prices)
    returns = np.diff(np.log(closes))
    require(
        returns.size >= RECENT_MONTHS and regime_start in months[1:],
        "labels",
        given=f"months {months[0]} to {months[-1]}",
        allowed=f"{RECENT_MONTHS} months or more, {regime_start} among them",
    )
    first_day = next(i for i, d in enumerate(labels) if d[:7] == months[-RECENT_MONTHS]) - 1
    long_returns = returns[months.index(regime_start) - 1 :]
    return {
        "gbm.volatility_frac": _volatility(returns[-RECENT_MONTHS:]),
        **fit_jump(np.diff(np.log(prices[first_day:]))),
        **fit_regime(long_returns),
    }


def _volatility(returns: FloatArray) -> Estimate:
    n = returns.size
    centred = returns - returns.mean()
    variance = float(centred @ centred) / (n - 1)
    fourth = float((centred**4).mean())
    error = math.sqrt(max(fourth - variance**2, 0.0) / n) / (2.0 * math.sqrt(variance))
    return Estimate(
        value=math.sqrt(12.0 * variance), se=error * math.sqrt(12.0), unit="1/sqrt(year), log"
    )


def _held_out(
    labels: tuple[str, ...], prices: FloatArray, regime_start: str, held_out_start: str
) -> dict[str, float]:
    months, closes = month_ends(labels, prices)
    cut = months.index(held_out_start)
    first_day = next(i for i, d in enumerate(labels) if d[:7] == held_out_start)
    before = _fit(labels[:first_day], prices[:first_day], regime_start)
    parameters = Calibration(
        name="bitcoin", date="", sample="", source="", method="", estimates=before
    )
    returns = np.diff(np.log(closes))
    observed = returns[cut - 1 :]
    past = returns[months.index(regime_start) - 1 : cut - 1]
    streams = Streams(0)
    shocks = streams.normals("score", paths=_SCORE_PATHS, shape=(2,))
    samples = {"empirical": past - past.mean()}
    for name in ("gbm", "jump", "regime"):
        paths = martingale_of(model_of(name, parameters), shocks, streams)
        samples[name] = np.log(paths[:, 1])
    scores = {"held_out_months": float(observed.size)}
    for name, sample in samples.items():
        scores[f"{name}.crps"] = crps(sample, observed)
        scores[f"{name}.cover_80_frac"] = coverage_frac(sample, observed, 0.8)
        scores[f"{name}.cover_95_frac"] = coverage_frac(sample, observed, 0.95)
    return scores
