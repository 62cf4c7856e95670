"""Which hashprice and lease rate make a rule convert."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.report.figures.frame import Figure, axis, framed, label, nothing
from rerack.report.format import number, quantity, share
from rerack.report.palette import ink, wash
from rerack.report.source import RunTables, Table, answer_plan, check_run, length, select
from rerack.report.tables import Written, written

#: Height and width that a cell's text needs, of the map's, on a screen of ordinary size.
_ROOM_FRAC = (0.06, 0.05)
_HEADS = {
    "from_month": "year from",
    "hashprice_low_usd_per_ph_day": "hashprice from",
    "hashprice_high_usd_per_ph_day": "to, USD/PH/day",
    "lease_index_low": "lease index from",
    "lease_index_high": "to",
    "seen_count": "decisions open",
    "converted_count": "converted",
}


def figure(run: RunTables, plan: str | None = None) -> Figure:
    """Return the exercise region of a policy, in the year in which it converts most.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        A policy plan; the recommended one, or the first, by default.
    """
    return region_figure(run, plan)


def region_figure(run: RunTables, plan: str | None = None, year: str | None = None) -> Figure:
    """Return the exercise region of a policy in a year of decisions.

    Parameters
    ----------
    run : RunTables
        A finished run.
    plan : str, optional
        A policy plan; the recommended one, or the first, by default.
    year : str, optional
        Calendar year, ``YYYY``; the one in which the policy converts most by default.
    """
    run = check_run(run)
    every = run.table("exercise_region")
    chosen = plan or first_policy(run)
    table = select(every, plan=chosen or "")
    behind = _behind(table)
    subtitle = (
        f"Plan “{chosen}”: share of open decisions that convert, by hashprice and lease index"
    )
    if chosen is None or not length(table):
        return nothing(
            title="No plan follows a fitted rule",
            subtitle="A plan of kind policy has a region in which it converts",
            table=behind,
        )
    if not table["converted_count"].any():
        return nothing(title=f"“{chosen}” converts no hall", subtitle=subtitle, table=behind)
    months = list(dict.fromkeys(map(str, table["from_month"])))
    first = next((m for m in months if m[:4] == year), None) if year else _busiest(table)
    if first is None:
        title = f"“{chosen}” has nothing left to decide in {year}"
        return nothing(title=title, subtitle=subtitle, table=behind)
    shown = select(table, from_month=first)
    rows = np.unique(shown["hashprice_low_usd_per_ph_day"])
    columns = np.unique(shown["lease_index_low"])
    size = (rows.size, columns.size)
    seen, converted = (shown[c].reshape(size) for c in ("seen_count", "converted_count"))
    frac = np.where(seen > 0, converted / np.maximum(seen, 1), np.nan)
    return framed(
        [_map(shown, rows, columns, frac)],
        title=_title(shown, rows, frac, seen, converted, first),
        subtitle=f"{subtitle}, year from {first}; lease index 1 at the study's start",
        table=behind,
        xaxis=axis("lease index", showgrid=False),
        yaxis=axis("hashprice, USD/PH/day", showgrid=False),
        height=380,
    )


def first_policy(run: RunTables) -> str | None:
    """Return the recommended plan if it follows a fitted rule, else the first that does."""
    names = list(dict.fromkeys(map(str, run.table("exercise_region")["plan"])))
    best = answer_plan(run)
    return best if best in names else (names[0] if names else None)


def _behind(table: Table) -> Written:
    return written(
        {column: table[column] for column in _HEADS},
        headings=_HEADS,
        formats={c: (lambda v: f"{v:.3g}") for c in list(_HEADS)[1:5]},
    )


def _busiest(table: Table) -> str:
    """Return the year in which most decisions convert."""
    years = list(dict.fromkeys(map(str, table["from_month"])))
    counts = [int(table["converted_count"][table["from_month"] == y].sum()) for y in years]
    return years[int(np.argmax(counts))]


def _map(shown: Table, rows: FloatArray, columns: FloatArray, frac: FloatArray) -> dict[str, Any]:
    top = shown["hashprice_high_usd_per_ph_day"].max()
    right = shown["lease_index_high"].max()
    return {
        "type": "heatmap",
        "x": np.append(columns, right),
        "y": np.append(rows, top),
        "z": 100.0 * frac,
        "zmin": 0,
        "zmax": 100,
        "colorscale": [[0, wash("mining", 0.25)], [1, wash("ai", 0.75)]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "text": _texts(frac, np.append(rows, top), np.append(columns, right)),
        "texttemplate": "%{text}",
        "textfont": {"color": ink("text"), "size": 11},
        "hovertemplate": "hashprice %{y:.3g}, lease index %{x:.3g}: %{z:.1f} %<extra></extra>",
    }


def _where(shown: Table, frac: FloatArray) -> str:
    """Say in which market the largest share of open decisions converts."""
    k = int(np.nanargmax(frac))
    low, high = (
        quantity(float(shown[f"hashprice_{end}_usd_per_ph_day"][k]), "usd_per_ph_day")
        for end in ("low", "high")
    )
    index = [number(float(shown[f"lease_index_{end}"][k])) for end in ("low", "high")]
    return f"at {low.split()[0]} to {high} and a lease index of {index[0]} to {index[1]}"


def _texts(frac: FloatArray, y: FloatArray, x: FloatArray) -> list[list[str]]:
    """Return what each cell says; nothing where a cell has no room for it."""
    tall, wide = (np.diff(edges) / (edges[-1] - edges[0]) for edges in (y, x))
    room = (tall[:, None] >= _ROOM_FRAC[0]) & (wide[None, :] >= _ROOM_FRAC[1])
    return [
        [label(share(float(v))) if fits and not np.isnan(v) else "" for v, fits in pairs]
        for pairs in (zip(*row, strict=True) for row in zip(frac, room, strict=True))
    ]


def _title(
    shown: Table,
    rows: FloatArray,
    frac: FloatArray,
    seen: FloatArray,
    converted: FloatArray,
    year: str,
) -> str:
    """Say below which hashprice most open decisions convert, if there is such a level."""
    by_row = converted.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    if not (by_row > 0.5).any():
        most = share(float(np.nanmax(frac)))
        where = _where(shown, frac)
        return f"In the year from {year} at most {most} of what is open converts, {where}"
    last = int(np.flatnonzero(by_row > 0.5).max())
    tops = shown["hashprice_high_usd_per_ph_day"].reshape(frac.shape)[:, 0]
    level = quantity(float(tops[last]), "usd_per_ph_day")
    below = bool((by_row[: last + 1] > 0.5).all())
    return f"In the year from {year} most halls convert {'under' if below else 'up to'} {level}"
