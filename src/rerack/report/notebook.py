"""A run, a figure or a page as a notebook shows it: drawn by the page's own script, no network."""

from __future__ import annotations

from html import escape

from rerack.report.answer import answer
from rerack.report.figures import Figure, figure
from rerack.report.format import printable
from rerack.report.html import explained
from rerack.report.page import chart, render_page
from rerack.report.sheets import (
    explain_command,
    means_note,
    money_note,
    plans_sheet,
    run_title,
)
from rerack.report.source import RunTables, answer_plan, check_run

#: Figures of a run that a notebook shows; the report has the others.
SHOWN = ("plan", "uses", "npv", "hashprice")
#: Room that a page takes in a notebook; what is taller scrolls within it [pixels].
_TALL = 720
#: Room around a figure: its words, its table folded [pixels].
_AROUND = 260


def framed_page(page: str, *, height_px: int = _TALL) -> str:
    """Return a page as one element of a notebook.

    Parameters
    ----------
    page : str
        An HTML document that needs nothing else.
    height_px : int
        Height [pixels].

    Notes
    -----
    The frame has an origin of its own (``sandbox``): what is in it can draw, and nothing more.

    Examples
    --------
    >>> framed_page("<p>1 & 2</p>").split("srcdoc=")[1]
    '"&lt;p&gt;1 &amp; 2&lt;/p&gt;"></iframe>'
    """
    return (
        f'<iframe title="rerack" sandbox="allow-scripts" width="100%" height="{height_px}" '
        f'style="border:0" srcdoc="{escape(page)}"></iframe>'
    )


def result_notebook(run: RunTables) -> str:
    """Return the answer of a run, its plans and its main figures as a notebook shows them.

    Parameters
    ----------
    run : RunTables
        A finished run.
    """
    checked = check_run(run)
    plans, unit = plans_sheet(checked)
    best = answer_plan(checked)
    drawn = {name: figure(checked, name) for name in SHOWN}
    page = render_page(
        "notebook.html.j2",
        drawn,
        title=printable(checked.meta["name"]),
        facts=printable(run_title(checked)),
        answer=answer(checked),
        money=money_note(checked, unit),
        means=means_note(checked),
        plans=plans,
        best=[plan == best for plan in checked.table("plans")["plan"]],
        charts=[
            chart(name, made, explain_command(checked, explained(checked, name)))
            for name, made in drawn.items()
        ],
    )
    return framed_page(page)


def figure_notebook(made: Figure, explain: str) -> str:
    """Return a figure as a notebook shows it.

    Parameters
    ----------
    made : Figure
        From `rerack.report.figure`.
    explain : str
        Command that shows how it was computed.
    """
    shown = chart("figure", made, explain)
    page = render_page(
        "notebook.html.j2", {"figure": made}, title=shown.title, answer=None, charts=[shown]
    )
    return framed_page(page, height_px=shown.height + _AROUND)
