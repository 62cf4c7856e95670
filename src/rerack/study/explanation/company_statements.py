"""A line of a company's statements down to years, lines below it, sites and inputs."""

from __future__ import annotations

import numpy as np

from rerack.finance.statements import SUBTOTALS
from rerack.study.explanation.company_inputs import company_inputs, market_inputs
from rerack.study.explanation.node import Node
from rerack.study.run import Run, rows_of
from rerack.study.store import Table
from rerack.study.tables.company_accounts import COMPANY
from rerack.study.tables.finance import MEAN

#: Statements as their lines are named: ``income, AI revenue``.
_NAMES = {"income": "income", "balance": "balance", "cash": "cash flow"}
#: Lines of which a subtotal is made, where they are not those above it since the last one.
_PARTS = {
    "net income": ["profit before tax", "income tax"],
    "change in cash": ["cash from operations", "cash from investing", "cash from financing"],
}


def statement_lines(run: Run, company: str, case: str) -> tuple[str, ...]:
    """Return the lines of a company's statements, each ``statement, line``.

    Parameters
    ----------
    run : Run
        A valuation of companies.
    company, case : str
        Which.
    """
    table = _mean(run, company, case, COMPANY)
    pairs = dict.fromkeys(zip(table["statement"].tolist(), table["line"].tolist(), strict=True))
    return tuple(f"{_NAMES[name]}, {line}" for name, line in pairs)


def statement_line(run: Run, company: str, case: str, name: str) -> Node:
    """Return a line of a company's consolidated statements.

    Parameters
    ----------
    run : Run
        A valuation of companies.
    company, case : str
        Which.
    name : str
        Of `statement_lines`.

    Notes
    -----
    A flow is the sum over the study, with its years below it; a balance stands at the end.
    """
    called, _, line = name.partition(", ")
    statement = {v: k for k, v in _NAMES.items()}[called]
    whole = _mean(run, company, case, COMPANY)
    mine = rows_of(whole, statement=statement, line=line)
    balance = statement == "balance"
    return Node(
        label=f"{name}, {company}, {case}, mean",
        value=_total(mine, balance),
        unit="USD",
        formula=_formula(line, balance),
        children=(
            *_by_year(mine, balance),
            *_below(run, company, whole, statement, line),
            *_by_site(run, company, case, statement, line, balance),
            *(() if line in SUBTOTALS else _inputs(run, company, line)),
        ),
    )


def _formula(line: str, balance: bool) -> str:
    what = "at the end of the study" if balance else "sum over the study"
    how = "Σ of the lines below it" if line in SUBTOTALS else "as booked"
    return f"{how}, {what}; mean over scenarios, in each of which the statements balance"


def _mean(run: Run, company: str, case: str, of: str) -> Table:
    return rows_of(run.table("statements"), company=company, case=case, of=of, scenario=MEAN)


def _total(mine: Table, balance: bool) -> float:
    if not len(mine["usd"]):
        return 0.0
    return float(mine["usd"][-1] if balance else mine["usd"].sum())


def _by_year(mine: Table, balance: bool) -> tuple[Node, ...]:
    years = np.asarray([month[:4] for month in mine["month"].tolist()])
    return tuple(
        Node(label=year, value=_total(rows_of({**mine, "year": years}, year=year), balance),
             unit="USD")
        for year in dict.fromkeys(years.tolist())
    )  # fmt: skip


def _below(run: Run, company: str, whole: Table, statement: str, line: str) -> tuple[Node, ...]:
    """Return the lines that a subtotal adds up, each with the inputs that it rests on."""
    if line not in SUBTOTALS:
        return ()
    # The cash flow statement begins with the last line of the income statement.
    statement = "income" if line == "net income" else statement
    part = rows_of(whole, statement=statement)
    lines = list(dict.fromkeys(part["line"].tolist()))
    above = lines[: lines.index(line)]
    last = max((i for i, one in enumerate(above) if one in SUBTOTALS), default=-1)
    # Lines that are zero throughout are in no table.
    parts = [one for one in _PARTS.get(line, above[last + 1 :]) if one in lines]
    return tuple(
        Node(
            label=one,
            value=_total(rows_of(part, line=one), statement == "balance"),
            unit="USD",
            children=_below(run, company, whole, statement, one)
            if one in SUBTOTALS
            else _inputs(run, company, one),
        )
        for one in parts
    )


def _by_site(
    run: Run, company: str, case: str, statement: str, line: str, balance: bool
) -> tuple[Node, ...]:
    """Return what each site books on the line; the company's own books hold the rest."""
    table = rows_of(run.table("statements"), company=company, case=case, scenario=MEAN)
    mine = rows_of(table, statement=statement, line=line)
    sites = [one for one in dict.fromkeys(mine["of"].tolist()) if one != COMPANY]
    return tuple(
        Node(
            label=f"{line}, {site}",
            value=_total(rows_of(mine, of=site), balance),
            unit="USD",
            formula="in the site's own statements: without debt, taxed by itself",
            children=() if line in SUBTOTALS else company_inputs(run, company, f"sites.{site}"),
        )
        for site in sites
    )


def _inputs(run: Run, company: str, line: str) -> tuple[Node, ...]:
    """Return the inputs of a line: of deals, of the market, of coins, or of the company's money."""
    if line.startswith(("AI", "conversion", "bought, conversion", "tenant")):
        return company_inputs(run, company, "signed", "announced")
    if line.startswith(("mining", "rigs", "bought, rigs", "depreciation")):
        market = market_inputs(run, "market.bitcoin", "market.fees", "market.network")
        return (*company_inputs(run, company, "sites"), *market)
    if "tax" in line:
        return market_inputs(run, "finance.tax")
    if "coins" in line:
        return company_inputs(run, company, "coins", "hold")
    return company_inputs(run, company, "cash", "debt", "loan", "overhead")
