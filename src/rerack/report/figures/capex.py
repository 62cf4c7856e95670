"""What a converted megawatt costs, component by component, and who pays."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.report.figures.frame import (
    Figure,
    axis,
    broken,
    categories,
    filled,
    framed,
    label,
    nothing,
)
from rerack.report.format import money, number, share
from rerack.report.palette import ink
from rerack.report.source import RunTables, select
from rerack.report.tables import written

_SUBTITLE = "Capex by component, MUSD per MW critical: owner (solid), tenant (hatched)"
_ROW, _GAP, _HEAD = 26, 34, 70


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return capex per critical MW as one waterfall an offer, on one scale.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Not used: an offer costs the same whatever the plan.
    """
    capex = run.table("capex")
    table = written(
        dict(capex),
        headings={
            "owner_usd_per_mw": "owner, USD/MW critical",
            "tenant_usd_per_mw": "tenant, USD/MW critical",
        },
    )
    offers = list(dict.fromkeys(str(o) for o in capex["offer"]))
    if not offers:
        return nothing(title="No AI offer was compared", subtitle=_SUBTITLE, table=table)
    # An offer takes its components and a total.
    counts = [int((capex["offer"] == o).sum()) + 1 for o in offers]
    body = _ROW * sum(counts) + _GAP * len(offers)
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes: list[dict[str, Any]] = []
    top = 1.0
    for k, (offer, count) in enumerate(zip(offers, counts, strict=True)):
        bottom = top - (_ROW * count) / body - _GAP / body
        name = "" if k == 0 else str(k + 1)
        axes[f"yaxis{name}"] = categories(domain=[max(0.0, bottom), top - _GAP / body])
        traces += _waterfall(select(capex, offer=offer), f"y{name}")
        notes.append(_offer_label(offer, top - _GAP / body))
        top = bottom
    first = axes.pop("yaxis")
    return framed(
        traces,
        title=_title(capex, offers),
        subtitle=_SUBTITLE,
        table=table,
        xaxis=axis(
            "MUSD per MW critical",
            zeroline=True,
            range=[0, 1.18 * _dearest(capex, offers)],
            anchor=f"y{len(offers)}" if offers[1:] else "y",
        ),
        yaxis=first,
        height=body + _HEAD,
        barmode="overlay",
        annotations=notes,
        **axes,
    )


def _dearest(capex: Any, offers: list[str]) -> float:
    """Return the largest total of an offer, owner and tenant [MUSD/MW critical]."""
    both = capex["owner_usd_per_mw"] + capex["tenant_usd_per_mw"]
    return max(float(both[capex["offer"] == o].sum()) for o in offers) / 1e6


def _waterfall(rows: dict[str, Any], yaxis: str) -> list[dict[str, Any]]:
    owner, tenant = rows["owner_usd_per_mw"] / 1e6, rows["tenant_usd_per_mw"] / 1e6
    each = owner + tenant
    start = np.concatenate([[0.0], np.cumsum(each)[:-1]])
    names = [*(broken(c, 26) for c in rows["component"]), "total"]
    return [
        _bars(
            names,
            [*owner, owner.sum()],
            [*start, 0.0],
            [""] * len(names),
            yaxis,
            tenant=False,
        ),
        _bars(
            names,
            [*tenant, tenant.sum()],
            [*(start + owner), owner.sum()],
            [number(float(v)) for v in [*each, each.sum()]],
            yaxis,
            tenant=True,
        ),
    ]


def _bars(
    names: list[str], length: Any, base: Any, texts: list[str], yaxis: str, *, tenant: bool
) -> dict[str, Any]:
    who = "tenant" if tenant else "owner"
    return {
        "type": "bar",
        "orientation": "h",
        "name": who,
        "y": names,
        "x": length,
        "base": base,
        "yaxis": yaxis,
        "text": [label(t) for t in texts],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": filled(["ai"] * len(names), ["/" if tenant else ""] * len(names)),
        "hovertemplate": f"{who} %{{x:.3g}} MUSD/MW critical<extra></extra>",
    }


def _offer_label(offer: str, y: float) -> dict[str, Any]:
    return {
        "text": f"<b>{label(offer)}</b>",
        "x": 0,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"color": ink("text"), "size": 12.5},
    }


def _title(capex: Any, offers: list[str]) -> str:
    costs = []
    for offer in offers:
        rows = select(capex, offer=offer)
        owner_usd = float(rows["owner_usd_per_mw"].sum())
        all_usd = owner_usd + float(rows["tenant_usd_per_mw"].sum())
        costs.append((offer, owner_usd, share(owner_usd / all_usd) if all_usd > 0 else "none"))
    costs.sort(key=lambda c: c[1])
    offer, owner_usd, part = costs[0]
    said = f"“{offer}” costs the owner {money(owner_usd)} per MW critical, {part} of all"
    return said if len(costs) == 1 else f"{said}; “{costs[-1][0]}” {money(costs[-1][1])}"
