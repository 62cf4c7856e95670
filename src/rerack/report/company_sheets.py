"""Whole tables of a valuation written for people: money in MUSD, the columns that fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from rerack.report.company_statements import statements_text
from rerack.report.format import number, share
from rerack.report.tables import Written, lay_out, written
from rerack.study.company_study import CompanyRun
from rerack.study.store import Table


def shown(name: str, table: Table, runs: Sequence[CompanyRun]) -> str:
    """Return a whole table for the terminal, money in MUSD; statements by year.

    Parameters
    ----------
    name : str
        Which of the command's tables.
    table : Table
        Its columns.
    runs : sequence of CompanyRun
        Whose it is.
    """
    if name == "statements":
        return statements_text(runs, table)
    return lay_out(sheet(name, table), width=110, indent=0)


def sheet(name: str, table: Table) -> Written:
    """Return a table written for people: money in MUSD, the columns that fit.

    Parameters
    ----------
    name : str
        Which of the command's tables.
    table : Table
        Its columns.
    """
    left_out = {
        "inputs": ("as_of", "unit", "where"),
        "implied": ("source",),
    }.get(name, ())
    kept = {k: v for k, v in table.items() if k not in left_out}
    if name == "per_mw":
        kept = {
            k: v
            for k, v in kept.items()
            if "_p50" not in k and not k.startswith(("gain_se", "gain_p", "p50"))
        }
    columns: dict[str, Any] = {}
    formats: dict[str, Callable[[Any], str]] = {}
    for key, values in kept.items():
        if key.endswith("_usd_per_mw") or key == "usd_per_mw":
            label = key.removesuffix("_usd_per_mw").replace("_", " ")
            columns[f"{label}, MUSD/MW".replace("usd per mw, ", "")] = values / 1e6
        elif key == "share_price_usd":
            columns["share, USD"] = values
        elif key.endswith(("_usd_per_year", "_usd_per_mw_year")):
            label, _, per = key.partition("_usd_per_")
            columns[f"{label.replace('_', ' ').upper()}, MUSD/{per.replace('mw_', 'MW-')}"] = (
                values / 1e6
            )
        elif key == "usd":
            columns["MUSD"] = values / 1e6
        elif key.endswith("_usd"):
            columns[f"{key.removesuffix('_usd').replace('_', ' ')}, MUSD"] = values / 1e6
        elif key.endswith("_frac"):
            label = key.removesuffix("_frac").replace("_", " ")
            columns[label] = values
            if not key.startswith("cover"):
                formats[label] = share
        else:
            columns[key.replace("_", " ")] = values
    for label, cells in columns.items():
        if cells.dtype.kind == "f":
            formats[label] = _or_unknown(formats.get(label, number))
    return written(columns, formats=formats)


def _or_unknown(write: Callable[[float], str]) -> Callable[[float], str]:
    """Return what writes a number, and what is not known as a word."""
    return lambda value: "unknown" if math.isnan(value) else write(value)
