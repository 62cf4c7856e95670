"""Every hour's price at the meter of a scenario-month, as the compiled loops read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.planning.meter import Meter


class Hours(NamedTuple):
    """Prices of a block of scenarios, as kernels take them.

    ``price = level * shape + base + rate``, ``sale = index * shape - discount``.

    Parameters
    ----------
    shape_usd_per_mwh : ndarray
        The library at base level, flat over (calendar month, library year, hour).
    start, hours : ndarray of int
        Where each month's calendar month begins, and its hours, shape (month,).
    library_year : ndarray of int
        Shape (scenario, month).
    level, index_level : ndarray
        Factors on the library for purchases (losses included; 0 at a fixed price) and for sales,
        shape (scenario, month).
    base_usd_per_mwh, discount_usd_per_mwh : float
        Adder or fixed price; taken off a sale.
    rate_usd_per_mwh : ndarray
        Time-of-use rate of each hour, shape (month, 744).
    scale : ndarray
        Hours of the month over hours of the library's, 1 but for leap years, shape (month,).
    """

    shape_usd_per_mwh: FloatArray
    start: IntArray
    hours: IntArray
    library_year: IntArray
    level: FloatArray
    index_level: FloatArray
    base_usd_per_mwh: float
    discount_usd_per_mwh: float
    rate_usd_per_mwh: FloatArray
    scale: FloatArray


def flat_library(hourly: Sequence[FloatArray]) -> FloatArray:
    """Return the twelve months of a price library as one array."""
    return np.concatenate([prices.ravel() for prices in hourly])


def hours_of(meter: Meter, flat: FloatArray) -> Hours:
    """Return the prices of a meter hour by hour.

    Parameters
    ----------
    meter : Meter
        Prices of a block of scenarios.
    flat : ndarray
        As `flat_library` makes it.
    """
    tariff, calendar = meter.tariff, meter.grid.month_of_year - 1
    month_hours = meter.duration.month_hours
    begins = meter.duration.years * (np.cumsum(month_hours) - month_hours)
    fixed = tariff.fixed_price_usd_per_mwh
    rate = np.zeros((meter.grid.months, int(month_hours.max())))
    if meter.rated is not None:
        rate = meter.rated.hourly_usd_per_mwh()
    return Hours(
        shape_usd_per_mwh=flat,
        start=begins[calendar],
        hours=month_hours[calendar],
        library_year=np.ascontiguousarray(meter.power.library_year, dtype=np.int64),
        level=np.ascontiguousarray(
            meter.gross_level if fixed is None else np.zeros_like(meter.power.level)
        ),
        index_level=np.ascontiguousarray(meter.power.level),
        base_usd_per_mwh=float(tariff.adder_usd_per_mwh if fixed is None else fixed),
        discount_usd_per_mwh=0.0 if tariff.export is None else tariff.export.discount_usd_per_mwh,
        rate_usd_per_mwh=np.ascontiguousarray(rate),
        scale=meter.grid.hours / month_hours[calendar],
    )
