"""Finance as the report shows it: covenants by plan, and one plan's statements by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rerack.report.format import money, printable, share, statement
from rerack.report.source import RunTables, Table, compared_plan, keep_plan, length, select
from rerack.report.tables import Written, written

#: Millions, the unit of the statements.
_MILLION = 1e6


def covenants_sheet(run: RunTables) -> Written | None:
    """Return each plan's covenants with their breaches, or None where there is no debt.

    Parameters
    ----------
    run : RunTables
        A finished run.
    """
    table = run.table("covenants")
    if not length(table):
        return None
    pairs = list(
        dict.fromkeys(zip(table["plan"].tolist(), table["covenant"].tolist(), strict=True))
    )
    rows = [_covenant_row(run, plan, covenant) for plan, covenant in pairs]
    columns = {name: np.asarray([r[name] for r in rows]) for name in rows[0]}
    return written(columns, right=("level", "ever in breach"))


def _covenant_row(run: RunTables, plan: str, covenant: str) -> dict[str, str]:
    mine = select(run.table("covenants"), plan=plan, covenant=covenant)
    at, ever = mine["breached_frac"], mine["ever_breached_frac"]
    worst = int(np.argmax(at))
    broken = bool(ever[-1] > 0.0)
    return {
        "plan": plan,
        "covenant": covenant,
        "level": _level(covenant, float(mine["level"][0])),
        "ever in breach": share(float(ever[-1])),
        "first in any scenario": str(mine["month"][int(np.argmax(ever > 0.0))]) if broken else "–",
        "most at once": f"{share(float(at[worst]))}, {mine['month'][worst]}" if broken else "–",
    }


def _level(covenant: str, level: float) -> str:
    """Write what a covenant asks for, as a loan agreement does."""
    if covenant == "min liquidity":
        return money(level)
    return f"{level:.2f} ×"


def statements_sheet(run: RunTables, plan: str | None = None) -> tuple[Written, str] | None:
    """Return mean statements by calendar year, and the plan they are of; None where not kept.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Plan; by default the one compared with mining on.

    Notes
    -----
    Flows are sums of a year, the balance sheet stands at its end.
    """
    if not length(run.table("statements")):
        return None
    plan = plan or compared_plan(run) or keep_plan(run)
    table = select(run.table("statements"), plan=plan, scenario="mean")
    return by_year(table), printable(plan)


def by_year(table: Table, *, show: Sequence[str] | None = None, places: int = 1) -> Written:
    """Return monthly statements of one whom by calendar year [MUSD].

    Parameters
    ----------
    table : Table
        Columns statement, line, month and usd.
    show : sequence of str, optional
        Years to show; all by default.
    places : int
        Decimals.

    Notes
    -----
    Flows are sums of a year, the balance sheet stands at its end.
    """
    years = sorted({m[:4] for m in table["month"].tolist()}) if show is None else list(show)
    columns: dict[str, list[Any]] = {"statement": [], "line": [], **{y: [] for y in years}}
    amounts: dict[tuple[str, str], dict[str, float]] = {}
    cells = (table[c].tolist() for c in ("statement", "line", "month", "usd"))
    for name, line, month, usd in zip(*cells, strict=True):
        row = amounts.setdefault((name, line), {})
        row[month[:4]] = usd if name == "balance" else row.get(month[:4], 0.0) + usd
    for (name, line), row in amounts.items():
        columns["statement"].append(name)
        columns["line"].append(line)
        for year in years:
            columns[year].append(statement(row.get(year, 0.0) / _MILLION, places))
    return written({k: np.asarray(v) for k, v in columns.items()}, right=years)
