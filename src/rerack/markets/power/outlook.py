"""Power prices of a study: which weather year each scenario lives through, and at what level."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from rerack.base.checks import (
    FloatArray,
    IntArray,
    as_finite,
    frozen_array,
    require,
    require_between,
)
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets.paths import ornstein_uhlenbeck
from rerack.markets.power.history import as_is_library, bootstrap_library
from rerack.markets.power.library import PriceLibrary
from rerack.markets.power.parameters import PowerParameters

Treatment = Literal["as_is", "bootstrap"]


@dataclass(frozen=True, kw_only=True)
class PowerSpec:
    """What the user says about power prices.

    Parameters
    ----------
    series : str
        Built-in parameter set, used where `price_file` is None: ``ercot_north``, ``ercot_west``.
    price_file : Path or None
        The user's own hourly prices (see `rerack.markets.files.read_price_file`).
    parameter_file : Path or None
        A parameter set of the user's own, as `calibrate_power_file` writes it, instead of `series`.
    price_column : str or None
        Column of `price_file`, where it has several.
    price_unit : str
        Unit of `price_file`: ``USD/MWh``, ``USD/kWh`` or ``c/kWh``.
    price_fill : str
        Rule for gaps of `price_file`: ``none``, ``linear`` or ``previous``.
    treatment : {"as_is", "bootstrap"}
        ``as_is`` replays the file, its year for the same year of the study, in every scenario;
        ``bootstrap`` resamples blocks of its days by calendar month.
    level_usd_per_mwh : float or None
        Mean index price at the start of the study [USD/MWh, nominal]; the library is scaled to
        it. None keeps the library's own mean.
    growth_frac_per_year : float
        Expected nominal growth of the level.
    level_volatility_frac : float or None
        Volatility of the log level [per square root of a year]. None means the calibrated one
        for a built-in set, and 0 for a file.
    level_reversion_per_year : float or None
        Speed at which the level returns to its growth path [1/year]; 0 is a random walk. None as
        for the volatility.
    library_years : int
        Weather years to draw, 1 to 4096; ``as_is`` has as many as the study has years.

    Examples
    --------
    >>> PowerSpec(series="ercot_north", level_usd_per_mwh=38.0).library_years
    128
    """

    series: str = "ercot_north"
    price_file: Path | None = None
    parameter_file: Path | None = None
    price_column: str | None = None
    price_unit: str = "USD/MWh"
    price_fill: str = "none"
    treatment: Treatment = "bootstrap"
    level_usd_per_mwh: float | None = None
    growth_frac_per_year: float = 0.0
    level_volatility_frac: float | None = None
    level_reversion_per_year: float | None = None
    library_years: int = 128

    def __post_init__(self) -> None:
        require(
            self.treatment in ("as_is", "bootstrap"),
            "treatment",
            given=repr(self.treatment),
            allowed="as_is or bootstrap",
        )
        if self.level_usd_per_mwh is not None:
            require_between(self.level_usd_per_mwh, 0.01, 1e5, "level_usd_per_mwh")
        require_between(self.growth_frac_per_year, -0.5, 1.0, "growth_frac_per_year")
        if self.level_volatility_frac is not None:
            require_between(self.level_volatility_frac, 0.0, 3.0, "level_volatility_frac")
        if self.level_reversion_per_year is not None:
            require_between(self.level_reversion_per_year, 0.0, 50.0, "level_reversion_per_year")
        require_between(self.library_years, 1, 4096, "library_years")


@dataclass(frozen=True, kw_only=True, eq=False)
class PowerOutlook:
    """Hourly index prices of every scenario, factored.

    The price of an hour is ``level * library.hourly_usd_per_mwh[m - 1][library_year, hour]`` with
    m the calendar month, `level` and `library_year` those of the scenario and grid month.

    Parameters
    ----------
    library : PriceLibrary
        Weather years.
    library_year : ndarray of int64
        Row of the library, shape (scenario, month); constant within a scenario's calendar year.
    level : ndarray
        Positive factor on the library, shape (scenario, month).
    """

    library: PriceLibrary
    library_year: IntArray
    level: FloatArray

    def __post_init__(self) -> None:
        level = as_finite(self.level, "power level", ndim=2)
        require(bool((level > 0).all()), "power level", given=float(level.min()), allowed="above 0")
        year = self.library_year
        require(
            year.dtype == np.int64 and year.shape == level.shape,
            "library_year",
            given=f"{year.dtype} of shape {year.shape}",
            allowed=f"int64 of shape {level.shape}",
        )
        require(
            year.size == 0 or (year.min() >= 0 and year.max() < self.library.library_years),
            "library_year",
            given=f"{year.min(initial=0)} to {year.max(initial=0)}",
            allowed=f"0 to {self.library.library_years - 1}",
        )
        frozen_year = year.view()
        frozen_year.flags.writeable = False
        object.__setattr__(self, "library_year", frozen_year)
        object.__setattr__(self, "level", frozen_array(level))


def power_outlook(
    spec: PowerSpec,
    grid: MonthGrid,
    streams: Streams,
    *,
    paths: int,
    level_shocks: FloatArray,
    first_path: int = 0,
    library: PriceLibrary | None = None,
) -> PowerOutlook:
    r"""Return the hourly price outlook of `paths` scenarios.

    The level is a log Ornstein-Uhlenbeck process around the growth path, exact at monthly steps
    and with mean one around it: :math:`L_t = (\bar p/\bar p_{lib})(1+g)^{t/12}
    \exp(X_t - \tfrac12 \mathrm{Var} X_t)`, :math:`X_0 = 0`. Each scenario keeps one library year
    for a whole calendar year, drawn uniformly, so that a winter storm and the summer after it
    belong together and years are independent.

    Parameters
    ----------
    spec : PowerSpec
        The user's choices.
    grid : MonthGrid
        Months of the study.
    streams : Streams
        The study's random streams; uses ``power.library`` and ``power.library_year``.
    paths : int
        Number of scenarios.
    level_shocks : ndarray
        Standard normals, shape (scenario, month), already correlated with the other drivers.
        Column 0 is not used: month 0 holds the start level.
    first_path : int
        Number of the first scenario in the whole study, a multiple of 64.
    library : PriceLibrary or None
        Weather years built before by `power_library`, which chunks of a study share; None builds
        them.

    Returns
    -------
    PowerOutlook
        Library shared by all scenarios, rows and levels by (scenario, month).

    Notes
    -----
    The level multiplies every hour, scarcity included, so a level above 1 lifts prices over the
    offer cap. Do not read hours of one scenario across a year's end as one weather record: the
    library year changes there.
    """
    shocks = as_finite(level_shocks, "level_shocks", ndim=2)
    require(
        shocks.shape == (paths, grid.months),
        "level_shocks",
        given=f"shape {shocks.shape}",
        allowed=f"({paths}, {grid.months}): scenarios by months",
    )
    if library is None:
        library = power_library(spec, grid, streams)
    volatility, reversion = _level_process(spec)
    level = level_paths(
        shocks,
        growth_frac_per_year=spec.growth_frac_per_year,
        level_volatility_frac=volatility,
        level_reversion_per_year=reversion,
    )
    if spec.level_usd_per_mwh is not None:
        require(
            library.mean_usd_per_mwh > 0,
            "level_usd_per_mwh",
            given=f"a library of mean {library.mean_usd_per_mwh:g} USD/MWh",
            allowed="a library of positive mean",
            cure="Leave level_usd_per_mwh out: such prices cannot be scaled to a level.",
        )
        level = level * (spec.level_usd_per_mwh / library.mean_usd_per_mwh)
    return PowerOutlook(
        library=library,
        library_year=_library_rows(spec, grid, streams, library, paths, first_path),
        level=level,
    )


def power_parameters(spec: PowerSpec) -> PowerParameters:
    """Return the parameter set that `spec` names: the user's file, or a built-in one."""
    if spec.parameter_file is not None:
        return PowerParameters.read(spec.parameter_file)
    return PowerParameters.load(spec.series)


def power_library(spec: PowerSpec, grid: MonthGrid, streams: Streams) -> PriceLibrary:
    """Return the weather years that `spec` asks for.

    Parameters
    ----------
    spec : PowerSpec
        The user's choices.
    grid : MonthGrid
        Months of the study; only ``as_is`` needs it.
    streams : Streams
        The study's random streams.
    """
    if spec.price_file is None:
        from rerack.markets.power.model import simulate_library

        parameters = power_parameters(spec)
        return simulate_library(parameters, years=spec.library_years, streams=streams)

    from rerack.markets.files import read_price_file

    series = read_price_file(
        spec.price_file, column=spec.price_column, unit=spec.price_unit, fill=spec.price_fill
    )
    if spec.treatment == "as_is":
        return as_is_library(series, grid)
    return bootstrap_library(series, years=spec.library_years, streams=streams)


def level_paths(
    shocks: FloatArray,
    *,
    growth_frac_per_year: float,
    level_volatility_frac: float,
    level_reversion_per_year: float,
) -> FloatArray:
    """Return the level relative to the start, a mean-one log Ornstein-Uhlenbeck times growth.

    Parameters
    ----------
    shocks : ndarray
        Standard normals, shape (scenario, month); column 0 unused.
    growth_frac_per_year : float
        Nominal growth g of the expected level: ``E[level_t] = (1 + g)**(t / 12)`` exactly.
    level_volatility_frac : float
        Volatility of the log level [per square root of a year].
    level_reversion_per_year : float
        Reversion speed [1/year].

    Returns
    -------
    ndarray
        Positive levels, shape (scenario, month), 1 in month 0.

    Examples
    --------
    >>> calm = level_paths(np.zeros((1, 13)), growth_frac_per_year=0.02,
    ...                    level_volatility_frac=0.0, level_reversion_per_year=0.0)
    >>> round(float(calm[0, 12]), 6)
    1.02
    """
    # Exact transition of an Ornstein-Uhlenbeck process over a month; its random-walk limit at 0.
    phi = math.exp(-level_reversion_per_year / 12.0)
    if level_reversion_per_year > 0:
        step_var = level_volatility_frac**2 * (1.0 - phi**2) / (2.0 * level_reversion_per_year)
    else:
        step_var = level_volatility_frac**2 / 12.0
    months = shocks.shape[1]
    deviation, _ = ornstein_uhlenbeck(shocks, phi, math.sqrt(step_var))
    variance, drift = 0.0, np.empty(months)
    for t in range(months):
        if t > 0:
            variance = phi**2 * variance + step_var
        drift[t] = 0.5 * variance
    growth = np.array([(1.0 + growth_frac_per_year) ** (t / 12.0) for t in range(months)])
    deviation -= drift
    return growth * np.exp(deviation, out=deviation)


def _level_process(spec: PowerSpec) -> tuple[float, float]:
    """Return (volatility, reversion) of the level, calibrated where the user gave none."""
    volatility, reversion = 0.0, 0.0
    if spec.price_file is None:
        parameters = power_parameters(spec)
        volatility = parameters.level_volatility_frac
        reversion = parameters.level_reversion_per_year
    if spec.level_volatility_frac is not None:
        volatility = spec.level_volatility_frac
    if spec.level_reversion_per_year is not None:
        reversion = spec.level_reversion_per_year
    return volatility, reversion


def _library_rows(
    spec: PowerSpec,
    grid: MonthGrid,
    streams: Streams,
    library: PriceLibrary,
    paths: int,
    first_path: int,
) -> IntArray:
    """Return the library row of each scenario and month."""
    calendar_year = grid.year - grid.year[0]
    if spec.price_file is not None and spec.treatment == "as_is":
        return np.broadcast_to(calendar_year, (paths, grid.months)).copy()
    years = int(calendar_year[-1]) + 1
    draws = streams.uniforms(
        "power.library_year", paths=paths, shape=(years,), first_path=first_path
    )
    rows = (draws * library.library_years).astype(np.int64)
    chosen: IntArray = rows[:, calendar_year]
    return chosen
