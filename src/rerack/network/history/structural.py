"""Hashrate from its supply: orders above a barrier, foundries that bind, delay, little exit."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, require, require_between
from rerack.network.history.record import HashrateRecord

#: Months between order and power, averaged: set beforehand, not fitted.
DELAY_MONTHS: Final = (2, 3, 4, 5, 6)
#: Foundries are measured by their best half-year within the last two years.
BEST_MONTHS: Final = 6
MEMORY_MONTHS: Final = 24
#: Share of rigs that die in a month: 3 % a year, as the cohorts have it.
WEAR_FRAC: Final = 0.0025
#: Power price at which the newest rig's cost is reckoned; a constant, which the barrier absorbs.
POWER_USD_PER_MWH: Final = 50.0
#: First month fitted: the first full year whose frontier is known model by model.
SAMPLE_START: Final = "2015-01"
#: The parameters tried: entry, barrier, ceiling.
ENTRY_GRID: Final = tuple(round(0.02 + 0.01 * i, 2) for i in range(15))
BARRIER_GRID: Final = tuple(round(-0.5 + 0.1 * i, 1) for i in range(21))
CEILING_GRID: Final = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0)


@dataclass(frozen=True, kw_only=True)
class SupplyModel:
    """Four numbers with a meaning, and what they leave unexplained.

    Parameters
    ----------
    entry_per_month : float
        Monthly growth of hashrate per log unit of hashprice above the barrier, after the delay.
    barrier_log : float
        Log of hashprice over the power cost of the newest rig, at 50 USD/MWh, at which nobody
        orders: the free-entry value.
    ceiling_ratio : float
        What foundries can make in a month, over their best half-year of the last two years,
        counted in MW of load of the rigs made (wafers, not hashes).
    response_frac : float
        Elasticity of hashrate to revenue within the month: idle rigs that start or stop.
    residuals : tuple of float
        Monthly log residuals of the fit, in the order of the months.
    """

    entry_per_month: float
    barrier_log: float
    ceiling_ratio: float
    response_frac: float
    residuals: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        require_between(self.entry_per_month, 0.0, 10.0, "entry_per_month")
        require_between(self.ceiling_ratio, 0.0, 1e6, "ceiling_ratio")
        require_between(self.response_frac, 0.0, 0.95, "response_frac")

    @property
    def volatility_frac(self) -> float:
        """Standard deviation of the monthly residual, times sqrt(12) [1/sqrt(year), log]."""
        return float(np.std(self.residuals)) * math.sqrt(12.0) if self.residuals else 0.0


def fit_supply(
    record: HashrateRecord, origin: int, *, sample_start: str = SAMPLE_START
) -> SupplyModel:
    """Estimate the model on what was known at an origin.

    Parameters
    ----------
    record : HashrateRecord
        Months; nothing after the origin is read.
    origin : int
        Last month that is known; two years after `sample_start` or more.
    sample_start : str
        First month fitted; 25 months of the record must precede it.

    Returns
    -------
    SupplyModel
        Least squares of the monthly change of log hashrate, over a grid of entry, barrier and
        ceiling with the response in closed form (not below 0).

    Raises
    ------
    InputError
        A sample shorter than two years, or without the two years before it.

    Notes
    -----
    See docs/explanation/network-backtest.md for the equations. A grid, not a solver: the sum of
    squares has kinks where the ceiling begins to bind.
    """
    start = record.index_of(sample_start)
    least = MEMORY_MONTHS + 1
    require(start >= least, "sample_start", given=sample_start, allowed=record.labels[least])
    require(
        start + 24 <= origin < len(record.labels),
        "origin",
        given=origin,
        allowed=f"{start + 24} to {len(record.labels) - 1}",
    )
    months = range(start, origin)
    path = record.log_hashrate[None, : origin + 1]
    frontier = record.log_frontier[: origin + 1]
    gap = np.array([order_gap(path, record.log_revenue, frontier, t)[0] for t in months])
    most = np.array([foundry_growth(path, frontier, t)[0] for t in months])
    moved = np.diff(record.log_hashrate[start : origin + 1])
    revenue = np.diff(record.log_revenue[start : origin + 1])
    grid = np.array(list(itertools.product(ENTRY_GRID, BARRIER_GRID, CEILING_GRID)))
    entry, barrier, ceiling = (column[:, None] for column in grid.T)
    left = moved - net_entry(gap, most, entry, barrier, ceiling)
    response = np.clip(left @ revenue / (revenue @ revenue), 0.0, 0.95)
    left = left - response[:, None] * revenue
    best = int(np.argmin((left * left).sum(axis=1)))
    return SupplyModel(
        entry_per_month=float(grid[best, 0]),
        barrier_log=float(grid[best, 1]),
        ceiling_ratio=float(grid[best, 2]),
        response_frac=float(response[best]),
        residuals=tuple(float(r) for r in left[best]),
    )


def forecast_hashrate(
    record: HashrateRecord,
    model: SupplyModel,
    origin: int,
    months: int,
    *,
    shocks: FloatArray | None = None,
) -> FloatArray:
    """Return log hashrate after an origin, the revenue path being given.

    Parameters
    ----------
    record : HashrateRecord
        Hashrate up to the origin, revenue through the months ahead; later hashrate and later rigs
        are not read.
    model : SupplyModel
        From `fit_supply` at this origin or an earlier one.
    origin, months : int
        Last known month; months ahead, within the record.
    shocks : array, shape (path, month), optional
        Log shocks by month; left out, one path without any.

    Returns
    -------
    array, shape (path, month)
        Log hashrate 1 to `months` ahead [log EH/s].
    """
    require(
        MEMORY_MONTHS < origin < len(record.labels) and origin + months < len(record.labels),
        "origin + months",
        given=origin + months,
        allowed=f"at most {len(record.labels) - 1}: revenue must be known",
    )
    noise = np.zeros((1, months)) if shocks is None else shocks
    frontier = record.frontier_known_at(origin)
    path = np.empty((len(noise), origin + months + 1))
    path[:, : origin + 1] = record.log_hashrate[: origin + 1]
    for t in range(origin, origin + months):
        climb = net_entry(
            order_gap(path, record.log_revenue, frontier, t),
            foundry_growth(path, frontier, t),
            model.entry_per_month,
            model.barrier_log,
            model.ceiling_ratio,
        )
        climb = climb + model.response_frac * (record.log_revenue[t + 1] - record.log_revenue[t])
        path[:, t + 1] = path[:, t] + climb + noise[:, t - origin]
    return path[:, origin + 1 :]


def net_entry(
    gap: FloatArray,
    most: FloatArray,
    entry: float | FloatArray,
    barrier: float | FloatArray,
    ceiling: float | FloatArray,
) -> FloatArray:
    """Return monthly growth from orders: the lesser of demand and supply, never below wear.

    Parameters
    ----------
    gap, most : array
        From `order_gap` and `foundry_growth`.
    entry, barrier, ceiling : float or array
        As in `SupplyModel`; shapes broadcast.
    """
    wanted = entry * (gap - barrier)
    growth: FloatArray = np.maximum(np.minimum(wanted, ceiling * most), -WEAR_FRAC)
    return growth


def order_gap(
    log_hashrate: FloatArray, log_revenue: FloatArray, log_frontier: FloatArray, month: int
) -> FloatArray:
    """Return ln(hashprice / power cost of the newest rig) when today's arrivals were ordered.

    Parameters
    ----------
    log_hashrate : array, shape (path, month)
        Up to `month` at least.
    log_revenue, log_frontier : array, shape (month,)
        As in `HashrateRecord`.
    month : int
        This month; the mean of two to six months before it is returned.

    Returns
    -------
    array, shape (path,)
        The gap.
    """
    at = month - np.array(DELAY_MONTHS)
    cost = math.log(0.024 * POWER_USD_PER_MWH) + log_frontier[at]
    gap: FloatArray = (log_revenue[at] - cost - log_hashrate[:, at]).mean(axis=1)
    return gap


def foundry_growth(log_hashrate: FloatArray, log_frontier: FloatArray, month: int) -> FloatArray:
    """Return the growth that foundries brought in their best recent half-year, in today's rigs.

    Parameters
    ----------
    log_hashrate : array, shape (path, month)
        Up to `month` at least.
    log_frontier : array, shape (month,)
        Log J/TH.
    month : int
        This month, 24 or more.

    Returns
    -------
    array, shape (path,)
        Largest mean addition of six months within 24, in MW of the rigs then on sale, over the MW
        that today's hashrate would take with the rigs now on sale [1/month].
    """
    ends = np.arange(month - MEMORY_MONTHS + BEST_MONTHS, month + 1)
    level = np.exp(log_hashrate[:, month - MEMORY_MONTHS : month + 1])
    added = (level[:, BEST_MONTHS:] - level[:, :-BEST_MONTHS]) / BEST_MONTHS
    load = (added * np.exp(log_frontier[ends])).max(axis=1)
    growth: FloatArray = load / (level[:, -1] * math.exp(log_frontier[month]))
    return growth
