"""Distribution of net present value, the plans on one scale."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.quantiles import quantiles
from rerack.report.figures.frame import Figure, axis, broken, framed
from rerack.report.format import money_unit, share
from rerack.report.palette import INNER, OUTER, ink, wash
from rerack.report.sheets import money_basis
from rerack.report.source import RunTables, chosen_plan, keep_plan, plan_row, rows
from rerack.report.tables import Written, written

_GRID = 161
_HEIGHT = 0.82
#: Levels of the quantiles that stand for a plan's spread.
_SPREAD_FRACS = (0.05, 0.25, 0.5, 0.75, 0.95)


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
    scenarios = run.table("scenarios")
    draws = {n: scenarios["npv_usd"][scenarios["plan"] == n].astype(np.float64) for n in names}
    draws = {n: npv_usd for n, npv_usd in draws.items() if len(npv_usd)}
    largest = max((float(np.abs(v).max()) for v in draws.values()), default=0.0)
    factor, unit = money_unit(largest)
    spreads = {n: quantiles(npv_usd, _SPREAD_FRACS) / factor for n, npv_usd in draws.items()}
    traces: list[dict[str, Any]] = []
    for row, (name, npv_usd) in enumerate(draws.items()):
        meaning = "mining" if name == keep_plan(run) else "ai"
        traces += _ridge(npv_usd / factor, spreads[name], -float(row), meaning)
    ticks = [-k for k in range(len(draws))]
    return framed(
        traces,
        title=_title(run, chosen),
        subtitle=f"NPV over scenarios: mean (line), P25 to P75, P5 to P95; heights scaled by plan; "
        f"{money_basis(run, unit)}",
        table=_table(draws, spreads, factor, unit),
        xaxis=axis(f"NPV, {unit}", zeroline=True),
        yaxis=axis(
            "", tickvals=ticks, ticktext=[broken(n) for n in draws], showgrid=False, zeroline=False
        ),
        height=130 + 70 * len(draws),
        hovermode="closest",
    )


def density(values: FloatArray, at: FloatArray, deviation: float, iqr: float) -> FloatArray:
    """Return a Gaussian kernel density with Silverman's bandwidth, highest point 1.

    Parameters
    ----------
    values : ndarray
        Draws, shape (scenario,), not all equal.
    at : ndarray
        Where to read it, shape (point,).
    deviation, iqr : float
        Standard deviation of the draws; P75 less P25.

    Notes
    -----
    Bandwidth 0.9 min(s, IQR / 1.34) n^(-1/5): Silverman, Density Estimation (1986), eq. 3.31.
    Do not use it for tails: take quantiles.
    """
    bandwidth = 0.9 * (min(deviation, iqr / 1.34) or deviation) * len(values) ** -0.2
    # In place: of many scenarios, one such matrix is enough.
    kernels = at[:, None] - values
    kernels /= bandwidth
    kernels *= kernels
    kernels *= -0.5
    heights: FloatArray = np.exp(kernels, out=kernels).sum(axis=1)
    heights /= heights.max()
    return heights


def _ridge(
    values: FloatArray, spread: FloatArray, base: float, meaning: str
) -> list[dict[str, Any]]:
    mean, deviation = float(values.mean()), float(values.std())
    if deviation <= 1e-9 * max(1.0, float(np.abs(values).max())):
        # Every scenario gives the same sum: a line, not a hill.
        return [_stem(mean, base, _HEIGHT, meaning)]
    p5, p25, _, p75, p95 = spread.tolist()
    at = np.linspace(values.min(), values.max(), _GRID)
    height = _HEIGHT * density(values, at, deviation, p75 - p25)
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
    inside = at[at.searchsorted(low, "right") : at.searchsorted(high, "left")]
    x = np.concatenate([[low], inside, [high, high, low, low]])
    y = base + np.interp(x, at, height)
    y[-3:-1] = base
    # A ten-thousandth of a hill is a tenth of a pixel; all digits would be most of a live answer.
    places = 4 - math.floor(math.log10(at[-1] - at[0]))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.round(x, places),
        "y": np.round(y, 4),
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


def _table(
    draws: dict[str, FloatArray], spreads: dict[str, FloatArray], factor: float, unit: str
) -> Written:
    columns: dict[str, Any] = {
        f"plan ({unit})": list(draws),
        "mean": np.array([v.mean() / factor for v in draws.values()]),
    }
    for k, q in enumerate(_SPREAD_FRACS):
        columns[f"P{100 * q:.0f}"] = np.array([spread[k] for spread in spreads.values()])
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
