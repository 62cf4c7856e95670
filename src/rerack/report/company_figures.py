"""Companies drawn: value per MW with and without conversion, and equity from its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rerack.planning.company import CASES
from rerack.report.company_table import of_runs, side_by_side
from rerack.report.company_words import headline
from rerack.report.figures.frame import Figure, axis, broken, categories, filled, framed
from rerack.report.format import money, money_unit, number
from rerack.report.palette import ink
from rerack.report.tables import written
from rerack.study.company_study import CompanyRun
from rerack.study.tables.company import per_mw_table, value_table

_LOOK = {
    "mining": ("mining on", "mining", ""),
    "signed": ("with signed deals", "ai", ""),
    "announced": ("with announced conversions too", "ai", "/"),
}


def company_figures(runs: Sequence[CompanyRun]) -> dict[str, Figure]:
    """Return the figures of a valuation by name: bars per MW, then a waterfall a company.

    Parameters
    ----------
    runs : sequence of CompanyRun
        From `rerack.study.company_study.run_companies`.
    """
    made = {"per_mw": per_mw_figure(runs)}
    for i, run in enumerate(runs):
        made[f"parts_{i + 1}"] = parts_figure(run)
    return made


def per_mw_figure(runs: Sequence[CompanyRun]) -> Figure:
    """Return bars of enterprise value per MW at the meter, in three cases.

    Parameters
    ----------
    runs : sequence of CompanyRun
        Companies.
    """
    table = per_mw_table(runs)
    names = [broken(run.company.name) for run in runs]
    traces = []
    for case in reversed(CASES):
        here = table["case"] == case
        label, meaning, hatch = _LOOK[case]
        mean = table["per_utility_mean_usd_per_mw"][here] / 1e6
        low = table["per_utility_p5_usd_per_mw"][here] / 1e6
        high = table["per_utility_p95_usd_per_mw"][here] / 1e6
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "x": mean,
                "y": names,
                "marker": filled([meaning] * len(names), [hatch] * len(names)),
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": high - mean,
                    "arrayminus": mean - low,
                    "thickness": 1,
                    "width": 3,
                    "color": ink("text"),
                },
                "hovertemplate": "%{y}, " + label + ": %{x:.3g} MUSD/MW<extra></extra>",
            }
        )
    return framed(
        traces,
        title=headline(runs),
        subtitle="Enterprise value per MW at the meter, MUSD/MW utility; mean, and P5 to P95",
        table=side_by_side(of_runs(runs)),
        xaxis=axis("MUSD per MW utility", zeroline=True),
        yaxis=categories(),
        height=220 + 76 * len(runs),
        barmode="group",
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "traceorder": "reversed",
        },
    )


def parts_figure(run: CompanyRun) -> Figure:
    """Return a waterfall from mining to equity: conversions, overhead, holdings and debt.

    Parameters
    ----------
    run : CompanyRun
        A company.
    """
    steps = _steps(run)
    factor, unit = money_unit(max(abs(v) for _, v, _ in steps))
    totals = [kind == "total" for _, _, kind in steps]
    equity = steps[-1][1]
    trace = {
        "type": "waterfall",
        "x": [broken(name, 14) for name, _, _ in steps],
        "y": [v / factor for _, v, _ in steps],
        "measure": ["total" if t else "relative" for t in totals],
        "text": [number(v / factor) for _, v, _ in steps],
        "textposition": "outside",
        "increasing": {"marker": {"color": ink("ai")}},
        "decreasing": {"marker": {"color": ink("loss")}},
        "totals": {"marker": {"color": ink("muted")}},
        "connector": {"line": {"color": ink("rule"), "width": 1}},
        "hovertemplate": "%{x}: %{text} " + unit + "<extra></extra>",
    }
    return framed(
        [trace],
        title=f"{run.company.name}: equity of {money(equity)} from its parts",
        subtitle=f"Means, {unit}, all conversions made; what is unknown is left out",
        table=written(
            {"part": [n for n, _, _ in steps], unit: [v / factor for _, v, _ in steps]},
        ),
        xaxis=axis("", type="category", showgrid=False),
        yaxis=axis(unit, zeroline=True),
        height=400,
    )


def _steps(run: CompanyRun) -> list[tuple[str, float, str]]:
    """Return (part, mean [USD], step or total) from mining to equity."""
    table = value_table([run])
    mean: dict[tuple[str, str], float] = {}
    for case, kind, usd in zip(table["case"], table["kind"], table["mean_usd"], strict=True):
        key = (str(case), str(kind))
        mean[key] = mean.get(key, 0.0) + float(usd)
    mining = mean[("mining", "site")]
    signed, announced = mean[("signed", "site")], mean[("announced", "site")]
    steps: list[tuple[str, float, Any]] = [
        ("sites mining on", mining, "step"),
        ("signed deals", signed - mining, "step"),
        ("announced", announced - signed, "step"),
        ("overhead and tax as one", mean[("announced", "overhead")], "step"),
        ("enterprise value", mean[("announced", "operations")], "total"),
        ("cash", mean[("announced", "cash")], "step"),
        ("coins", mean[("announced", "coins")], "step"),
        ("debt", mean.get(("announced", "debt"), 0.0), "step"),
        ("notes convert", mean[("announced", "dilution")], "step"),
        ("equity", mean[("announced", "equity")], "total"),
    ]
    cent = 0.01
    return [s for s in steps if s[2] == "total" or not np.isclose(s[1], 0.0, atol=cent)]
