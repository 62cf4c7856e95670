"""The monthly grid that outlooks, plans and cash flows share (UTC, interval-beginning)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require, require_between


@dataclass(frozen=True, kw_only=True)
class MonthGrid:
    """Consecutive calendar months.

    Parameters
    ----------
    start_year : int
        Year of the first month.
    start_month : int
        Month of the year of the first month, 1 to 12.
    months : int
        Length, 1 to 600.

    Examples
    --------
    >>> grid = MonthGrid(start_year=2026, start_month=1, months=240)
    >>> grid.labels[0], grid.labels[-1], grid.index_of("2028-02"), int(grid.hours[25])
    ('2026-01', '2045-12', 25, 696)
    """

    start_year: int
    start_month: int
    months: int

    def __post_init__(self) -> None:
        require_between(self.start_month, 1, 12, "start_month")
        require_between(self.months, 1, 600, "months")

    @classmethod
    def parse(cls, start: str, months: int) -> MonthGrid:
        """Build the grid from a label such as ``"2026-01"``."""
        year, month = parse_month(start, "start")
        return cls(start_year=year, start_month=month, months=months)

    @cached_property
    def month_of_year(self) -> IntArray:
        """Calendar month 1 to 12, shape (month,)."""
        return (self.start_month - 1 + np.arange(self.months, dtype=np.int64)) % 12 + 1

    @cached_property
    def year(self) -> IntArray:
        """Calendar year, shape (month,)."""
        elapsed = self.start_month - 1 + np.arange(self.months, dtype=np.int64)
        return self.start_year + elapsed // 12

    @cached_property
    def year_starts(self) -> IntArray:
        """Position of the first month of each calendar year, shape (year,)."""
        return np.flatnonzero(np.diff(self.year, prepend=self.year[0] - 1))

    @cached_property
    def hours(self) -> FloatArray:
        """Hours in each month, leap days included, shape (month,)."""
        days = [
            calendar.monthrange(int(y), int(m))[1]
            for y, m in zip(self.year, self.month_of_year, strict=True)
        ]
        return np.asarray(days, dtype=np.float64) * 24.0

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """ISO labels such as ``2026-01``, one a month."""
        pairs = zip(self.year, self.month_of_year, strict=True)
        return tuple(f"{int(y):04d}-{int(m):02d}" for y, m in pairs)

    def index_of(self, label: str) -> int:
        """Return the position of a month; it may lie outside the grid (negative or beyond)."""
        year, month = parse_month(label, "month")
        return (year - self.start_year) * 12 + month - self.start_month


def parse_month(label: str, where: str) -> tuple[int, int]:
    """Return (year, month) of ``YYYY-MM``, or of a day ``YYYY-MM-DD``."""
    parts = label.split("-")
    numeric = all(p.isascii() and p.isdigit() for p in parts) and len(parts[0]) == 4
    ok = len(parts) in (2, 3) and numeric and _is_day(*map(int, parts))
    require(ok, where, given=repr(label), allowed="a month such as 2026-01", cure="Write YYYY-MM.")
    return int(parts[0]), int(parts[1])


def _is_day(year: int, month: int, day: int = 1) -> bool:
    return 1 <= month <= 12 and year >= 1 and 1 <= day <= calendar.monthrange(year, month)[1]
