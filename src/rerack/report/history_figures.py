"""Figures of mining history: margin through time, its causes, a shock, forecast errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rerack.network.history.backtest import HORIZONS, METHODS, HashrateBacktest
from rerack.network.history.margin import CAUSES, MarginChange
from rerack.network.history.shock import ShockTrace
from rerack.report.figures.frame import Figure, axis, framed, months_axis
from rerack.report.format import fixed, heading, share
from rerack.report.history_tables import cause_sheet, score_columns, shock_sheet
from rerack.report.palette import ink
from rerack.report.tables import written


def margin_figure(months: Mapping[str, Any], basis: str) -> Figure:
    """Return margin over revenue by month.

    Parameters
    ----------
    months : mapping
        From `history_tables.month_columns`.
    basis : str
        Rig and power price in words.
    """
    margin = np.asarray(months["margin_frac"])
    top = int(np.argmax(margin))
    trace = _line(months["month"], margin, "mining", "%{y:.1%}", mode="lines+markers")
    shown = {c: months[c] for c in ("month", "hashprice_usd_per_ph_day", "margin_frac", "status")}
    return framed(
        [trace],
        title=f"Margin was {share(float(margin[top]))} at its best, in {months['month'][top]}, and"
        f" is {share(float(margin[-1]))} in {months['month'][-1]}",
        subtitle=f"Margin over revenue: {basis}",
        table=written(
            shown, headings={c: heading(c) for c in shown}, formats={"margin_frac": share}
        ),
        xaxis=months_axis(),
        yaxis=axis("margin over revenue", tickformat=".0%"),
    )


def cause_figure(change: MarginChange, first: str, last: str) -> Figure:
    """Return the change of the margin between two months by cause, as a waterfall.

    Parameters
    ----------
    change : MarginChange
        From `explain_margin`.
    first, last : str
        Its months.
    """
    worst = int(np.argmin(change.margin_frac))
    bars = {
        "type": "waterfall",
        "x": [first, *CAUSES, last],
        "measure": ["absolute", *["relative"] * len(CAUSES), "total"],
        "y": [change.before.margin_frac, *change.margin_frac, change.after.margin_frac],
        "text": [fixed(100.0 * v, 0) for v in (
            change.before.margin_frac, *change.margin_frac, change.after.margin_frac)],
        "increasing": {"marker": {"color": ink("grid-services")}},
        "decreasing": {"marker": {"color": ink("loss")}},
        "totals": {"marker": {"color": ink("mining")}},
        "connector": {"line": {"color": ink("rule")}},
        "hovertemplate": "%{x}: %{y:.1%}<extra></extra>",
    }  # fmt: skip
    return framed(
        [bars],
        title=f"{CAUSES[worst].capitalize()} took most between {first} and {last}",
        subtitle="Points of margin over revenue by cause; parts sum to the whole (LMDI)",
        table=cause_sheet(change),
        xaxis=axis("", type="category", showgrid=False),
        yaxis=axis("margin over revenue", tickformat=".0%"),
    )


def shock_figure(trace: ShockTrace) -> Figure:
    """Return block interval and pay of those who stay, epoch by epoch.

    Parameters
    ----------
    trace : ShockTrace
        From `trace_shock`.
    """
    dates = trace.start_dates()
    data = [
        _line(dates, trace.block_interval_s / 600.0, "loss", "%{y:.2f} x 10 minutes")
        | {"line": {"color": ink("loss"), "width": 2, "shape": "hv"}, "name": "block interval"},
        _line(dates, trace.pay_ratio, "mining", "%{y:.2f} of the first epoch's pay")
        | {"line": {"color": ink("mining"), "width": 2, "shape": "hv", "dash": "dash"},
           "name": "coins per PH/s"},
    ]  # fmt: skip
    slowest = int(np.nanargmax(trace.block_interval_s))
    best = float(trace.pay_ratio[slowest + 1] / trace.pay_ratio[slowest])
    return framed(
        data,
        title=f"{trace.shock.name}: blocks took {float(trace.block_interval_s[slowest]):.0f} s at"
        f" once; pay per PH/s rose by {share(best - 1.0)} only with the retarget after",
        subtitle="Block interval over 10 minutes (solid) and coins per PH/s over those of the first"
        " epoch (dashed), by epoch",
        table=shock_sheet(trace),
        xaxis=axis("day (UTC)", type="date"),
        yaxis=axis("ratio"),
        showlegend=True,
    )


def score_figure(found: HashrateBacktest) -> Figure:
    """Return root mean square errors by horizon and method.

    Parameters
    ----------
    found : HashrateBacktest
        From `backtest_hashrate`.
    """
    inks = ("mining", "ai", "storage", "idle")
    data = [
        {
            "type": "bar",
            "name": method,
            "x": [f"{h} months" for h in HORIZONS],
            "y": [found.rmse_log(h, method) for h in HORIZONS],
            "marker": {"color": ink(inks[i])},
            "hovertemplate": f"{method}: %{{y:.3f}}<extra></extra>",
        }
        for i, method in enumerate(METHODS)
    ]
    last = HORIZONS[-1]
    return framed(
        data,
        title=f"{last} months ahead the structure errs by {found.rmse_log(last, METHODS[0]):.2f},"
        f" a random walk with drift by {found.rmse_log(last, METHODS[1]):.2f}",
        subtitle=f"Root mean square error of log hashrate, origins {found.origins[0]} to"
        f" {found.origins[-1]}, the actual price given",
        table=written(score_columns(found)),
        xaxis=axis("months ahead", type="category", showgrid=False),
        yaxis=axis("RMSE, log", rangemode="tozero"),
        showlegend=True,
    )


def _line(x: Any, y: Any, meaning: str, hover: str, mode: str = "lines") -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": mode,
        "x": list(x),
        "y": [float(v) if np.isfinite(v) else None for v in y],
        "line": {"color": ink(meaning), "width": 2},
        "marker": {"size": 4, "color": ink(meaning)},
        "hovertemplate": hover,
    }
