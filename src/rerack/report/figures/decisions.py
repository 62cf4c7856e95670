"""When each hall converts, over the scenarios."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.report.figures.frame import Figure, axis, broken, categories, framed, label, nothing
from rerack.report.format import quarter, share
from rerack.report.moves import NEVER, hall_capacity_mw
from rerack.report.palette import ink, wash
from rerack.report.source import RunTables, Table, chosen_plan, length, select
from rerack.report.tables import written

#: Quarters up to this many columns, years beyond.
_MOST_QUARTERS = 12


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return the share of scenarios in which a hall converts, by hall and quarter or year.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Plan; the recommended one by default.
    """
    chosen = chosen_plan(run, plan)
    table = select(run.table("decisions"), plan=chosen)
    behind = written(
        {c: table[c] for c in ("hall", "use", "month", "share_frac")},
        headings={"share_frac": "share of scenarios"},
        formats={"share_frac": share},
    )
    subtitle = f"Plan “{chosen}”: share of scenarios in which a hall starts to convert, by period"
    converting = table["month"] != NEVER
    if not length(table) or not table["share_frac"][converting].any():
        title = f"“{chosen}” converts no hall"
        return nothing(title=title, subtitle=subtitle, table=behind)
    halls = list(hall_capacity_mw(run))
    periods, share_frac = _grid(table, halls)
    return framed(
        [_map(halls, periods, share_frac)],
        title=_title(chosen, halls, share_frac),
        subtitle=subtitle,
        table=behind,
        xaxis=axis("", type="category", showgrid=False, side="bottom"),
        yaxis=categories(),
        height=110 + 34 * len(halls),
    )


def _grid(table: Table, halls: list[str]) -> tuple[list[str], FloatArray]:
    """Return period labels ending in never, and shares of shape (hall, period)."""
    months = [str(m) for m in table["month"]]
    dated = sorted({m for m in months if m != NEVER})
    span = 4 * (int(dated[-1][:4]) - int(dated[0][:4]) + 1)
    name = quarter if span <= _MOST_QUARTERS else (lambda m: m[:4])
    first, last = int(dated[0][:4]), int(dated[-1][:4])
    years = range(first, last + 1)
    if span <= _MOST_QUARTERS:
        periods = [f"{y} Q{q}" for y in years for q in (1, 2, 3, 4)]
        periods = periods[periods.index(name(dated[0])) : periods.index(name(dated[-1])) + 1]
    else:
        periods = [str(y) for y in years]
    periods.append(NEVER)
    grid = np.zeros((len(halls), len(periods)))
    for hall, month, part in zip(table["hall"], months, table["share_frac"], strict=True):
        if str(hall) in halls:
            column = periods.index(NEVER if month == NEVER else name(month))
            grid[halls.index(str(hall)), column] += part
    # Whatever the run does not say converts, never does.
    grid[:, -1] = np.maximum(0.0, 1.0 - grid[:, :-1].sum(axis=1))
    return periods, grid


def _map(halls: list[str], periods: list[str], share_frac: FloatArray) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": periods,
        "y": [broken(f"hall {h}") for h in halls],
        "z": 100.0 * share_frac,
        "zmin": 0,
        "zmax": 100,
        "colorscale": [[0, wash("ai", 0.0)], [1, wash("ai", 0.75)]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "text": [[label(share(v)) if v > 0 else "" for v in row] for row in share_frac],
        "texttemplate": "%{text}",
        "textfont": {"color": ink("text"), "size": 11},
        "hovertemplate": "%{y}, %{x}: %{z:.1f} %<extra></extra>",
    }


def _title(plan: str, halls: list[str], share_frac: FloatArray) -> str:
    always = int((share_frac[:, -1] < 0.005).sum())
    never = int((share_frac[:, -1] > 0.995).sum())
    between = len(halls) - always - never
    said = f"{always} of {len(halls)} halls convert in every scenario"
    return f"{said}, {between} in some, {never} in none"
