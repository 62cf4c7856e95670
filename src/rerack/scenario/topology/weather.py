"""Hourly weather from a CSV: dry bulb and wet bulb, whatever humidity the file has."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import DataError, Problem
from rerack.reliability.cooling_weather import dew_point_c, wet_bulb_c

#: Columns, one of the second line needed; pressure is that of the sea level where there is none.
_DRY, _PRESSURE, _TIME = "dry_bulb_c", "pressure_hpa", "ts_utc"
_MOISTURE = ("wet_bulb_c", "dew_point_c", "humidity_frac")
_MOST_ROWS = 2_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Weather:
    """Hours of weather.

    Parameters
    ----------
    dry_bulb_c, wet_bulb_c : FloatArray
        Dry and wet bulb [deg C], shape (hour,).
    start : numpy.datetime64 or None
        First hour, UTC; None where the file has no column of UTC.
    """

    dry_bulb_c: FloatArray
    wet_bulb_c: FloatArray
    start: np.datetime64 | None


def read_weather(path: Path) -> Weather:
    """Return the weather of each row of a CSV.

    Parameters
    ----------
    path : Path
        CSV with a header: ``dry_bulb_c``; one of ``wet_bulb_c``, ``dew_point_c`` and
        ``humidity_frac``; and, if there are, ``pressure_hpa`` and ``ts_utc``, the start of each
        hour in UTC. Other columns are left alone.

    Raises
    ------
    DataError
        No such file, a missing column, a cell that is no number, or hours that do not follow one
        another, with the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            wanted = _wanted(path, reader.fieldnames or [])
            timed = _TIME in (reader.fieldnames or [])
            rows: list[list[float]] = []
            hours: list[int] = []
            for row in reader:
                rows.append(_numbers(path, reader.line_num, row, wanted))
                if timed:
                    hours.append(_hour(path, reader.line_num, row[_TIME], hours))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise _refuse(str(path), str(reason), "a readable CSV file", "Check the path.") from None
    if not 0 < len(rows) <= _MOST_ROWS:
        raise _refuse(
            str(path), f"{len(rows):,} rows", f"1 to {_MOST_ROWS:,} rows", "Give hourly weather."
        )
    start = np.datetime64(hours[0], "h") if timed else None
    table = np.array(rows)
    dry, moist = table[:, 0], table[:, 1]
    if wanted[1] == "wet_bulb_c":
        return Weather(dry_bulb_c=dry, wet_bulb_c=moist, start=start)
    dew = dew_point_c(dry, moist) if wanted[1] == "humidity_frac" else moist
    wet = np.minimum(wet_bulb_c(dry, dew, *table[:, 2:].T), dry)
    return Weather(dry_bulb_c=dry, wet_bulb_c=wet, start=start)


def _wanted(path: Path, heads: Sequence[str]) -> list[str]:
    """Return the columns to read: dry bulb, one of moisture, and pressure where it is given."""
    moisture = next((name for name in _MOISTURE if name in heads), "")
    if _DRY not in heads or not moisture:
        raise _refuse(
            str(path),
            f"the columns {', '.join(heads) or 'none'}",
            f"{_DRY} and one of {', '.join(_MOISTURE)}",
            "Rename the columns.",
        )
    return [_DRY, moisture, *([_PRESSURE] if _PRESSURE in heads else [])]


def _hour(path: Path, line: int, text: str | None, before: list[int]) -> int:
    """Return the hours since 1970 of a time stamp, the one after the last."""
    try:
        moment = datetime.fromisoformat(text or "")
        hour, rest = divmod(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp(), 3600.0)
    except ValueError:
        hour, rest = 0.0, 1.0
    if rest or (before and hour != before[-1] + 1):
        raise _refuse(
            str(path),
            f"{text!r} as {_TIME} in line {line} of {path.name}",
            "the start of an hour in UTC, the one after the line before",
            "Fill or drop the hour: a gap is never filled in silence.",
        )
    return int(hour)


def _numbers(path: Path, line: int, row: dict[str, str], wanted: list[str]) -> list[float]:
    numbers = []
    for name in wanted:
        try:
            value = float(row[name])
        except (TypeError, ValueError):
            value = math.nan
        if not math.isfinite(value):
            raise _refuse(
                str(path),
                f"{row[name]!r} as {name} in line {line} of {path.name}",
                "a number",
                "Fill or drop the hour: a gap is never filled in silence.",
            )
        numbers.append(value)
    return numbers


def _refuse(where: str, given: str, allowed: str, cure: str) -> DataError:
    return DataError(Problem(where=where, given=given, allowed=allowed, cure=cure))
