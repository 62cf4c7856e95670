"""A page of figures without a run behind it: one file that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rerack.report.figures.frame import Figure
from rerack.report.format import printable
from rerack.report.page import chart, render_page, write_page


def figures_html(figures: Mapping[str, Figure], *, title: str, facts: str, explain: str) -> str:
    """Return figures as one HTML document in the look of the report.

    Parameters
    ----------
    figures : mapping of str to Figure
        Figures by name, made by `framed`.
    title, facts : str
        Finding, and the line of facts above it. Plain text.
    explain : str
        Command that gives the numbers behind the figures.

    Notes
    -----
    As with `report_html`, nothing that a file names can run: the template escapes, JSON is made
    safe, and a content security policy lists the two scripts by hash.
    """
    return render_page(
        "desk.html.j2",
        figures,
        title=printable(title),
        facts=printable(facts),
        charts=[chart(name, made, explain) for name, made in figures.items()],
    )


def write_figures(
    figures: Mapping[str, Figure], path: str | Path, *, title: str, facts: str, explain: str
) -> Path:
    """Write `figures_html` to `path`, all or nothing.

    Parameters
    ----------
    figures, title, facts, explain
        As in `figures_html`.
    path : str or Path
        File to write; its folder is made if need be.

    Raises
    ------
    StoreError
        The file cannot be written, or plotly.js is not installed.
    """
    text = figures_html(figures, title=title, facts=facts, explain=explain)
    return write_page(text, path)
