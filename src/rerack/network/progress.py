"""Technical progress that fades, and the efficiencies and hashprices that it drives."""

from __future__ import annotations

import math

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.markets.parameters import packaged
from rerack.network.spec import NetworkSpec


def progress_factor(
    years: FloatArray | float, progress_frac_per_year: float, halving_years: float
) -> FloatArray:
    """Return what is left of a cost per hash after some years of progress.

    Parameters
    ----------
    years : array or float
        Time from the start [year]; negative looks back at the pace of the start.
    progress_frac_per_year : float
        Share lost in a year at the pace of the start.
    halving_years : float
        Years in which the pace halves.

    Returns
    -------
    array
        ``exp(-p h / ln 2 (1 - 2^(-t/h)))``, ``p = -ln(1 - progress)``; 1 at t = 0. The limit is
        ``exp(-p h / ln 2)``: what can ever be gained is finite.

    Examples
    --------
    >>> progress_factor(np.array([0.0, 1.0]), 0.2, 1e9).round(6)
    array([1. , 0.8])
    """
    t = np.asarray(years, dtype=np.float64)
    pace = -math.log1p(-progress_frac_per_year)
    ahead = (
        halving_years
        / math.log(2.0)
        * -np.expm1(-np.maximum(t, 0.0) / halving_years * math.log(2.0))
    )
    factor: FloatArray = np.exp(-pace * (ahead + np.minimum(t, 0.0)))
    return factor


def frontier_path(spec: NetworkSpec, grid: MonthGrid) -> FloatArray:
    """Return the efficiency of the best rig on sale, shape (month,) [J/TH].

    Parameters
    ----------
    spec : NetworkSpec
        Start value and progress.
    grid : MonthGrid
        Months.
    """
    start = spec.frontier_j_per_th or _rolled("rigs", "frontier_j_per_th", spec, grid)
    return start * _progress(spec, grid)


def efficiency_path(spec: NetworkSpec, grid: MonthGrid) -> FloatArray:
    """Return the mean efficiency of the running fleet, shape (month,) [J/TH].

    Parameters
    ----------
    spec : NetworkSpec
        Start value and progress: the fleet improves at the pace of the frontier.
    grid : MonthGrid
        Months.
    """
    start = spec.efficiency_j_per_th or _rolled("rigs", "efficiency_j_per_th", spec, grid)
    return start * _progress(spec, grid)


def anchor_path(spec: NetworkSpec, grid: MonthGrid) -> FloatArray:
    """Return the hashprice that neither draws rigs in nor drives them out, shape (month,).

    Parameters
    ----------
    spec : NetworkSpec
        Start value, progress and inflation.
    grid : MonthGrid
        Months.

    Returns
    -------
    array, shape (month,)
        Nominal [USD/PH/day]: it falls with progress and rises with inflation, because what a hash
        costs (power, sites, people) is paid in dollars of the day.
    """
    start = spec.anchor_usd_per_ph_day
    if start is None:
        start = _rolled("growth", "anchor_usd_per_ph_day", spec, grid)
        start *= (1.0 + spec.inflation_frac_per_year) ** _years_since("growth", grid)
    return start * _progress(spec, grid) * inflation_path(spec, grid)


def shutdown_path(spec: NetworkSpec, grid: MonthGrid) -> FloatArray:
    """Return the hashprice that just pays the mean rig's power, shape (month,) [USD/PH/day].

    Parameters
    ----------
    spec : NetworkSpec
        Efficiency and reference power price.
    grid : MonthGrid
        Months.
    """
    power_usd_per_mwh = spec.reference_power_usd_per_mwh * inflation_path(spec, grid)
    # One PH/s at e J/TH draws e kW, so 0.024 e MWh a day.
    return 0.024 * efficiency_path(spec, grid) * power_usd_per_mwh


def inflation_path(spec: NetworkSpec, grid: MonthGrid) -> FloatArray:
    """Return the expected price level, 1 in month 0, shape (month,)."""
    path: FloatArray = (1.0 + spec.inflation_frac_per_year) ** (np.arange(grid.months) / 12.0)
    return path


def _progress(spec: NetworkSpec, grid: MonthGrid) -> FloatArray:
    years = np.arange(grid.months) / 12.0
    return progress_factor(years, spec.progress_frac_per_year, spec.progress_halving_years)


def _years_since(file: str, grid: MonthGrid) -> float:
    return -grid.index_of(packaged(file, "rerack.network").date) / 12.0


def _rolled(file: str, name: str, spec: NetworkSpec, grid: MonthGrid) -> float:
    """Return a dated estimate carried to the first month at the pace of progress of the start."""
    pace = 1.0 - spec.progress_frac_per_year
    return float(packaged(file, "rerack.network")[name] * pace ** _years_since(file, grid))
