"""What a rule does: how much is converted by which date, and which market makes it act."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.report.figures.frame import Figure, axis, framed, months_axis, nothing
from rerack.report.format import number, share
from rerack.report.moves import NEVER, hall_capacity_mw
from rerack.report.palette import ink
from rerack.report.source import RunTables, chosen_plan, length, select
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


def region_figure(run: RunTables, plan: str, from_month: str) -> Figure:
    """Return how often a rule converts by hashprice and lease index, for one year.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str
        A plan of kind ``policy``.
    from_month : str
        First decision of the year, as in table ``exercise_region``.
    """
    table = select(run.table("exercise_region"), plan=plan, from_month=from_month)
    subtitle = (
        f"Plan “{plan}”, decisions from {from_month} on: share of open halls that convert, by the "
        "market that the rule sees; empty where no scenario came"
    )
    if not length(table):
        title = f"No decision of “{plan}” in the year from {from_month}"
        return nothing(title=title, subtitle=subtitle, table=written({"hashprice": []}))
    low = table["hashprice_low_usd_per_ph_day"]
    lease = table["lease_index_low"]
    across, up = np.unique(low), np.unique(lease)
    seen, done = (_grid(table, c, across, up) for c in ("seen_count", "converted_count"))
    frac = np.divide(done, seen, out=np.full(seen.shape, np.nan), where=seen > 0)
    high = _ends(low, table["hashprice_high_usd_per_ph_day"])
    top = _ends(lease, table["lease_index_high"])
    names_x = [f"{number(a)} to {number(high[a])}" for a in across.tolist()]
    names_y = [f"{number(b)} to {number(top[b])}" for b in up.tolist()]
    trace = {
        "type": "heatmap",
        "x": names_x,
        "y": names_y,
        "z": [[None if np.isnan(v) else float(v) for v in line] for line in frac],
        "zmin": 0.0,
        "zmax": 1.0,
        "colorscale": [[0.0, ink("rule")], [1.0, ink("ai")]],
        "colorbar": {"tickformat": ".0%", "thickness": 10, "outlinewidth": 0},
        "hovertemplate": "hashprice %{x}, lease index %{y}: %{z:.0%}<extra></extra>",
        "xgap": 1,
        "ygap": 1,
    }
    all_seen, all_done = float(seen.sum()), float(done.sum())
    return framed(
        [trace],
        title=f"In the year from {from_month} the rule converts in "
        f"{share(all_done / max(all_seen, 1.0))} of the decisions still open",
        subtitle=subtitle,
        table=written(
            {
                "hashprice, USD/PH/day": [x for _ in names_y for x in names_x],
                "lease index": [y for y in names_y for _ in names_x],
                "seen": seen.astype(np.int64).reshape(-1),
                "converted": done.astype(np.int64).reshape(-1),
            }
        ),
        xaxis=axis("hashprice, USD/PH/day", type="category", showgrid=False),
        yaxis=axis("lease rates over those of the start", type="category", showgrid=False),
        height=440,
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


def _ends(low: Any, high: Any) -> dict[float, float]:
    """Return the upper end of each cell by its lower one."""
    return dict(zip(low.tolist(), high.tolist(), strict=True))


def _grid(table: Any, column: str, across: Any, up: Any) -> Any:
    grid = np.zeros((up.size, across.size))
    x = np.searchsorted(across, table["hashprice_low_usd_per_ph_day"])
    y = np.searchsorted(up, table["lease_index_low"])
    grid[y, x] = table[column]
    return grid


def _months(start: str, count: int) -> list[str]:
    first = np.datetime64(start, "M")
    return [str(first + np.timedelta64(k, "M")) for k in range(count)]
