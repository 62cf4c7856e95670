"""The slow level of prices: monthly medians against their season, and how they revert."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import DataError
from rerack.markets.power.days import BoolArray, MarketDays


class LevelFit(NamedTuple):
    """Level of each day (mean 1 over the sample's months) and its process."""

    by_day: FloatArray
    volatility_frac: float
    reversion_per_year: float
    last_log: float
    log_sd: float


def fit_level(days: MarketDays, keep: BoolArray) -> LevelFit:
    """Return the level of the kept days and the AR(1) of its logarithm.

    The log median price of a month, less the mean log median of that calendar month (smoothed
    over neighbouring months), is an AR(1): ``phi`` by least squares over consecutive months,
    reversion ``-12 ln(phi)`` a year, volatility such that the stationary standard deviation is the
    sample's.

    Parameters
    ----------
    days : MarketDays
        Prices.
    keep : ndarray of bool
        Days that count, shape (day,).

    Notes
    -----
    Least squares biases phi downwards in short samples (Kendall 1954,
    doi:10.1093/biomet/41.3-4.403), about ``(1 + 3 phi)/n``; it is not corrected, because the
    season is estimated from the same few years.
    """
    months, place = np.unique(days.month_index, return_inverse=True)
    log_median = np.full(len(months), np.nan)
    for i in range(len(months)):
        chosen = (place == i) & keep
        if chosen.sum() >= 10:
            log_median[i] = _log_median(days.prices_usd_per_mwh[chosen])
    known = np.isfinite(log_median)
    season = smooth_months(
        np.array([log_median[known & (months % 12 == m)].mean() for m in range(12)])
    )
    deviation = log_median - season[months % 12]
    deviation -= deviation[known].mean()
    both = known[1:] & known[:-1] & (np.diff(months) == 1)
    before, after = deviation[:-1][both], deviation[1:][both]
    slope = float(before @ after) / max(float(before @ before), 1e-12)
    phi = min(max(slope, 0.05), 0.99)
    log_sd = float(deviation[known].std())
    reversion = -12.0 * math.log(phi)
    relative = np.where(known, np.exp(deviation), 1.0)
    relative /= relative[known].mean()
    return LevelFit(
        by_day=relative[place],
        volatility_frac=log_sd * math.sqrt(2.0 * reversion),
        reversion_per_year=reversion,
        last_log=float(deviation[known][-1]),
        log_sd=log_sd,
    )


def smooth_months(values: FloatArray) -> FloatArray:
    """Return the circular 1-2-1 average over calendar months (first axis of length 12)."""
    smooth: FloatArray = (np.roll(values, 1, axis=0) + 2 * values + np.roll(values, -1, axis=0)) / 4
    return smooth


def _log_median(prices: FloatArray) -> float:
    median = float(np.median(prices))
    if median <= 0:
        raise DataError.of(
            "price series",
            given=f"a month with median price {median:g} USD/MWh",
            allowed="months of positive median price",
            cure="This model cannot describe such a market: use the file itself, by bootstrap.",
        )
    return math.log(median)
