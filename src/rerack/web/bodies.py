"""The body of a page: facts of the study, levers, panels, places that scripts fill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from rerack import __version__
from rerack.report.page import script_json
from rerack.report.palette import INKS, dark_colours
from rerack.web.live_api import study_facts
from rerack.web.page_files import PLOTLY
from rerack.web.panel import PanelSpec
from rerack.web.server import Server
from rerack.web.templates import template
from rerack.web.views import LISTS, VIEWS


def body(server: Server, name: str, panels: tuple[PanelSpec, ...]) -> str:
    """Return the body of a page; waits until the study is prepared.

    Parameters
    ----------
    server : Server
        What is served.
    name : str
        The page.
    panels : tuple of PanelSpec
        Panels of all pages.
    """
    facts, views = study_facts(server), VIEWS | LISTS
    here = [spec for spec in panels if spec.view == name]
    data = _data(name, facts.model_dump(), here) | {"plotly": PLOTLY}
    made: str = template("body").render(
        name=name,
        view=views[name],
        views=views,
        facts=facts,
        panels=here,
        version=__version__,
        data=Markup(script_json(data)),
    )
    return made


def _data(name: str, facts: Mapping[str, Any], panels: list[PanelSpec]) -> dict[str, Any]:
    shown = [
        {
            "name": spec.name,
            "moves": spec.moves,
            "leads": spec.leads,
            "selectors": [s.shown() for s in spec.selectors],
        }
        for spec in panels
    ]
    colours = {"dark": dark_colours(), "names": _colour_names()}
    return {"view": name, "facts": facts, "panels": shown, **colours}


def _colour_names() -> dict[str, str]:
    """Return light colour -> its name in the style sheet, for hex colours and for triples."""
    named = {ink.light: name for name, ink in INKS.items()}
    return named | {_triple(light): name for light, name in named.items()}


def _triple(colour: str) -> str:
    return ",".join(str(part) for part in bytes.fromhex(colour.removeprefix("#")))
