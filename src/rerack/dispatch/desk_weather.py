"""Air temperature of a system's territory, read with its gaps and placed in whole summers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array, require
from rerack.dispatch.desk_peaks import UTC_OFFSET_HOURS
from rerack.markets.hourly_column import (
    FileColumn,
    check_intervals,
    finite_values,
    label,
    refuse,
    words,
)
from rerack.markets.hourly_file import read_column

TemperatureUnit = Literal["C", "F"]
TEMPERATURE_UNITS: Final[tuple[str, ...]] = get_args(TemperatureUnit)

#: Column of the weather files that `site.cooling.weather` names, taken where there are several.
_USUAL = "dry_bulb_c"
#: Words in a column's head that state a unit.
_UNIT_WORDS = {"c": "C", "celsius": "C", "f": "F", "fahrenheit": "F", "k": "K", "kelvin": "K"}
#: A summer's weather starts a month before June: signals look back 30 days.
_FIRST_MONTH, _AFTER_MONTH = 5, 10
_COLDEST_C, _HOTTEST_C = -60.0, 60.0
#: A warmest hour below this, from Fahrenheit, means that the file was in Celsius: 50 F is 10 C.
_COOL_C = 10.0

Hours = np.ndarray[Any, np.dtype[np.datetime64]]


@dataclass(frozen=True, kw_only=True, eq=False)
class SystemWeather:
    """Air temperature in hours that may have gaps between them.

    Parameters
    ----------
    name : str
        File and column that it came from.
    hours : ndarray of datetime64[h]
        Hours known, UTC, ascending, shape (hour,).
    dry_bulb_c : ndarray
        Air temperature [deg C], -60 to 60, shape (hour,); stored read-only.

    Examples
    --------
    >>> hours = np.arange("2024-05-01T05", "2024-10-01T05", dtype="datetime64[h]")
    >>> SystemWeather(name="d", hours=hours, dry_bulb_c=np.full(hours.size, 30.0)).summers
    (2024,)
    """

    name: str
    hours: Hours
    dry_bulb_c: FloatArray

    def __post_init__(self) -> None:
        warmth = as_finite(self.dry_bulb_c, f"{self.name} temperature", ndim=1)
        hours = self.hours.astype("datetime64[h]")
        steps = np.diff(hours).astype(np.int64)
        require(
            warmth.size >= 1 and hours.shape == warmth.shape and bool((steps > 0).all()),
            self.name,
            given=f"{hours.size} hours and {warmth.size} temperatures",
            allowed="as many of each, 1 or more, hours ascending",
        )
        outside = (warmth < _COLDEST_C) | (warmth > _HOTTEST_C)
        at = int(outside.argmax())
        require(
            not outside.any(),
            f"{self.name}, hour {hours[at]}:00Z",
            given=f"{warmth[at]:g} °C",
            allowed=f"{_COLDEST_C:g} to {_HOTTEST_C:g} °C",
            cure="If the file is in degrees Fahrenheit, say so (--weather-unit F).",
        )
        object.__setattr__(self, "hours", frozen_array(hours))
        object.__setattr__(self, "dry_bulb_c", frozen_array(warmth))

    @property
    def summers(self) -> tuple[int, ...]:
        """Years whose hours from 1 May to 30 September, local, are all known, ascending."""
        years = np.unique(self.hours.astype("datetime64[Y]").astype(np.int64)) + 1970
        return tuple(int(y) for y in years if self._known_of(int(y)) == _summer_hours(int(y)).size)

    def over(self, hours: Hours) -> FloatArray:
        """Return the temperature of each hour asked for [deg C], NaN where unknown, (hour,).

        Parameters
        ----------
        hours : ndarray of datetime64[h]
            Hours, UTC, shape (hour,).
        """
        at = np.minimum(np.searchsorted(self.hours, hours), self.hours.size - 1)
        return np.where(self.hours[at] == hours, self.dry_bulb_c[at], np.nan)

    def _known_of(self, year: int) -> int:
        first, after = _summer_edges(year)
        return int(np.searchsorted(self.hours, after) - np.searchsorted(self.hours, first))


def read_weather_file(
    path: Path | str, *, column: str | None = None, unit: TemperatureUnit = "C"
) -> SystemWeather:
    """Read air temperature by hour from a CSV or Parquet file.

    Parameters
    ----------
    path : Path or str
        The file: a column of UTC hours or of time stamps with their offset, and one of
        temperatures. The weather file of `site.cooling.weather` is one.
    column : str or None
        Temperature column; needed where there are several and none is ``dry_bulb_c``.
    unit : {"C", "F"}
        Unit of the column. A unit in the column's head must agree with it.

    Returns
    -------
    SystemWeather
        Temperatures in deg C.

    Raises
    ------
    DataError
        As `read_column`; repeated or unsorted hours; a gap within a summer, 1 May to 30 September:
        whole summers may be missing, since they are then judged without weather.
    InputError
        Temperatures that are none in the unit stated.
    """
    found = read_column(path, column=column, what="temperature", usual=_USUAL)
    _check_unit(found, unit)
    if not check_intervals(found, longest_gap_hours=np.inf):
        refuse(
            found.file,
            given="quarter-hours",
            allowed="one temperature an hour",
            cure="Average the quarter-hours first.",
        )
    _refuse_broken_summer(found)
    warmth = finite_values(found)
    warmth = (warmth - 32.0) / 1.8 if unit == "F" else warmth
    name = f"{found.file.name}:{found.name}"
    require(
        unit == "C" or float(warmth.max()) >= _COOL_C,
        name,
        given=f"no hour above {warmth.max() * 1.8 + 32.0:.3g} °F",
        allowed=f"a warmest hour of {_COOL_C * 1.8 + 32.0:g} °F or more",
        cure="If the file is in degrees Celsius, say so (--weather-unit C).",
    )
    hours = (found.quarters // 4).astype("datetime64[h]")
    return SystemWeather(name=name, hours=hours, dry_bulb_c=warmth)


def _check_unit(found: FileColumn, unit: str) -> None:
    require(
        unit in TEMPERATURE_UNITS,
        "--weather-unit",
        given=repr(unit),
        allowed=" or ".join(TEMPERATURE_UNITS),
    )
    stated = {_UNIT_WORDS[word] for word in words(found.name) if word in _UNIT_WORDS}
    if stated and unit not in stated:
        refuse(
            found.file,
            at=f"column {found.name!r}",
            given=f"unit {unit} for a column whose name says {', '.join(sorted(stated))}",
            allowed="one and the same unit, C or F",
            cure="State the column's unit (--weather-unit), or convert kelvins first.",
        )


def _refuse_broken_summer(found: FileColumn) -> None:
    """Refuse rows that leave out a part of a summer between them."""
    hours = (found.quarters // 4).astype("datetime64[h]")
    for row in np.flatnonzero(np.diff(hours).astype(np.int64) > 1):
        for side in (hours[row], hours[row + 1]):
            first, after = _summer_edges(int(str(side)[:4]))
            missing_from = max(hours[row] + 1, first)
            if first <= side < after and missing_from < min(hours[row + 1], after):
                refuse(
                    found.file,
                    at=f"row {row + found.first_row + 1} ({label(found.quarters[row + 1])})",
                    given=f"a gap: first missing hour {label(found.quarters[row] + 4)}",
                    allowed="all hours of a summer, 1 May to 30 September, or none",
                    cure="Fill the missing hours by a rule you can defend, or leave that whole "
                    "summer out: it is then judged by load only.",
                )


def _summer_edges(year: int) -> tuple[np.datetime64, np.datetime64]:
    """Return the first hour of a summer's weather and the one after its last, UTC."""
    offset = np.timedelta64(UTC_OFFSET_HOURS, "h")
    first, after = (
        np.datetime64(f"{year}-{month:02d}-01T00", "h") - offset
        for month in (_FIRST_MONTH, _AFTER_MONTH)
    )
    return first, after


def _summer_hours(year: int) -> Hours:
    first, after = _summer_edges(year)
    return np.arange(first, after)
