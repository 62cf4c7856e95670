"""Estimators of tight days and of the winter storm."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.base.streams import Streams
from rerack.markets.power import kernel
from rerack.markets.power.days import BoolArray, MarketDays
from rerack.markets.power.model import TIGHT_KINDS, tight_kind, tight_weights
from rerack.markets.power.parameters import ScarcityParameters, StormParameters
from rerack.markets.power.persistence import DAY_LAGS, fit_tension
from rerack.markets.power.tension import tetrachoric_autocorrelation

#: A kind of tight day needs this many days of its own; fewer use all of them.
FEWEST_KIND_DAYS = 12
#: Pooled events that each month's tail is drawn to.
POOLED_EVENTS = 10.0
MATCH_DAYS = 400
HOURS_GRID = (1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 14.0, 20.0, 30.0, 60.0)


class StormEvent(NamedTuple):
    """Days around a storm, and its price by hour as a share of the cap."""

    days: BoolArray
    cap_frac: FloatArray


def find_storm(
    days: MarketDays, *, threshold_usd_per_mwh: float, cap_usd_per_mwh: float
) -> StormEvent | None:
    """Return the longest run of two or more days whose mean passes the threshold, or None.

    Parameters
    ----------
    days : MarketDays
        Prices.
    threshold_usd_per_mwh : float
        Daily mean above which a day belongs to a storm.
    cap_usd_per_mwh : float
        Offer cap at the time.
    """
    over = days.prices_usd_per_mwh.mean(axis=1) > threshold_usd_per_mwh
    edges = np.flatnonzero(np.diff(np.r_[0, over.astype(np.int64), 0]))
    runs = edges.reshape(-1, 2)
    if not len(runs) or int(np.diff(runs).max()) < 2:
        return None
    first, stop = (int(x) for x in runs[np.argmax(np.diff(runs))])
    # Two days either side carry the rise and the fall, and belong to no ordinary day.
    around = np.zeros(len(over), dtype=np.bool_)
    around[max(first - 2, 0) : stop + 2] = True
    return StormEvent(around, days.prices_usd_per_mwh[around].ravel() / cap_usd_per_mwh)


def fit_storm(event: StormEvent | None, rate_per_year: float, rate_basis: str) -> StormParameters:
    """Return the storm's shape from the one event seen; the rate is the caller's."""
    if event is None:
        rate_per_year, rate_basis = 0.0, "no storm in the sample; none simulated"
        event = StormEvent(np.zeros(0, dtype=np.bool_), np.ones(24))
    high = np.flatnonzero(event.cap_frac > 0.5)
    plateau = event.cap_frac[high]
    outside = event.cap_frac > 0.05
    return StormParameters(
        rate_per_year=rate_per_year,
        rate_basis=rate_basis,
        mean_hours=float(len(plateau)),
        up_hours=float(max(high[0] - np.flatnonzero(outside)[0], 1)),
        down_hours=float(max(np.flatnonzero(outside)[-1] - high[-1], 1)),
        cap_frac_mean=float(plateau.mean()),
        cap_frac_sd=float(plateau.std()),
    )


def fit_scarcity(
    days: MarketDays,
    base_prices: FloatArray,
    keep: BoolArray,
    ordinary_asinh: FloatArray,
    scale: float,
    *,
    threshold: float,
    cap: float,
) -> ScarcityParameters:
    """Return the tight-day chain, the peaks' tail and the shape of a tight day.

    Parameters
    ----------
    days : MarketDays
        Calendar of the days.
    base_prices : ndarray
        Prices at base level [USD/MWh], shape (day, 24).
    keep : ndarray of bool
        Days that count, shape (day,).
    ordinary_asinh : ndarray
        Mean of ordinary hours by month, asinh scale, shape (12, 24).
    scale : float
        Width of the asinh's linear zone [USD/MWh].
    threshold, cap : float
        Threshold of a tight day and offer cap [USD/MWh].
    """
    peak = base_prices.max(axis=1)
    tight = (peak > threshold) & keep
    exposure = np.array([(keep & (days.month == m)).sum() for m in range(12)], dtype=np.float64)
    counts = np.array([(tight & (days.month == m)).sum() for m in range(12)], dtype=np.float64)
    bound = math.log(max(cap, float(peak[tight].max())) / threshold)
    share = np.clip(_blend(counts) / _blend(exposure), 1e-4, 0.95)
    memory = tetrachoric_autocorrelation(tight, days.month, keep, share, DAY_LAGS)
    slow_frac, slow_days, fast_days = fit_tension(memory)
    shape = _fit_tight_shape(days, base_prices, tight, ordinary_asinh, scale, threshold)
    return ScarcityParameters(
        threshold_usd_per_mwh=threshold,
        tight_frac=share,
        slow_frac=slow_frac,
        slow_days=slow_days,
        fast_days=fast_days,
        tail_index=_tail_index(np.log(peak[tight] / threshold), days.month[tight], bound),
        weight_mean=shape.mean,
        weight_sd=shape.spread,
        weight_hours=shape.hours,
    )


def _blend(by_month: FloatArray) -> FloatArray:
    """Return the circular 1-4-1 average over calendar months."""
    return (np.roll(by_month, 1) + 4.0 * by_month + np.roll(by_month, -1)) / 6.0


def _tail_index(excess: FloatArray, month: IntArray, bound: float) -> FloatArray:
    """Return the Pareto index by month, drawn to the pooled one by `POOLED_EVENTS` events."""
    counts = np.array([(month == m).sum() for m in range(12)], dtype=np.float64)
    sums = np.array([excess[month == m].sum() for m in range(12)])
    pooled = float(excess.mean())
    means = (_blend(sums) + POOLED_EVENTS * pooled) / (_blend(counts) + POOLED_EVENTS)
    return np.array([truncated_exponential_rate(float(mean), bound) for mean in means])


def truncated_exponential_rate(mean: float, bound: float) -> float:
    """Return the maximum-likelihood rate of an exponential law truncated at `bound`.

    Solves ``mean = 1/a - bound/(exp(a bound) - 1)`` by bisection, a from 0.05 to 100: a Pareto
    index where `mean` is that of the logarithm of price over threshold.

    Parameters
    ----------
    mean : float
        Mean excess, above 0.
    bound : float
        Upper end of the law.

    Examples
    --------
    >>> round(truncated_exponential_rate(0.5, 50.0), 6)
    2.0
    """
    low, high = 0.05, 100.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        implied = 1.0 / middle - bound / math.expm1(min(middle * bound, 700.0))
        low, high = (middle, high) if implied > mean else (low, middle)
    return 0.5 * (low + high)


def normal_scores(values: FloatArray) -> FloatArray:
    """Return the standard normal quantile of each value's rank, shape (value,)."""
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    normal, count = NormalDist(), len(values)
    table = np.array([normal.inv_cdf((i + 0.5) / count) for i in range(count)])
    scores: FloatArray = table[ranks]
    return scores


class _TightShape(NamedTuple):
    """Parameters of the hours of a tight day."""

    mean: FloatArray
    spread: FloatArray
    hours: float


def _fit_tight_shape(
    days: MarketDays,
    prices: FloatArray,
    tight: BoolArray,
    ordinary: FloatArray,
    scale: float,
    threshold: float,
) -> _TightShape:
    """Return mean and spread (kind, 24) and the noise's time constant."""
    month = days.month[tight]
    base = ordinary[month]
    top = np.arcsinh(prices[tight].max(axis=1) / scale)[:, None]
    weight = (np.arcsinh(prices[tight] / scale) - base) / np.maximum(top - base, 1e-3)
    kind = tight_kind(month, prices[tight].max(axis=1) / threshold)
    rows = []
    for row in range(TIGHT_KINDS):
        own = kind == row
        chosen = own if own.sum() >= FEWEST_KIND_DAYS else np.ones(len(own), dtype=np.bool_)
        rows.append(_moments(weight[chosen]))
    hours = _weight_hours(*rows[0])
    matched = [_match_weights(mean, spread, hours) for mean, spread, _ in rows]
    return _TightShape(np.stack([m[0] for m in matched]), np.stack([m[1] for m in matched]), hours)


def _moments(weight: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Return mean (24,), standard deviation (24,) and roughness of weights (day, 24).

    Roughness is the mean squared hourly step of the deviations over their variance.
    """
    deviation = weight - weight.mean(axis=0)
    roughness = float((np.diff(deviation, axis=1) ** 2).mean() / (deviation**2).mean())
    return weight.mean(axis=0), weight.std(axis=0), roughness


def _weight_hours(mean: FloatArray, spread: FloatArray, roughness: float) -> float:
    """Return the noise's time constant whose made weights are as rough as the real ones."""
    best, best_error = HOURS_GRID[0], math.inf
    for hours in HOURS_GRID:
        given_mean, given_spread = _match_weights(mean, spread, hours)
        made = tight_weights(given_mean, given_spread, _match_noise(hours))
        error = abs(_moments(made)[2] - roughness)
        if error < best_error:
            best, best_error = hours, error
    return best


def _match_noise(hours: float) -> FloatArray:
    normals = Streams(0).generator("power.match_weights").standard_normal((MATCH_DAYS, 24))
    decay = math.exp(-1.0 / hours)
    return np.stack([kernel.autoregressive(n, decay) for n in normals])


def _match_weights(
    mean: FloatArray, spread: FloatArray, hours: float
) -> tuple[FloatArray, FloatArray]:
    """Return parameters whose weights have the wanted mean and spread (simulated moments).

    Capping weights and setting a day's largest to 1 moves both; the fixed point undoes that.
    """
    noise = _match_noise(hours)
    given_mean, given_spread = mean.copy(), spread.copy()
    for _ in range(30):
        made = tight_weights(given_mean, given_spread, noise)
        given_mean = given_mean + 0.5 * (mean - made.mean(axis=0))
        ratio = spread / np.maximum(made.std(axis=0), 1e-9)
        given_spread = np.clip(given_spread * np.sqrt(ratio), 0.5 * spread, 1.0)
    return given_mean, given_spread
