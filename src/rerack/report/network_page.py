"""The network page: figures and tables in one file that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping

from rerack.report.figures.frame import Figure
from rerack.report.format import printable
from rerack.report.page import chart, render_page
from rerack.report.tables import Written


def network_html(
    figures: Mapping[str, Figure],
    *,
    title: str,
    facts: str,
    reasons: Mapping[str, str],
    sheets: Mapping[str, Written],
    explain: str,
    commands: Mapping[str, str] | None = None,
) -> str:
    """Return the page of a network as one HTML document in the look of the report.

    Parameters
    ----------
    figures : mapping of str to Figure
        Figures by name, made by `framed`; other studies may add their own.
    title, facts : str
        Finding, and the line of facts above it. Plain text.
    reasons : mapping of str to str
        Short texts by heading.
    sheets : mapping of str to Written
        Tables by heading.
    explain : str
        Command that gives the numbers behind the figures.
    commands : mapping of str to str, optional
        Another command, by figure.
    """
    own = commands or {}
    return render_page(
        "network.html.j2",
        figures,
        title=printable(title),
        facts=printable(facts),
        reasons={name: printable(text) for name, text in reasons.items()},
        charts=[chart(name, made, own.get(name, explain)) for name, made in figures.items()],
        sheets=sheets,
    )
