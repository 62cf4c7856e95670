"""Mean cash flow by year, in the groups that a board thinks in."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.report.cash import grouped, yearly_cash
from rerack.report.figures.frame import Figure, axis, filled, framed, nothing
from rerack.report.format import money, money_unit
from rerack.report.palette import ink
from rerack.report.sheets import cash_sheet
from rerack.report.source import RunTables, chosen_plan

#: Group -> (meaning of its colour, hatching).
_LOOK = {
    "mining, after power and operations": ("mining", ""),
    "AI / HPC, after power and operations": ("ai", ""),
    "rigs, conversion, GPU servers": ("idle", "/"),
    "overhead and tax": ("idle", ""),
    "tenants' money": ("storage", "."),
    "debt": ("storage", "x"),
    "treasury": ("mining", "."),
    "other": ("grid-services", "."),
}


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return mean yearly cash flow as stacked bars with the net as a line.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Plan; the recommended one by default.
    """
    chosen = chosen_plan(run, plan)
    cash = yearly_cash(run, chosen)
    subtitle = f"Plan “{chosen}”: mean over scenarios by calendar year, not discounted"
    if not cash.years:
        return nothing(title="No cash flows", subtitle=subtitle, table=cash_sheet(cash))
    groups = grouped(cash)
    net = cash.mean_usd.sum(axis=0)
    factor, unit = money_unit(max(float(np.abs(v).max()) for v in (*groups.values(), net)))
    traces = [_bars(cash.years, name, usd / factor) for name, usd in groups.items()]
    return framed(
        [*traces, _net(cash.years, net / factor)],
        title=_title(cash.years, net),
        subtitle=f"{subtitle}; {unit} a year, cash out below the line",
        table=cash_sheet(cash),
        xaxis=axis("year", type="category", showgrid=False, nticks=12),
        yaxis=axis(f"{unit} a year", zeroline=True),
        height=420,
        barmode="relative",
        bargap=0.25,
        showlegend=True,
    )


def _bars(years: tuple[str, ...], name: str, values: FloatArray) -> dict[str, Any]:
    meaning, hatch = _LOOK[name]
    return {
        "type": "bar",
        "name": name,
        "x": years,
        "y": values,
        "marker": filled([meaning] * len(years), [hatch] * len(years)),
        "hovertemplate": "%{y:,.3g}",
    }


def _net(years: tuple[str, ...], values: FloatArray) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "net",
        "x": years,
        "y": values,
        "line": {"color": ink("text"), "width": 2},
        "marker": {"size": 5, "color": ink("text")},
        "hovertemplate": "%{y:,.3g}",
    }


def _title(years: tuple[str, ...], net_usd: FloatArray) -> str:
    total = np.cumsum(net_usd)
    end = f"{money(float(total[-1]))} by {years[-1]}"
    low = int(np.argmin(total))
    if total[low] >= 0:
        return f"Cash never runs below zero in a year's sum and adds up to {end}"
    trough = f"Cash is {money(float(-total[low]))} down at the end of {years[low]}"
    back = np.flatnonzero(total[low:] >= 0)
    if not len(back):
        return f"{trough} and is not earned back; the sum is {end}"
    return f"{trough}, earned back by {years[low + int(back[0])]}, and adds up to {end}"
