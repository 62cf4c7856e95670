"""The value of a company down to site, line, hall and input."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.finance import discount_factors
from rerack.planning import LINES
from rerack.study.explanation.cash import LINE_FORMULAS
from rerack.study.explanation.company_inputs import company_inputs, market_inputs
from rerack.study.explanation.node import Node
from rerack.study.run import Run, rows_of
from rerack.study.store import Table
from rerack.study.tables.company_accounts import COMPANY

#: Lines of a hall that a deal earns or costs; others are of its rigs.
_DEAL_LINES = frozenset(
    {
        "AI revenue", "AI power", "AI operations", "SLA credits", "AI curtailment",
        "delay damages", "default recoveries", "termination fees", "tenant money held",
        "conversion capex", "GPU servers",
    }
)  # fmt: skip


def company_value(run: Run, company: str, case: str) -> Node:
    """Return a company's enterprise value as its sites, overhead and what one tax return saves.

    Parameters
    ----------
    run : Run
        A valuation of companies.
    company, case : str
        Which.
    """
    row = run.row("value", company=company, case=case, kind="operations")
    cash = rows_of(run.table("cash"), company=company, case=case)
    sites = [str(site) for site in dict.fromkeys(cash["site"]) if site != COMPANY]
    return Node(
        label=f"enterprise value of {company}, {case}",
        value=float(row["mean_usd"]),
        unit="USD",
        formula=f"Σ over sites, overhead and tax as one, of mean cash · (1 + "
        f"{run.meta['discount_rate_frac']:.4g})^(−month/12), {run.meta['money_basis']}, without "
        f"debt; standard error {float(row['se_usd']):,.0f} USD over {run.meta['scenarios']} "
        "scenarios",
        children=(
            *(site_value(run, company, site, case) for site in sites),
            _own(run, company, cash, "overhead", "overhead"),
            _own(run, company, cash, "tax", "tax of the company less those of its sites alone"),
            *market_inputs(run, "study.discount_rate"),
        ),
    )


def site_value(run: Run, company: str, site: str, case: str) -> Node:
    """Return the value of one site of a company as the sum of its lines' present values.

    Parameters
    ----------
    run : Run
        A valuation of companies.
    company, site, case : str
        Which.
    """
    row = run.row("value", company=company, case=case, part=site, kind="site")
    cash = rows_of(run.table("cash"), company=company, case=case, site=site)
    lines = [line for line in LINES if line in set(cash["line"])]
    return Node(
        label=f"{site}, {case}",
        value=float(row["mean_usd"]),
        unit="USD",
        formula="Σ over lines of present values; taxed by itself, without debt; standard error "
        f"{float(row['se_usd']):,.0f} USD",
        children=tuple(_line(run, company, site, line, rows_of(cash, line=line)) for line in lines)
        # A site that does nothing in a case has no lines, but is still described.
        or company_inputs(run, company, f"sites.{site}"),
    )


def _own(run: Run, company: str, cash: Table, line: str, label: str) -> Node:
    mine = rows_of(cash, site=COMPANY, line=line)
    return Node(
        label=label,
        value=_present(run, mine["mean_usd"]),
        unit="USD",
        formula=LINE_FORMULAS[line][0],
        children=(
            *company_inputs(run, company, "overhead" if line == "overhead" else "tax"),
            *market_inputs(run, *LINE_FORMULAS[line][1]),
        ),
    )


def _line(run: Run, company: str, site: str, line: str, cash: Table) -> Node:
    formula, inputs = LINE_FORMULAS[line]
    halls = [str(hall) for hall in dict.fromkeys(cash["hall"])]
    market = [path for path in inputs if path.startswith(("market", "study", "finance"))]
    return Node(
        label=f"{line}, present value",
        value=_present(run, cash["mean_usd"]),
        unit="USD",
        formula=f"Σ over halls; each: {formula}",
        children=(
            *(_hall(run, company, site, line, rows_of(cash, hall=hall)) for hall in halls),
            *market_inputs(run, *market),
        ),
    )


def _hall(run: Run, company: str, site: str, line: str, cash: Table) -> Node:
    hall = str(cash["hall"][0])
    deal = hall.removesuffix(", rigs")
    paths = (f"signed.{deal}", f"announced.{deal}") if line in _DEAL_LINES else (f"sites.{site}",)
    found = company_inputs(run, company, *paths)
    # The deals of a site file are among the inputs of the site.
    return Node(
        label=f"{line}, {hall}",
        value=_present(run, cash["mean_usd"]),
        unit="USD",
        children=found or company_inputs(run, company, f"sites.{site}"),
    )


def _present(run: Run, cash_usd: FloatArray) -> float:
    """Return the discounted sum of one or more month-long stretches of the cash table."""
    months = int(run.meta["months"])
    factors = discount_factors(months, run.meta["discount_rate_frac"])
    return float((np.asarray(cash_usd).reshape(-1, months) * factors).sum())
