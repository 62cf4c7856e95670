"""What every workbook is made of: formats, tables, sources, and a file written all or nothing."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rerack.base.errors import StoreError
from rerack.report.format import printable
from rerack.report.source import Table

#: Word for a cover of debt service that is without end.
ENDLESS = "no debt service"


def save_book(path: str | Path, fill: Callable[[Any], None]) -> Path:
    """Write a workbook, all or nothing.

    Parameters
    ----------
    path : str or Path
        File to write; its folder is made if need be.
    fill : callable
        Called with the open workbook.

    Raises
    ------
    StoreError
        The file cannot be written, or xlsxwriter is not installed.

    Notes
    -----
    No cell holds a text that begins a formula.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise StoreError(
            "xlsxwriter: not installed. Install it with: pip install 'rerack[xlsx]'"
        ) from None
    target = Path(path)
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        book = xlsxwriter.Workbook(aside, {"strings_to_formulas": False, "strings_to_urls": False})
        fill(book)
        book.close()
        aside.replace(target)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        aside.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or error
        raise StoreError(
            f"{target}: cannot write the workbook ({reason}). Free some space, or choose another "
            "file."
        ) from error
    return target


class Looks:
    """The formats of the workbook's cells."""

    def __init__(self, book: Any) -> None:
        grey = "#59606A"
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.note = book.add_format({"font_color": grey, "text_wrap": True, "valign": "top"})
        self.usd = book.add_format({"num_format": "#,##0;(#,##0);–"})
        self.cents = book.add_format({"num_format": "#,##0.00;(#,##0.00);0.00"})
        self.total = book.add_format({"num_format": "#,##0;(#,##0);–", "bold": True, "top": 1})
        self.factor = book.add_format({"num_format": "0.000000", "font_color": grey})
        self.rate = book.add_format({"num_format": "0.00%", "bg_color": "#FFF6DB", "border": 1})
        self.share = book.add_format({"num_format": "0.0%"})
        self.number = book.add_format({"num_format": "#,##0.######"})


def table_sheet(
    book: Any, looks: Looks, name: str, table: Table, *, endless: str = ENDLESS
) -> None:
    """Write a table as a sheet with a filter on every column.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        Workbook.
    looks : Looks
        Its formats.
    name : str
        Name of the sheet.
    table : Table
        Columns.
    endless : str
        Word for a number without end.
    """
    sheet = book.add_worksheet(name)
    for k, (head, column) in enumerate(table.items()):
        sheet.write_string(0, k, head, looks.head)
        for i, cell in enumerate(column.tolist(), 1):
            if isinstance(cell, str):
                sheet.write_string(i, k, printable(cell))
            elif isinstance(cell, bool):
                sheet.write_boolean(i, k, cell)
            else:
                write_cell(sheet, i, k, float(cell), looks.number, endless)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(next(iter(table.values()), [])), 1), max(len(table) - 1, 0))
    sheet.set_column(0, max(len(table) - 1, 0), 24)


def source_sheet(book: Any, looks: Looks, inputs: Table) -> None:
    """Write every source once, with its status, date, and how many inputs rest on it.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        Workbook.
    looks : Looks
        Its formats.
    inputs : Table
        Columns source, status and as_of.
    """
    keys = list(zip(*(inputs[c].tolist() for c in ("source", "status", "as_of")), strict=True))
    seen = dict.fromkeys(keys)
    table_sheet(
        book,
        looks,
        "Sources",
        {
            "source": np.array([k[0] for k in seen], dtype=str),
            "status": np.array([k[1] for k in seen], dtype=str),
            "as_of": np.array([k[2] for k in seen], dtype=str),
            "inputs": np.array([keys.count(k) for k in seen], dtype=float),
        },
    )


def write_cell(
    sheet: Any, row: int, column: int, value: float, look: Any, endless: str = ENDLESS
) -> None:
    """Write a number; one that is none or without end as the word that the report uses.

    Parameters
    ----------
    sheet : xlsxwriter.Worksheet
        Sheet.
    row, column : int
        Cell, counted from 0.
    value : float
        Number.
    look : xlsxwriter.Format
        How it is shown.
    endless : str
        Word for a number without end.
    """
    if math.isfinite(value):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, "none" if math.isnan(value) else endless)


def column_letters(index: int) -> str:
    """Return the letters of a column.

    Parameters
    ----------
    index : int
        Column, counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(242)
    ('A', 'Z', 'AA', 'II')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
