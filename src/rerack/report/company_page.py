"""The page of companies side by side: figures, tables, and every input with its status."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rerack.report.company_figures import company_figures
from rerack.report.company_sheets import sheet
from rerack.report.company_statements import statement_sheets
from rerack.report.company_table import BASIS, STARRED, of_runs, side_by_side
from rerack.report.company_words import facts, headline
from rerack.report.format import printable
from rerack.report.page import chart, render_page, write_page
from rerack.report.tables import Written, written
from rerack.study.company_study import CompanyRun
from rerack.study.tables.company import (
    companies_inputs_table,
    implied_table,
    liquidity_table,
    value_table,
)
from rerack.study.tables.company_known import DEFAULTS, known_table
from rerack.study.tables.company_yields import company_yields_table

#: Mark of each status, beside its word, so that a column can be scanned.
MARKS = {"verified": "●", "secondary": "◐", "derived": "≈", "unverified": "○", "unknown": "✕"}


def companies_html(runs: Sequence[CompanyRun]) -> str:
    """Return the page of companies as one HTML document that opens without a network.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.
    """
    figures = company_figures(runs)
    files = " ".join(str(run.study.path) for run in runs)
    return render_page(
        "companies.html.j2",
        figures,
        title=printable(headline(runs)),
        facts=printable(facts(runs)),
        basis=BASIS,
        starred=STARRED,
        compared=side_by_side(of_runs(runs), full=True),
        charts=[
            chart(name, made, f"rerack company {files} --table value")
            for name, made in figures.items()
        ],
        known=_known(runs),
        sheets=_sheets(runs),
        statements={
            heading: sheet for run in runs for heading, sheet in statement_sheets(run).items()
        },
        inputs=_inputs(runs),
    )


def _known(runs: Sequence[CompanyRun]) -> Written:
    """Return one row a company: the names of its figures by standing."""
    table = known_table(runs)
    columns: dict[str, list[str]] = {"company": [run.company.name for run in runs]}
    for standing in dict.fromkeys(table["standing"].tolist()):
        here = table["standing"] == standing
        columns[standing] = [
            _named(standing, count, figures)
            for count, figures in zip(
                table["count"][here].tolist(), table["figures"][here].tolist(), strict=True
            )
        ]
    return written(columns)


def _named(standing: str, count: int, figures: str) -> str:
    """Return the names of figures; of rerack's defaults, which are alike everywhere, the number."""
    if not count:
        return "none"
    return f"{count}, under Inputs" if standing == DEFAULTS else f"{count}: {figures}"


def _sheets(runs: Sequence[CompanyRun]) -> dict[str, tuple[str, Written]]:
    """Return the tables of a page, each with what it measures."""
    found = {
        "Parts of the value": ("MUSD; mean, standard error, quantiles over scenarios", "value",
                               value_table(runs)),
        "Runway and cover": ("Months until cash and coins are gone; cover of interest and "
                             "scheduled service", "liquidity", liquidity_table(runs)),
        "Implied values of a megawatt": ("What share prices, rerack and analysts make of a "
                                         "convertible MW at the meter", "implied",
                                         implied_table(runs)),
        "Yields and cap rates": ("Per critical MW; income at the rents at signing, worth at the "
                                 "exit cap rates of the catalogue", "yields",
                                 company_yields_table(runs)),
    }  # fmt: skip
    return {
        heading: (measure, sheet(name, table))
        for heading, (measure, name, table) in found.items()
        if len(table["company"])
    }


def _inputs(runs: Sequence[CompanyRun]) -> Written:
    inputs = companies_inputs_table(runs)
    return written(
        {
            "company": inputs["company"],
            "input": inputs["path"],
            "value": inputs["value"],
            "status": [f"{MARKS[str(s)]} {s}" for s in inputs["status"]],
            "source": inputs["source"],
        }
    )


def write_companies(runs: Sequence[CompanyRun], path: str | Path) -> Path:
    """Write `companies_html` to `path`, all or nothing.

    Parameters
    ----------
    runs : sequence of CompanyRun
        Companies.
    path : str or Path
        File to write; its folder is made if need be.

    Raises
    ------
    StoreError
        The file cannot be written, or plotly.js is not installed.
    """
    return write_page(companies_html(runs), path)
