"""A company's statements by year: what fits a terminal, and the whole for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rerack.planning.company import CASES
from rerack.report.finance_sheets import by_year
from rerack.report.source import Table, select
from rerack.report.tables import Written, lay_out
from rerack.study.company_study import CompanyRun
from rerack.study.tables.company_accounts import COMPANY, company_statements_table
from rerack.study.tables.finance import MEAN

_WIDTH = 96
#: Lines of the short table, by statement.
_SHORT = (
    ("income", "profit before tax"),
    ("income", "net income"),
    ("cash", "cash from operations"),
    ("cash", "cash from investing"),
    ("cash", "cash from financing"),
    ("balance", "cash"),
    ("balance", "total assets"),
    ("balance", "total liabilities"),
    ("balance", "total equity"),
)


def distinct_cases(run: CompanyRun) -> list[str]:
    """Return the cases that differ from the one before.

    Parameters
    ----------
    run : CompanyRun
        A company.
    """
    kept = ["mining"]
    for case in CASES[1:]:
        if not np.array_equal(run.cases[case].operations_usd, run.cases[kept[-1]].operations_usd):
            kept.append(case)
    return kept


def terminal_years(labels: Sequence[str], first: int) -> list[str]:
    """Return the years that a terminal has room for: the first few, then every fifth, the last.

    Parameters
    ----------
    labels : sequence of str
        Months of the study, ``YYYY-MM``.
    first : int
        How many years from the start are shown one by one.

    Examples
    --------
    >>> terminal_years([f"{y}-01" for y in range(2026, 2046)], 4)
    ['2026', '2027', '2028', '2029', '2030', '2035', '2040', '2045']
    """
    years = list(dict.fromkeys(label[:4] for label in labels))
    return years[:first] + [y for y in years[first:] if int(y) % 5 == 0 or y == years[-1]]


def short_statements(run: CompanyRun) -> str:
    """Return the sums of the consolidated statements by year, with all that is announced.

    Parameters
    ----------
    run : CompanyRun
        A company.
    """
    return lay_out(_rows(_mean(run, CASES[-1], COMPANY), run, short=True), width=_WIDTH, indent=2)


def statements_text(runs: Sequence[CompanyRun], table: Table) -> str:
    """Return the consolidated statements of each company by year, in every case that differs.

    Parameters
    ----------
    runs : sequence of CompanyRun
        Companies.
    table : Table
        From `rerack.study.tables.company_accounts.company_statements_table`.
    """
    blocks = []
    for run in runs:
        for case in distinct_cases(run):
            mine = select(table, company=run.company.name, case=case, of=COMPANY, scenario=MEAN)
            blocks.append(f"{run.company.name}, {case}: consolidated, mean over scenarios, MUSD")
            blocks += [lay_out(_rows(mine, run), width=120, indent=0), ""]
    return "\n".join(blocks)


def statement_sheets(run: CompanyRun) -> dict[str, Written]:
    """Return the statements of a company and each of its sites by year, for a page.

    Parameters
    ----------
    run : CompanyRun
        A company.
    """
    table = company_statements_table([run])
    of = {COMPANY: f"{run.company.name}, consolidated"}
    of |= {site.site.name: f"{run.company.name}, {site.site.name}" for site in run.company.sites}
    return {
        f"Statements: {title}": by_year(select(table, case=CASES[-1], of=name, scenario=MEAN))
        for name, title in of.items()
    }


def _mean(run: CompanyRun, case: str, of: str) -> Table:
    return select(company_statements_table([run]), case=case, of=of, scenario=MEAN)


def _rows(table: Table, run: CompanyRun, *, short: bool = False) -> Written:
    """Return statements by the years that a terminal has room for, amounts to the right."""
    labels = run.study.market.grid.labels
    made = by_year(table, show=terminal_years(labels, 3 if short else 4), places=0)
    if not short:
        return replace(made, right=(False, False, *(True for _ in made.heads[2:])))
    found = {(row[0], row[1]): row for row in made.rows}
    kept = [(key, found[key]) for key in _SHORT if key in found]
    return Written(
        heads=("MUSD", *made.heads[2:]),
        rows=tuple((_called(*key), *row[2:]) for key, row in kept),
        right=(False, *(True for _ in made.heads[2:])),
    )


def _called(statement: str, line: str) -> str:
    return f"{line}, end" if statement == "balance" else line


def yearly(table: Table) -> Table:
    """Return statements by calendar year, one row a line, years as columns [USD].

    Parameters
    ----------
    table : Table
        From `rerack.study.tables.company_accounts.company_statements_table`.

    Notes
    -----
    Flows are sums of a year, the balance sheet stands at its end.
    """
    heads = ("company", "case", "of", "scenario", "statement", "line")
    rows: dict[tuple[str, ...], dict[str, float]] = {}
    cells = (table[c].tolist() for c in (*heads, "month", "usd"))
    for *key, month, usd in zip(*cells, strict=True):
        row = rows.setdefault(tuple(key), {})
        row[month[:4]] = usd if key[4] == "balance" else row.get(month[:4], 0.0) + usd
    years = sorted({month[:4] for month in table["month"].tolist()})
    made: dict[str, NDArray[Any]] = {
        head: np.asarray([key[i] for key in rows]) for i, head in enumerate(heads)
    }
    return made | {y: np.asarray([row.get(y, 0.0) for row in rows.values()]) for y in years}
