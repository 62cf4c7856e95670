"""Sums of hours by day, month or year."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require

By = Literal["hour", "day", "month", "year"]
BY_NAMES: Final[tuple[str, ...]] = get_args(By)

_UNITS = {"hour": "h", "day": "D", "month": "M", "year": "Y"}


class Periods:
    """The periods, UTC, that a run of hours falls into.

    Parameters
    ----------
    hours : ndarray of datetime64[h]
        Consecutive hours, shape (hour,).
    by : {"hour", "day", "month", "year"}
        Length of a period.

    Examples
    --------
    >>> hours = np.datetime64("2024-02-29T22") + np.arange(4).astype("timedelta64[h]")
    >>> periods = Periods(hours, "month")
    >>> periods.labels, periods.sum(np.array([1.0, 2.0, 3.0, 4.0])).tolist()
    (('2024-02', '2024-03'), [3.0, 7.0])
    """

    def __init__(self, hours: np.ndarray[Any, np.dtype[np.datetime64]], by: By) -> None:
        require(by in BY_NAMES, "by", given=repr(by), allowed=", ".join(BY_NAMES))
        stamps = hours.astype(f"datetime64[{_UNITS[by]}]")
        change = np.flatnonzero(stamps[1:] != stamps[:-1]) + 1
        self._start = np.concatenate([[0], change]).astype(np.int64)
        ending = ":00Z" if by == "hour" else ""
        self.labels = tuple(f"{stamp}{ending}" for stamp in stamps[self._start])
        self._size = hours.size

    @property
    def hours(self) -> IntArray:
        """Hours of each period, shape (period,)."""
        return np.diff(np.append(self._start, self._size))

    def sum(self, values: FloatArray) -> FloatArray:
        """Return the sum of hourly values of each period, shape (period,)."""
        return np.asarray(np.add.reduceat(values, self._start), dtype=np.float64)

    def largest(self, values: IntArray) -> IntArray:
        """Return the largest of hourly values of each period, shape (period,)."""
        return np.asarray(np.maximum.reduceat(values, self._start), dtype=np.int64)

    def mean(self, values: FloatArray) -> FloatArray:
        """Return the mean of hourly values of each period, shape (period,)."""
        return self.sum(values) / self.hours
