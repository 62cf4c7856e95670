"""Robustness drawn: what stresses do to each plan, regret, and rents of indifference."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.report.figures.frame import Figure, axis, broken, categories, framed, note
from rerack.report.format import money, money_unit, number
from rerack.report.palette import ink
from rerack.report.tables import written
from rerack.study.store import Table

_DASHES = ("solid", "dash", "dot", "dashdot")


def regret_figure(table: Table) -> Figure:
    """Return regret by plan and stress as a map; the plan of least worst regret is named.

    Parameters
    ----------
    table : Table
        From `rerack.study.robustness.regret_table`.
    """
    plans = table["plan"].tolist()
    stresses = [c for c in table if c not in ("plan", "worst_usd", "mean_scenario_usd")]
    regret = np.array([table[s] for s in stresses]).T
    factor, unit = money_unit(float(regret.max()))
    best = int(np.argmin(table["worst_usd"]))
    trace = {
        "type": "heatmap",
        "x": [broken(s, 14) for s in stresses],
        "y": [broken(p) for p in plans],
        "z": regret / factor,
        "text": [[number(v, 2) if v > 0 else "best" for v in row] for row in regret / factor],
        "texttemplate": "%{text}",
        "colorscale": [[0.0, ink("card")], [1.0, ink("loss")]],
        # Where nothing is to be regretted, nothing is red.
        "zmin": 0.0,
        "zmax": float(regret.max()) / factor or 1.0,
        "showscale": False,
        "hovertemplate": "%{y}, %{x}: %{z:.3g} " + unit + "<extra></extra>",
    }
    worst = money(float(table["worst_usd"][best]))
    return framed(
        [trace],
        title=f"“{plans[best]}” has the least worst regret: {worst}",
        subtitle=f"Mean NPV below the best plan of each stress, {unit}; “best” where there is none",
        table=written({"plan": table["plan"]} | {s: table[s] / factor for s in stresses}),
        xaxis=axis("stress", type="category", showgrid=False, side="top"),
        yaxis=categories(),
        height=200 + 44 * len(plans),
    )


def stress_figure(table: Table) -> Figure:
    """Return the gain over keeping mining by stress, a mark a plan.

    Parameters
    ----------
    table : Table
        From `rerack.study.robustness.stress_table`.
    """
    plans = list(dict.fromkeys(table["plan"].tolist()))
    factor, unit = money_unit(float(np.abs(table["gain_usd"]).max()))
    symbols = ("circle", "square", "diamond", "cross", "triangle-up", "star", "x", "hexagon")
    traces = []
    for i, plan in enumerate(plans[1:]):
        here = table["plan"] == plan
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": broken(plan),
                "x": table["gain_usd"][here] / factor,
                "y": [broken(s) for s in table["stress"][here].tolist()],
                "error_x": {
                    "type": "data",
                    "array": 1.96 * table["gain_se_usd"][here] / factor,
                    "thickness": 1,
                    "width": 3,
                },
                "marker": {
                    "symbol": symbols[i % len(symbols)],
                    "size": 11,
                    "color": ink("ai"),
                    "opacity": 1.0 - 0.12 * min(i, 5),
                },
                "hovertemplate": "%{y}: %{x:.3g} " + unit + "<extra>" + broken(plan) + "</extra>",
            }
        )
    return framed(
        traces,
        title=_stress_title(table),
        subtitle=f"NPV less that of “{plans[0]}” under the same stress, {unit}, 95 % intervals",
        table=written(
            {
                "stress": table["stress"],
                "plan": table["plan"],
                f"NPV, {unit}": table["npv_mean_usd"] / factor,
                f"gain, {unit}": table["gain_usd"] / factor,
                "worst DSCR": table["worst_dscr"],
            }
        ),
        xaxis=axis(f"against “{plans[0]}”, {unit}", zeroline=True),
        yaxis=categories(),
        height=200 + 52 * len(set(table["stress"].tolist())),
        showlegend=True,
    )


def _stress_title(table: Table) -> str:
    """Say which plan is best as expected, and under how many stresses another clearly is."""
    rows = {s: table["stress"] == s for s in dict.fromkeys(table["stress"].tolist())}
    best = {
        s: table["plan"][here][table["npv_mean_usd"][here].argmax()] for s, here in rows.items()
    }
    first_stress, *stresses = rows
    first = best[first_stress]
    as_good = {s: table["plan"][here & table["too_close"]].tolist() for s, here in rows.items()}
    turned = [s for s in stresses if first != best[s] and first not in as_good[s]]
    rivals = as_good[first_stress]
    tied = (
        f", too close to tell from {len(rivals)} other{'s' * (len(rivals) > 1)}" if rivals else ""
    )
    if not turned:
        return f"“{first}”{tied}: no stress makes another plan clearly better"
    return (
        f"“{first}” is best as expected{tied}; {len(turned)} of {len(stresses)} stresses "
        f"make{'s' * (len(turned) == 1)} another clearly better"
    )


def indifference_figure(table: Table) -> Figure:
    """Return the rent of indifference over hashprice, a line a price of power.

    Parameters
    ----------
    table : Table
        From `rerack.study.robustness.indifference_table`.
    """
    unit, offer, hall = (str(table[c][0]) for c in ("unit", "offer", "hall"))
    offered = float(table["offered"][0])
    traces: list[dict[str, Any]] = []
    notes = [
        note("offered", x=1, xref="paper", y=offered, xanchor="right", yanchor="bottom"),
    ]
    for i, power in enumerate(dict.fromkeys(table["power_usd_per_mwh"].tolist())):
        here = (table["power_usd_per_mwh"] == power) & np.isfinite(table["rate"])
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": f"{number(power)} USD/MWh",
                "x": table["hashprice_usd_per_ph_day"][here],
                "y": table["rate"][here],
                "line": {"color": ink("ai"), "dash": _DASHES[i % len(_DASHES)]},
                "hovertemplate": "%{x:.0f} USD/PH/day: %{y:.4g} " + unit + "<extra></extra>",
            }
        )
    return framed(
        traces,
        title=f"What “{offer}” must pay for hall {hall} rises with hashprice",
        subtitle=f"Rate at which converting today and mining on are worth the same, {unit}; "
        "a line for each mean price of power in the first year; above a line, convert",
        table=written(
            {
                "hashprice, USD/PH/day": table["hashprice_usd_per_ph_day"],
                "power, USD/MWh": table["power_usd_per_mwh"],
                f"rate, {unit}": table["rate"],
            }
        ),
        xaxis=axis("hashprice of the first month, USD/PH/day"),
        yaxis=axis(unit, rangemode="tozero"),
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": offered,
                "y1": offered,
                "line": {"color": ink("muted"), "width": 1},
            }
        ],
        annotations=notes,
        showlegend=True,
    )
