"""Figures of reserves: coins sold by reason, the price with and without the sales, who sold."""

from __future__ import annotations

from typing import Any

from rerack.network.reserves.result import REASONS
from rerack.network.reserves.tables import HeaviestSpan
from rerack.report.figures.frame import Figure, axis, categories, filled, framed, note
from rerack.report.format import number, share
from rerack.report.palette import ink, wash
from rerack.report.reserves_words import class_sheet, step_sheet

_WORDS = ("by own policy", "for bills", "covenant", "margin calls")
_MEANINGS = ("mining", "idle", "storage", "loss")
_HATCHES = ("", ".", "x", "/")


def sales_figure(steps: dict[str, list[Any]], span: HeaviestSpan) -> Figure:
    """Return coins sold in each step, stacked by reason."""
    bars: list[dict[str, Any]] = []
    for reason, words, meaning, hatch in zip(REASONS, _WORDS, _MEANINGS, _HATCHES, strict=True):
        values = steps[f"{reason.replace(' ', '_')}_btc"]
        if max(values) < 0.5:
            continue
        bars.append(
            {
                "type": "bar",
                "name": words,
                "x": steps["step"],
                "y": values,
                "marker": filled([meaning] * len(values), [hatch] * len(values)),
                "hovertemplate": f"%{{y:,.0f}} BTC {words}<extra></extra>",
            }
        )
    return framed(
        bars,
        title=f"{number(span.sold_btc)} BTC in the heaviest {_steps(span)}",
        subtitle="Coins sold by the population in each step, BTC, by reason; mean of scenarios",
        table=step_sheet(steps),
        xaxis=axis("step (first day, UTC)", type="category", nticks=10),
        yaxis=axis("BTC sold", rangemode="tozero"),
        barmode="stack",
        showlegend=True,
    )


def price_figure(steps: dict[str, list[Any]]) -> Figure:
    """Return the price with the sales, and without them."""
    labels = steps["step"]
    low = _line(labels, steps["price_p5_usd"], "loss", 0.5)
    high = _line(labels, steps["price_p95_usd"], "loss", 0.5)
    high |= {"fill": "tonexty", "fillcolor": wash("loss", 0.15)}
    without = _line(labels, steps["undisturbed_p50_usd"], "idle", 1.5)
    without["line"]["dash"] = "dash"
    fall = max(steps["impact_mean_frac"])
    return framed(
        [low, high, without, _line(labels, steps["price_p50_usd"], "loss", 2.5)],
        title=f"Their sales press the price by {share(fall)} at most",
        subtitle="USD per BTC, median and P5 to P95 of scenarios; broken: without the sales",
        table=step_sheet(steps),
        xaxis=axis("step (first day, UTC)", type="category", nticks=10),
        yaxis=axis("USD/BTC"),
        annotations=[
            note("without the sales", x=labels[0], y=steps["undisturbed_p50_usd"][0],
                 xanchor="left", yanchor="bottom", xshift=8, yshift=4),
        ],
        hovermode="x unified",
    )  # fmt: skip


def miners_figure(classes: dict[str, list[Any]]) -> Figure:
    """Return what each miner sold, by reason."""
    names = classes["miner"]
    bars: list[dict[str, Any]] = []
    for reason, words, meaning, hatch in zip(REASONS, _WORDS, _MEANINGS, _HATCHES, strict=True):
        values = classes[f"{reason.replace(' ', '_')}_btc"]
        if max(values) < 0.5:
            continue
        bars.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": words,
                "y": names,
                "x": values,
                "marker": filled([meaning] * len(values), [hatch] * len(values)),
                "hovertemplate": f"%{{x:,.0f}} BTC {words}<extra></extra>",
            }
        )
    sold = [
        sum(classes[f"{r.replace(' ', '_')}_btc"][i] for r in REASONS) for i in range(len(names))
    ]
    most = max(range(len(names)), key=sold.__getitem__)
    return framed(
        bars,
        title=f"{names[most]}: {number(sold[most])} BTC of {number(sum(sold))} sold in all",
        subtitle="Coins sold over the study by miner or class of miners, BTC; mean of scenarios",
        table=class_sheet(classes),
        xaxis=axis("BTC sold", rangemode="tozero"),
        yaxis=categories(),
        barmode="stack",
        showlegend=True,
        height=180 + 34 * len(names),
    )


def _line(x: list[str], y: list[float], meaning: str, width: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": ink(meaning), "width": width},
        "hovertemplate": "%{y:,.0f}<extra></extra>",
    }


def _steps(span: HeaviestSpan) -> str:
    count = span.last - span.first + 1
    return "step" if count == 1 else f"{count} steps"
