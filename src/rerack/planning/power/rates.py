"""The price library cut by time-of-use rate, so that any strike is still a binary search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rerack.assets.time_of_use import TimeOfUse
from rerack.base.checks import FloatArray, IntArray
from rerack.base.timegrid import MonthGrid
from rerack.dispatch.tariff_calendar import HourCalendar
from rerack.dispatch.tariff_price import time_of_use_period


@dataclass(frozen=True, kw_only=True, eq=False)
class RatedDuration:
    """Hourly prices sorted and summed within each time-of-use rate of each kind of month.

    Parameters
    ----------
    pattern : ndarray of int
        Kind of month: calendar month and rate of each of its hours, shape (month,).
    rate_usd_per_mwh : ndarray
        Rates that differ [USD/MWh], shape (rate,).
    rate_by_hour : ndarray of int
        Rate of every hour of each kind of month, shape (pattern, 744); hours past its end hold 0.
    hours : ndarray of int
        Hours of each kind of month at each rate, shape (pattern, rate).
    sorted_usd_per_mwh, summed_usd_per_mwh : ndarray
        Prices at base level, ascending within (pattern, rate, library year), and their sums, flat.
    sorted_start, sum_start : ndarray of int
        Where each (pattern, rate) begins in the two, shape (pattern, rate).

    Notes
    -----
    A library year replays its hours on the study's own calendar: hour h of a month gets the rate
    of hour h of that month of that year, weekends and daylight saving included; 29 February is
    dropped, as in the library. With rates r, ``run = #{q < (strike - adder - r) / level}`` summed
    over r, which is exact.
    """

    pattern: IntArray
    rate_usd_per_mwh: FloatArray
    rate_by_hour: IntArray
    hours: IntArray
    sorted_usd_per_mwh: FloatArray
    summed_usd_per_mwh: FloatArray
    sorted_start: IntArray
    sum_start: IntArray

    @classmethod
    def build(
        cls, hourly: Sequence[FloatArray], schedule: TimeOfUse, grid: MonthGrid, zone: str
    ) -> RatedDuration:
        """Cut a price library by rate.

        Parameters
        ----------
        hourly : sequence of 12 ndarray
            Prices at base level by calendar month, each (library_year, hour) [USD/MWh].
        schedule : TimeOfUse
            Periods and their rates.
        grid : MonthGrid
            Months of the study.
        zone : str
            Time zone of the schedule.
        """
        given = np.array([p.rate_usd_per_mwh for p in schedule.periods])
        rate, of_period = np.unique(given, return_inverse=True)
        kinds: dict[tuple[int, bytes], int] = {}
        pattern = np.empty(grid.months, dtype=np.int64)
        by_hour: list[IntArray] = []
        for m, label in enumerate(grid.labels):
            month = int(grid.month_of_year[m]) - 1
            calendar = HourCalendar(
                start_utc=f"{label}-01T00", hours=hourly[month].shape[1], zone=zone
            )
            mine = of_period[time_of_use_period(schedule, calendar)]
            key = (month, mine.tobytes())
            if key not in kinds:
                kinds[key] = len(by_hour)
                by_hour.append(mine)
            pattern[m] = kinds[key]
        pieces = [
            [np.sort(hourly[month][:, mine == r], axis=1) for r in range(rate.size)]
            for (month, _), mine in zip(kinds, by_hour, strict=True)
        ]
        sums = [[np.pad(np.cumsum(p, axis=1), ((0, 0), (1, 0))) for p in row] for row in pieces]
        padded = np.zeros((len(by_hour), 744), dtype=np.int64)
        for i, mine in enumerate(by_hour):
            padded[i, : mine.size] = mine
        return cls(
            pattern=pattern,
            rate_usd_per_mwh=rate,
            rate_by_hour=padded,
            hours=np.array([[p.shape[1] for p in row] for row in pieces], dtype=np.int64),
            sorted_usd_per_mwh=np.concatenate([p.ravel() for row in pieces for p in row]),
            summed_usd_per_mwh=np.concatenate([p.ravel() for row in sums for p in row]),
            sorted_start=_starts(pieces),
            sum_start=_starts(sums),
        )

    def share_frac(self) -> FloatArray:
        """Return the share of each month's hours at each rate, shape (month, rate)."""
        hours = self.hours[self.pattern]
        return np.asarray(hours / hours.sum(axis=1, keepdims=True))

    def hourly_usd_per_mwh(self) -> FloatArray:
        """Return the rate of every hour [USD/MWh], (month, 744), the end filled up."""
        return np.asarray(self.rate_usd_per_mwh[self.rate_by_hour[self.pattern]])

    def mean_rate_usd_per_mwh(self) -> FloatArray:
        """Return the mean rate of each month [USD/MWh], shape (month,)."""
        return np.asarray(self.share_frac() @ self.rate_usd_per_mwh)

    def run(
        self, library_year: IntArray, level: FloatArray, adder: float, strike: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return share of hours run and their price over all hours, shapes (scenario, month).

        Parameters
        ----------
        library_year : ndarray of int
            Shape (scenario, month).
        level : ndarray
            Factor on the library's prices, losses included, shape (scenario, month).
        adder : float
            Added to the index at the meter [USD/MWh].
        strike : ndarray
            Strike prices of all months or the first few [USD/MWh], shape (scenario, month).
        """
        from rerack.planning.power.rates_kernel import rates_kernel

        run_frac, run_price = np.empty(strike.shape), np.empty(strike.shape)
        rates_kernel(
            self.sorted_usd_per_mwh,
            self.summed_usd_per_mwh,
            self.sorted_start,
            self.sum_start,
            self.hours,
            self.rate_usd_per_mwh,
            self.pattern,
            np.ascontiguousarray(library_year),
            np.ascontiguousarray(level),
            adder,
            np.ascontiguousarray(strike),
            run_frac,
            run_price,
        )
        return run_frac, run_price


def _starts(pieces: Sequence[Sequence[FloatArray]]) -> IntArray:
    sizes = np.array([[p.size for p in row] for row in pieces], dtype=np.int64)
    flat = sizes.ravel()
    return np.asarray((np.cumsum(flat) - flat).reshape(sizes.shape))
