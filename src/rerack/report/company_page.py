"""The page of companies side by side: figures, tables, and every input with its status."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rerack.report.company_figures import company_figures
from rerack.report.company_words import facts, headline, inputs_words, sheet, side_by_side
from rerack.report.format import printable
from rerack.report.page import chart, render_page, write_page
from rerack.report.tables import written
from rerack.study.company_study import CompanyRun
from rerack.study.tables.company import (
    companies_inputs_table,
    implied_table,
    liquidity_table,
    value_table,
)

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
    inputs = companies_inputs_table(runs)
    files = " ".join(str(run.study.path) for run in runs)
    return render_page(
        "network.html.j2",
        figures,
        title=printable(headline(runs)),
        facts=printable(facts(runs)),
        reasons={
            printable(run.company.name): printable(
                f"{inputs_words(run)}: {'; '.join(run.study.unknown)}"
            )
            for run in runs
        },
        charts=[
            chart(name, made, f"rerack company {files} --table value")
            for name, made in figures.items()
        ],
        sheets={
            "Side by side": side_by_side(runs),
            "Parts of the value": sheet("value", value_table(runs)),
            "Runway and cover": sheet("liquidity", liquidity_table(runs)),
            "Implied values of a megawatt": sheet("implied", implied_table(runs)),
            "Inputs": written(
                {
                    "company": inputs["company"],
                    "input": inputs["path"],
                    "value": inputs["value"],
                    "status": [f"{MARKS[str(s)]} {s}" for s in inputs["status"]],
                    "source": inputs["source"],
                }
            ),
        },
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
