"""Figures of the network: who holds hashrate, what it is paid, where it stands."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.network.world.result import NetworkSimulation
from rerack.network.world.tables import Part, part_names
from rerack.numerics.quantiles import quantiles
from rerack.report.figures.fan import fan_traces
from rerack.report.figures.frame import (
    Figure,
    axis,
    categories,
    filled,
    framed,
    months_axis,
    note,
)
from rerack.report.format import hashrate, number, quantity, share
from rerack.report.palette import ink, wash
from rerack.report.tables import written

#: Bands of a stack; what is smaller is added up.
_BANDS = 6
#: Opacity and hatch of the bands, from the bottom.
_LOOKS = ((0.75, ""), (0.5, ""), (0.3, ""), (0.6, "/"), (0.4, "."), (0.2, "x"), (0.1, ""))
_LABELLED_FRAC = 0.07
#: What names of parts need to be told.
_COMING = {"region": "", "owner": "", "generation": "; “coming”: rigs not yet on the market"}


def network_figures(simulation: NetworkSimulation) -> dict[str, Figure]:
    """Return every figure of the network page, by name.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any simulation.
    """
    return {
        "hashprice": hashprice_figure(simulation),
        "region": stack_figure(simulation, "region"),
        "owner": stack_figure(simulation, "owner"),
        "ranked": ranked_figure(simulation),
        "difficulty": difficulty_figure(simulation),
        "generation": stack_figure(simulation, "generation"),
    }


def stack_figure(simulation: NetworkSimulation, part: Part) -> Figure:
    """Return mean hashrate by region, owner or generation, stacked.

    Parameters
    ----------
    simulation : NetworkSimulation
        Any simulation.
    part : {"region", "owner", "generation"}
        What to divide by.
    """
    months = list(simulation.grid.labels)
    mean = getattr(simulation, f"{part}_eh_s").mean(axis=0)
    bands = _bands(part_names(simulation, part), mean, ordered=part == "generation")
    total = np.sum(list(bands.values()), axis=0)
    traces, labels, below = [], [], np.zeros(len(months))
    for (name, values), look in zip(bands.items(), _LOOKS, strict=False):
        k = int(np.argmax(values))
        k = min(max(k, len(months) // 12), len(months) - 1 - len(months) // 8)
        thick = values[k] >= _LABELLED_FRAC * total.max()
        if thick:
            middle = float(below[k] + values[k] / 2)
            labels.append(note(name, x=months[k], y=middle, bgcolor=wash("card", 0.8)))
        traces.append(_band(months, name, values, look, legend=not thick))
        below = below + values
    return framed(
        traces,
        title=_stack_title(bands, part),
        subtitle=f"Mean over {simulation.paths:,} scenarios, EH/s online, by {part}{_COMING[part]}",
        table=written({"month": months[::12], **{n: v[::12] for n, v in bands.items()}}),
        xaxis=months_axis(),
        yaxis=axis("EH/s", rangemode="tozero"),
        annotations=labels,
        showlegend=len(labels) < len(bands),
        hovermode="x unified",
    )


def _bands(names: tuple[str, ...], mean: FloatArray, *, ordered: bool) -> dict[str, FloatArray]:
    """Return the largest parts by name, largest first or in order, and the sum of the rest."""
    rank = np.argsort(-mean.mean(axis=0), kind="stable")
    large = [int(k) for k in rank[:_BANDS] if mean[:, k].max() > 0.0]
    rest = [int(k) for k in rank[_BANDS:] if mean[:, k].max() > 0.0]
    bands = {names[k]: mean[:, k] for k in (sorted(large) if ordered else large)}
    if rest:
        bands["others"] = mean[:, rest].sum(axis=1)
    return bands


def _band(
    months: list[str], name: str, values: FloatArray, look: tuple[float, str], *, legend: bool
) -> dict[str, Any]:
    opacity, hatch = look
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "showlegend": legend,
        "x": months,
        "y": values,
        "stackgroup": "eh_s",
        "line": {"width": 1, "color": ink("mining")},
        "fillcolor": wash("mining", opacity),
        "fillpattern": {
            "shape": hatch,
            "fgcolor": ink("mining"),
            "bgcolor": wash("mining", opacity),
            "size": 7,
        },
        "hovertemplate": "%{y:,.0f} EH/s",
    }


def _stack_title(bands: dict[str, FloatArray], part: str) -> str:
    total = np.sum(list(bands.values()), axis=0)
    shares = {n: (v[0] / total[0], v[-1] / total[-1]) for n, v in bands.items() if n != "others"}
    name = max(shares, key=lambda n: abs(shares[n][1] - shares[n][0]))
    first, last = shares[name]
    if part == "generation":
        top = max(shares, key=lambda n: shares[n][1])
        return f"At the end {share(float(shares[top][1]))} of hashrate is from rigs “{top}”"
    verb = "falls" if last < first else "rises"
    return (
        f"The {part} “{name}” {verb} from {share(float(first))} to {share(float(last))} of mean"
        " hashrate"
    )


def hashprice_figure(simulation: NetworkSimulation) -> Figure:
    """Return the fan of the hashprice that is paid."""
    values = simulation.hashprice_usd_per_ph_day
    mean = values.mean(axis=0)
    verb = "falls" if mean[-1] < mean[0] else "rises"
    labels = simulation.grid.labels
    title = (
        f"Mean hashprice {verb} from {quantity(float(mean[0]), 'usd_per_ph_day')} to "
        f"{quantity(float(mean[-1]), 'usd_per_ph_day')} in {labels[-1]}"
    )
    subtitle = "Revenue of 1 PH/s a day, USD/PH/day: mean, P25 to P75, P5 to P95 of scenarios"
    return _fan(simulation, values, title, subtitle, "USD/PH/day")


def difficulty_figure(simulation: NetworkSimulation) -> Figure:
    """Return the fan of difficulty."""
    values = simulation.difficulty / 1e12
    title = (
        f"Mean difficulty goes from {number(float(values[:, 0].mean()))} T to "
        f"{number(float(values[:, -1].mean()))} T"
    )
    subtitle = "Time mean of difficulty by month, T: mean, P25 to P75, P5 to P95 of scenarios"
    return _fan(simulation, values, title, subtitle, "T")


def _fan(
    simulation: NetworkSimulation, values: FloatArray, title: str, subtitle: str, unit: str
) -> Figure:
    months = np.array(simulation.grid.labels)
    p5, p25, p75, p95 = quantiles(values, (0.05, 0.25, 0.75, 0.95))
    fan = {"month": months, "mean": values.mean(axis=0), "p5": p5, "p25": p25, "p75": p75,
           "p95": p95}  # fmt: skip
    ends = (("p95", "P95"), ("mean", "mean"), ("p5", "P5"))
    return framed(
        fan_traces(fan),
        title=title,
        subtitle=subtitle,
        table=written({n: v[::12] for n, v in fan.items()}),
        xaxis=months_axis(),
        yaxis=axis(unit, rangemode="tozero"),
        annotations=[
            note(text, x=str(months[-1]), y=float(fan[c][-1]), xanchor="left", xshift=5)
            for c, text in ends
        ],
        margin={"l": 12, "r": 48, "t": 84, "b": 12},
        hovermode="x unified",
    )


def ranked_figure(simulation: NetworkSimulation) -> Figure:
    """Return regions ranked by hashrate at the end, beside what they began with."""
    names = simulation.world.region_names
    mean = simulation.region_eh_s.mean(axis=0)
    order = np.argsort(-mean[-1], kind="stable").tolist()
    first, last = ([float(mean[m, k]) for k in order] for m in (0, simulation.grid.months - 1))
    labels = [names[k] for k in order]
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": when,
            "y": labels,
            "x": values,
            "marker": filled(["mining"] * len(labels), [hatch] * len(labels)),
            "hovertemplate": "%{x:,.0f} EH/s",
        }
        for when, values, hatch in (
            (simulation.grid.labels[-1], last, ""),
            (simulation.grid.labels[0], first, "/"),
        )
    ]
    return framed(
        bars,
        title=f"{labels[0]} leads at the end with {hashrate(last[0])}",
        subtitle=f"Mean hashrate online by region, EH/s: {simulation.grid.labels[-1]} solid, "
        f"{simulation.grid.labels[0]} hatched",
        table=written({"region": labels, "start, EH/s": first, "end, EH/s": last}),
        xaxis=axis("EH/s", rangemode="tozero"),
        yaxis=categories(),
        height=120 + 44 * len(labels),
        barmode="group",
        showlegend=True,
    )
