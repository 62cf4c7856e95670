"""A schedule under a whole tariff drawn: hours by days, and money by month and part."""

from __future__ import annotations

from typing import Any

from rerack.base.checks import FloatArray
from rerack.dispatch.bill_statement import Bill
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.report.desk_figures import heat_map
from rerack.report.desk_power_words import bill_written, gap_text, part_groups, power_written
from rerack.report.figures.frame import Figure, axis, filled, framed, label
from rerack.report.format import money, money_unit

#: Group of parts -> meaning of its colour, hatching that survives grey print.
_LOOK = {
    "hashing": ("mining", ""),
    "utility": ("loss", "/"),
    "block": ("idle", ""),
    "generation": ("idle", "x"),
    "programmes": ("grid-services", ""),
    "wear and other": ("storage", "."),
}


def power_figures(found: PowerSchedule) -> dict[str, Figure]:
    """Return the figures of a schedule by name.

    Parameters
    ----------
    found : PowerSchedule
        The schedule.
    """
    rows = power_written(found, "month")
    drawn = heat_map(found.hours, found.mining_mwh, found.available_mwh, rows)
    return {"schedule": drawn, "money": _money(found), "bill": bill_figure(found.bill)}


def _money(found: PowerSchedule) -> Figure:
    """Return income above and cost below the line, month by month."""
    table: dict[str, Any] = found.table("month")
    groups = part_groups({name: table[f"{name}: usd"] for name in found.parts_usd})
    factor, unit = money_unit(max(float(abs(values).max()) for values in groups.values()))
    months = table["period"].tolist()
    traces = [_bars(months, name, values / factor, unit) for name, values in groups.items()]
    return framed(
        traces,
        title=f"The site nets {money(found.total_usd)}; {gap_text(found)}",
        subtitle=f"Income above and cost below the line, {unit}, by month on the tariff's clock",
        table=power_written(found, "month"),
        xaxis=axis("month", type="category", showgrid=False),
        yaxis=axis(unit),
        barmode="relative",
        showlegend=True,
    )


def _bars(months: list[str], name: str, values: FloatArray, unit: str) -> dict[str, Any]:
    meaning, hatch = _LOOK[name]
    return {
        "type": "bar",
        "name": name,
        "x": months,
        "y": values,
        "marker": filled([meaning] * len(months), [hatch] * len(months)),
        "hovertemplate": f"%{{x}} {name}: %{{y:,.3f}} {unit}<extra></extra>",
    }


def bill_figure(found: Bill) -> Figure:
    """Return a bill by part of the tariff.

    Parameters
    ----------
    found : Bill
        The bill.
    """
    parts = {name: cents / 100.0 for name, cents in found.by_part().items()}
    factor, unit = money_unit(max((abs(v) for v in parts.values()), default=0.0))
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [value / factor for value in parts.values()],
        "y": [label(name) for name in parts],
        "marker": filled(
            ["loss" if value >= 0.0 else "grid-services" for value in parts.values()],
            ["" if value >= 0.0 else "/" for value in parts.values()],
        ),
        "hovertemplate": f"%{{y}}: %{{x:,.3f}} {unit}<extra></extra>",
    }
    return framed(
        [trace],
        title=f"The utility charges {money(found.total_usd)}",
        subtitle=f"Bill by part of the tariff, {unit}; credits hatched, left of zero",
        table=bill_written(found),
        xaxis=axis(unit),
        yaxis=axis("", type="category", autorange="reversed", showgrid=False),
        height=150 + 30 * max(len(parts), 1),
    )
