"""What a rule does: how much is converted by which date, and what the right to wait is worth."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.report.figures.frame import Figure, axis, framed, months_axis, nothing
from rerack.report.format import share
from rerack.report.moves import NEVER, hall_capacity_mw
from rerack.report.palette import ink
from rerack.report.source import RunTables, chosen_plan, select
from rerack.report.tables import Written, written

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def converted_figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return the probability that a megawatt has been converted by a date, by use.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Plan; the recommended one by default.

    Notes
    -----
    Halls weigh by their capacity; halls that the plan never touches are in the denominator.
    """
    chosen = chosen_plan(run, plan)
    table = select(run.table("decisions"), plan=chosen)
    capacity = hall_capacity_mw(run)
    months = _months(str(run.meta["start"]), int(run.meta["months"]))
    moved = table["month"] != NEVER
    by_use: dict[str, Any] = {}
    for use in sorted({str(u) for u in table["use"][moved]}):
        steps = np.zeros(len(months))
        for hall, of, month, frac in zip(
            *(table[c][moved].tolist() for c in ("hall", "use", "month", "share_frac")), strict=True
        ):
            if of == use:
                steps[months.index(month)] += frac * capacity[str(hall)]
        by_use[use] = np.cumsum(steps) / sum(capacity.values())
    subtitle = (
        f"Plan “{chosen}”: probability that a MW of the site (utility) has been decided to convert "
        "by a date, by use"
    )
    rows: dict[str, Any] = {"month": months[::12]} | {u: v[::12] for u, v in by_use.items()}
    behind = written(rows, formats=dict.fromkeys(by_use, share))
    if not by_use:
        return nothing(title=f"“{chosen}” converts nothing", subtitle=subtitle, table=behind)
    total = sum(by_use.values())
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": use,
            "x": months,
            "y": values,
            "line": {"color": ink("ai"), "width": 2, "shape": "hv", "dash": dash},
            "hovertemplate": "%{y:.1%}",
        }
        for (use, values), dash in zip(by_use.items(), _DASHES * 4, strict=False)
    ]
    return framed(
        traces,
        title=f"{share(float(total[-1]))} of the site is converted in the end, "
        f"{share(float(total[min(12, len(months) - 1)]))} within the first year",
        subtitle=subtitle,
        table=behind,
        xaxis=months_axis(),
        yaxis=axis("share of the site", tickformat=".0%", range=[0, 1]),
        showlegend=True,
        hovermode="x unified",
    )


def values_sheet(run: RunTables, plan: str) -> Written:
    """Return what the right to decide later is worth [MUSD], with its standard errors.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str
        A plan of kind ``policy``.
    """
    table = select(run.table("policy_values"), plan=plan)
    return written(
        {
            "value": table["value"],
            "mean, MUSD": table["mean_usd"] / 1e6,
            "s.e., MUSD": table["se_usd"] / 1e6,
            "meaning": table["meaning"],
        }
    )


def _months(start: str, count: int) -> list[str]:
    first = np.datetime64(start, "M")
    return [str(first + np.timedelta64(k, "M")) for k in range(count)]
