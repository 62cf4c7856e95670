"""Which month, weekday and hour of the local clock each dispatched hour is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from rerack.base.checks import IntArray, require, require_between
from rerack.base.errors import InputError

#: Hours of the longest horizon: limits by the year are stated for the hours dispatched.
YEAR_HOURS = 8784


@dataclass(frozen=True, kw_only=True)
class HourCalendar:
    """Consecutive hours, told in UTC, read on a local clock.

    Parameters
    ----------
    start_utc : str
        Start of the first hour, ``YYYY-MM-DDTHH``, UTC.
    hours : int
        Number of hours, 1 to 8,784.
    zone : str
        Time zone of the tariff's clock, as the IANA database names it; daylight saving included.

    Examples
    --------
    >>> calendar = HourCalendar(start_utc="2024-07-01T00", hours=12, zone="America/Chicago")
    >>> calendar.month_labels
    ('2024-06', '2024-07')
    >>> calendar.hour_of_day[:6].tolist(), calendar.month[:6].tolist()
    ([19, 20, 21, 22, 23, 0], [0, 0, 0, 0, 0, 1])
    """

    start_utc: str
    hours: int
    zone: str = "UTC"

    def __post_init__(self) -> None:
        require_between(
            self.hours,
            1,
            YEAR_HOURS,
            "calendar: hours",
            cure="These are hours. Dispatch a year at a time, such as 2024-01 to 2024-12: limits "
            "by the year hold for the hours given.",
        )
        _ = self._start, self._zone

    @cached_property
    def _start(self) -> datetime:
        try:
            parsed = datetime.strptime(self.start_utc, "%Y-%m-%dT%H")
        except ValueError:
            raise InputError.of(
                "calendar: start_utc",
                given=repr(self.start_utc),
                allowed="a time such as 2024-06-01T00",
                cure="Write YYYY-MM-DDTHH in UTC.",
            ) from None
        return parsed.replace(tzinfo=UTC)

    @cached_property
    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise InputError.of(
                "calendar: zone",
                given=repr(self.zone),
                allowed="a name of the IANA time zone database, such as America/Chicago",
                cure="Correct the name; if it is right, install the tzdata package.",
            ) from None

    @cached_property
    def _local(self) -> list[datetime]:
        """Return local starts of all hours."""
        hours = range(self.hours)
        return [(self._start + timedelta(hours=h)).astimezone(self._zone) for h in hours]

    @cached_property
    def hour_of_day(self) -> IntArray:
        """Hour of the local clock, 0 to 23, shape (hour,)."""
        return np.array([t.hour for t in self._local], dtype=np.int64)

    @cached_property
    def weekday(self) -> IntArray:
        """Local day of the week, Monday 0 to Sunday 6, shape (hour,)."""
        return np.array([t.weekday() for t in self._local], dtype=np.int64)

    @cached_property
    def month_of_year(self) -> IntArray:
        """Local calendar month, 1 to 12, shape (hour,)."""
        return np.array([t.month for t in self._local], dtype=np.int64)

    @cached_property
    def month(self) -> IntArray:
        """Number of the local month, from 0 for the first one given, shape (hour,)."""
        since = np.array([t.year * 12 + t.month for t in self._local], dtype=np.int64)
        return np.asarray(since - since[0])

    @cached_property
    def month_labels(self) -> tuple[str, ...]:
        """Labels ``YYYY-MM`` of the local months, in order."""
        return tuple(dict.fromkeys(f"{t.year:04d}-{t.month:02d}" for t in self._local))

    @cached_property
    def month_hours(self) -> IntArray:
        """Hours given of each local month, shape (month,)."""
        return np.bincount(self.month).astype(np.int64)

    @cached_property
    def whole_month_hours(self) -> IntArray:
        """Hours that each local month has in all, shape (month,)."""
        first, last = (12 * t.year + t.month - 1 for t in (self._local[0], self._local[-1]))
        starts = [
            datetime(m // 12, m % 12 + 1, 1, tzinfo=self._zone).astimezone(UTC)
            for m in range(first, last + 2)
        ]
        lengths = [(b - a) / timedelta(hours=1) for a, b in pairwise(starts)]
        return np.array(lengths, dtype=np.float64).round().astype(np.int64)

    def label(self, hour: int) -> str:
        """Return the local start of an hour, ``YYYY-MM-DD HH:00``."""
        require(0 <= hour < self.hours, "hour", given=hour, allowed=f"0 to {self.hours - 1}")
        return f"{self._local[hour]:%Y-%m-%d %H:00}"
