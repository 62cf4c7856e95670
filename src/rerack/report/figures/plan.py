"""Net present value of every plan, with its spread."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.report.figures.frame import Figure, axis, broken, categories, filled, framed, note
from rerack.report.format import decimals, money, money_unit, money_with_error, number, statement
from rerack.report.palette import ink
from rerack.report.sheets import money_basis, plans_sheet
from rerack.report.source import RunTables, chosen_plan, keep_plan, plan_row


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return mean NPV by plan as bars from zero, P5 to P95 as whiskers.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Plan to emphasise; the recommended one by default.
    """
    chosen, plans = chosen_plan(run, plan), run.table("plans")
    table, _ = plans_sheet(run, full=True)
    spread = np.concatenate([plans["npv_p5_usd"], plans["npv_p95_usd"]])
    factor, unit = money_unit(float(np.abs(spread).max()))
    mean = plans["npv_mean_usd"] / factor
    # As in the table behind: the largest mean shows three figures.
    places = max(1, decimals(float(np.abs(mean).max())))
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": [broken(p) for p in plans["plan"]],
        "x": mean,
        "width": 0.55,
        "marker": _marker(run, chosen),
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": plans["npv_p95_usd"] / factor - mean,
            "arrayminus": mean - plans["npv_p5_usd"] / factor,
            "color": ink("muted"),
            "thickness": 1.5,
            "width": 5,
        },
        "customdata": [[number(a), number(b)] for a, b in _pairs(plans, factor)],
        "hovertemplate": f"mean %{{x:.3g}} {unit}<br>P5 %{{customdata[0]}}, "
        "P95 %{customdata[1]}<extra></extra>",
    }
    return framed(
        [bars],
        title=_title(run, chosen),
        subtitle=f"NPV by plan: mean (bar), P5 to P95 (whisker), {money_basis(run, unit)}",
        table=table,
        xaxis=axis(f"NPV, {unit}", zeroline=True),
        yaxis=categories(),
        height=110 + 52 * len(plans["plan"]),
        annotations=[
            note(statement(float(m), places), x=high, y=broken(p), xanchor="left", xshift=8)
            for p, m, high in zip(plans["plan"], mean, plans["npv_p95_usd"] / factor, strict=True)
        ],
    )


def _pairs(plans: Any, factor: float) -> zip[tuple[float, float]]:
    return zip(plans["npv_p5_usd"] / factor, plans["npv_p95_usd"] / factor, strict=True)


def _marker(run: RunTables, chosen: str) -> dict[str, Any]:
    keep = keep_plan(run)
    names = [str(p) for p in run.table("plans")["plan"]]
    return filled(
        ["mining" if n == keep else "ai" for n in names],
        ["" if n in (chosen, keep) else "/" for n in names],
    )


def _title(run: RunTables, chosen: str) -> str:
    row, keep = plan_row(run, chosen), keep_plan(run)
    worth = f"“{chosen}” is worth {money(row['npv_mean_usd'])} on average"
    if chosen == keep:
        return worth
    more = money_with_error(row["delta_mean_usd"], row["delta_se_usd"])
    return f"{worth}, {more} against “{keep}”"
