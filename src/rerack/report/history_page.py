"""The page of mining history: margin, causes, shocks, forecasts, months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rerack.network.history import (
    MarginChange,
    MiningHistory,
    backtest_hashrate,
    shock_of,
    trace_shock,
)
from rerack.network.history.facts import SOURCES, read_rows
from rerack.network.history.shock import shock_names
from rerack.report import history_figures as figures
from rerack.report import history_tables as tables
from rerack.report import history_words as words
from rerack.report.format import printable, share
from rerack.report.page import chart, render_page
from rerack.report.tables import written


def history_html(
    history: MiningHistory,
    months: Mapping[str, Any],
    change: MarginChange,
    first: str,
    last: str,
    basis: str,
) -> str:
    """Return the page as one HTML document in the look of the report.

    Parameters
    ----------
    history : MiningHistory
        Months.
    months : mapping
        From `history_tables.month_columns`.
    change : MarginChange
        From `explain_margin`.
    first, last : str
        Its months.
    basis : str
        Rig and power price in words.
    """
    found = backtest_hashrate()
    made = {
        "margin": (figures.margin_figure(months, basis), "rerack history --csv"),
        "causes": (
            figures.cause_figure(change, first, last),
            f"rerack history --from {first} --to {last} --table causes --csv",
        ),
        **{
            name: (
                figures.shock_figure(trace_shock(shock_of(name))),
                f"rerack history --shock {name} --csv",
            )
            for name in shock_names()
        },
        "backtest": (figures.score_figure(found), "rerack history --backtest --csv"),
    }
    reasons = {
        "basis": basis,
        "by year": "; ".join(_years(months)),
        "parts": words.CAVEAT,
        "sources": SOURCES,
    }
    return render_page(
        "history.html.j2",
        {name: figure for name, (figure, _) in made.items()},
        title=words.history_headline(change, first, last),
        facts=f"Bitcoin mining, {history.labels[0]} to {history.labels[-1]}",
        reasons={name: printable(text) for name, text in reasons.items()},
        charts=[chart(name, figure, explain) for name, (figure, explain) in made.items()],
        sheets={
            "Estimates through time": written(tables.parameter_columns(found)),
            "Fleet and power price": written(_fleet()),
            "Months": written(months),
        },
    )


def _years(months: Mapping[str, Any]) -> list[str]:
    years = tables.year_columns(months)
    return [
        f"{year} {share(margin)}"
        for year, margin in zip(years["year"], years["margin_frac"], strict=True)
    ]


def _fleet() -> dict[str, list[str]]:
    rows = read_rows("fleet_history.csv")
    return {name: [row[name] or "" for row in rows] for name in rows[0]}
