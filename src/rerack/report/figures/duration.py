"""Price duration curve of the first year with the strike price of every rig class."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.report.figures.frame import Figure, axis, framed, note, nothing
from rerack.report.format import number, quantity, share
from rerack.report.palette import ink, wash
from rerack.report.source import RunTables, rows
from rerack.report.tables import written

_POINTS = 400
_SUBTITLE = "First-year power price at the meter, USD/MWh, adder included, dearest hour first"
_DASHES = ("dash", "dot", "dashdot", "longdash")


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return the duration curve with strike prices as horizontal lines.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Not used: prices and strikes of the first year are the same for every plan.
    """
    table = written(
        dict(run.table("strikes")),
        headings={"strike_usd_per_mwh": "strike, USD/MWh", "run_frac": "share of hours run"},
        formats={"run_frac": share},
    )
    share_frac, price = _curve(run)
    if not len(price):
        return nothing(title="The run has no hourly price", subtitle=_SUBTITLE, table=table)
    classes = _classes(run)
    top = _top(share_frac, price, [float(c["strike_usd_per_mwh"]) for c in classes])
    return framed(
        [_price_line(share_frac, price)],
        title=_title(classes, float(price.max())),
        subtitle=_SUBTITLE + (f"; above {top:,.0f} USD/MWh not shown" if top < price.max() else ""),
        table=table,
        xaxis=axis("share of hours at this price or above, %", range=[0, 100]),
        yaxis=axis("USD/MWh", range=[max(min(0.0, float(price.min())), -0.5 * top), top]),
        shapes=[_strike_line(c, k) for k, c in enumerate(classes)],
        annotations=_strike_labels(classes, top),
        hovermode="x",
    )


def _curve(run: RunTables) -> tuple[FloatArray, FloatArray]:
    table = run.table("duration")
    order = np.argsort(table["hour_share_frac"], kind="stable")
    keep = (
        order[np.unique(np.linspace(0, len(order) - 1, _POINTS).astype(int))]
        if len(order)
        else order
    )
    return table["hour_share_frac"][keep], table["price_usd_per_mwh"][keep]


def _classes(run: RunTables) -> list[dict[str, Any]]:
    """Return rig classes by strike, dearest first; halls with the same rigs and strike are one."""
    merged: dict[tuple[str, float], dict[str, Any]] = {}
    for row in rows(run.table("strikes")):
        key = (str(row["rigs"]), round(float(row["strike_usd_per_mwh"]), 1))
        merged.setdefault(key, row | {"halls": []})["halls"].append(str(row["hall"]))
    return sorted(merged.values(), key=lambda r: -float(r["strike_usd_per_mwh"]))


def _top(share_frac: FloatArray, price: FloatArray, strikes: list[float]) -> float:
    """Return an upper end that shows the strikes and leaves the dearest 2 % of hours out."""
    wanted = 1.6 * max([*strikes, float(np.interp(0.02, share_frac, price))])
    return float(min(price.max() * 1.05, wanted)) if price.max() > 0 else 1.0


def _price_line(share_frac: FloatArray, price: FloatArray) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": 100.0 * share_frac,
        "y": price,
        "line": {"color": ink("text"), "width": 2},
        "fill": "tozeroy",
        "fillcolor": wash("idle", 0.12),
        "hovertemplate": "%{x:.1f} % of hours at %{y:.1f} USD/MWh or above<extra></extra>",
    }


def _strike_line(row: dict[str, Any], position: int) -> dict[str, Any]:
    level = row["strike_usd_per_mwh"]
    dash = _DASHES[position % len(_DASHES)]
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": level,
        "y1": level,
        "line": {"color": ink("mining"), "width": 1.5, "dash": dash},
    }


def _strike_labels(classes: list[dict[str, Any]], top: float) -> list[dict[str, Any]]:
    """Return a label on each strike line, pushed apart where lines are close."""
    labels, ceiling = [], float("inf")
    for row in classes:
        level = float(row["strike_usd_per_mwh"])
        y = min(level, ceiling - 0.075 * top)
        ceiling = y
        text = f"{row['rigs']}: {number(level)} USD/MWh, runs {share(float(row['run_frac']))}"
        labels.append(note(text, x=1, xref="paper", y=y, xanchor="right", yanchor="bottom"))
    return labels


def _title(classes: list[dict[str, Any]], peak: float) -> str:
    if not classes:
        return f"No rig is set to mine; power peaks at {quantity(peak, 'usd_per_mwh')}"
    best, worst = classes[0], classes[-1]
    first = f"{best['rigs']} runs in {share(float(best['run_frac']))} of hours"
    if best is worst:
        return f"{first}, at {quantity(float(best['strike_usd_per_mwh']), 'usd_per_mwh')} or less"
    return f"{first}, {worst['rigs']} in {share(float(worst['run_frac']))}"
