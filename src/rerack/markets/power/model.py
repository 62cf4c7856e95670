"""Simulated weather years of hourly prices from calibrated parameters."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require_between
from rerack.base.streams import Streams
from rerack.markets.power import kernel
from rerack.markets.power.library import MONTH_HOURS, YEAR_HOURS, PriceLibrary
from rerack.markets.power.parameters import (
    BodyParameters,
    PowerParameters,
    ScarcityParameters,
    StormParameters,
)

#: Market days of a simulated year; the first is that of 31 December, cut at midnight UTC.
DAYS = 366
#: Month (0-11) of each market day.
DAY_MONTH: IntArray = np.concatenate(
    [np.array([11])] + [np.full(hours // 24, month) for month, hours in enumerate(MONTH_HOURS)]
).astype(np.int64)
#: Kinds of tight day: April to October mild, the same severe, November to March.
TIGHT_KINDS = 3
SEVERE_RATIO = 3.0
STORM_GAMMA_SHAPE = 4.0
#: A storm starts on a day of December, January or February (market-day numbers).
STORM_DAYS: IntArray = np.concatenate([np.arange(1, 60), np.arange(335, 366)]).astype(np.int64)


class _Draws(NamedTuple):
    """All random numbers of one library year."""

    hourly: FloatArray  # (5, 8784): slow, fast, cycle real and imaginary, weight noise
    daily: FloatArray  # (2, 366): slow and fast tension
    first_weekday: int
    storm_uniform: float
    storm_day: int
    storm_length: float


def simulate_library(
    parameters: PowerParameters,
    *,
    years: int,
    streams: Streams,
    offer_cap_usd_per_mwh: float | None = None,
) -> PriceLibrary:
    r"""Return simulated years of hourly prices at base level.

    An ordinary hour is :math:`p = c \sinh(\mu_{m,h} + w_h + \sigma_{m,h} G(x_t))` with x the sum
    of a slow AR(1), a fast AR(1) and a damped 24-hour cycle of total variance 1, and G a quantile
    map. A market day is *tight* where a Gaussian tension passes the month's threshold; its peak is
    Pareto, truncated at the offer cap and the higher the tension the higher, and its hours are
    drawn towards the peak. A winter storm holds prices near
    the cap for days.

    Parameters
    ----------
    parameters : PowerParameters
        A built-in set or the result of `rerack.markets.power.calibrate.calibrate_power`.
    years : int
        Library years, 1 to 4096.
    streams : Streams
        Uses ``power.library``, one block a library year, so year i never depends on `years`.
    offer_cap_usd_per_mwh : float or None
        Another offer cap than the set's [USD/MWh].

    Returns
    -------
    PriceLibrary
        Hourly prices [USD/MWh], no leap day.

    Notes
    -----
    Do not use it for real-time prices, for nodal prices, or together with a weather file: the
    years here know nothing of any actual weather. See docs/explanation/power-prices.md.
    """
    require_between(years, 1, 4096, "years")
    cap = (
        parameters.offer_cap_usd_per_mwh if offer_cap_usd_per_mwh is None else offer_cap_usd_per_mwh
    )
    require_between(
        cap, 1.001 * parameters.scarcity.threshold_usd_per_mwh, 1e7, "offer_cap_usd_per_mwh"
    )
    rows = np.empty((years, YEAR_HOURS))
    for year in range(years):
        draws = _draw_year(streams.generator("power.library", year))
        rows[year] = _simulate_year(parameters, cap, draws)
    return PriceLibrary.from_years(parameters.name, f"simulated; {parameters.source}", rows)


def _draw_year(generator: np.random.Generator) -> _Draws:
    return _Draws(
        hourly=generator.standard_normal((5, DAYS * 24)),
        daily=generator.standard_normal((2, DAYS)),
        first_weekday=int(generator.integers(7)),
        storm_uniform=float(generator.random()),
        storm_day=int(generator.choice(STORM_DAYS)),
        storm_length=float(generator.gamma(STORM_GAMMA_SHAPE, 1.0 / STORM_GAMMA_SHAPE)),
    )


def _simulate_year(parameters: PowerParameters, cap: float, draws: _Draws) -> FloatArray:
    """Return one year's prices, shape (8760,)."""
    body, scarcity = parameters.body, parameters.scarcity
    ordinary = ordinary_asinh(body, draws.hourly[:4], draws.first_weekday)
    scale = body.scale_usd_per_mwh
    # A day that is not tight stays under the threshold: that is what tight means.
    prices = np.minimum(scale * np.sinh(ordinary), scarcity.threshold_usd_per_mwh)
    noise = kernel.autoregressive(draws.hourly[4], math.exp(-1.0 / scarcity.weight_hours))
    _raise_tight_days(prices, body, scarcity, cap, draws, noise.reshape(DAYS, 24))
    flat = prices.ravel()
    if draws.storm_uniform < -math.expm1(-parameters.storm.rate_per_year):
        floor = storm_prices(parameters.storm, cap, draws.storm_day * 24, draws.storm_length, noise)
        flat = np.maximum(flat, floor)
    lead = 24 - body.day_start_hour
    return flat[lead : lead + YEAR_HOURS]


def ordinary_asinh(body: BodyParameters, normals: FloatArray, first_weekday: int) -> FloatArray:
    """Return ordinary hours on the asinh scale, shape (366, 24).

    Parameters
    ----------
    body : BodyParameters
        Shape, spread and persistence.
    normals : ndarray
        Standard normals, shape (4, 8784): slow, fast, cycle real, cycle imaginary.
    first_weekday : int
        Weekday of the first market day, 0 Monday to 6 Sunday.
    """
    slow = kernel.autoregressive(normals[0], math.exp(-1.0 / body.slow_hours))
    fast = kernel.autoregressive(normals[1], math.exp(-1.0 / body.fast_hours))
    cycle = kernel.daily_cycle(normals[2], normals[3], math.exp(-1.0 / body.cycle_hours))
    score = (
        math.sqrt(body.slow_frac) * slow
        + math.sqrt(body.fast_frac) * fast
        + math.sqrt(body.cycle_frac) * cycle
    )
    residual = np.interp(score, body.residual_scores, body.residual_quantiles).reshape(DAYS, 24)
    weekend = (first_weekday + np.arange(DAYS)) % 7 >= 5
    mean = body.mean_asinh[DAY_MONTH] + np.where(weekend[:, None], body.weekend_asinh, 0.0)
    ordinary: FloatArray = mean + body.spread_asinh[DAY_MONTH] * residual
    return ordinary


def _raise_tight_days(
    prices: FloatArray,
    body: BodyParameters,
    scarcity: ScarcityParameters,
    cap: float,
    draws: _Draws,
    noise: FloatArray,
) -> None:
    """Overwrite the tight days of `prices` (366, 24) in place."""
    calm = 1.0 - scarcity.tight_frac[DAY_MONTH]
    rank = tension_rank(scarcity, draws.daily)
    days = np.flatnonzero(rank > calm)
    month = DAY_MONTH[days]
    excess_rank = (rank[days] - calm[days]) / (1.0 - calm[days])
    peak = peak_prices(scarcity.threshold_usd_per_mwh, scarcity.tail_index[month], cap, excess_rank)
    kind = tight_kind(month, peak / scarcity.threshold_usd_per_mwh)
    weight = tight_weights(scarcity.weight_mean[kind], scarcity.weight_sd[kind], noise[days])
    base = body.mean_asinh[month]
    top = np.arcsinh(peak / body.scale_usd_per_mwh)[:, None]
    prices[days] = body.scale_usd_per_mwh * np.sinh(base + weight * (top - base))


def tension_rank(scarcity: ScarcityParameters, normals: FloatArray) -> FloatArray:
    """Return each day's tension as a uniform rank, shape (day,).

    Parameters
    ----------
    scarcity : ScarcityParameters
        Share and time constants of the slow and the fast part.
    normals : ndarray
        Standard normals, shape (2, day).
    """
    slow = kernel.autoregressive(normals[0], math.exp(-1.0 / scarcity.slow_days))
    fast = kernel.autoregressive(normals[1], math.exp(-1.0 / scarcity.fast_days))
    tension = math.sqrt(scarcity.slow_frac) * slow + math.sqrt(1.0 - scarcity.slow_frac) * fast
    return np.array([0.5 * math.erfc(-z / math.sqrt(2.0)) for z in tension])


def peak_prices(
    threshold: float, tail_index: FloatArray, cap: float, rank: FloatArray
) -> FloatArray:
    """Return peaks of tight days from uniform ranks: a Pareto law truncated at the cap.

    Parameters
    ----------
    threshold, cap : float
        Lower and upper end [USD/MWh].
    tail_index : ndarray
        Pareto index, shape (day,).
    rank : ndarray
        Ranks from 0 to 1, shape (day,).

    Returns
    -------
    ndarray
        Peaks [USD/MWh], shape (day,).
    """
    reach = -np.expm1(-tail_index * math.log(cap / threshold))
    peaks: FloatArray = threshold * np.exp(-np.log1p(-rank * reach) / tail_index)
    return np.minimum(peaks, cap)


def tight_kind(month: IntArray, ratio: FloatArray) -> IntArray:
    """Return which hourly shape a tight day has, shape (day,).

    Parameters
    ----------
    month : ndarray
        Calendar month 0 to 11, shape (day,).
    ratio : ndarray
        Peak over threshold, shape (day,).

    Returns
    -------
    ndarray
        0 April to October, 1 the same with a peak over three thresholds (broader evenings), 2
        November to March.
    """
    summer = (month >= 3) & (month <= 9)
    return np.where(summer, (ratio > SEVERE_RATIO).astype(np.int64), 2).astype(np.int64)


def tight_weights(mean: FloatArray, spread: FloatArray, noise: FloatArray) -> FloatArray:
    """Return the weights of tight days' hours, the largest of a day being 1, shape (day, 24).

    Parameters
    ----------
    mean, spread, noise : ndarray
        Mean, standard deviation and standard normal noise, shape (day, 24).
    """
    weight: FloatArray = np.minimum(mean + spread * noise, 1.0)
    weight[np.arange(len(weight)), weight.argmax(axis=1)] = 1.0
    return weight


def storm_prices(
    storm: StormParameters, cap: float, start: int, length: float, noise: FloatArray
) -> FloatArray:
    """Return the price that a storm holds in each hour, 0 outside it, shape (hour,).

    Parameters
    ----------
    storm : StormParameters
        Length, ramps and height.
    cap : float
        Offer cap [USD/MWh].
    start : int
        Hour at which the rise begins.
    length : float
        Plateau length over its mean.
    noise : ndarray
        Standard normals with persistence, shape (hour,).
    """
    hour = np.arange(len(noise), dtype=np.float64) - start
    plateau = storm.mean_hours * length
    rise = hour / storm.up_hours
    fall = (storm.up_hours + plateau + storm.down_hours - hour) / storm.down_hours
    ramp = np.clip(np.minimum(rise, fall), 0.0, 1.0)
    height = np.clip(storm.cap_frac_mean + storm.cap_frac_sd * noise, 0.0, 1.0)
    prices: FloatArray = cap * height * ramp
    return prices
