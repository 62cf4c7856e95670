"""A price series cut into market days, which start at the UTC hour when prices are lowest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.markets.files import HourlySeries

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, kw_only=True, eq=False)
class MarketDays:
    """Whole market days.

    Parameters
    ----------
    prices_usd_per_mwh : ndarray
        Prices [USD/MWh], shape (day, 24), from the day's first hour.
    start_hour : int
        UTC hour at which a day starts.
    month_index : ndarray
        Calendar months since January 1970 of the day's first hour, shape (day,).
    weekend : ndarray of bool
        Whether the day's first hour is on a Saturday or Sunday, shape (day,).
    """

    prices_usd_per_mwh: FloatArray
    start_hour: int
    month_index: IntArray
    weekend: BoolArray

    @property
    def month(self) -> IntArray:
        """Calendar month 0 (January) to 11, shape (day,)."""
        return self.month_index % 12

    @property
    def year(self) -> IntArray:
        """Calendar year, shape (day,)."""
        return self.month_index // 12 + 1970


def cut_days(series: HourlySeries) -> MarketDays:
    """Cut `series` into whole market days; hours before the first and after the last are left out.

    Parameters
    ----------
    series : HourlySeries
        Gap-free hourly prices.

    Examples
    --------
    >>> flat = HourlySeries(name="x", start=np.datetime64("2024-01-01T00"),
    ...                     prices_usd_per_mwh=np.tile(np.r_[5.0, np.full(23, 9.0)], 3))
    >>> cut_days(flat).prices_usd_per_mwh.shape
    (3, 24)
    """
    hours = series.hours.astype(np.int64)
    hour_of_day = hours % 24
    means = [
        series.prices_usd_per_mwh[hour_of_day == h].mean() if (hour_of_day == h).any() else np.inf
        for h in range(24)
    ]
    start_hour = int(np.argmin(means))
    first = int((start_hour - hour_of_day[0]) % 24)
    count = max(0, (len(hours) - first) // 24)
    starts = series.hours[first : first + 24 * count : 24]
    # 1 January 1970 was a Thursday, weekday 3 counted from Monday.
    weekday = (starts.astype(np.int64) // 24 + 3) % 7
    return MarketDays(
        prices_usd_per_mwh=series.prices_usd_per_mwh[first : first + 24 * count].reshape(count, 24),
        start_hour=start_hour,
        month_index=starts.astype("datetime64[M]").astype(np.int64),
        weekend=weekday >= 5,
    )
