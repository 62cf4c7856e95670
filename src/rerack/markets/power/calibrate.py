"""Calibration of the hourly power model on a price series, with errors from leaving years out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import DataError
from rerack.markets.files import HourlySeries, read_price_file
from rerack.markets.power.days import BoolArray, MarketDays, cut_days
from rerack.markets.power.level import LevelFit, fit_level, smooth_months
from rerack.markets.power.parameters import BodyParameters, PowerParameters, ScarcityParameters
from rerack.markets.power.persistence import LAGS, fit_persistence, masked_autocorrelation
from rerack.markets.power.scarcity import find_storm, fit_scarcity, fit_storm, normal_scores

#: Residual probabilities tabulated; beyond the ends the residual stays at the end.
KNOT_FRACS = (
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5,
    0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 0.9975, 0.999, 0.9995,
)  # fmt: skip
METHOD = (
    "asinh with monthly level removed; means and spreads by month and market hour; quantile map; "
    "slow, fast and 24-hour components by least squares on the autocorrelation; tight days by a "
    "Gaussian tension fitted to their runs (tetrachoric), with truncated Pareto peaks (maximum "
    "likelihood); errors by leaving one calendar year out (jackknife)"
)
FEWEST_HOURS = 2 * 8760 - 48


@dataclass(frozen=True, kw_only=True)
class CalibrationOptions:
    """Choices that the data cannot make.

    Parameters
    ----------
    offer_cap_usd_per_mwh : float
        Offer cap of the simulated market [USD/MWh]; ERCOT's system-wide cap is 5,000 since
        January 2022.
    storm_cap_usd_per_mwh : float
        Offer cap when the sample's storm struck [USD/MWh]; 9,000 in ERCOT until December 2021.
    storm_threshold_usd_per_mwh : float
        Two or more days whose mean price passes it are a storm.
    storm_rate_per_year : float
        Storms a year; an assumption, since one event does not estimate a rate.
    storm_rate_basis : str
        Its reason.
    tight_quantile_frac : float
        Share of ordinary days whose peak stays under the threshold of a tight day.
    """

    offer_cap_usd_per_mwh: float = 5000.0
    storm_cap_usd_per_mwh: float = 9000.0
    storm_threshold_usd_per_mwh: float = 1500.0
    storm_rate_per_year: float = 1.0 / 24.0
    storm_rate_basis: str = (
        "estimated: one event of this kind (February 2021) in the 24 years 2002-2025 of ERCOT's "
        "wholesale market; exact 95 % interval of the rate 0.001 to 0.23 a year"
    )
    tight_quantile_frac: float = 0.9


def calibrate_power(
    series: HourlySeries,
    *,
    name: str,
    source: str,
    dated: str,
    options: CalibrationOptions | None = None,
) -> PowerParameters:
    """Return the model's parameters for a series, with standard errors.

    Parameters
    ----------
    series : HourlySeries
        Two years or more of gap-free hourly prices [USD/MWh].
    name : str
        Name of the set.
    source : str
        Where the series comes from.
    dated : str
        Date of the calibration, ISO.
    options : CalibrationOptions or None
        Choices that the data cannot make; None takes ERCOT's.

    Returns
    -------
    PowerParameters
        Parameters and standard errors; diagnostics are added by
        `rerack.markets.power.diagnostics.with_diagnostics`.

    Raises
    ------
    DataError
        The series is shorter than two years or lacks a calendar month.

    Notes
    -----
    Standard errors leave out one calendar year at a time: with n years,
    ``se**2 = (n - 1)/n * sum((theta_i - mean)**2)``. With five years they are rough themselves.
    """
    chosen = options or CalibrationOptions()
    if len(series.prices_usd_per_mwh) < FEWEST_HOURS:
        raise DataError.of(
            series.name,
            given=f"{len(series.prices_usd_per_mwh)} hours",
            allowed=f"{FEWEST_HOURS} or more (two years)",
            cure="Give a longer series, or use the file itself by bootstrap.",
        )
    days = cut_days(series)
    event = find_storm(
        days,
        threshold_usd_per_mwh=chosen.storm_threshold_usd_per_mwh,
        cap_usd_per_mwh=chosen.storm_cap_usd_per_mwh,
    )
    ordinary = ordinary_days(days, chosen)
    body, scarcity, level = _fit(days, ordinary, chosen)
    return PowerParameters(
        name=name,
        source=source,
        sample_start=str(series.start),
        sample_end=str(series.end),
        sample_hours=len(series.prices_usd_per_mwh),
        dated=dated,
        method=METHOD,
        offer_cap_usd_per_mwh=chosen.offer_cap_usd_per_mwh,
        body=body,
        scarcity=scarcity,
        storm=fit_storm(event, chosen.storm_rate_per_year, chosen.storm_rate_basis),
        level_volatility_frac=level.volatility_frac,
        level_reversion_per_year=level.reversion_per_year,
        standard_errors=_jackknife(days, ordinary, chosen),
    )


def calibrate_power_file(
    price_file: Path,
    out_json: Path,
    *,
    name: str,
    dated: str,
    column: str | None = None,
    unit: str = "USD/MWh",
    source: str | None = None,
    options: CalibrationOptions | None = None,
) -> PowerParameters:
    """Calibrate on a price file and write the parameters with diagnostics as JSON.

    Parameters
    ----------
    price_file : Path
        The user's prices, as `rerack.markets.files.read_price_file` takes them.
    out_json : Path
        File to write.
    name : str
        Name of the set.
    dated : str
        Date of the calibration, ISO.
    column, unit : str
        As for `read_price_file`.
    source : str or None
        Where the series comes from; None names the file.
    options : CalibrationOptions or None
        Choices that the data cannot make.

    Returns
    -------
    PowerParameters
        What was written.
    """
    from rerack.markets.power.diagnostics import with_diagnostics

    series = read_price_file(price_file, column=column, unit=unit)
    fitted = calibrate_power(
        series, name=name, source=source or series.name, dated=dated, options=options
    )
    complete = with_diagnostics(fitted, series, options=options or CalibrationOptions())
    complete.write(out_json)
    return complete


def ordinary_days(days: MarketDays, options: CalibrationOptions) -> BoolArray:
    """Return which days lie outside the sample's storm, shape (day,)."""
    event = find_storm(
        days,
        threshold_usd_per_mwh=options.storm_threshold_usd_per_mwh,
        cap_usd_per_mwh=options.storm_cap_usd_per_mwh,
    )
    return np.ones(len(days.month), dtype=np.bool_) if event is None else ~event.days


def _fit(
    days: MarketDays, keep: BoolArray, options: CalibrationOptions
) -> tuple[BodyParameters, ScarcityParameters, LevelFit]:
    """Return the three parts estimated on the kept days."""
    present = np.array([(keep & (days.month == m)).any() for m in range(12)])
    if not present.all():
        missing = ", ".join(str(m + 1) for m in np.flatnonzero(~present))
        raise DataError.of(
            "price series",
            given=f"no day of month {missing}",
            allowed="every calendar month in two or more years",
            cure="Give a longer series.",
        )
    level = fit_level(days, keep)
    base = days.prices_usd_per_mwh / level.by_day[:, None]
    threshold = float(np.quantile(base[keep].max(axis=1), options.tight_quantile_frac))
    scale = 0.25 * float(np.median(base[keep]))
    ordinary = keep & (base.max(axis=1) <= threshold)
    body = fit_body(days, base, ordinary, scale)
    scarcity = fit_scarcity(
        days,
        base,
        keep,
        body.mean_asinh,
        scale,
        threshold=threshold,
        cap=options.offer_cap_usd_per_mwh,
    )
    return body, scarcity, level


def fit_body(
    days: MarketDays, base_prices: FloatArray, ordinary: BoolArray, scale: float
) -> BodyParameters:
    """Return shape, spread, quantile map and persistence of ordinary days.

    Parameters
    ----------
    days : MarketDays
        Calendar of the days.
    base_prices : ndarray
        Prices at base level [USD/MWh], shape (day, 24).
    ordinary : ndarray of bool
        Days that are neither tight nor stormy, shape (day,).
    scale : float
        Width of the asinh's linear zone [USD/MWh].
    """
    y = np.arcsinh(base_prices / scale)
    weekend = np.zeros(24)
    mean = np.zeros((12, 24))
    for _ in range(20):  # alternating least squares of the two-way layout; converges in a few
        shifted = y - np.where(days.weekend[:, None], weekend, 0.0)
        mean = np.stack([shifted[ordinary & (days.month == m)].mean(axis=0) for m in range(12)])
        left = y - mean[days.month]
        weekend = left[ordinary & days.weekend].mean(axis=0)
    residual = y - mean[days.month] - np.where(days.weekend[:, None], weekend, 0.0)
    variance = np.stack([residual[ordinary & (days.month == m)].var(axis=0) for m in range(12)])
    spread = np.sqrt(smooth_months(variance))
    standard = residual / np.maximum(spread[days.month], 1e-9)
    hours = np.repeat(ordinary, 24)
    flat = standard.ravel()
    score = np.zeros(len(flat))
    score[hours] = normal_scores(flat[hours])
    memory = fit_persistence(masked_autocorrelation(score, hours, LAGS))
    normal = NormalDist()
    return BodyParameters(
        scale_usd_per_mwh=scale,
        day_start_hour=days.start_hour,
        mean_asinh=mean,
        weekend_asinh=weekend,
        spread_asinh=spread,
        residual_scores=np.array([normal.inv_cdf(p) for p in KNOT_FRACS]),
        residual_quantiles=np.quantile(flat[hours], KNOT_FRACS),
        **memory._asdict(),
    )


def _jackknife(
    days: MarketDays, ordinary: BoolArray, options: CalibrationOptions
) -> Mapping[str, Any]:
    """Return standard errors by ``part.parameter`` from leaving one calendar year out."""
    years = np.unique(days.year[ordinary])
    estimates: list[dict[str, Any]] = []
    for year in years:
        keep = ordinary & (days.year != year)
        if not all((keep & (days.month == m)).any() for m in range(12)):
            continue
        body, scarcity, level = _fit(days, keep, options)
        row: dict[str, Any] = {
            "level_volatility_frac": level.volatility_frac,
            "level_reversion_per_year": level.reversion_per_year,
        }
        for part, owner in (("body", body), ("scarcity", scarcity)):
            row |= {f"{part}.{f.name}": getattr(owner, f.name) for f in fields(owner)}
        estimates.append(row)
    if len(estimates) < 2:
        return {}
    count = len(estimates)
    errors: dict[str, Any] = {}
    for key in estimates[0]:
        if key in ("body.day_start_hour", "body.residual_scores"):
            continue
        stack = np.stack([np.asarray(e[key], dtype=np.float64) for e in estimates])
        spread = (count - 1) / count * ((stack - stack.mean(axis=0)) ** 2).sum(axis=0)
        errors[key] = np.sqrt(spread) if spread.ndim else float(np.sqrt(spread))
    errors["storm"] = "unknown: one event"
    return errors
