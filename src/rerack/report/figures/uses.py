"""What the site's megawatts do, month by month."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.report.figures.frame import Figure, axis, framed, months_axis, note
from rerack.report.format import number
from rerack.report.palette import ink, wash
from rerack.report.source import RunTables, chosen_plan, select
from rerack.report.tables import written

#: Use -> (meaning of its colour, hatching that survives grey print), bottom of the stack first.
STACK = {
    "AI / HPC": ("ai", ""),
    "mining": ("mining", ""),
    "under conversion": ("idle", "/"),
    "idle": ("idle", "."),
}
#: A band thinner or shorter than these shares gets a legend, for no label fits into it.
_LABELLED_FRAC, _LABELLED_MONTHS_FRAC = 0.08, 0.25


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return mean MW by use through time as stacked steps.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Plan; the recommended one by default.
    """
    chosen = chosen_plan(run, plan)
    months, mean_mw = _stack(run, chosen)
    labels = _labels(months, mean_mw)
    traces = [_band(months, use, mw, legend=use not in labels) for use, mw in mean_mw.items()]
    return framed(
        traces,
        title=_title(months, mean_mw),
        subtitle=f"Plan “{chosen}”: mean over scenarios, MW utility (at the meter), by use",
        table=written({"month": months, **{u: mean_mw[u] for u in mean_mw}}),
        xaxis=months_axis(),
        yaxis=axis("MW utility", rangemode="tozero"),
        annotations=list(labels.values()),
        showlegend=len(labels) < len(mean_mw),
        hovermode="x unified",
    )


def _stack(run: RunTables, plan: str) -> tuple[list[str], dict[str, FloatArray]]:
    table = select(run.table("uses"), plan=plan)
    months = sorted(set(table["month"].tolist()))
    position = {m: k for k, m in enumerate(months)}
    found = set(table["use"].tolist())
    order = [u for u in STACK if u in found] + sorted(found - set(STACK))
    row = {use: k for k, use in enumerate(order)}
    at_use = np.fromiter(map(row.__getitem__, table["use"].tolist()), np.int64)
    at_month = np.fromiter(map(position.__getitem__, table["month"].tolist()), np.int64)
    count = len(order) * len(months)
    sums = np.bincount(at_use * len(months) + at_month, table["mean_mw"], minlength=count)
    out = dict(zip(order, sums.reshape(len(order), len(months)), strict=True))
    return months, {use: mw for use, mw in out.items() if mw.any()}


def _band(months: list[str], use: str, mean_mw: FloatArray, *, legend: bool) -> dict[str, Any]:
    meaning, hatch = STACK.get(use, ("storage", "x"))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": use,
        "showlegend": legend,
        "x": months,
        "y": mean_mw,
        "stackgroup": "mw",
        "line": {"shape": "hv", "width": 1, "color": ink(meaning)},
        "fillcolor": wash(meaning, 0.55),
        "fillpattern": {
            "shape": hatch,
            "fgcolor": ink(meaning),
            "bgcolor": wash(meaning, 0.25),
            "size": 7,
        },
        "hovertemplate": "%{y:,.0f} MW",
    }


def _labels(months: list[str], mean_mw: dict[str, FloatArray]) -> dict[str, dict[str, Any]]:
    """Return use -> a label within its band, for the bands that have room for one."""
    total = sum(mean_mw.values(), np.zeros(len(months)))
    below, labels = np.zeros(len(months)), {}
    for use, mw in mean_mw.items():
        thick = np.flatnonzero(mw >= 0.4 * mw.max())
        k = int(thick[len(thick) // 2])
        wide = len(thick) >= _LABELLED_MONTHS_FRAC * len(months)
        if wide and mw[k] >= _LABELLED_FRAC * total.max():
            labels[use] = note(use, x=months[k], y=float(below[k] + mw[k] / 2))
        below = below + mw
    return labels


def _title(months: list[str], mean_mw: dict[str, FloatArray]) -> str:
    if not mean_mw:
        return "No megawatt is in use"
    end = {use: float(mw[-1]) for use, mw in mean_mw.items()}
    ai = mean_mw.get("AI / HPC")
    if ai is None:
        return f"No hall converts: {number(end.get('mining', 0.0))} MW utility mine at the end"
    when = months[int(np.argmax(ai >= 0.98 * ai.max()))]
    stay = number(round(end.get("mining", 0.0)))
    rest = "no hall mines at the end" if stay == "0" else f"{stay} MW still mine at the end"
    return f"AI reaches {number(float(ai.max()))} MW utility in {when}; {rest}"
