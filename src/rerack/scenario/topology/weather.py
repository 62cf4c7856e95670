"""Hourly weather from a CSV: dry bulb and wet bulb, whatever humidity the file has."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import DataError, Problem
from rerack.reliability.cooling_weather import dew_point_c, wet_bulb_c

#: Columns, one of the second line needed; pressure is that of the sea level where there is none.
_DRY, _PRESSURE = "dry_bulb_c", "pressure_hpa"
_MOISTURE = ("wet_bulb_c", "dew_point_c", "humidity_frac")
_MOST_ROWS = 2_000_000


def read_weather(path: Path) -> tuple[FloatArray, FloatArray]:
    """Return dry bulb and wet bulb [deg C] of each row of a CSV, shape (hour,).

    Parameters
    ----------
    path : Path
        CSV with a header: ``dry_bulb_c``; one of ``wet_bulb_c``, ``dew_point_c`` and
        ``humidity_frac``; and, if there is one, ``pressure_hpa``. Other columns are left alone.

    Raises
    ------
    DataError
        No such file, a missing column, or a cell that is no number, with its row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            heads = reader.fieldnames or []
            moisture = next((name for name in _MOISTURE if name in heads), "")
            if _DRY not in heads or not moisture:
                raise _refuse(
                    str(path),
                    f"the columns {', '.join(heads) or 'none'}",
                    f"{_DRY} and one of {', '.join(_MOISTURE)}",
                    "Rename the columns.",
                )
            wanted = [_DRY, moisture, *([_PRESSURE] if _PRESSURE in heads else [])]
            rows = [_numbers(path, reader.line_num, row, wanted) for row in reader]
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise _refuse(str(path), str(reason), "a readable CSV file", "Check the path.") from None
    if not 0 < len(rows) <= _MOST_ROWS:
        raise _refuse(
            str(path), f"{len(rows):,} rows", f"1 to {_MOST_ROWS:,} rows", "Give hourly weather."
        )
    table = np.array(rows)
    dry, moist = table[:, 0], table[:, 1]
    if moisture == "wet_bulb_c":
        return dry, moist
    dew = dew_point_c(dry, moist) if moisture == "humidity_frac" else moist
    return dry, np.minimum(wet_bulb_c(dry, dew, *table[:, 2:].T), dry)


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
