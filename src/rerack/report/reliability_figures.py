"""Figures of reliability: outages by length, minutes lost in a year, cost against minutes."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.reliability.design import Design, DesignAnswer
from rerack.reliability.outages import OutageProfile
from rerack.reliability.sla import USUAL_LEVELS, exceed_in
from rerack.report.figures.frame import Figure, axis, framed, note
from rerack.report.format import number, share
from rerack.report.palette import ink
from rerack.report.tables import written

_POINTS = 121
_TABLE_HOURS = (1 / 60, 1 / 12, 0.25, 1.0, 4.0, 12.0, 24.0, 72.0)
_MINUTES_PER_YEAR = 525_600.0


def outage_figure(profile: OutageProfile) -> Figure:
    """Return how often outages longer than a length come.

    Parameters
    ----------
    profile : OutageProfile
        Outages by kind.
    """
    hours = np.geomspace(1.0 / 60.0, 200.0, _POINTS)
    often = [profile.outages_per_year * profile.longer_than_frac(float(h)) for h in hours]
    half, most = profile.quantile_hours(0.5), profile.quantile_hours(0.95)
    trace = _curve(hours.tolist(), often, "loss", "%{y:.3g} a year longer than %{x:.3g} h")
    rows: dict[str, Any] = {
        "longer than": [_length(h) for h in _TABLE_HOURS],
        "outages a year": [
            profile.outages_per_year * profile.longer_than_frac(h) for h in _TABLE_HOURS
        ],
        "share of outages": [share(profile.longer_than_frac(h)) for h in _TABLE_HOURS],
    }
    title = "No unplanned outages"
    if profile.kinds:
        title = f"Half of the outages end within {_length(half)}, 95 % within {_length(most)}"
    return framed(
        [trace],
        title=title,
        subtitle=f"Unplanned outages a year longer than a length; "
        f"{number(profile.outages_per_year)} a year in all",
        table=written(rows),
        xaxis=axis("length of outage, h (log)", type="log"),
        yaxis=axis("outages a year longer than that", rangemode="tozero"),
    )


def year_figure(profile: OutageProfile) -> Figure:
    """Return the probability that a year loses more than some minutes.

    Parameters
    ----------
    profile : OutageProfile
        Outages by kind.
    """
    minutes = np.geomspace(1.0, 10_000.0, _POINTS)
    chance = exceed_in(profile, minutes / 60.0, years=1.0)
    allowed = [(1.0 - level) * _MINUTES_PER_YEAR for level in USUAL_LEVELS]
    miss = exceed_in(profile, np.array(allowed) / 60.0, years=1.0)
    marks: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers+text",
        "x": allowed,
        "y": miss,
        "text": [f"{100 * level:g} %" for level in USUAL_LEVELS],
        "textposition": "top right",
        "marker": {"color": ink("text"), "size": 7},
        "hovertemplate": "%{text}: missed in %{y:.2%} of years<extra></extra>",
    }
    trace = _curve(minutes.tolist(), chance.tolist(), "ai", "%{y:.2%} of years over %{x:.3g} min")
    rows: dict[str, Any] = {
        "availability": [f"{100 * level:g} %" for level in USUAL_LEVELS],
        "minutes allowed": allowed,
        "missed in a given year": [share(float(m)) for m in miss],
    }
    return framed(
        [trace, marks],
        title=f"Five nines are missed in {share(float(miss[-1]))} of years, three nines in "
        f"{share(float(miss[0]))}",
        subtitle="Probability that a given year loses more minutes than that, planned work apart",
        table=written(rows),
        xaxis=axis("minutes lost in a year (log)", type="log"),
        yaxis=axis("probability", tickformat=".0%", rangemode="tozero"),
    )


def front_figure(answer: DesignAnswer, availability_frac: float) -> Figure:
    """Return the Pareto front of capex per critical MW against minutes lost.

    Parameters
    ----------
    answer : DesignAnswer
        Cheapest design and front.
    availability_frac : float
        The SLA that was asked for.
    """
    best = answer.best
    allowed = (1.0 - availability_frac) * _MINUTES_PER_YEAR
    line: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [d.capex_usd_per_mw / 1e6 for d in answer.front],
        "y": [d.minutes_lost_per_year for d in answer.front],
        "text": [d.choice.label for d in answer.front],
        "line": {"color": ink("idle"), "width": 1.5, "shape": "hv"},
        "marker": {"color": ink("ai"), "size": 7},
        "hovertemplate": "%{text}<br>%{x:.2f} MUSD/MW, %{y:.3g} min/year<extra></extra>",
    }
    chosen: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "x": [best.capex_usd_per_mw / 1e6],
        "y": [best.minutes_lost_per_year],
        "marker": {"color": ink("ai"), "size": 15, "symbol": "diamond"},
        "hovertemplate": "cheapest that keeps the SLA<extra></extra>",
    }
    bound = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": allowed,
        "y1": allowed,
        "line": {"color": ink("loss"), "width": 1.2, "dash": "dash"},
    }
    return framed(
        [line, chosen],
        title=f"{100 * availability_frac:g} % costs {number(best.capex_usd_per_mw / 1e6)} MUSD per "
        "critical MW",
        subtitle="Power and cooling plant, MUSD/MW critical, rough estimates, against expected "
        f"minutes lost; {answer.tried:,} designs",
        table=written(front_columns(answer.front)),
        xaxis=axis("capex, MUSD/MW critical"),
        yaxis=axis("minutes lost a year (log)", type="log"),
        height=440,
        shapes=[bound],
        annotations=[
            note(
                f"{number(allowed)} min/year allowed",
                x=1,
                xref="paper",
                xanchor="right",
                y=float(np.log10(allowed)),
                yanchor="bottom",
            )
        ],
    )


def front_columns(front: tuple[Design, ...]) -> dict[str, list[Any]]:
    """Return designs as columns for people."""
    return {
        "power": [d.choice.power for d in front],
        "cooling": [d.choice.cooling for d in front],
        "battery": [_length(d.choice.battery_hours) for d in front],
        "feeds": [d.choice.feeds for d in front],
        "generators": [d.choice.generators for d in front],
        "MUSD/MW": [d.capex_usd_per_mw / 1e6 for d in front],
        "min/year": [d.minutes_lost_per_year for d in front],
        "outages/year": [d.outages_per_year for d in front],
    }


def _curve(x: list[float], y: list[float], meaning: str, hover: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": ink(meaning), "width": 2},
        "hovertemplate": f"{hover}<extra></extra>",
    }


def _length(hours: float) -> str:
    return f"{number(hours * 60.0)} min" if hours < 1.0 else f"{number(hours)} h"
