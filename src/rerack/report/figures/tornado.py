"""Which inputs move the answer, one at a time, largest first."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.report.figures.frame import (
    Figure,
    axis,
    broken,
    categories,
    filled,
    framed,
    label,
    note,
    nothing,
)
from rerack.report.format import decimals, fixed, money, money_unit
from rerack.report.palette import ink
from rerack.report.source import RunTables, Table, compared_plan, keep_plan, length, rows
from rerack.report.tables import written

_NAME_WIDTH = 20
_SIDES = ("low", "high")


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return the difference to keeping the rigs at the low and high case of every varied input.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        Not used: the run varies inputs for the recommended plan, or the runner-up to keeping.
    """
    table = run.table("tornado")
    if compared_plan(run) is None:
        return nothing(
            title="No other plan was compared",
            subtitle="Nothing to vary",
            table=_behind(table, 1.0, "USD"),
        )
    subtitle = f"NPV of “{compared_plan(run)}” less “{keep_plan(run)}”, one input varied at a time"
    factor, unit = money_unit(_largest(table))
    behind = _behind(table, factor, unit)
    if not length(table):
        return nothing(title="No input was varied", subtitle=subtitle, table=behind)
    swing = np.abs(table["high_delta_usd"] - table["low_delta_usd"])
    order = np.argsort(-swing, kind="stable")
    ordered = {name: values[order] for name, values in table.items()}
    base = float(table["base_delta_usd"][0]) / factor
    return framed(
        [_bars(ordered, side, base, factor) for side in _SIDES],
        title=_title(ordered),
        subtitle=f"{subtitle}; {unit}; low case hatched, high case solid; "
        "red, with a cross, where the answer turns",
        table=behind,
        xaxis=axis(
            f"against “{keep_plan(run)}”, {unit}", zeroline=True, range=_range(ordered, factor)
        ),
        yaxis=categories(),
        height=120 + 56 * length(table),
        barmode="overlay",
        shapes=[_base_line(base)],
        annotations=[
            note("as given", x=base, y=1, yref="paper", yanchor="bottom", xanchor="center")
        ],
    )


def turns(delta_usd: float, base_usd: float) -> bool:
    """Return whether a case has the other sign than the base, so that the answer changes.

    Examples
    --------
    >>> turns(-1e6, 5e8), turns(1e6, 5e8), turns(0.0, 5e8)
    (True, False, False)
    """
    return delta_usd * base_usd < 0


def _largest(table: Table) -> float:
    every = [table[c] for c in ("low_delta_usd", "high_delta_usd", "base_delta_usd")]
    return max((float(np.abs(v).max()) for v in every if len(v)), default=0.0)


def _range(table: Table, factor: float) -> list[float]:
    ends = np.concatenate(
        [table["low_delta_usd"], table["high_delta_usd"], table["base_delta_usd"]]
    )
    low, high = float(ends.min()) / factor, float(ends.max()) / factor
    # Room for the texts at the ends of the bars.
    room = 0.42 * ((high - low) or 1.0)
    return [low - room, high + room]


def _bars(table: Table, side: str, base: float, factor: float) -> dict[str, Any]:
    base_usd = float(table["base_delta_usd"][0])
    delta = table[f"{side}_delta_usd"]
    places = max(1, decimals(_largest(table) / factor))
    turned = [turns(float(d), base_usd) for d in delta]
    return {
        "type": "bar",
        "orientation": "h",
        "name": side,
        "y": _names(table),
        "x": delta / factor - base,
        "base": base,
        "width": 0.6,
        "text": _ends(table, side, factor, places),
        "textposition": "outside",
        "cliponaxis": False,
        "marker": filled(
            ["loss" if flip else "ai" for flip in turned],
            ["" if side == "high" else "/"] * len(turned),
        ),
        "customdata": [
            f"{label(t)}: {money(float(d), plus=True)}"
            for t, d in zip(table[side], delta, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _ends(table: Table, side: str, factor: float, places: int) -> list[str]:
    """Return what stands at the end of each bar of a side.

    Where both cases lie on one side of the base their texts would lie on each other: the longer
    bar tells both, in the order of the cases.
    """
    base = float(table["base_delta_usd"][0])
    texts = []
    for low, high in zip(table["low_delta_usd"], table["high_delta_usd"], strict=True):
        own, other = (low, high) if side == "low" else (high, low)
        said = fixed(own / factor, places)
        if (low - base) * (high - base) > 0.0:
            longer = abs(own - base) > abs(other - base) or (own == other and side == "low")
            both = f"{fixed(low / factor, places)} … {fixed(high / factor, places)}"
            said = both if longer else ""
        texts.append(said)
    return texts


def _names(table: Table) -> list[str]:
    """Return each input with its two cases below, a common unit said once; ✗ where one turns."""
    names = []
    for row in rows(table):
        name, low, high = row["input"], row["low"], row["high"]
        if any(turns(row[f"{side}_delta_usd"], row["base_delta_usd"]) for side in _SIDES):
            name = f"✗ {name}"
        first, low_unit = [*str(low).split(" ", 1), ""][:2]
        shared = low_unit and str(high).endswith(f" {low_unit}")
        cases = f"{first if shared else low} … {high}"
        names.append(f"{broken(name, _NAME_WIDTH)}<br>{broken(cases, _NAME_WIDTH)}")
    return names


def _base_line(base: float) -> dict[str, Any]:
    return {
        "type": "line",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "x0": base,
        "x1": base,
        "line": {"color": ink("muted"), "width": 1},
    }


def _behind(table: Table, factor: float, unit: str) -> Any:
    sums = ("low_delta_usd", "high_delta_usd")
    return written(
        {"input": table["input"], "low": table["low"], "high": table["high"]}
        | {c: table[c] / factor for c in sums},
        headings={c: f"at {c.split('_')[0]}, {unit}" for c in sums},
    )


def _title(table: Table) -> str:
    first = str(table["input"][0])
    first = first[:1].upper() + first[1:]
    low, high = float(table["low_delta_usd"][0]), float(table["high_delta_usd"][0])
    base = float(table["base_delta_usd"][0])
    span = f"between {money(min(low, high), plus=True)} and {money(max(low, high), plus=True)}"
    flipping = [
        str(name)
        for name, a, b in zip(
            table["input"], table["low_delta_usd"], table["high_delta_usd"], strict=True
        )
        if turns(float(a), base) or turns(float(b), base)
    ]
    end = f"{len(flipping)} of {len(table['input'])} inputs turn the answer"
    return f"{first} matters most ({span}); {end if flipping else 'no input turns the answer'}"
