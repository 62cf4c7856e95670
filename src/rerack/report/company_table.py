"""Companies side by side: one row a company, from the tables of a valuation or a kept run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rerack.planning.company import CASES
from rerack.report.format import number, span
from rerack.report.source import Table, select
from rerack.report.tables import Written, written
from rerack.study.company_study import CompanyRun
from rerack.study.run import Run
from rerack.study.tables.company import COMPANY_TABLES

#: Reads a table of a valuation by name; empty where it has no rows.
Read = Callable[[str], Table]
#: What the mark of an equity says.
STARRED = "* without what is unknown of cash, coins, debt and overhead"
#: What the values side by side are.
BASIS = (
    "Enterprise value per MW at the meter: operations after tax at the discount rate, without "
    "debt, mean over scenarios; equity adds cash and coins and deducts debt at face; never a price "
    "target"
)
#: Inputs without which an equity is not whole.
_WHOLE = ("cash", "coins", "debt", "overhead")


def of_runs(runs: Sequence[CompanyRun]) -> Read:
    """Return what reads the tables of a valuation in memory.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.
    """
    return lambda name: COMPANY_TABLES[name](runs)


def of_run(run: Run) -> Read:
    """Return what reads the tables of a valuation that was kept.

    Parameters
    ----------
    run : Run
        From `rerack.study.company_folder`.
    """
    names = run.names()
    return lambda name: run.table(name) if name in names else {}


def side_by_side(read: Read, *, full: bool = False) -> Written:
    """Return one row a company: MW, value per MW in three cases, holdings, equity, runway.

    Parameters
    ----------
    read : callable
        `of_runs` or `of_run`.
    full : bool
        Whether to add what only a page has room for: gain per converted MW, implied value,
        income, cover.
    """
    table, cash = read("per_mw"), read("liquidity")
    step = len(CASES)
    mean = table["per_utility_mean_usd_per_mw"] / 1e6
    last = slice(step - 1, None, step)
    held = np.nan_to_num(cash["cash_usd"]) + cash["coins_usd"]
    columns: dict[str, Any] = {
        "company": table["company"][::step],
        "MW utility": table["utility_mw"][::step],
        "of it critical": [number(v) if v else "–" for v in table["convertible_mw"][::step]],
        "MUSD/MW mining on": mean[::step],
        "signed": mean[1::step],
        "announced": mean[last],
        "± s.e.": table["per_utility_se_usd_per_mw"][last] / 1e6,
        "cash and coins, MUSD": [_money(v) for v in held[::step]],
        "debt, MUSD": [_money(v) for v in cash["debt_usd"][::step]],
        "equity, MUSD": _equities(read),
        "runway P5": [_or_never(v) for v in cash["runway_p5_months"][last]],
    }
    if full:
        gain = table["gain_per_converted_utility_usd_per_mw"][last]
        columns |= {
            "gain, MUSD/MW that converts": [_or_dash(v / 1e6) for v in gain],
            "implied by the share price": _implied(read),
            "NOI, MUSD a year": _incomes(read),
            "worst cover P5": [
                f"{v:.2f}" if np.isfinite(v) else "–" for v in cash["cover_p5_frac"][last]
            ],
        }
    return written(columns, formats={"± s.e.": lambda v: number(v, 2)})


def months_text(months: float) -> str:
    """Return a runway in words.

    Parameters
    ----------
    months : float
        Months until cash and coins run out.
    """
    return "less than a month" if months < 1.0 else span(months)


def _companies(read: Read) -> list[str]:
    return [str(name) for name in read("per_mw")["company"][:: len(CASES)]]


def _equities(read: Read) -> list[str]:
    """Write mean equities, marked where something that they need is unknown."""
    values = select(read("value"), case=CASES[-1], kind="equity")["mean_usd"]
    unknown = select(read("inputs"), status="unknown")
    starred = {
        company
        for company, path in zip(unknown["company"].tolist(), unknown["path"].tolist(), strict=True)
        if path in _WHOLE
    }
    return [
        f"{number(usd / 1e6)} *" if name in starred else number(usd / 1e6)
        for name, usd in zip(_companies(read), values.tolist(), strict=True)
    ]


def _implied(read: Read) -> list[str]:
    """Write what share prices imply; a dash where nothing converts."""
    table = select(read("implied"), whose="market")
    found = dict(zip(table["company"].tolist(), table["usd_per_mw"].tolist(), strict=True))
    per_mw = read("per_mw")
    cells = []
    for name, megawatts in zip(
        _companies(read), per_mw["convertible_mw"][:: len(CASES)], strict=True
    ):
        value = found.get(name, float("nan"))
        known = number(value / 1e6) if np.isfinite(value) else "unknown"
        cells.append(known if megawatts else "–")
    return cells


def _incomes(read: Read) -> list[str]:
    table = read("yields")
    mine = select(table, case=CASES[-1]) if table else {"company": np.empty(0)}
    found = (
        dict(zip(mine["company"].tolist(), mine["noi_usd_per_year"].tolist(), strict=True))
        if len(mine["company"])
        else {}
    )
    return [_or_dash(found.get(name, float("nan")) / 1e6) for name in _companies(read)]


def _or_dash(value: float) -> str:
    return "–" if np.isnan(value) else number(value)


def _money(value: float) -> str:
    return number(value / 1e6) if value else "–"


def _or_never(months: float) -> str:
    if np.isnan(months):
        return "unknown"
    return months_text(months) if np.isfinite(months) else "never"
