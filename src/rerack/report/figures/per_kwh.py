"""Revenue and margin of a kilowatt-hour at every use, like for like at the meter."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.report.answer import best_uses, why
from rerack.report.figures.frame import (
    Figure,
    axis,
    broken,
    categories,
    filled,
    framed,
    nothing,
)
from rerack.report.format import per_kwh
from rerack.report.source import RunTables, length
from rerack.report.tables import written

_SUBTITLE = (
    "USD per utility kWh: revenue (solid), and margin (hatched) after power and operations, "
    "before capex"
)


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return revenue and margin by use as bars from zero.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Not used: a use earns the same whatever the plan.
    """
    uses = run.table("per_kwh")
    heads = {
        "use": "use",
        "basis": "basis",
        "revenue_usd_per_kwh": "revenue, USD/kWh",
        "margin_usd_per_kwh": "margin, USD/kWh",
        "revenue_usd_per_critical_kwh": "revenue, USD/critical kWh",
        "capex_usd_per_mw_utility": "capex, USD/MW utility",
        "note": "note",
    }
    table = written({c: uses[c] for c in heads}, headings=heads)
    if not length(uses):
        return nothing(title="No use was computed", subtitle=_SUBTITLE, table=table)
    names = [broken(u) for u in uses["use"]]
    meanings = ["mining" if m else "ai" for m in np.isnan(uses["revenue_usd_per_critical_kwh"])]
    return framed(
        [
            _bars(names, uses["revenue_usd_per_kwh"], meanings, "revenue", hatched=False),
            _bars(names, uses["margin_usd_per_kwh"], meanings, "margin", hatched=True),
        ],
        title=_title(run),
        subtitle=_SUBTITLE,
        table=table,
        xaxis=axis("USD per utility kWh", zeroline=True, range=_range(uses)),
        yaxis=categories(),
        height=120 + 66 * length(uses),
        barmode="group",
        bargap=0.3,
    )


def _title(run: RunTables) -> str:
    said = why(run)
    mining, ai = best_uses(run)
    return said if mining and ai else said[0].upper() + said[1:]


def _range(uses: Any) -> list[float]:
    both = np.concatenate([uses["revenue_usd_per_kwh"], uses["margin_usd_per_kwh"], [0.0]])
    room = 0.22 * float(both.max() - both.min())
    low = float(both.min())
    return [low - room if low < 0 else 0.0, float(both.max()) + room]


def _bars(
    names: list[str], values: Any, meanings: list[str], what: str, *, hatched: bool
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": what,
        "y": names,
        "x": values,
        "text": [per_kwh(float(v)) for v in values],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": filled(meanings, ["/" if hatched else ""] * len(meanings)),
        "hovertemplate": f"{what} %{{x:.4f}} USD/kWh<extra></extra>",
    }
