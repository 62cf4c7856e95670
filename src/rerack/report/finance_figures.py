"""Debt, breaches and treasury of a plan through time."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.report.figures.frame import Figure, axis, framed, months_axis, nothing
from rerack.report.format import money, money_unit, share
from rerack.report.palette import ink, wash
from rerack.report.source import RunTables, chosen_plan, length, select
from rerack.report.tables import written

_LOOKS = (("ai", "solid"), ("storage", "dash"), ("grid-services", "dot"), ("mining", "dashdot"),
          ("idle", "longdash"))  # fmt: skip


def debt_figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return the mean balance of each debt of a plan, and its debt service.

    Parameters
    ----------
    run : RunTables
        A finished run with its table ``debt``.
    plan : str, optional
        Plan; the recommended one by default.
    """
    chosen = chosen_plan(run, plan)
    table = select(run.table("debt"), plan=chosen)
    subtitle = f"Plan “{chosen}”: mean balance by instrument at the end of a month"
    if not length(table) or not table["balance_usd"].any():
        none = written({"instrument": []})
        return nothing(title=f"“{chosen}” borrows nothing", subtitle=subtitle, table=none)
    names = list(dict.fromkeys(table["instrument"].tolist()))
    parts = {name: select(table, instrument=name) for name in names}
    total = np.sum([p["balance_usd"] for p in parts.values()], axis=0)
    factor, unit = money_unit(float(total.max()))
    months = parts[names[0]]["month"].tolist()
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "stackgroup": "debt",
            "x": months,
            "y": parts[name]["balance_usd"] / factor,
            "line": {"color": ink(meaning), "width": 1.5, "dash": dash},
            "fillcolor": wash(meaning, 0.3),
            "hovertemplate": f"%{{y:,.2f}} {unit}",
        }
        for name, (meaning, dash) in zip(names, _LOOKS * 3, strict=False)
    ]
    peak = int(np.argmax(total))
    rows: dict[str, Any] = {"instrument": [], "month": []}
    columns = ("drawn_usd", "interest_usd", "repaid_usd", "balance_usd")
    rows |= {f"{c.removesuffix('_usd')}, MUSD": [] for c in columns}
    for name, part in parts.items():
        for k in range(0, len(months), 12):
            rows["instrument"].append(name)
            rows["month"].append(months[k])
            for c in columns:
                value = part[c][k] if c == "balance_usd" else part[c][k : k + 12].sum()
                rows[f"{c.removesuffix('_usd')}, MUSD"].append(float(value) / 1e6)
    return framed(
        traces,
        title=f"Debt peaks at {money(float(total[peak]))} in {months[peak]}",
        subtitle=f"{subtitle}, {unit}; flows in the table are of the twelve months from it",
        table=written(rows),
        xaxis=months_axis(),
        yaxis=axis(unit, rangemode="tozero"),
        showlegend=len(names) > 1,
        hovermode="x unified",
    )


def breach_figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return the share of scenarios in breach of each covenant of a plan, month by month.

    Parameters
    ----------
    run : RunTables
        A finished run with its table ``covenants``.
    plan : str, optional
        Plan; the recommended one by default.
    """
    chosen = chosen_plan(run, plan)
    table = select(run.table("covenants"), plan=chosen)
    subtitle = f"Plan “{chosen}”: share of scenarios in breach, by covenant and month"
    if not length(table):
        none = written({"covenant": []})
        return nothing(title=f"“{chosen}” has no covenant", subtitle=subtitle, table=none)
    names = list(dict.fromkeys(table["covenant"].tolist()))
    parts = {name: select(table, covenant=name) for name in names}
    months = parts[names[0]]["month"].tolist()
    worst = max(names, key=lambda n: float(parts[n]["breached_frac"].max()))
    at = int(np.argmax(parts[worst]["breached_frac"]))
    most = float(parts[worst]["breached_frac"][at])
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": months,
            "y": parts[name]["breached_frac"],
            "line": {"color": ink("loss"), "width": 2, "dash": dash},
            "hovertemplate": "%{y:.1%}",
        }
        for name, (_, dash) in zip(names, _LOOKS * 3, strict=False)
    ]
    rows: dict[str, Any] = {"month": months[::12]}
    rows |= {name: parts[name]["breached_frac"][::12] for name in names}
    rows |= {f"{name}, ever": parts[name]["ever_breached_frac"][::12] for name in names}
    formats = dict.fromkeys([*rows][1:], share)
    title = f"✗ {worst} is in breach most often in {months[at]}: {share(most)} of scenarios"
    if most == 0.0:
        title = "✓ No covenant is broken in any scenario"
    return framed(
        traces,
        title=title,
        subtitle=f"{subtitle}; where none is agreed, debt service that cash does not cover",
        table=written(rows, formats=formats),
        xaxis=months_axis(),
        yaxis=axis("share of scenarios", tickformat=".0%", range=[0, max(0.05, 1.1 * most)]),
        showlegend=True,
        hovermode="x unified",
    )


def treasury_figure(run: RunTables, plan: str | None = None) -> Figure | None:
    """Return the mean coins held and cash of a plan, or None where no treasury is set.

    Parameters
    ----------
    run : RunTables
        A finished run with its table ``treasury``.
    plan : str, optional
        Plan; the recommended one by default.
    """
    chosen = chosen_plan(run, plan)
    table = select(run.table("treasury"), plan=chosen)
    if not length(table):
        return None
    held = {"coins at market": table["coins_usd"], "cash": table["cash_usd"]}
    factor, unit = money_unit(max(float(np.abs(v).max()) for v in held.values()))
    months = table["month"].tolist()
    traces = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": months,
            "y": values / factor,
            "line": {"color": ink(meaning), "width": 2, "dash": dash},
            "hovertemplate": f"%{{y:,.2f}} {unit}",
        }
        for (name, values), (meaning, dash) in zip(
            held.items(), (("mining", "solid"), ("grid-services", "dash")), strict=True
        )
    ]
    peak = int(np.argmax(table["coins_btc"]))
    return framed(
        traces,
        title=f"The treasury holds at most {float(table['coins_btc'][peak]):,.0f} BTC on average, "
        f"in {months[peak]}",
        subtitle=f"Plan “{chosen}”: mean over scenarios, {unit}",
        table=written(
            {
                "month": months[::12],
                "coins, BTC": table["coins_btc"][::12],
                "coins, MUSD": table["coins_usd"][::12] / 1e6,
                "cash, MUSD": table["cash_usd"][::12] / 1e6,
            }
        ),
        xaxis=months_axis(),
        yaxis=axis(unit),
        showlegend=True,
        hovermode="x unified",
    )
