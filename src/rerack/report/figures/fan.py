"""A fan: mean, P25 to P75 and P5 to P95 of scenarios through time."""

from __future__ import annotations

from typing import Any

from rerack.report.palette import INNER, OUTER, ink, wash
from rerack.report.source import Table


def fan_traces(fan: Table, *, hover: str = "%{y:.1f}") -> list[dict[str, Any]]:
    """Return the traces of a fan.

    Parameters
    ----------
    fan : Table
        Columns month, mean, p5, p25, p75 and p95.
    hover : str
        Plotly template of a value.
    """
    return [
        *_band(fan, "p5", "p95", OUTER, hover),
        *_band(fan, "p25", "p75", INNER, hover),
        _line(fan, "mean", 2.5, hover),
    ]


def _band(fan: Table, low: str, high: str, opacity: float, hover: str) -> list[dict[str, Any]]:
    upper = _line(fan, high, 0.5, hover) | {
        "fill": "tonexty",
        "fillcolor": wash("mining", opacity),
    }
    return [_line(fan, low, 0.5, hover), upper]


def _line(fan: Table, column: str, width: float, hover: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": column,
        "x": fan["month"],
        "y": fan[column],
        "line": {"color": ink("mining"), "width": width},
        "hovertemplate": hover,
    }
