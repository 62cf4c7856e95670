"""A valuation of companies as a workbook: values, statements by year with live checks, inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rerack.finance.statements import SUBTOTALS
from rerack.report.company_statements import yearly
from rerack.report.format import printable
from rerack.report.source import RunTables, Table, rows, select
from rerack.report.workbook_parts import Looks, column_letters, save_book, table_sheet
from rerack.study.tables.finance import MEAN

#: Tables of a run that get a sheet of their own, by name of the sheet.
_SHEETS = {
    "Value": "value", "Per MW": "per_mw", "Liquidity": "liquidity", "Implied": "implied",
    "Yields": "yields", "Known": "known", "Worst cover": "dscr", "Inputs": "inputs",
    "Market inputs": "market_inputs", "Catalogue": "facts",
}  # fmt: skip
#: Word for a runway or a cover without end.
_ENDLESS = "without end"
#: First row of lines on a sheet of statements, counted from 0.
_TOP = 3
#: What adds up to nothing on a balance sheet: line -> sign.
_BALANCE = {"total assets": "+", "total liabilities": "-", "total equity": "-"}


def write_company_workbook(run: RunTables, path: str | Path, tables: tuple[str, ...]) -> Path:
    """Write a valuation of companies to an Excel workbook, all or nothing.

    Parameters
    ----------
    run : RunTables
        From `rerack.study.company_folder`.
    path : str or Path
        File to write.
    tables : tuple of str
        Names of the run's tables.

    Raises
    ------
    StoreError
        The file cannot be written, or xlsxwriter is not installed.

    Notes
    -----
    *Statements n*: means by calendar year of the company, consolidated, and of each site, with all
    that is announced [USD]. Each sheet checks itself by formula: assets less liabilities less
    equity are zero to the cent.
    """
    return save_book(path, lambda book: _fill(book, run, tables))


def _fill(book: Any, run: RunTables, tables: tuple[str, ...]) -> None:
    looks = Looks(book)
    for sheet, name in list(_SHEETS.items())[:5]:
        if name in tables:
            table_sheet(book, looks, sheet, run.table(name), endless=_ENDLESS)
    made = select(yearly(run.table("statements")), case=str(run.meta["cases"][-1]), scenario=MEAN)
    owners = dict.fromkeys(zip(made["company"].tolist(), made["of"].tolist(), strict=True))
    for number, (company, of) in enumerate(owners, 1):
        sheet = book.add_worksheet(f"Statements {number}")
        _statement_sheet(sheet, looks, f"{company}, {of}", select(made, company=company, of=of))
    for sheet, name in list(_SHEETS.items())[5:]:
        if name in tables:
            table_sheet(book, looks, sheet, run.table(name), endless=_ENDLESS)


def _statement_sheet(sheet: Any, looks: Looks, title: str, table: Table) -> None:
    """Write one set of statements with its checks above it."""
    years = [name for name in table if name.isdigit()]
    sheet.write_string(0, 0, printable(f"{title}, mean over scenarios, USD"), looks.title)
    for k, head in enumerate(("statement", "line", *years)):
        sheet.write_string(_TOP - 1, k, head, looks.head)
    place: dict[tuple[str, str], int] = {}
    for i, row in enumerate(rows(table), _TOP):
        line = str(row["line"])
        place[str(row["statement"]), line] = i
        sheet.write_string(i, 0, str(row["statement"]))
        sheet.write_string(i, 1, printable(line))
        look = looks.total if line in SUBTOTALS else looks.usd
        for k, year in enumerate(years, 2):
            sheet.write_number(i, k, float(row[year]), look)
    sheet.write_string(1, 1, "check: assets − liabilities − equity", looks.note)
    for k in range(2, 2 + len(years)):
        terms = [
            f"{sign}{column_letters(k)}{place['balance', line] + 1}"
            for line, sign in _BALANCE.items()
            if ("balance", line) in place
        ]
        formula = f"=ROUND({''.join(terms).lstrip('+')},2)" if terms else "=0"
        sheet.write_formula(1, k, formula, looks.cents, 0.0)
    sheet.freeze_panes(_TOP, 2)
    sheet.set_column(0, 0, 11)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 1 + len(years), 17)
