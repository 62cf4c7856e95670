"""Has today's market left the calibrated range? Exact Monte Carlo tests of the parameter files."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.streams import Streams
from rerack.markets.bitcoin.jump import poisson_quantile
from rerack.markets.parameters import Calibration
from rerack.markets.power.model import simulate_library
from rerack.markets.power.parameters import PowerParameters

#: Odds that a driver which did not drift is said to have, for each driver.
ALPHA_FRAC = 0.01
PRICE_DAYS = 90
FEE_MONTHS = 6
POWER_DAYS = 28
_PATHS = 4_096
_YEARS = 1_024
#: First hour of 29 February within a leap year; the library's years have none.
_LEAP_DAY_HOUR = 59 * 24


@dataclass(frozen=True, kw_only=True)
class DriftTest:
    """One statistic of the recent window against the parameter file.

    Parameters
    ----------
    driver, statistic : str
        What was tested.
    value, low, high : float
        The window's statistic, and the 2.5 % and 97.5 % quantiles of the model's.
    p_frac : float
        Two-sided Monte Carlo p-value.
    drifted : bool
        Whether it is below the threshold of its driver.
    """

    driver: str
    statistic: str
    value: float
    low: float
    high: float
    p_frac: float
    drifted: bool


def bitcoin_drift(
    price_usd: FloatArray, parameters: Calibration, *, seed: int = 0
) -> tuple[DriftTest, ...]:
    """Test level and volatility of the last 90 daily returns against the jump diffusion.

    Parameters
    ----------
    price_usd : ndarray
        Daily prices [USD/BTC], 91 or more, shape (day,).
    parameters : Calibration
        ``bitcoin``, with ``jump.*``.
    seed : int
        Seed of the reference draws.

    Notes
    -----
    Reference paths draw every parameter from its estimate and standard error (normal), so a
    calibration that knows little is left late. Do not read it as a forecast: volatility clusters
    in truth, in the model it does not, so a calm or wild quarter shows oftener than 1 %.
    """
    prices = as_finite(price_usd, "price_usd", ndim=1)
    require(prices.size > PRICE_DAYS, "price_usd", given=f"{prices.size} days",
            allowed=f"{PRICE_DAYS + 1} or more")  # fmt: skip
    returns = np.diff(np.log(prices[-PRICE_DAYS - 1 :]))
    drawn = simulated_returns(parameters, paths=_PATHS, streams=Streams(seed), vary=True)
    found = {
        "level, log change in 90 days": (returns.sum(), drawn.sum(axis=1)),
        "volatility, yearly": (_yearly(returns[None])[0], _yearly(drawn)),
    }
    return compared("bitcoin", found)


def simulated_returns(
    parameters: Calibration, *, paths: int, streams: Streams, vary: bool
) -> FloatArray:
    """Return daily log returns of the jump diffusion without drift, shape (path, 90).

    Parameters
    ----------
    parameters : Calibration
        ``bitcoin``.
    paths : int
        Paths.
    streams : Streams
        Uses ``drift.bitcoin.*``.
    vary : bool
        Whether parameters are drawn from their standard errors, path by path.
    """
    z = streams.normals("drift.bitcoin.parameters", paths=paths, shape=(3,))
    diffusion, rate, size = (
        _varied(parameters, name, z[:, i] if vary else np.zeros(paths))
        for i, name in enumerate(
            ("jump.diffusion_frac", "jump.jumps_per_year", "jump.jump_sd_frac")
        )
    )
    shape = (PRICE_DAYS,)
    shocks = streams.normals("drift.bitcoin.shocks", paths=paths, shape=shape)
    sizes = streams.normals("drift.bitcoin.sizes", paths=paths, shape=shape)
    uniforms = streams.uniforms("drift.bitcoin.jumps", paths=paths, shape=shape)
    counts = np.stack(
        [poisson_quantile(u, min(r, 366.0) / 365.25) for u, r in zip(uniforms, rate, strict=True)]
    )
    daily = diffusion[:, None] / math.sqrt(365.25)
    out: FloatArray = daily * shocks + np.sqrt(counts) * size[:, None] * sizes
    return out


def fee_drift(
    fees_btc_per_block: FloatArray, parameters: Calibration, *, seed: int = 0
) -> tuple[DriftTest, ...]:
    """Test level and volatility of the last 6 months of fees against the autoregression.

    Parameters
    ----------
    fees_btc_per_block : ndarray
        Fees by whole month [BTC per block], 6 or more, shape (month,).
    parameters : Calibration
        ``fees``.
    seed : int
        Seed of the reference draws.
    """
    fees = as_finite(fees_btc_per_block, "fees_btc_per_block", ndim=1)
    require(fees.size >= FEE_MONTHS, "fees_btc_per_block", given=f"{fees.size} months",
            allowed=f"{FEE_MONTHS} or more")  # fmt: skip
    recent = np.log(fees[-FEE_MONTHS:])
    drawn = simulated_fees(parameters, paths=_PATHS, streams=Streams(seed), vary=True)
    found = {
        "level, BTC per block": (math.exp(recent.mean()), np.exp(drawn.mean(axis=1))),
        "volatility, monthly": (np.diff(recent).std(), np.diff(drawn, axis=1).std(axis=1)),
    }
    return compared("fees", found)


def simulated_fees(
    parameters: Calibration, *, paths: int, streams: Streams, vary: bool
) -> FloatArray:
    """Return log fees of the stationary autoregression, shape (path, 6).

    Parameters
    ----------
    parameters : Calibration
        ``fees``.
    paths : int
        Paths.
    streams : Streams
        Uses ``drift.fees.*``.
    vary : bool
        Whether parameters are drawn from their standard errors, path by path.
    """
    z = streams.normals("drift.fees.parameters", paths=paths, shape=(2,)) * float(vary)
    half_life = np.maximum(_varied(parameters, "half_life_months", z[:, 0]), 0.5)
    step = _varied(parameters, "volatility_frac", z[:, 1]) / math.sqrt(12.0)
    phi = 0.5 ** (1.0 / half_life)
    shocks = streams.normals("drift.fees.shocks", paths=paths, shape=(FEE_MONTHS,))
    out = np.empty((paths, FEE_MONTHS))
    out[:, 0] = shocks[:, 0] * step / np.sqrt(1.0 - phi**2)
    for month in range(1, FEE_MONTHS):
        out[:, month] = phi * out[:, month - 1] + step * shocks[:, month]
    return out + math.log(parameters.diagnostics["long_run_median_btc_per_block"])


def power_drift(
    prices_usd_per_mwh: FloatArray,
    end: np.datetime64,
    parameters: PowerParameters,
    *,
    seed: int = 0,
) -> tuple[DriftTest, ...]:
    """Test level and spread of the last 28 days of prices against the hourly model.

    Parameters
    ----------
    prices_usd_per_mwh : ndarray
        Hourly prices [USD/MWh], 672 or more, shape (hour,).
    end : numpy.datetime64
        The last of these hours, UTC.
    parameters : PowerParameters
        A built-in set or a parameter file.
    seed : int
        Seed of the reference draws.

    Notes
    -----
    The reference is the same 28 days of the calendar in 1,024 simulated years, each times a level
    drawn from the calibrated process.
    """
    prices = as_finite(prices_usd_per_mwh, "prices_usd_per_mwh", ndim=1)
    hours = POWER_DAYS * 24
    require(prices.size >= hours, "prices_usd_per_mwh", given=f"{prices.size} hours",
            allowed=f"{hours} or more")  # fmt: skip
    drawn = simulated_prices(parameters, end, years=_YEARS, streams=Streams(seed))
    scale = parameters.body.scale_usd_per_mwh
    window = prices[-hours:]
    found = {
        "level, median USD/MWh": (np.median(window), np.median(drawn, axis=1)),
        "spread, of asinh": (
            np.arcsinh(window / scale).std(),
            np.arcsinh(drawn / scale).std(axis=1),
        ),
    }
    return compared(f"power {parameters.name}", found)


def simulated_prices(
    parameters: PowerParameters, end: np.datetime64, *, years: int, streams: Streams
) -> FloatArray:
    """Return simulated prices of the 28 days that end at `end` [USD/MWh], shape (year, 672).

    Parameters
    ----------
    parameters : PowerParameters
        The hourly model.
    end : numpy.datetime64
        Last hour, UTC; one of 29 February counts as the 28th's.
    years : int
        Simulated years.
    streams : Streams
        Uses ``power.library`` and ``drift.power.level``.
    """
    library = simulate_library(parameters, years=years, streams=streams).years_usd_per_mwh()
    year = end.astype("datetime64[Y]").astype("datetime64[h]")
    last = int((end.astype("datetime64[h]") - year) / np.timedelta64(1, "h"))
    if last >= _LEAP_DAY_HOUR and _is_leap(year):
        last -= 24
    places = np.arange(last - POWER_DAYS * 24 + 1, last + 1) % library.shape[1]
    sd = parameters.level_volatility_frac / math.sqrt(2.0 * parameters.level_reversion_per_year)
    z = streams.normals("drift.power.level", paths=years, shape=(1,))
    out: FloatArray = library[:, places] * np.exp(sd * z - sd * sd / 2.0)
    return out


def compared(driver: str, found: dict[str, tuple[float, FloatArray]]) -> tuple[DriftTest, ...]:
    """Return the tests of one driver, its odds of a false alarm shared among them (Bonferroni).

    Parameters
    ----------
    driver : str
        Its name.
    found : dict of str to (float, ndarray)
        By statistic, the window's value and those of the reference draws, shape (path,).
    """
    tests = []
    for statistic, (value, drawn) in found.items():
        count = drawn.size + 1
        below, above = 1 + int((drawn <= value).sum()), 1 + int((drawn >= value).sum())
        p = min(2.0 * min(below, above) / count, 1.0)
        low, high = np.quantile(drawn, (0.025, 0.975))
        tests.append(
            DriftTest(
                driver=driver,
                statistic=statistic,
                value=float(value),
                low=float(low),
                high=float(high),
                p_frac=p,
                drifted=p < ALPHA_FRAC / len(found),
            )
        )
    return tuple(tests)


def _is_leap(year: np.datetime64) -> bool:
    start = year.astype("datetime64[Y]")
    return bool((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]") == 366)


def _varied(parameters: Calibration, name: str, z: FloatArray) -> FloatArray:
    estimate = parameters.estimates[name]
    return np.maximum(estimate.value + (estimate.se or 0.0) * z, 0.01 * estimate.value)


def _yearly(returns: FloatArray) -> FloatArray:
    found: FloatArray = returns.std(axis=1, ddof=1) * math.sqrt(365.25)
    return found
