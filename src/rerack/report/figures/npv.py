"""Distribution of net present value, the plans on one scale."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.report.figures.frame import Figure, axis, broken, framed
from rerack.report.format import money_unit, share
from rerack.report.palette import INNER, OUTER, ink, wash
from rerack.report.sheets import money_basis
from rerack.report.source import RunTables, chosen_plan, keep_plan, plan_row, rows, select
from rerack.report.tables import written

_GRID = 161
_HEIGHT = 0.82
_TABLE_FRACS = (0.05, 0.25, 0.5, 0.75, 0.95)


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return the density of NPV by plan, one above the other.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Plan that the title speaks of; the recommended one by default.
    """
    chosen = chosen_plan(run, plan)
    names = [str(p) for p in run.table("plans")["plan"]]
    draws = {n: select(run.table("scenarios"), plan=n)["npv_usd"] for n in names}
    draws = {n: v.astype(np.float64) for n, v in draws.items() if len(v)}
    largest = max((float(np.abs(v).max()) for v in draws.values()), default=0.0)
    factor, unit = money_unit(largest)
    traces: list[dict[str, Any]] = []
    for row, (name, npv_usd) in enumerate(draws.items()):
        meaning = "mining" if name == keep_plan(run) else "ai"
        traces += _ridge(npv_usd / factor, -float(row), meaning)
    ticks = [-k for k in range(len(draws))]
    return framed(
        traces,
        title=_title(run, chosen),
        subtitle=f"NPV over scenarios: mean (line), P25 to P75, P5 to P95; heights scaled by plan; "
        f"{money_basis(run, unit)}",
        table=_table(draws, factor, unit),
        xaxis=axis(f"NPV, {unit}", zeroline=True),
        yaxis=axis(
            "", tickvals=ticks, ticktext=[broken(n) for n in draws], showgrid=False, zeroline=False
        ),
        height=130 + 70 * len(draws),
        hovermode="closest",
    )


def density(values: FloatArray, at: FloatArray) -> FloatArray:
    """Return a Gaussian kernel density with Silverman's bandwidth, highest point 1.

    Parameters
    ----------
    values : ndarray
        Draws, shape (scenario,), not all equal.
    at : ndarray
        Where to read it, shape (point,).

    Notes
    -----
    Bandwidth 0.9 min(s, IQR / 1.34) n^(-1/5): Silverman, Density Estimation (1986), eq. 3.31.
    Do not use it for tails: take quantiles.
    """
    low, high = np.quantile(values, [0.25, 0.75])
    spread = min(float(values.std()), float(high - low) / 1.34) or float(values.std())
    bandwidth = 0.9 * spread * len(values) ** -0.2
    heights: FloatArray = np.exp(-0.5 * ((at[:, None] - values) / bandwidth) ** 2).sum(axis=1)
    heights /= heights.max()
    return heights


def _ridge(values: FloatArray, base: float, meaning: str) -> list[dict[str, Any]]:
    if values.std() <= 1e-9 * max(1.0, float(np.abs(values).max())):
        # Every scenario gives the same sum: a line, not a hill.
        return [_stem(float(values.mean()), base, _HEIGHT, meaning)]
    p5, p25, p75, p95 = np.quantile(values, [0.05, 0.25, 0.75, 0.95])
    at = np.linspace(values.min(), values.max(), _GRID)
    height = _HEIGHT * density(values, at)
    mean = float(values.mean())
    return [
        _hill(at, height, at[0], at[-1], base, meaning, 0.0),
        _hill(at, height, p5, p95, base, meaning, OUTER),
        _hill(at, height, p25, p75, base, meaning, INNER),
        _stem(mean, base, float(np.interp(mean, at, height)), meaning),
    ]


def _hill(
    at: FloatArray,
    height: FloatArray,
    low: float,
    high: float,
    base: float,
    meaning: str,
    opacity: float,
) -> dict[str, Any]:
    """Return the part of a density from `low` to `high`, standing on `base`."""
    inside = at[(at > low) & (at < high)]
    x = np.concatenate([[low], inside, [high]])
    y = base + np.interp(x, at, height)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.concatenate([x, [high, low, low]]),
        "y": np.concatenate([y, [base, base, y[0]]]),
        "line": {"color": ink(meaning), "width": 0 if opacity else 1},
        "fill": "toself" if opacity else "none",
        "fillcolor": wash(meaning, opacity),
        "hoverinfo": "skip",
    }


def _stem(mean: float, base: float, height: float, meaning: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [mean, mean],
        "y": [base, base + height],
        "line": {"color": ink(meaning), "width": 2.5},
        "hovertemplate": "mean %{x:.3g}<extra></extra>",
    }


def _table(draws: dict[str, FloatArray], factor: float, unit: str) -> Any:
    columns: dict[str, Any] = {
        f"plan ({unit})": list(draws),
        "mean": np.array([v.mean() / factor for v in draws.values()]),
    }
    spread = [np.quantile(v, _TABLE_FRACS) / factor for v in draws.values()]
    for k, q in enumerate(_TABLE_FRACS):
        columns[f"P{100 * q:.0f}"] = np.array([values[k] for values in spread])
    columns["P(below zero)"] = [share(float(np.mean(v < 0))) for v in draws.values()]
    return written(columns)


def _title(run: RunTables, chosen: str) -> str:
    keep = keep_plan(run)
    if chosen != keep:
        below = plan_row(run, chosen)["p_below_keep_frac"]
        return f"“{chosen}” falls below “{keep}” in {share(below)} of scenarios"
    rivals = [r for r in rows(run.table("plans")) if r["plan"] != keep]
    if not rivals:
        return f"NPV of “{keep}”; no other plan was compared"
    best = max(rivals, key=lambda r: float(r["delta_mean_usd"]))
    return (
        f"“{best['plan']}” falls below “{keep}” in {share(best['p_below_keep_frac'])} of scenarios"
    )
