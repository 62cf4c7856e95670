"""A run as a workbook that a finance team can audit: inputs, cash by month, live formulas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rerack.report.answer import answer
from rerack.report.format import printable
from rerack.report.sheets import money_basis, run_title
from rerack.report.source import CheckedRun, RunTables, check_run, select
from rerack.report.workbook_parts import (
    Looks,
    column_letters,
    save_book,
    source_sheet,
    table_sheet,
    write_cell,
)

#: Plans are numbered in sheet names: names may hold characters that a sheet may not.
_CASH = "Cash {number}"
#: Where the discount rate stands; every discount factor refers to it.
_RATE_CELL = "Answer!$B$4"
#: First row and column of amounts in a cash sheet, counted from 0.
_TOP, _LEFT = 4, 2
_HEADS = (
    "plan",
    "mean NPV by formula",
    "mean NPV by rerack",
    "difference",
    "standard error",
    "against the first plan",
    "capex",
    "worst DSCR",
    "IRR",
    "on the IRR",
)
#: Measure of NPV over scenarios, its formula, and its level where it is a quantile.
_MEASURES: tuple[tuple[str, str, float | None], ...] = (
    ("mean", "AVERAGE({area})", None),
    ("P5", "PERCENTILE({area},0.05)", 0.05),
    ("median", "MEDIAN({area})", 0.5),
    ("P95", "PERCENTILE({area},0.95)", 0.95),
)


def write_workbook(run: RunTables, path: str | Path) -> Path:
    """Write a run to an Excel workbook, all or nothing.

    Parameters
    ----------
    run : RunTables
        A finished run.
    path : str or Path
        File to write; its folder is made if need be.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    StoreError
        The file cannot be written, or xlsxwriter is not installed.

    Notes
    -----
    *Answer*: every plan, its NPV by formula from its cash sheet beside rerack's own, and their
    difference. *Cash n*: mean cash of plan n by hall and line, a column a month; sums, discount
    factors and present value are formulas on the discount rate of *Answer*, which may be changed.
    *Scenarios*: NPV of each plan in each scenario; mean and quantiles by formula. *Inputs* and
    *Sources*: what it is built on. No cell holds a text that begins a formula.
    """
    checked = check_run(run)
    return save_book(path, lambda book: _fill(book, checked))


def _fill(book: Any, run: CheckedRun) -> None:
    looks = Looks(book)
    front = book.add_worksheet("Answer")
    plans = [str(p) for p in run.table("plans")["plan"]]
    totals = {plan: _cash_sheet(book, looks, run, plan, k) for k, plan in enumerate(plans, 1)}
    _scenario_sheet(book, looks, run, plans)
    _answer_sheet(front, looks, run, plans, totals)
    for name in ("uses", "outlook", "decisions"):
        table_sheet(book, looks, name.capitalize(), run.table(name))
    table_sheet(book, looks, "Inputs", run.table("inputs"))
    source_sheet(book, looks, run.table("inputs"))


def _answer_sheet(
    sheet: Any, looks: Looks, run: CheckedRun, plans: list[str], totals: dict[str, str]
) -> None:
    """Write the plans side by side, each NPV by formula beside rerack's own."""
    told = answer(run)
    table = run.table("plans")
    sheet.write_string(0, 0, printable(run_title(run)), looks.note)
    sheet.write_string(1, 0, told.headline, looks.title)
    sheet.write_string(2, 0, told.gain)
    sheet.write_string(3, 0, "discount rate, effective a year (change it: NPVs follow)")
    sheet.write_number(3, 1, float(run.meta["discount_rate_frac"]), looks.rate)
    sheet.write_string(4, 0, printable(money_basis(run, "USD")), looks.note)
    for k, head in enumerate(_HEADS):
        sheet.write_string(6, k, head, looks.head)
    for i, plan in enumerate(plans):
        row = 7 + i
        own = float(table["npv_mean_usd"][i])
        sheet.write_string(row, 0, printable(plan))
        sheet.write_formula(row, 1, f"={totals[plan]}", looks.usd, own)
        sheet.write_number(row, 2, own, looks.usd)
        sheet.write_formula(row, 3, f"=B{row + 1}-C{row + 1}", looks.cents, 0.0)
        write_cell(sheet, row, 4, float(table["npv_se_usd"][i]), looks.usd)
        sheet.write_formula(
            row, 5, f"=B{row + 1}-B$8", looks.usd, own - float(table["npv_mean_usd"][0])
        )
        write_cell(sheet, row, 6, float(table["capex_usd"][i]), looks.usd)
        write_cell(sheet, row, 7, float(table["worst_dscr"][i]), looks.number)
        write_cell(sheet, row, 8, float(table["irr_frac"][i]), looks.share)
        sheet.write_string(row, 9, printable(str(table["irr_note"][i])), looks.note)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 8, 18)
    sheet.set_column(9, 9, 40)


def _cash_sheet(book: Any, looks: Looks, run: CheckedRun, plan: str, number: int) -> str:
    """Write a plan's mean cash by hall and line; return the address of its net present value."""
    name = _CASH.format(number=number)
    sheet = book.add_worksheet(name)
    cash = select(run.table("cashflow"), plan=plan)
    months = list(dict.fromkeys(cash["month"].tolist()))
    amounts = cash["mean_usd"].reshape(-1, len(months)) if months else np.zeros((0, 0))
    halls, lines = (cash[c][:: max(len(months), 1)].tolist() for c in ("hall", "line"))
    sheet.write_string(0, 0, printable(plan), looks.title)
    sheet.write_string(1, 0, "mean over scenarios, USD, cash out in parentheses", looks.note)
    last = column_letters(_LEFT + len(months) - 1)
    first = column_letters(_LEFT)
    below = _TOP + len(lines)
    for k, head in enumerate(("hall", "line", *months)):
        sheet.write_string(_TOP - 1, k, head, looks.head)
    factors = (1.0 + float(run.meta["discount_rate_frac"])) ** (-np.arange(len(months)) / 12.0)
    for k in range(len(months)):
        formula = f"=(1+{_RATE_CELL})^(-{k}/12)"
        sheet.write_formula(_TOP - 2, _LEFT + k, formula, looks.factor, float(factors[k]))
    for i, row in enumerate(amounts):
        sheet.write_string(_TOP + i, 0, printable(halls[i]))
        sheet.write_string(_TOP + i, 1, printable(lines[i]))
        sheet.write_row(_TOP + i, _LEFT, row.tolist(), looks.usd)
    sheet.write_string(_TOP - 2, 1, "discount factor", looks.note)
    sheet.write_string(below, 1, "owner's cash after tax and debt", looks.total)
    sums = amounts.sum(axis=0)
    for k in range(len(months)):
        column = column_letters(_LEFT + k)
        formula = f"=SUM({column}{_TOP + 1}:{column}{below})" if len(lines) else "=0"
        sheet.write_formula(below, _LEFT + k, formula, looks.total, float(sums[k]))
    sheet.write_string(below + 1, 1, "net present value", looks.total)
    across = f"{first}{below + 1}:{last}{below + 1},{first}{_TOP - 1}:{last}{_TOP - 1}"
    worth = float(sums @ factors) if len(months) else 0.0
    sheet.write_formula(below + 1, _LEFT, f"=SUMPRODUCT({across})", looks.total, worth)
    sheet.freeze_panes(_TOP, _LEFT)
    sheet.set_column(0, 1, 22)
    sheet.set_column(_LEFT, _LEFT + len(months), 13)
    return f"'{name}'!${first}${below + 2}"


def _scenario_sheet(book: Any, looks: Looks, run: CheckedRun, plans: list[str]) -> None:
    """Write NPV by scenario and plan, with mean and quantiles by formula on top."""
    sheet = book.add_worksheet("Scenarios")
    table = run.table("scenarios")
    values = [select(table, plan=p)["npv_usd"] for p in plans]
    count = len(values[0])
    for k, head in enumerate(("NPV, USD", *plans)):
        sheet.write_string(0, k, printable(head), looks.head)
    for i, (label, formula, level) in enumerate(_MEASURES, 1):
        sheet.write_string(i, 0, label, looks.total)
        for k, npv in enumerate(values, 1):
            area = f"{column_letters(k)}7:{column_letters(k)}{6 + count}"
            shown = float(npv.mean() if level is None else np.quantile(npv, level))
            sheet.write_formula(i, k, f"={formula.format(area=area)}", looks.total, shown)
    sheet.write_column(6, 0, list(range(count)))
    for k, npv in enumerate(values, 1):
        sheet.write_column(6, k, npv.tolist(), looks.usd)
    sheet.freeze_panes(6, 1)
    sheet.set_column(0, len(plans), 20)
