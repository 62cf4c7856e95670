"""A sweep drawn: gain of each plan along one input, or the best gain over two."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from rerack.report.figures.frame import Figure, axis, broken, framed
from rerack.report.format import money_unit, number
from rerack.report.palette import ink
from rerack.report.tables import written
from rerack.study.store import Table

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def sweep_figure(table: Table, axes: dict[str, tuple[str, ...]]) -> Figure:
    """Return lines where one input varies, a map of the first two where several do.

    Parameters
    ----------
    table : Table
        Results, a row a plan and study.
    axes : dict of str to tuple of str
        Values by key. Inputs beyond the second are shown at their first value.
    """
    keys = list(axes)
    shown = table["problem"] == ""
    for key in keys[2:]:
        shown &= table[key] == axes[key][0]
    part = {name: values[shown] for name, values in table.items()}
    if len(keys) == 1 or min(len(axes[key]) for key in keys[:2]) == 1:
        key = max(keys[:2], key=lambda name: len(axes[name]))
        return _lines(part, key, axes[key])
    return _map(part, axes, keys)


def _lines(table: Table, key: str, values: tuple[str, ...]) -> Figure:
    plans = list(dict.fromkeys(table["plan"].tolist()))
    factor, unit = money_unit(float(np.abs(table["delta_mean_usd"]).max(initial=1.0)))
    x, title = _scale(key, values)
    traces: list[dict[str, Any]] = []
    for i, plan in enumerate(plans[1:]):
        here = table["plan"] == plan
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": broken(plan),
                "x": [x[v] for v in table[key][here].tolist()],
                "y": table["delta_mean_usd"][here] / factor,
                "error_y": {
                    "type": "data",
                    "array": 1.96 * table["delta_se_usd"][here] / factor,
                    "thickness": 1,
                },
                "line": {"dash": _DASHES[i % len(_DASHES)], "color": ink("ai")},
                "opacity": 1.0 - 0.12 * min(i, 5),
                "hovertemplate": "%{x}: %{y:.3g} " + unit + "<extra>" + broken(plan) + "</extra>",
            }
        )
    best = [table["plan"][(table[key] == v) & table["answer"]].tolist() for v in values]
    answers = list(dict.fromkeys(plan for found in best for plan in found))
    return framed(
        traces,
        title=_line_title(answers, key),
        subtitle=f"Mean NPV less that of “{plans[0]}”, {unit}, 95 % intervals, common draws",
        table=written(
            {
                key: table[key],
                "plan": table["plan"],
                f"gain, {unit}": table["delta_mean_usd"] / factor,
                f"standard error, {unit}": table["delta_se_usd"] / factor,
                "answer": np.where(table["answer"], "yes", ""),
            }
        ),
        xaxis=axis(title),
        yaxis=axis(f"gain, {unit}", zeroline=True),
        showlegend=True,
        height=440,
    )


def _line_title(answers: list[str], key: str) -> str:
    if len(answers) == 1:
        return f"“{answers[0]}” is the answer throughout"
    return f"The answer moves with {key}: " + ", then ".join(f"“{a}”" for a in answers)


def _map(table: Table, axes: dict[str, tuple[str, ...]], keys: list[str]) -> Figure:
    first, second = keys[:2]
    answers = {k: v[table["answer"]] for k, v in table.items()}
    factor, unit = money_unit(float(np.abs(answers["delta_mean_usd"]).max(initial=1.0)))
    cell = {
        (a, b): (gain / factor, plan)
        for a, b, gain, plan in zip(
            answers[first].tolist(),
            answers[second].tolist(),
            answers["delta_mean_usd"].tolist(),
            answers["plan"].tolist(),
            strict=True,
        )
    }
    rows = [[cell.get((a, b), (None, "none")) for a in axes[first]] for b in axes[second]]
    best = list(dict.fromkeys(answers["plan"].tolist()))
    many = f"{len(best)} plans share the answer" if len(best) > 1 else f"“{best[0]}” throughout"
    rest = f"; {', '.join(f'{k} at {axes[k][0]}' for k in keys[2:])}" if keys[2:] else ""
    trace = {
        "type": "heatmap",
        "x": [broken(v, 12) for v in axes[first]],
        "y": [broken(v) for v in axes[second]],
        "z": [[gain for gain, _ in row] for row in rows],
        "text": [
            [broken(plan, 14) + ("" if g is None else f"<br>{number(g, 2)}") for g, plan in row]
            for row in rows
        ],
        "texttemplate": "%{text}" if len(axes[first]) <= 8 else "",
        "colorscale": [[0.0, ink("card")], [1.0, ink("ai")]],
        "colorbar": {"title": {"text": unit}},
        "hovertemplate": "%{x}, %{y}: %{text}<extra></extra>",
    }
    return framed(
        [trace],
        title=f"The answer by {first} and {second}: {many}",
        subtitle=f"Answer and its mean gain over the first plan, {unit}, common draws{rest}",
        table=written(
            {
                first: answers[first],
                second: answers[second],
                "answer": answers["plan"],
                f"gain, {unit}": answers["delta_mean_usd"] / factor,
            }
        ),
        xaxis=axis(first, type="category", showgrid=False),
        yaxis=axis(second, type="category", showgrid=False),
        height=240 + 44 * len(axes[second]),
    )


def _scale(key: str, values: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    """Return where each value stands on the axis, and the axis' title with the unit."""
    found = [re.fullmatch(r"([+-]?[\d.]+(?:e[+-]?\d+)?)\s*(.*)", v) for v in values]
    units = {m.group(2) for m in found if m is not None}
    if None in found or len(units) != 1:
        return {v: v for v in values}, key
    (unit,) = units
    numbers = {v: float(m.group(1)) for v, m in zip(values, found, strict=True) if m is not None}
    return dict(numbers), f"{key}, {unit}" if unit else key
