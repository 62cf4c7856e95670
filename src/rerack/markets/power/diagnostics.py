"""How well simulated years resemble the sample, measured in the sample's own sampling error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.streams import Streams
from rerack.markets.files import HourlySeries
from rerack.markets.power.calibrate import CalibrationOptions, ordinary_days
from rerack.markets.power.days import BoolArray, MarketDays, cut_days
from rerack.markets.power.holdout import holdout_scores
from rerack.markets.power.library import MONTH_HOURS
from rerack.markets.power.model import simulate_library
from rerack.markets.power.outlook import level_paths
from rerack.markets.power.parameters import PowerParameters
from rerack.markets.power.persistence import masked_autocorrelation

QUANTILE_FRACS = (0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999)
ACF_LAGS = (1, 24, 168)
#: Simulated samples, each as long as the real one, that give the sampling error.
SAMPLES = 60
BURN_IN_YEARS = 6


class SampleStatistics(NamedTuple):
    """Statistics of one sample of ordinary (not stormy) hours."""

    mean_usd_per_mwh: float
    quantiles_usd_per_mwh: FloatArray
    autocorrelation: FloatArray
    negative_frac: float


def with_diagnostics(
    parameters: PowerParameters,
    series: HourlySeries,
    *,
    options: CalibrationOptions,
    seed: int = 1,
) -> PowerParameters:
    """Return the set with fit diagnostics and held-out scores.

    Parameters
    ----------
    parameters : PowerParameters
        Calibrated on `series`.
    series : HourlySeries
        The sample.
    options : CalibrationOptions
        Those of the calibration.
    seed : int
        Seed of the simulated samples.
    """
    days = cut_days(series)
    ordinary = ordinary_days(days, options)
    found: dict[str, Any] = {"ordinary_hours": compare(parameters, days, ordinary, seed=seed)}
    if not ordinary.all():
        found["storm"] = storm_comparison(parameters, days, ordinary, options, seed=seed)
    found["held_out"] = holdout_scores(series, options=options, seed=seed)
    return replace(parameters, diagnostics=found)


def compare(
    parameters: PowerParameters, days: MarketDays, ordinary: BoolArray, *, seed: int
) -> Mapping[str, Any]:
    """Return real and simulated statistics of the hours outside the storm.

    Parameters
    ----------
    parameters : PowerParameters
        Calibrated parameters.
    days : MarketDays
        The sample.
    ordinary : ndarray of bool
        Days outside the storm, shape (day,).
    seed : int
        Seed of the simulated samples.

    Returns
    -------
    mapping
        By statistic: ``real``, ``simulated`` (mean over samples), ``sampling_error`` (their
        standard deviation over simulated samples of the same length). ``duration_curve_frac``
        is the mean absolute distance of the two duration curves over the pooled simulated mean,
        and its value among simulated samples.
    """
    real = sample_statistics(days.prices_usd_per_mwh.ravel(), np.repeat(ordinary, 24))
    years = max(1, round(len(days.month) / 365.25))
    samples = simulated_samples(parameters, years=years, samples=SAMPLES, seed=seed)
    everywhere = np.ones(samples.shape[1], dtype=np.bool_)
    made = [sample_statistics(s, everywhere) for s in samples]
    out: dict[str, Any] = {}
    for name in SampleStatistics._fields:
        stack = np.stack([np.asarray(getattr(m, name), dtype=np.float64) for m in made])
        out[name] = {
            "real": getattr(real, name),
            "simulated": stack.mean(axis=0),
            "sampling_error": stack.std(axis=0, ddof=1),
        }
    grid = (np.arange(999) + 0.5) / 999
    pooled = np.quantile(samples, grid)
    distances = [_distance(np.quantile(s, grid), pooled) for s in samples]
    real_curve = np.quantile(days.prices_usd_per_mwh[ordinary], grid)
    out["duration_curve_frac"] = {
        "real": _distance(real_curve, pooled),
        "simulated_median": float(np.median(distances)),
        "simulated_p95": float(np.quantile(distances, 0.95)),
    }
    out["quantile_fracs"] = QUANTILE_FRACS
    out["autocorrelation_lags_hours"] = ACF_LAGS
    return out


def sample_statistics(prices_usd_per_mwh: FloatArray, present: BoolArray) -> SampleStatistics:
    """Return mean, quantiles, autocorrelations and share of negative hours of one sample.

    Parameters
    ----------
    prices_usd_per_mwh : ndarray
        Hourly prices, shape (hour,).
    present : ndarray of bool
        Hours that count, shape (hour,).
    """
    chosen = prices_usd_per_mwh[present]
    memory = masked_autocorrelation(prices_usd_per_mwh, present, max(ACF_LAGS))
    return SampleStatistics(
        mean_usd_per_mwh=float(chosen.mean()),
        quantiles_usd_per_mwh=np.quantile(chosen, QUANTILE_FRACS),
        autocorrelation=memory[np.array(ACF_LAGS) - 1],
        negative_frac=float((chosen < 0).mean()),
    )


def simulated_samples(
    parameters: PowerParameters, *, years: int, samples: int, seed: int
) -> FloatArray:
    """Return samples of storm-free library years times a stationary level.

    Parameters
    ----------
    parameters : PowerParameters
        Calibrated parameters; the storm is switched off.
    years, samples : int
        Years a sample, and samples.
    seed : int
        Seed.

    Returns
    -------
    ndarray
        Prices [USD/MWh], shape (sample, years * 8760).
    """
    streams = Streams(seed)
    calm = replace(parameters, storm=replace(parameters.storm, rate_per_year=0.0))
    library = simulate_library(calm, years=years * samples, streams=streams)
    months = 12 * (years + BURN_IN_YEARS)
    level = level_paths(
        streams.normals("power.diagnostics", paths=samples, shape=(months,)),
        growth_frac_per_year=0.0,
        level_volatility_frac=parameters.level_volatility_frac,
        level_reversion_per_year=parameters.level_reversion_per_year,
    )[:, 12 * BURN_IN_YEARS :]
    hourly = np.repeat(level, np.tile(MONTH_HOURS, years), axis=1)
    return library.years_usd_per_mwh().reshape(samples, -1) * hourly


def storm_comparison(
    parameters: PowerParameters,
    days: MarketDays,
    ordinary: BoolArray,
    options: CalibrationOptions,
    *,
    seed: int,
) -> Mapping[str, Any]:
    """Return the sample's storm against simulated storms under the cap of its time.

    Parameters
    ----------
    parameters, days, ordinary, options, seed :
        As for `with_diagnostics` and `compare`.

    Returns
    -------
    mapping
        Hours over a tenth and over half of the cap and the sum of prices in them, real, and the
        5 %, 50 % and 95 % quantiles of simulated storms.
    """
    cap = options.storm_cap_usd_per_mwh
    # A rate of 2 a year makes storms common; the years with one are the sample.
    often = replace(parameters, storm=replace(parameters.storm, rate_per_year=2.0))
    library = simulate_library(
        often, years=160, streams=Streams(seed), offer_cap_usd_per_mwh=cap
    ).years_usd_per_mwh()
    # Outside storms no week is near the cap: 24 hours over half of it mark a storm year.
    stormy = library[(library > 0.5 * cap).sum(axis=1) >= 24]
    real = days.prices_usd_per_mwh[~ordinary].ravel()
    out: dict[str, Any] = {"cap_usd_per_mwh": cap, "simulated_quantile_fracs": (0.05, 0.5, 0.95)}
    for name, share in (("hours_over_tenth_of_cap", 0.1), ("hours_over_half_of_cap", 0.5)):
        made = (stormy > share * cap).sum(axis=1)
        out[name] = {
            "real": int((real > share * cap).sum()),
            "simulated": np.quantile(made, (0.05, 0.5, 0.95)),
        }
    made_sum = np.where(stormy > 0.1 * cap, stormy, 0.0).sum(axis=1)
    out["price_hours_usd_per_mw"] = {
        "real": float(real[real > 0.1 * cap].sum()),
        "simulated": np.quantile(made_sum, (0.05, 0.5, 0.95)),
    }
    return out


def _distance(curve: FloatArray, reference: FloatArray) -> float:
    return float(np.abs(curve - reference).mean() / reference.mean())
