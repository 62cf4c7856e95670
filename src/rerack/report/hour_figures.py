"""The mean day of a schedule: who draws, what the battery does, and the price beside it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.dispatch.desk_schedule import SiteSchedule
from rerack.dispatch.storage_result import StorageDispatch
from rerack.report.figures.frame import Figure, axis, framed
from rerack.report.format import number
from rerack.report.palette import ink
from rerack.report.tables import written

_HOURS = 24
#: Steps of an axis above zero.
_INTERVALS = 5
_LOOKS = {"rigs": ("mining", "solid"), "firm load": ("ai", "dash"), "battery": ("storage", "dot")}


def day_figure(found: SiteSchedule | PowerSchedule) -> Figure:
    """Return mean power by hour of the day, and the mean price at the meter.

    Parameters
    ----------
    found : SiteSchedule or PowerSchedule
        The schedule.

    Notes
    -----
    Hours are UTC. The battery gives above zero and takes below it.
    """
    of_day = found.hours.astype("datetime64[h]").astype(np.int64) % _HOURS
    price, parts = _parts(found)
    by_hour = {name: _mean(of_day, values) for name, values in parts.items()}
    mean_price = _mean(of_day, price)
    rows: dict[str, Any] = {"hour (UTC)": [f"{h:02d}:00" for h in range(_HOURS)]}
    rows |= {f"{name}, MW utility": values for name, values in by_hour.items()}
    rows["price, USD/MWh"] = mean_price
    traces = [_line(name, values, *_LOOKS[name], "MW utility") for name, values in by_hour.items()]
    traces.append(_line("price", mean_price, "text", "dashdot", "USD/MWh") | {"yaxis": "y2"})
    left, right = _ticks(list(by_hour.values()), [mean_price])
    return framed(
        traces,
        title=_finding(by_hour["rigs"]),
        subtitle="Mean power by hour of the day, MW utility, left; mean price at the meter, "
        "USD/MWh, right, dash-dotted",
        table=written(rows),
        xaxis=axis("hour of the day (UTC)", dtick=4, range=[0, 23]),
        yaxis=axis("MW utility", **left),
        yaxis2=axis("USD/MWh", overlaying="y", side="right", showgrid=False, **right),
        showlegend=True,
        hovermode="x unified",
    )


def _finding(rigs_mw: FloatArray) -> str:
    least, most = int(np.argmin(rigs_mw)), int(np.argmax(rigs_mw))
    if rigs_mw[most] == 0.0:
        return "On the mean day no rigs draw power"
    return (
        f"On the mean day rigs draw {number(float(rigs_mw[most]))} MW at {most:02d}:00 UTC and "
        f"{number(float(rigs_mw[least]))} MW at {least:02d}:00"
    )


def _ticks(*axes: list[FloatArray]) -> list[dict[str, Any]]:
    """Return range and step of axes whose ticks stand at the same heights, round on each."""
    steps = [_round_step(max(float(np.abs(v).max()) for v in values)) for values in axes]
    below = max(
        math.ceil(max(-float(v.min()) for v in values) / step - 1e-9)
        for values, step in zip(axes, steps, strict=True)
    )
    below = max(0, below)
    return [{"range": [-below * step, _INTERVALS * step], "dtick": step} for step in steps]


def _round_step(top: float) -> float:
    """Return the least of 1, 2, 2.5 and 5 times a power of ten of which five reach a value.

    Examples
    --------
    >>> _round_step(960.0), _round_step(37.6), _round_step(0.0)
    (200.0, 10.0, 1.0)
    """
    if top <= 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(top / _INTERVALS))
    return next(s * power for s in (1.0, 2.0, 2.5, 5.0, 10.0) if s * power * _INTERVALS >= top)


def _parts(found: SiteSchedule | PowerSchedule) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Return the price at the meter, and power by part, each of shape (hour,)."""
    if isinstance(found, PowerSchedule):
        parts = {"rigs": found.mining_mwh}
        stored = [v for name, v in found.power_mw.items() if name == "battery_mw"]
        firm = [v for name, v in found.power_mw.items() if name == "ai_mw"]
        price = found.meter_usd_per_mwh
    else:
        parts = {"rigs": found.account.mining_mwh}
        dispatch = found.dispatch
        stored = [dispatch.battery_mw] if isinstance(dispatch, StorageDispatch) else []
        firm, price = [dispatch.firm_mw], found.outcome.meter_usd_per_mwh
    if firm and firm[0].any():
        parts["firm load"] = firm[0]
    if stored and stored[0].any():
        parts["battery"] = stored[0]
    return price, parts


def _mean(of_day: Any, values: FloatArray) -> FloatArray:
    count = np.maximum(np.bincount(of_day, minlength=_HOURS), 1)
    return np.asarray(np.bincount(of_day, weights=values, minlength=_HOURS) / count)


def _line(name: str, values: FloatArray, meaning: str, dash: str, unit: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(range(_HOURS)),
        "y": values,
        "line": {"color": ink(meaning), "width": 2, "dash": dash},
        "hovertemplate": f"%{{y:.1f}} {unit}",
    }
