"""Figures as plain plotly-schema dicts: one definition for report, page and notebook.

``plotly.graph_objects.Figure(figure(run, "npv"))`` shows one in a notebook; plotly itself is
imported nowhere here.
"""

from __future__ import annotations

from collections.abc import Callable

from rerack.report.figures import (
    capex,
    cashflow,
    decisions,
    duration,
    hashprice,
    npv,
    per_kwh,
    plan,
    region,
    tornado,
    uses,
)
from rerack.report.figures.frame import Figure
from rerack.report.source import RunTables, check_run, nearest

#: Figure name -> function of a run and a plan, in the order of the report.
FIGURES: dict[str, Callable[[RunTables, str | None], Figure]] = {
    "plan": plan.figure,
    "uses": uses.figure,
    "npv": npv.figure,
    "hashprice": hashprice.figure,
    "per_kwh": per_kwh.figure,
    "duration": duration.figure,
    "capex": capex.figure,
    "tornado": tornado.figure,
    "decisions": decisions.figure,
    "region": region.figure,
    "cashflow": cashflow.figure,
}


def figure(run: RunTables, name: str, plan: str | None = None) -> Figure:
    """Return figure `name` of a run.

    Parameters
    ----------
    run : RunTables
        A finished run.
    name : str
        A key of `FIGURES`.
    plan : str, optional
        Plan to draw, where the figure is about one; the recommended one by default.

    Returns
    -------
    dict
        ``{"data": [...], "layout": {...}}``; ``layout.meta`` holds title, subtitle and the table
        behind the chart.

    Raises
    ------
    InputError
        No such figure or plan; the message names the nearest.
    """
    return FIGURES[nearest(name, FIGURES, "figure")](check_run(run), plan)


__all__ = ["FIGURES", "Figure", "figure"]
