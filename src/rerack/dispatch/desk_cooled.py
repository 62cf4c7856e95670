"""An AI load whose draw at the meter follows weather and cooling, hour by hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import (
    FloatArray,
    IntArray,
    as_finite,
    frozen_array,
    require,
    require_between,
)
from rerack.markets.files import HourlySeries

#: Hours of weather that has a 29 February.
_LEAP_HOURS = 8784
#: First hour of 29 February within a leap year.
_LEAP_DAY_HOUR = 59 * 24


@dataclass(frozen=True, kw_only=True, eq=False)
class CooledLoad:
    """A constant critical load and its PUE in the hours of a weather file.

    Parameters
    ----------
    critical_mw : float
        Critical load [MW critical].
    pue : ndarray
        Power usage effectiveness in each hour of the weather, shape (weather hour,).
    start : numpy.datetime64 or None
        First hour of the weather, UTC; None takes it as hours of any year from 1 January 00:00
        UTC.
    name : str
        Where the weather comes from, for messages.

    Examples
    --------
    >>> load = CooledLoad(critical_mw=10.0, pue=np.array([1.2, 1.4]),
    ...                   start=np.datetime64("2024-07-01T00"))
    >>> july = HourlySeries(name="p", start=np.datetime64("2024-07-01T01"),
    ...                     prices_usd_per_mwh=np.array([30.0]))
    >>> load.over(july)
    array([14.])
    """

    critical_mw: float
    pue: FloatArray
    start: np.datetime64 | None = None
    name: str = "weather"

    def __post_init__(self) -> None:
        require_between(self.critical_mw, 0.0, 1e5, "cooled load: critical_mw")
        pue = as_finite(self.pue, "cooled load: pue", ndim=1)
        require(
            pue.size > 0 and bool((pue >= 1.0).all()),
            "cooled load: pue",
            given=f"{pue.size} hours from {pue.min(initial=np.inf):g}",
            allowed="1 or more in one hour or more",
        )
        require(
            self.start is not None or pue.size <= _LEAP_HOURS,
            "cooled load: pue",
            given=f"{pue.size:,} hours of weather without time stamps",
            allowed=f"up to {_LEAP_HOURS:,}, one year, where the file does not say which",
            cure="Add a column ts_utc, or give one year.",
        )
        object.__setattr__(self, "pue", frozen_array(pue))

    @property
    def design_mw(self) -> float:
        """Draw at the meter in the worst hour of the weather [MW utility]."""
        return self.critical_mw * float(self.pue.max())

    def over(self, series: HourlySeries) -> FloatArray:
        """Return the draw at the meter in the hours of a series [MW utility], shape (hour,).

        Parameters
        ----------
        series : HourlySeries
            The hours dispatched.

        Raises
        ------
        InputError
            If the weather does not cover them.

        Notes
        -----
        ``critical * PUE_h``. Without time stamps the hour of the year decides: weather of 8,760
        hours has no 29 February and gives that day its 28th; weather of 8,784 has one, and years
        without it leave it out.
        """
        if self.start is None:
            place = of_year(series, self.pue.size)
        else:
            place = np.asarray((series.hours - self.start).astype(np.int64))
        inside = (place >= 0) & (place < self.pue.size)
        first = series.hours[inside.argmin()]
        require(
            bool(inside.all()),
            self.name,
            given=f"{self._said()}, without {first}:00Z",
            allowed=f"every hour from {series.start}:00Z to {series.end}:00Z, as in {series.name}",
            cure="Give weather of those hours, or of one whole year without the column ts_utc.",
        )
        return self.critical_mw * self.pue[place]

    def _said(self) -> str:
        hours = f"{self.pue.size:,} hours"
        return f"{hours} of a year" if self.start is None else f"{hours} from {self.start}:00Z"


def of_year(series: HourlySeries, known_hours: int) -> IntArray:
    """Return the place of each hour in a year of hours, whatever the year, shape (hour,).

    Parameters
    ----------
    series : HourlySeries
        The hours.
    known_hours : int
        8,784 where the year known has a 29 February, else 8,760: that day then takes the 28th.
    """
    years = series.hours.astype("datetime64[Y]")
    hour = (series.hours - years.astype("datetime64[h]")).astype(np.int64)
    is_leap = ((years + 1).astype("datetime64[D]") - years.astype("datetime64[D]")).astype(
        np.int64
    ) == 366
    late = hour >= _LEAP_DAY_HOUR
    if known_hours == _LEAP_HOURS:
        return np.asarray(np.where(~is_leap & late, hour + 24, hour))
    return np.asarray(np.where(is_leap & late, hour - 24, hour))
