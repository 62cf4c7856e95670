"""Hashprice to come, as a fan."""

from __future__ import annotations

import numpy as np

from rerack.report.figures.fan import fan_traces
from rerack.report.figures.frame import Figure, axis, framed, months_axis, note, nothing
from rerack.report.format import quantity
from rerack.report.source import RunTables, Table, length, select
from rerack.report.tables import written

_DRIVER = "hashprice_usd_per_ph_day"
_SUBTITLE = "Expected revenue of 1 PH/s a day, USD/PH/day: mean, P25 to P75, P5 to P95 of scenarios"


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return hashprice by month: P5 to P95, P25 to P75 and mean.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Not used: the outlook is the same for every plan.
    """
    fan = select(run.table("outlook"), driver=_DRIVER)
    shown = {c: fan[c] for c in ("month", "mean", "p5", "p25", "p50", "p75", "p95")}
    table = written(shown, headings={c: c.upper() for c in shown if c.startswith("p")})
    if not length(fan):
        return nothing(title="The run has no hashprice", subtitle=_SUBTITLE, table=table)
    months = [str(m) for m in fan["month"]]
    end, last = months[-1], len(months) - 1
    names = (("p95", "P95"), ("mean", "mean"), ("p5", "P5"))
    labels = [
        note(name, x=end, y=float(fan[c][last]), xanchor="left", xshift=5) for c, name in names
    ]
    return framed(
        fan_traces(fan),
        title=_title(fan),
        subtitle=_SUBTITLE,
        table=table,
        xaxis=months_axis(),
        yaxis=axis("USD/PH/day", rangemode="tozero"),
        annotations=labels,
        margin={"l": 12, "r": 48, "t": 84, "b": 12},
        hovermode="x unified",
    )


def _title(fan: Table) -> str:
    mean, month = fan["mean"], fan["month"]
    first, last = float(mean[0]), float(mean[-1])
    moved = "falls" if last < first else "rises"
    k = int(np.argmin(fan["p5"]))
    return (
        f"Mean hashprice {moved} from {quantity(first, 'usd_per_ph_day')} in {month[0]} to "
        f"{quantity(last, 'usd_per_ph_day')} in {month[-1]}; one path in twenty is under "
        f"{quantity(float(fan['p5'][k]), 'usd_per_ph_day')} in {month[k]}"
    )
