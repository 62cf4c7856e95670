"""A column of numbers by hour or quarter-hour as a file gives it, and what is refused in one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.base.errors import DataError

_SIGNS = {"€": " eur ", "£": " gbp ", "$": " usd ", "¢": " cents "}


@dataclass(frozen=True, kw_only=True, eq=False)
class FileColumn:
    """Numbers of one column, with the time of each, as they stand in the file.

    Parameters
    ----------
    file : Path
        The file.
    name : str
        Head of the column.
    what : str
        What it holds, in one word.
    quarters : ndarray of int
        Start of each row as quarter-hours since 1970, UTC, shape (row,).
    values : ndarray
        The numbers, NaN where a cell is empty, shape (row,).
    first_row : int
        Row of the file that the first number stands in, for messages.
    """

    file: Path
    name: str
    what: str
    quarters: IntArray
    values: FloatArray
    first_row: int


def check_intervals(found: FileColumn, *, longest_gap_hours: float = 0.0) -> bool:
    """Refuse repeated, unsorted or missing rows; return whether they are whole hours.

    Parameters
    ----------
    found : FileColumn
        The column.
    longest_gap_hours : float
        Hours that may be missing between two rows; infinity allows any number.

    Raises
    ------
    DataError
        With the row and the time of the first that is wrong.
    """
    file, quarters, first_row = found.file, found.quarters, found.first_row
    by_hour = not (quarters % 4).any()
    length, word = 4 if by_hour else 1, interval(by_hour)
    one = f"{'an' if by_hour else 'a'} {word}"
    steps = np.diff(quarters) // length
    longest = 1.0 + longest_gap_hours * 4.0 / length
    wrong = np.flatnonzero((steps < 1) | (steps > longest))
    if wrong.size:
        at = int(wrong[0])
        if steps[at] == 0:
            repeats = int((steps == 0).sum())
            given = f"{one} that occurs twice ({repeats} repeats)"
            cure = f"Keep one row {one}; if these are local times, convert them to UTC."
        elif (steps < 0).any():
            given, cure = f"{one} earlier than the row before", "Sort the rows by time."
        else:
            missing, first = int((steps - 1).sum()), label(quarters[at] + length)
            given = f"a gap: first missing {word} {first}, {missing} missing in all"
            cure = "Fill the missing hours yourself, by a rule you can defend."
        refuse(
            file,
            at=f"row {at + first_row + 1} ({label(quarters[at + 1])})",
            given=given,
            allowed=f"every {word} once, in order",
            cure=cure,
        )
    if not by_hour and (quarters[0] % 4 or (quarters[-1] + 1) % 4):
        refuse(
            file,
            given=f"quarter-hours from {label(quarters[0])} to {label(quarters[-1])}",
            allowed="whole hours: from :00 to :45",
            cure="Leave out the quarter-hours of the first or last hour that is not whole.",
        )
    return by_hour


def finite_values(found: FileColumn) -> FloatArray:
    """Return the numbers of a column, having refused a row without one.

    Parameters
    ----------
    found : FileColumn
        The column.

    Raises
    ------
    DataError
        With the first row that has no finite number.
    """
    bad = np.flatnonzero(~np.isfinite(found.values))
    if bad.size:
        refuse(
            found.file,
            at=f"row {bad[0] + found.first_row} ({label(found.quarters[bad[0]])})",
            given=f"no finite {found.what} in {found.name!r} ({bad.size} such rows)",
            allowed="a number in every row",
            cure="Fill the missing ones yourself, by a rule you can defend.",
        )
    return found.values


def interval(by_hour: bool) -> str:
    """Return what a row covers, in words."""
    return "hour" if by_hour else "quarter-hour"


def label(quarter: int) -> str:
    """Return the time of a quarter-hour since 1970, as messages write it."""
    return f"{np.datetime64(int(quarter) * 15, 'm')}Z"


def words(header: str) -> set[str]:
    """Return the words of a column's head in small letters, signs of currencies spelt out."""
    text = header.lower()
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    return set(re.split(r"[^a-z]+", text))


def refuse(
    file: Path, *, given: str, allowed: str, at: str = "", cure: str = "Correct the file."
) -> NoReturn:
    """Raise `DataError` for a file, with the place in it where there is one."""
    where = f"{file}: {at}" if at else str(file)
    raise DataError.of(where, given=given, allowed=allowed, cure=cure)
