"""Files of one's own: hourly prices from CSV or Parquet, monthly curves from a spreadsheet."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import DataError, InputError
from rerack.base.units import parse_quantity
from rerack.livedata.observations import TimeArray

_MAX_BYTES = 16 * 2**20
_MAX_MONTHS = 1_200


def read_hourly(path: Path, *, column: str | None, unit: str) -> tuple[TimeArray, FloatArray]:
    """Return hours and prices [USD/MWh] of a CSV or Parquet file."""
    from rerack.markets.files import read_price_file

    series = read_price_file(path, column=column, unit=unit)
    return series.hours.astype("datetime64[s]"), series.prices_usd_per_mwh


def read_curve(
    path: Path, *, sheet: str | None, column: str | None, unit: str
) -> tuple[TimeArray, FloatArray]:
    """Return months and prices [USD/MWh] of one curve of a spreadsheet.

    Parameters
    ----------
    path : Path
        A workbook (.xlsx). The first row names the columns; the first column holds months, as
        dates or as text such as 2027-01.
    sheet : str or None
        Sheet; needed where the workbook has several.
    column : str or None
        Curve; needed where the sheet has several.
    unit : str
        Unit of the prices, anything that converts to USD/MWh.

    Raises
    ------
    DataError
        What is wrong, with sheet and cell; formulas count by the value last computed.
    """
    rows = _rows(path, sheet)
    header = [str(cell or "").strip() for cell in rows[0]]
    at = _curve_at(path, header, column)
    factor = _factor(path, unit)
    months: list[np.datetime64] = []
    values: list[float] = []
    for number, row in enumerate(rows[1:], start=2):
        if all(cell is None for cell in row):
            continue
        months.append(_month(path, number, row[0]))
        cell = row[at]
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            _refuse(path, f"row {number}, column {header[at]!r}", repr(cell), "a number")
        values.append(float(cell) * factor)
    if not months or len(months) > _MAX_MONTHS:
        _refuse(path, "sheet", f"{len(months)} months", f"1 to {_MAX_MONTHS}")
    return np.array(months, dtype="datetime64[s]"), np.array(values)


def _rows(path: Path, sheet: str | None) -> list[tuple[Any, ...]]:
    try:
        import openpyxl
    except ImportError:
        raise InputError.of(
            str(path),
            given="a spreadsheet, without the package openpyxl",
            allowed="rerack with its extra `xlsx`",
            cure="Install it with: pip install 'rerack[xlsx]', or give a CSV.",
        ) from None
    try:
        if path.stat().st_size > _MAX_BYTES:
            _refuse(path, "size", f"{path.stat().st_size} bytes", f"up to {_MAX_BYTES}")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except OSError as reason:
        _refuse(path, "file", reason.strerror or "unreadable", "a workbook (.xlsx)")
    except DataError:
        raise
    except Exception as reason:  # openpyxl raises whatever its XML and zip parsers do
        _refuse(path, "file", f"{type(reason).__name__}: {reason}", "a workbook (.xlsx)")
    try:
        names = book.sheetnames
        if (sheet is None and len(names) != 1) or (sheet is not None and sheet not in names):
            _refuse(path, "--sheet", repr(sheet), ", ".join(names))
        page = book[sheet or names[0]]
        rows = [tuple(r) for _, r in zip(range(_MAX_MONTHS + 2), page.values, strict=False)]
    finally:
        book.close()
    if len(rows) < 2 or len(rows[0]) < 2:
        _refuse(path, "sheet", "no table", "a header, a column of months and curves beside it")
    return rows


def _curve_at(path: Path, header: list[str], column: str | None) -> int:
    curves = [name for name in header[1:] if name]
    if column is None and len(curves) != 1:
        _refuse(path, "--column", f"{len(curves)} curves: {', '.join(curves[:12])}", "one of them")
    name = curves[0] if column is None else column
    if header.count(name) != 1 or name == header[0]:
        _refuse(path, "--column", repr(name), ", ".join(curves[:40]))
    return header.index(name)


def _factor(path: Path, unit: str) -> float:
    try:
        return parse_quantity(f"1 {unit}", "usd_per_mwh").value
    except InputError:
        _refuse(path, "--unit", repr(unit), "USD/MWh, USD/kWh or c/kWh; convert other currencies")


def _month(path: Path, number: int, cell: Any) -> np.datetime64:
    text = cell.date().isoformat() if isinstance(cell, datetime) else str(cell)
    text = cell.isoformat() if isinstance(cell, date) and not isinstance(cell, datetime) else text
    try:
        if len(text) not in (7, 10) or int(text[:4]) < 1990:
            raise ValueError(text)
        return np.datetime64(text[:7], "M")
    except ValueError:
        _refuse(
            path,
            f"row {number}, first column",
            repr(cell),
            "a month since 1990, as a date or 2027-01",
        )


def _refuse(path: Path, at: str, given: str, allowed: str) -> NoReturn:
    raise DataError.of(
        f"{path}: {at}", given=given, allowed=allowed, cure="Correct the file or the option."
    )
