"""The reliability page: diagram, figures and tables in one file that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping

from rerack.reliability import Topology
from rerack.report.figures.frame import Figure
from rerack.report.format import printable
from rerack.report.one_line import one_line_svg
from rerack.report.page import chart, render_page
from rerack.report.tables import Written


def reliability_html(
    topology: Topology,
    figures: Mapping[str, Figure],
    *,
    title: str,
    facts: str,
    reasons: Mapping[str, str],
    sheets: Mapping[str, Written],
    explain: str,
) -> str:
    """Return the page of a topology as one HTML document in the look of the report.

    Parameters
    ----------
    topology : Topology
        What to draw.
    figures : mapping of str to Figure
        Figures by name, made by `framed`.
    title, facts : str
        Finding, and the line of facts above it. Plain text.
    reasons : mapping of str to str
        Short texts by heading.
    sheets : mapping of str to Written
        Tables by heading.
    explain : str
        Command that gives the numbers behind the figures.

    Notes
    -----
    Nothing that a file names can run: template and diagram escape, JSON is made safe, and a
    content security policy lists the two scripts by hash.
    """
    # Loaded here: other users of this package need no templates.
    from markupsafe import Markup

    return render_page(
        "reliability.html.j2",
        figures,
        title=printable(title),
        facts=printable(facts),
        reasons={name: printable(text) for name, text in reasons.items()},
        diagram=Markup(one_line_svg(topology)),
        charts=[chart(name, made, explain) for name, made in figures.items()],
        sheets=sheets,
    )
