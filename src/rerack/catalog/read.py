"""Reading a catalogue file strictly: every fault of the file is reported, none is repaired."""

from __future__ import annotations

import csv
import io
import math
import re
from datetime import date
from pathlib import Path

from rerack.base.errors import DataError, Problem
from rerack.catalog.rows import Catalog, Cell, Row
from rerack.catalog.schema import STATUSES, UNITS, Column, Table

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def read_catalog(path: Path, table: Table, *, origin: str) -> Catalog:
    """Read one CSV file (UTF-8, header line, commas) into a catalogue.

    Parameters
    ----------
    path : Path
        The file.
    table : Table
        What it must look like. Optional columns may be left out of the file.
    origin : str
        What `Row.origin` shall say.

    Returns
    -------
    Catalog
        Rows in file order.

    Raises
    ------
    DataError
        With *all* problems, each by file, line and column: unreadable file, missing or unknown
        column, empty required cell (source, date, unit and status among them), bad number or
        date, a row without any number, a repeated key.
    """
    lines = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    try:
        header = next(lines, [])
        problems = _header_problems(path, header, table)
        for cells in [] if problems else lines:
            if not cells:
                continue
            found = _row(f"{path}:{lines.line_num}", header, cells, table)
            if isinstance(found, dict):
                rows.append(Row(table=table, cells=found, origin=origin, line=lines.line_num))
            else:
                problems += found
    except csv.Error as error:
        place = f"{path}:{lines.line_num}"
        allowed = "comma-separated values, quotes closed"
        problems.append(_problem(place, str(error), allowed, "Correct the line."))
    problems += _repeated_keys(path, rows)
    if problems:
        raise DataError(*problems)
    return Catalog(table=table, rows=tuple(rows))


def parse_number(text: str) -> float | None:
    """Return a plain decimal number, or None if `text` is not one (NaN and infinity are not).

    Examples
    --------
    >>> parse_number("17.5"), parse_number("9.7e9"), parse_number("1,000"), parse_number("nan")
    (17.5, 9700000000.0, None, None)
    """
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else None


def is_date(text: str) -> bool:
    """Tell whether `text` is a calendar date of any precision: year, month or day.

    Examples
    --------
    >>> is_date("2025"), is_date("2025-11-03"), is_date("2025-02-30"), is_date("Q3 2025")
    (True, True, False, False)
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError.of(
            str(path),
            given=f"a file that cannot be read ({reason})",
            allowed="a CSV file in UTF-8",
            cure="Check the path and the encoding.",
        ) from error


def _problem(where: str, given: str, allowed: str, cure: str) -> Problem:
    return Problem(where=where, given=given, allowed=allowed, cure=cure)


def _header_problems(path: Path, header: list[str], table: Table) -> list[Problem]:
    known = [c.name for c in table.columns]
    allowed = f"the columns of table {table.name}: {', '.join(known)}"
    faults = [(f"unknown column {n!r}", "Remove or rename it.") for n in header if n not in known]
    faults += [
        (f"no column {c.name!r}", f"Add it: {c.doc}")
        for c in table.columns
        if c.required and c.name not in header
    ]
    twice = sorted({n for n in header if header.count(n) > 1})
    faults += [(f"column {n!r} more than once", "Keep one.") for n in twice]
    return [_problem(f"{path}:1", given, allowed, cure) for given, cure in faults]


def _row(
    place: str, header: list[str], texts: list[str], table: Table
) -> dict[str, Cell] | list[Problem]:
    """Return the cells of a line by column, or what is wrong with them."""
    if len(texts) != len(header):
        cure = "Quote a text that holds a comma, or add the missing commas."
        return [_problem(place, f"{len(texts)} cells", f"{len(header)} cells", cure)]
    given = dict(zip(header, (t.strip() for t in texts), strict=True))
    problems: list[Problem] = []
    cells: dict[str, Cell] = {}
    for column in table.columns:
        text = given.get(column.name, "")
        allowed = _fault(column, text)
        if allowed:
            where = f"{place}, column {column.name}"
            problems.append(_problem(where, repr(text), allowed, "Correct the cell."))
        cells[column.name] = parse_number(text) if column.kind == "float" else text or None
    if not problems and not any(isinstance(cell, float) for cell in cells.values()):
        cure = "Give a figure or delete the row: what is not known is left out."
        return [_problem(place, "a row without any number", "at least one figure", cure)]
    return problems or cells


def _fault(column: Column, text: str) -> str:
    """Return what would have been allowed in the cell, or nothing if it is good."""
    if not text:
        return f"not empty: {column.doc}" if column.required else ""
    if column.kind == "float":
        value = parse_number(text)
        if value is None:
            return "a plain number such as 17.5 or 9.7e9"
        return "" if value >= column.low else f"{column.low:g} or more"
    if column.kind == "date":
        return "" if is_date(text) else "a date: YYYY, YYYY-MM or YYYY-MM-DD"
    choices = {"status": STATUSES, "unit": tuple(sorted(UNITS))}.get(column.kind, column.choices)
    return f"one of {', '.join(choices)}" if choices and text not in choices else ""


def _repeated_keys(path: Path, rows: list[Row]) -> list[Problem]:
    first: dict[tuple[str, ...], int] = {}
    problems = []
    for row in rows:
        if row.key in first:
            given = f"{row.label} again, first on line {first[row.key]}"
            allowed = f"one row for each {', '.join(row.table.key)}"
            place = f"{path}:{row.line}"
            problems.append(_problem(place, given, allowed, "Delete or rename one of them."))
        first.setdefault(row.key, row.line)
    return problems
