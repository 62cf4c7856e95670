"""Hashprice with the loop closed and with nobody converting."""

from __future__ import annotations

from typing import Any

from rerack.report.figures.frame import Figure, axis, framed, months_axis, note
from rerack.report.format import number
from rerack.report.palette import ink
from rerack.report.source import Table
from rerack.report.tables import written


def loop_figure(paths: Table) -> Figure:
    """Return mean hashprice in equilibrium beside that of a world in which nobody converts.

    Parameters
    ----------
    paths : Table
        Table ``loop_paths`` of a run with its loop closed.
    """
    months = [str(m) for m in paths["month"]]
    here, nobody = paths["hashprice_usd_per_ph_day"], paths["nobody_usd_per_ph_day"]
    k = min(60, len(months) - 1)
    rows = {name: values[::12] for name, values in paths.items()}
    return framed(
        [
            _line(months, nobody, "nobody converts", "idle", "dot"),
            _line(months, here, "plans and network agree", "mining", "solid"),
        ],
        title=f"The exits raise mean hashprice in {months[k]} from {number(float(nobody[k]))} to "
        f"{number(float(here[k]))} USD/PH/day",
        subtitle="Revenue of 1 PH/s a day, USD/PH/day, mean of scenarios: all convertible sites "
        "choose as this one, and nobody converts (dotted)",
        table=written(rows),
        xaxis=months_axis(),
        yaxis=axis("USD/PH/day", rangemode="tozero"),
        annotations=[
            note("equilibrium", x=months[k], y=float(here[k]), yshift=14),
            note("nobody converts", x=months[k], y=float(nobody[k]), yshift=-16),
        ],
        hovermode="x unified",
    )


def _line(months: list[str], values: Any, name: str, meaning: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": months,
        "y": values,
        "line": {"color": ink(meaning), "width": 2, "dash": dash},
        "hovertemplate": "%{y:.1f}",
    }
