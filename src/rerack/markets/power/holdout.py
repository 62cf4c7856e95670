"""Scores of the model on years it has not seen, month by month, against climatology."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.base.streams import Streams
from rerack.markets.files import HourlySeries
from rerack.markets.power.calibrate import (
    FEWEST_HOURS,
    CalibrationOptions,
    calibrate_power,
    ordinary_days,
)
from rerack.markets.power.days import cut_days
from rerack.markets.power.level import fit_level
from rerack.markets.power.library import PriceLibrary
from rerack.markets.power.model import simulate_library
from rerack.markets.power.parameters import PowerParameters
from rerack.markets.power.scores import covered, crps

SCENARIOS = 512
LIBRARY_YEARS = 256
INTERVAL_FRAC = 0.9
STATISTICS = ("mean", "median", "quantile_95")


def holdout_scores(
    series: HourlySeries,
    *,
    options: CalibrationOptions,
    seed: int,
    train_end: np.datetime64 | None = None,
) -> Mapping[str, Any]:
    """Calibrate on the first years only, forecast the rest by month, and score the forecast.

    The forecast starts from the level of the last training month; month k ahead is the library
    under the level's conditional law. The reference is climatology: the training months' own
    statistics as an equally weighted sample.

    Parameters
    ----------
    series : HourlySeries
        The whole sample.
    options : CalibrationOptions
        Those of the calibration.
    seed : int
        Seed of the forecast.
    train_end : datetime64 or None
        First hour held out; None takes the first January 1 that leaves two years or more to
        train and at least six months to score, nearest to two thirds of the sample.

    Returns
    -------
    mapping
        By monthly statistic: mean CRPS of the model and of climatology [USD/MWh], coverage of
        the 90 % interval, and months scored; or the reason why nothing was scored.
    """
    cut = default_cut(series) if train_end is None else train_end.astype("datetime64[h]")
    if cut is None:
        return {"not scored": "the sample is too short to hold a year out"}
    hours = int((cut - series.start).astype(np.int64))
    train = HourlySeries(
        name=series.name, start=series.start, prices_usd_per_mwh=series.prices_usd_per_mwh[:hours]
    )
    fitted = calibrate_power(train, name="held out", source="", dated="", options=options)
    days = cut_days(train)
    level = fit_level(days, ordinary_days(days, options))
    train_months, train_values = monthly_statistics(train)
    test = HourlySeries(
        name=series.name, start=cut, prices_usd_per_mwh=series.prices_usd_per_mwh[hours:]
    )
    months, observed = monthly_statistics(test)
    forecast = _forecast(fitted, level.last_log, level.log_sd, months, train_months[-1], seed)
    out: dict[str, Any] = {"train_end": str(cut), "months": len(months)}
    for i, name in enumerate(STATISTICS):
        model = [crps(forecast[:, t, i], observed[t, i]) for t in range(len(months))]
        climate = [crps(train_values[:, i], observed[t, i]) for t in range(len(months))]
        inside = [
            covered(forecast[:, t, i], observed[t, i], INTERVAL_FRAC) for t in range(len(months))
        ]
        out[name] = {
            "crps_usd_per_mwh": float(np.mean(model)),
            "climatology_crps_usd_per_mwh": float(np.mean(climate)),
            "covered_frac": float(np.mean(inside)),
            "nominal_frac": INTERVAL_FRAC,
        }
    return out


def default_cut(series: HourlySeries) -> np.datetime64 | None:
    """Return the 1 January, as an hour, that splits the sample for scoring, or None."""
    count = len(series.prices_usd_per_mwh)
    first = int(series.start.astype("datetime64[Y]").astype(np.int64)) + 1970
    last = int(series.end.astype("datetime64[Y]").astype(np.int64)) + 1970
    places = [
        (int((np.datetime64(f"{y}-01-01", "h") - series.start).astype(np.int64)), y)
        for y in range(first + 1, last + 1)
    ]
    fit = [(p, y) for p, y in places if p >= FEWEST_HOURS and count - p >= 8760 // 2 - 48]
    if not fit:
        return None
    _, year = min(fit, key=lambda place: abs(place[0] - 2 * count / 3))
    return np.datetime64(f"{year}-01-01", "h")


def monthly_statistics(series: HourlySeries) -> tuple[IntArray, FloatArray]:
    """Return whole months since January 1970 and their mean, median and 95 % quantile.

    Parameters
    ----------
    series : HourlySeries
        Hourly prices.

    Returns
    -------
    tuple
        Month numbers, shape (month,), and statistics [USD/MWh], shape (month, 3).
    """
    number: IntArray = series.hours.astype("datetime64[M]").astype(np.int64)
    months, counts = np.unique(number, return_counts=True)
    whole: IntArray = months[counts >= 28 * 24 - 24]
    rows = []
    for month in whole:
        prices = series.prices_usd_per_mwh[number == month]
        rows.append((prices.mean(), np.median(prices), np.quantile(prices, 0.95)))
    return whole, np.asarray(rows, dtype=np.float64)


def _forecast(
    parameters: PowerParameters,
    last_log: float,
    log_sd: float,
    months: IntArray,
    last_month: int,
    seed: int,
) -> FloatArray:
    """Return forecast statistics, shape (scenario, month, statistic) [USD/MWh]."""
    streams = Streams(seed)
    library = simulate_library(parameters, years=LIBRARY_YEARS, streams=streams)
    by_month = _library_statistics(library)
    years = months // 12 - months[0] // 12
    rows = streams.uniforms("power.holdout", paths=SCENARIOS, shape=(int(years[-1]) + 1,))
    row = (rows * LIBRARY_YEARS).astype(np.int64)[:, years]
    shocks = streams.normals("power.holdout.level", paths=SCENARIOS, shape=(len(months),))
    ahead = (months - last_month).astype(np.float64)
    decay = np.exp(-parameters.level_reversion_per_year * ahead / 12.0)
    # Each month is scored alone, so its marginal law is enough: mean decays, variance returns.
    log_level = last_log * decay + log_sd * np.sqrt(1.0 - decay**2) * shocks
    # The library is at a level whose mean is one; last_log counts from the mean logarithm.
    level = np.exp(log_level - 0.5 * log_sd**2)
    picked: FloatArray = by_month[months % 12, row] * level[:, :, None]
    return picked


def _library_statistics(library: PriceLibrary) -> FloatArray:
    """Return mean, median and 95 % quantile, shape (12, library_year, 3)."""
    return np.stack(
        [
            np.stack([p.mean(axis=1), *np.quantile(p, (0.5, 0.95), axis=1)], axis=1)
            for p in library.hourly_usd_per_mwh
        ]
    )
