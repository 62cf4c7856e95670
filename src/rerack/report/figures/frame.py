"""What all figures share: a plain plotly-schema dict with finding, measure and table."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from rerack.report.format import printable
from rerack.report.palette import ink, wash
from rerack.report.tables import Written, plain

#: ``{"data": [...], "layout": {...}}``, readable by ``plotly.graph_objects.Figure``.
Figure = dict[str, Any]

_CLEAR = "rgba(0,0,0,0)"
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"
_LABEL_WIDTH = 22


def framed(
    data: list[dict[str, Any]],
    *,
    title: str,
    subtitle: str,
    table: Written,
    xaxis: Mapping[str, Any],
    yaxis: Mapping[str, Any],
    height: int = 380,
    **more: Any,
) -> Figure:
    """Return a figure in the common look.

    Parameters
    ----------
    data : list of dict
        Plotly traces.
    title, subtitle : str
        The finding; then measure, unit, basis and source. Plain text.
    table : Written
        The numbers behind the chart.
    xaxis, yaxis : mapping
        As `axis` makes them.
    height : int
        Height [pixels].
    **more
        Further members of the plotly layout.

    Notes
    -----
    ``layout.meta`` repeats title and subtitle as plain text and holds the table, for pages that
    set the words themselves.
    """
    # Texts throughout, so there is nothing to make plain: a table may be hundreds of rows.
    meta = {
        "title": printable(title),
        "subtitle": printable(subtitle),
        "table": {
            "heads": list(table.heads),
            "rows": [list(row) for row in table.rows],
            "right": list(table.right),
        },
    }
    layout: dict[str, Any] = {
        "title": {
            "text": label(title),
            "subtitle": {"text": label(subtitle), "font": {"color": ink("muted"), "size": 12}},
            "x": 0,
            "xref": "paper",
            "font": {"size": 16, "color": ink("text")},
        },
        "height": height,
        "margin": {"l": 12, "r": 24, "t": 84, "b": 12},
        "font": {"family": _FONT, "size": 12.5, "color": ink("text")},
        "paper_bgcolor": _CLEAR,
        "plot_bgcolor": _CLEAR,
        "hoverlabel": {"font": {"family": _FONT}},
        "legend": {"orientation": "h", "x": 0, "y": -0.22, "yanchor": "top"},
        "showlegend": False,
        "xaxis": dict(xaxis),
        "yaxis": dict(yaxis),
        **more,
    }
    return {"data": plain(data), "layout": plain(layout) | {"meta": meta}}


def axis(title: str, **more: Any) -> dict[str, Any]:
    """Return an axis with its unit in the title and quiet lines."""
    # Every digit between two powers of ten would run into the next: 2 and 5 are enough, and without
    # a format they would stand there as bare digits.
    ticks = {"dtick": "D2", "tickformat": ",~g"} if more.get("type") == "log" else {}
    return {
        "title": {
            "text": label(title),
            "standoff": 8,
            "font": {"color": ink("muted"), "size": 12.5},
        },
        "gridcolor": ink("rule"),
        "linecolor": ink("rule"),
        "zerolinecolor": ink("idle"),
        "tickfont": {"color": ink("muted")},
        "automargin": True,
        "fixedrange": True,
        "separatethousands": True,
        **ticks,
        **more,
    }


def categories(**more: Any) -> dict[str, Any]:
    """Return an axis of names, first on top, that never takes a name for a number or a date."""
    names = {"type": "category", "autorange": "reversed", "showgrid": False}
    return axis("", **names, **more) | {"tickfont": {"color": ink("text")}}


def months_axis(**more: Any) -> dict[str, Any]:
    """Return an axis of months labelled ``YYYY-MM``."""
    return axis("month (UTC)", type="date", tickformat="%Y", hoverformat="%Y-%m", **more)


def label(text: object) -> str:
    """Return `text` safe within a chart: no control characters, no markup.

    Examples
    --------
    >>> label("<b>A</b>")
    '&lt;b&gt;A&lt;/b&gt;'
    """
    return html.escape(printable(text), quote=False)


@lru_cache(maxsize=512)
def broken(text: object, width: int = _LABEL_WIDTH) -> str:
    """Return `text` safe within a chart and broken into lines of at most `width` characters."""
    return "<br>".join(label(line) for line in textwrap.wrap(printable(text), width) or [""])


def filled(meanings: Sequence[str], hatches: Sequence[str]) -> dict[str, Any]:
    """Return the marker of bars: solid, or hatched on a light wash that survives grey print.

    Parameters
    ----------
    meanings : sequence of str
        Meaning of each bar's colour, keys of the palette.
    hatches : sequence of str
        Plotly pattern of each bar, such as ``"/"``; empty is solid.
    """
    return {
        "color": [ink(m) for m in meanings],
        "pattern": {
            "shape": list(hatches),
            "fillmode": "replace",
            "fgcolor": [ink(m) for m in meanings],
            "bgcolor": [wash(m, 0.2) for m in meanings],
            "size": 6,
            "solidity": 0.25,
        },
    }


def note(text: str, *, x: Any, y: Any, **more: Any) -> dict[str, Any]:
    """Return an annotation without an arrow; `text` is escaped."""
    font = {"color": ink("text"), "size": 12}
    return {"text": label(text), "x": x, "y": y, "showarrow": False, "font": font, **more}


def nothing(*, title: str, subtitle: str, table: Written) -> Figure:
    """Return a figure that says that there is nothing to draw."""
    hidden = {"visible": False}
    return framed(
        [], title=title, subtitle=subtitle, table=table, xaxis=hidden, yaxis=hidden, height=120
    )
