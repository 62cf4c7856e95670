"""A panel: one computed part of a page, with the choices that its reader has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rerack.report.figures import Figure
from rerack.report.format import printable
from rerack.report.tables import Written
from rerack.web.endpoint import Query
from rerack.web.models import Panel, PanelChart, PanelSheet, Sheet
from rerack.web.step import Step

if TYPE_CHECKING:
    from rerack.study.change import Change
    from rerack.web.server import Server


@dataclass(frozen=True, kw_only=True)
class Selector:
    """One choice that a reader has.

    Parameters
    ----------
    name, label, about : str
        Name in a query, name for people, one sentence.
    choices : tuple of (value, label)
        What can be chosen; empty for a number.
    default : str or float
        What is chosen at first.
    low, high : float
        Bounds of a number.
    unit : str
        Unit of a number.
    whole : bool
        Whether a number is whole.
    """

    name: str
    label: str
    about: str
    choices: tuple[tuple[str, str], ...] = ()
    default: Any = None
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    whole: bool = False

    def query(self) -> Query:
        """Return the parameter of the interface that it stands for."""
        if self.choices:
            values = tuple(value for value, _ in self.choices)
            return Query(name=self.name, about=self.about, choices=values, default=self.default)
        return Query(
            name=self.name,
            about=self.about,
            kind="integer" if self.whole else "number",
            low=self.low,
            high=self.high,
            default=self.default,
        )

    def shown(self) -> dict[str, Any]:
        """Return what the page needs to know."""
        return {
            "name": self.name,
            "label": self.label,
            "unit": self.unit,
            "choices": list(self.choices),
            "default": self.default,
            "low": self.low,
            "high": self.high,
            "whole": self.whole,
        }


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a panel is asked.

    Parameters
    ----------
    server : Server
        What is served.
    change : Change
        Inputs that are moved; nothing where the panel does not follow them.
    values : mapping
        Selectors by name.
    step : callable
        Told what is being done.
    """

    server: Server
    change: Change
    values: Mapping[str, Any]
    step: Step


@dataclass(frozen=True, kw_only=True)
class PanelSpec:
    """A part of a page that the server works out.

    Parameters
    ----------
    name, view, title, about : str
        Name in the interface, page, heading, one sentence.
    make : callable
        From what is asked to the panel.
    selectors : tuple of Selector
        Choices.
    moves : bool
        Whether it follows the sliders.
    leads : bool
        Whether its finding heads the page.
    """

    name: str
    view: str
    title: str
    about: str
    make: Callable[[Asking], Panel]
    selectors: tuple[Selector, ...] = ()
    moves: bool = True
    leads: bool = False


def panel(
    headline: str,
    *,
    facts: str = "",
    reasons: Mapping[str, str] | None = None,
    charts: Mapping[str, tuple[Figure, str]] | None = None,
    sheets: tuple[PanelSheet, ...] = (),
    diagram: str = "",
) -> Panel:
    """Return a panel from its parts.

    Parameters
    ----------
    headline, facts : str
        Finding; what it rests on.
    reasons : mapping of str to str
        Short texts by heading.
    charts : mapping of str to (Figure, str)
        Figure and the command that explains it, by name.
    sheets : tuple of PanelSheet
        Tables.
    diagram : str
        An SVG element made by rerack, its texts escaped; empty for none.
    """
    return Panel(
        headline=printable(headline),
        facts=printable(facts),
        reasons={k: printable(v) for k, v in (reasons or {}).items()},
        diagram=diagram,
        charts=[
            PanelChart(name=name, figure=made, explain=explain)
            for name, (made, explain) in (charts or {}).items()
        ],
        sheets=list(sheets),
    )


def panel_sheet(title: str, measure: str, table: Written, explain: str = "") -> PanelSheet:
    """Return a table of a panel: heading, measure with unit and source, command."""
    return PanelSheet(
        title=printable(title), measure=printable(measure), sheet=sheet(table), explain=explain
    )


def sheet(table: Written) -> Sheet:
    """Return a written table as the interface gives it."""
    return Sheet(
        heads=list(table.heads), rows=[list(r) for r in table.rows], right=list(table.right)
    )
