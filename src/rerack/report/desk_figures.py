"""A schedule drawn: hours by days as a heat map, and prices by duration with the strikes."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.desk_schedule import SiteSchedule
from rerack.report.desk_words import schedule_written
from rerack.report.figures.frame import Figure, axis, framed, note
from rerack.report.format import number, share
from rerack.report.palette import ink, wash
from rerack.report.tables import Written, written

_POINTS = 500
_DASHES = ("dash", "dot", "dashdot", "longdash")


def schedule_figures(found: SiteSchedule) -> dict[str, Figure]:
    """Return the figures of a schedule by name.

    Parameters
    ----------
    found : SiteSchedule
        The schedule.
    """
    return {"schedule": _heat_map(found), "prices": _duration(found)}


def _heat_map(found: SiteSchedule) -> Figure:
    return heat_map(
        found.hours,
        found.account.mining_mwh,
        found.outcome.available_mw.sum(axis=1),
        schedule_written(found.table("month")),
    )


def heat_map(
    hours: np.ndarray[Any, np.dtype[np.datetime64]],
    mining_mwh: FloatArray,
    available_mwh: FloatArray,
    table: Written,
) -> Figure:
    """Return the power drawn by rigs by day and hour of the day.

    Parameters
    ----------
    hours : ndarray of datetime64[h]
        Hours, UTC, shape (hour,).
    mining_mwh, available_mwh : ndarray
        What rigs drew and what they could draw [MWh], shape (hour,).
    table : Written
        The numbers behind it.
    """
    days, power = _by_day(hours, mining_mwh)
    available = float(available_mwh.sum())
    ran = float(mining_mwh.sum()) / available if available else 0.0
    trace = {
        "type": "heatmap",
        "x": days,
        "y": list(range(24)),
        "z": power,
        "zmin": 0.0,
        "zmax": float(available_mwh.max(initial=0.0)) or 1.0,
        "colorscale": [[0.0, ink("rule")], [1.0, ink("mining")]],
        "colorbar": {"title": {"text": "MW utility"}, "thickness": 10, "outlinewidth": 0},
        "hovertemplate": "%{x|%Y-%m-%d} %{y}:00 UTC: %{z:.1f} MW utility<extra></extra>",
    }
    return framed(
        [trace],
        title=f"Rigs draw {share(ran)} of what they could",
        subtitle="Power drawn by rigs, MW utility, by day and hour of the day, UTC",
        table=table,
        xaxis=axis("day (UTC)", type="date", showgrid=False),
        yaxis=axis("hour of the day (UTC)", autorange="reversed", dtick=4, showgrid=False),
        height=400,
    )


def _by_day(
    hours: np.ndarray[Any, np.dtype[np.datetime64]], mining_mwh: FloatArray
) -> tuple[list[str], list[list[float | None]]]:
    """Return days, and rows of hours by columns of days; None where a day is not whole."""
    day = hours.astype("datetime64[D]")
    first = day[0]
    column = (day - first).astype(np.int64)
    row = (hours - day.astype("datetime64[h]")).astype(np.int64)
    grid = np.full((24, int(column[-1]) + 1), np.nan)
    grid[row, column] = mining_mwh
    cells = [[None if np.isnan(v) else float(v) for v in line] for line in grid]
    return [str(first + np.timedelta64(k, "D")) for k in range(grid.shape[1])], cells


def _duration(found: SiteSchedule) -> Figure:
    price = np.sort(found.outcome.meter_usd_per_mwh)[::-1]
    at = np.unique(np.linspace(0, price.size - 1, _POINTS).astype(np.int64))
    classes = _classes(found)
    tops = [level for _, level, _ in classes]
    top = float(1.6 * max([*tops, float(price[int(0.02 * (price.size - 1))]), 1.0]))
    low = float(max(min(0.0, price[-1]), -0.5 * top))
    sheet = written(
        {
            "hall": [name for name, _, _ in classes],
            "strike, USD/MWh, mean": [level for _, level, _ in classes],
            "share of hours run": [ran for _, _, ran in classes],
        },
        formats={"share of hours run": share},
    )
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": 100.0 * at / max(price.size - 1, 1),
        "y": price[at],
        "line": {"color": ink("text"), "width": 2},
        "fill": "tozeroy",
        "fillcolor": wash("idle", 0.12),
        "hovertemplate": "%{x:.1f} % of hours at %{y:.1f} USD/MWh or above<extra></extra>",
    }
    hidden = f"; above {top:,.0f} USD/MWh not shown" if price[0] > top else ""
    return framed(
        [trace],
        title=f"Power peaks at {number(float(price[0]))} USD/MWh; half of all hours cost "
        f"{number(float(np.median(price)))} or less",
        subtitle=f"Price at the meter, USD/MWh, dearest hour first, and mean strikes{hidden}",
        table=sheet,
        xaxis=axis("share of hours at this price or above, %", range=[0, 100]),
        yaxis=axis("USD/MWh", range=[low, top]),
        shapes=[_line(level, k) for k, (_, level, _) in enumerate(classes)],
        annotations=_labels(classes, top),
    )


def _classes(found: SiteSchedule) -> list[tuple[str, float, float]]:
    """Return (halls, mean strike, share of hours run), dearest strike first; equals are one."""
    strike: FloatArray = found.outcome.strike_usd_per_mwh.mean(axis=0)
    run = found.dispatch.run_mw.values
    merged: dict[float, list[int]] = {}
    for k, level in enumerate(strike):
        if found.outcome.available_mw[:, k].any():
            merged.setdefault(round(float(level), 1), []).append(k)
    halls = found.dispatch.halls
    return [
        (", ".join(halls[k] for k in group), level, float((run[:, group] > 0.0).mean()))
        for level, group in sorted(merged.items(), reverse=True)
    ]


def _line(level: float, position: int) -> dict[str, Any]:
    dash = _DASHES[position % len(_DASHES)]
    line = {"color": ink("mining"), "width": 1.5, "dash": dash}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": level, "y1": level} | {
        "line": line
    }


def _labels(classes: list[tuple[str, float, float]], top: float) -> list[dict[str, Any]]:
    """Return a label on each strike line, pushed apart where lines are close."""
    labels, ceiling = [], float("inf")
    for halls, level, ran in classes:
        ceiling = min(level, ceiling - 0.075 * top)
        text = f"{halls}: {number(level)} USD/MWh, runs {share(ran)}"
        labels.append(note(text, x=1, xref="paper", y=ceiling, xanchor="right", yanchor="bottom"))
    return labels
