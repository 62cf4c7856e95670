"""Hashprice if difficulty grows at a typed-in rate, beside a network that reacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rerack.base.checks import FloatArray
from rerack.report.figures.frame import Figure, axis, framed, months_axis
from rerack.report.format import quantity
from rerack.report.palette import ink
from rerack.report.tables import written

_LOOKS = (("mining", "solid", 2.6), ("text", "dash", 1.6), ("idle", "dot", 1.6),
          ("storage", "dashdot", 1.6), ("loss", "longdash", 1.6))  # fmt: skip


def calculator_figure(months: Sequence[str], paths: Mapping[str, FloatArray]) -> Figure:
    """Return mean hashprice by way of looking at the network.

    Parameters
    ----------
    months : sequence of str
        Months, ``YYYY-MM``.
    paths : mapping of str to ndarray
        Mean hashprice [USD/PH/day], each of shape (month,): the network that reacts first, the
        rate that people would type in last.
    """
    names = list(paths)
    first, last = names[0], names[-1]
    at = min(60, len(months) - 1)
    said = {name: quantity(float(paths[name][at]), "usd_per_ph_day") for name in (first, last)}
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": list(months),
            "y": values,
            "line": {"color": ink(meaning), "dash": dash, "width": width},
            "hovertemplate": "%{y:.1f} USD/PH/day",
        }
        for (name, values), (meaning, dash, width) in zip(paths.items(), _LOOKS, strict=False)
    ]
    rows: dict[str, Any] = {"month": list(months[::12])}
    rows |= {f"{name}, USD/PH/day": values[::12] for name, values in paths.items()}
    return framed(
        traces,
        title=f"In {months[at]} {last} says {said[last]}; a network that reacts, {said[first]}",
        subtitle="Revenue of 1 PH/s a day, USD/PH/day, mean of scenarios, same bitcoin prices",
        table=written(rows),
        xaxis=months_axis(),
        yaxis=axis("USD/PH/day", rangemode="tozero"),
        showlegend=True,
        hovermode="x unified",
    )
