"""Time-of-use rates: energy rates that depend on month, weekday and hour of the local clock."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rerack.base.checks import IntArray, require, require_between
from rerack.base.errors import InputError, Problem

_ALL_MONTHS = tuple(range(1, 13))
_ALL_WEEKDAYS = tuple(range(7))


@dataclass(frozen=True, kw_only=True)
class TimeOfUsePeriod:
    """One period of a time-of-use schedule.

    Parameters
    ----------
    name : str
        For example ``summer on-peak``.
    rate_usd_per_mwh : float
        Energy rate added to the price at the meter [USD/MWh].
    months : tuple of int
        Calendar months, 1 to 12.
    weekdays : tuple of int
        Days of the week, Monday 0 to Sunday 6.
    first_hour, end_hour : int
        From `first_hour` up to but not including `end_hour` on the local clock, 0 to 24; a first
        hour after the end wraps past midnight, on the same listed days.
    """

    name: str
    rate_usd_per_mwh: float
    months: tuple[int, ...] = _ALL_MONTHS
    weekdays: tuple[int, ...] = _ALL_WEEKDAYS
    first_hour: int = 0
    end_hour: int = 24

    def __post_init__(self) -> None:
        here = f"time-of-use period {self.name!r}"
        require_between(self.rate_usd_per_mwh, -1e4, 1e5, f"{here}: rate_usd_per_mwh")
        for name, allowed in (("months", _ALL_MONTHS), ("weekdays", _ALL_WEEKDAYS)):
            given = getattr(self, name)
            require(
                len(given) > 0 and set(given) <= set(allowed) and len(set(given)) == len(given),
                f"{here}: {name}",
                given=given,
                allowed=f"distinct numbers from {allowed[0]} to {allowed[-1]}, at least one",
            )
        require(
            0 <= self.first_hour < 24
            and 0 < self.end_hour <= 24
            and self.first_hour != self.end_hour,
            f"{here}: first_hour, end_hour",
            given=f"{self.first_hour} to {self.end_hour}",
            allowed="first_hour 0 to 23, end_hour 1 to 24, not equal",
            cure="Write 0 to 24 for the whole day.",
        )

    @property
    def hours_of_day(self) -> tuple[int, ...]:
        """Hours of the local clock that the period covers."""
        if self.first_hour < self.end_hour:
            return tuple(range(self.first_hour, self.end_hour))
        return (*range(self.end_hour), *range(self.first_hour, 24))


@dataclass(frozen=True, kw_only=True)
class TimeOfUse:
    """A schedule in which every hour of the year belongs to exactly one period.

    Parameters
    ----------
    periods : tuple of TimeOfUsePeriod
        Periods that neither overlap nor leave a gap.

    Raises
    ------
    InputError
        Naming each pair of periods that overlap, or the first hour of each month left uncovered.

    Examples
    --------
    >>> peak = TimeOfUsePeriod(name="peak", rate_usd_per_mwh=40.0, first_hour=16, end_hour=21)
    >>> rest = TimeOfUsePeriod(name="rest", rate_usd_per_mwh=10.0, first_hour=21, end_hour=16)
    >>> TimeOfUse(periods=(peak, rest)).table[6, 0, 15:17].tolist()
    [1, 0]
    >>> TimeOfUse(periods=(peak,))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    rerack.base.errors.InputError: time of use: given no period on January Monday 00:00 ...
    """

    periods: tuple[TimeOfUsePeriod, ...]

    def __post_init__(self) -> None:
        names = [p.name for p in self.periods]
        require(
            len(names) > 0 and len(set(names)) == len(names),
            "time of use: periods",
            given=names,
            allowed="one period or more, with unique names",
        )
        problems = (*self._overlaps(), *self._gaps())
        if problems:
            raise InputError(*problems)

    @cached_property
    def table(self) -> IntArray:
        """Index of the period that holds, shape (month of year, weekday, hour of day)."""
        out = np.full((12, 7, 24), -1, dtype=np.int64)
        for index, period in enumerate(self.periods):
            out[_cells(period)] = index
        out.flags.writeable = False
        return out

    def _overlaps(self) -> list[Problem]:
        found = []
        for i, first in enumerate(self.periods):
            for second in self.periods[i + 1 :]:
                both = np.zeros((12, 7, 24), dtype=bool)
                both[_cells(first)] = True
                other = np.zeros_like(both)
                other[_cells(second)] = True
                cells = np.argwhere(both & other)
                if cells.size:
                    found.append(
                        Problem(
                            where=f"time of use: {first.name!r} and {second.name!r}",
                            given=f"both on {_said(cells[0])} and {len(cells) - 1} hours more",
                            allowed="periods that do not overlap",
                            cure="Change months, weekdays or hours of one of them.",
                        )
                    )
        return found

    def _gaps(self) -> list[Problem]:
        open_cells = np.argwhere(self.table < 0)
        if not open_cells.size:
            return []
        return [
            Problem(
                where="time of use",
                given=f"no period on {_said(open_cells[0])} and {len(open_cells) - 1} hours more",
                allowed="periods that cover every hour of every weekday of every month",
                cure="Add a period for the hours left over, with a rate of 0 if they cost nothing.",
            )
        ]


def _cells(period: TimeOfUsePeriod) -> tuple[IntArray, ...]:
    return np.ix_(
        np.array(period.months) - 1, np.array(period.weekdays), np.array(period.hours_of_day)
    )


def _said(cell: IntArray) -> str:
    month, weekday, hour = (int(i) for i in cell)
    return f"{calendar.month_name[month + 1]} {calendar.day_name[weekday]} {hour:02d}:00"
