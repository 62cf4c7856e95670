"""The pages: one shell, filled by the interface; and the files that they load."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from rerack import __version__
from rerack.report.page import plotly_js, script_json
from rerack.report.palette import INKS, dark_colours
from rerack.web.live_api import study_facts
from rerack.web.panel import PanelSpec
from rerack.web.server import Server
from rerack.web.views import VIEWS, View

#: Pages without live figures of their own.
_LISTS = {
    "assumptions": View(title="Assumptions", question="What is all this built on?"),
    "runs": View(title="Runs", question="What was computed before?"),
}
_KINDS = {".js": "text/javascript", ".css": "text/css"}


def page_routes(server: Server, panels: tuple[PanelSpec, ...]) -> list[Route]:
    """Return the routes of the pages and their assets."""
    template = _template()
    views = VIEWS | _LISTS
    plotly = plotly_js().encode()
    plotly_address = f"/assets/plotly.js?v={__version__}"
    assets = _assets()
    modules = [name for name in assets if name.endswith(".js") and name != "app.js"]

    def shell(name: str) -> str:
        facts = study_facts(server)
        here = [spec for spec in panels if spec.view == name]
        made: str = template.render(
            name=name,
            view=views[name],
            views=views,
            facts=facts,
            panels=here,
            version=__version__,
            modules=modules,
            data=_markup(
                script_json(_data(name, facts.model_dump(), here) | {"plotly": plotly_address})
            ),
        )
        return made

    def page(name: str) -> Route:
        async def show(_request: Request) -> Response:
            return HTMLResponse(shell(name))

        return Route("/" if name == "decision" else f"/{name}", show, methods=["GET"])

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name == "plotly.js":
            # Its address carries the version; the others are small and may change under one.
            headers = {"Cache-Control": "private, max-age=3600"}
            return Response(plotly, media_type="text/javascript", headers=headers)
        if name not in assets:
            return Response("no such file", status_code=404, media_type="text/plain")
        kind = _KINDS[name[name.rindex(".") :]]
        return Response(assets[name], media_type=kind, headers={"Cache-Control": "no-cache"})

    return [*(page(name) for name in views), Route("/assets/{name:path}", asset, methods=["GET"])]


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


def _assets() -> dict[str, str]:
    """Return the files of this package that pages load, by their path under assets."""
    folder = files("rerack.web") / "assets"
    return _texts(folder) | _texts(folder / "paint", "paint/") | {"colours.css": _colours()}


def _texts(folder: Traversable, prefix: str = "") -> dict[str, str]:
    kinds = tuple(_KINDS)
    found = [file for file in folder.iterdir() if file.name.endswith(kinds)]
    return {prefix + file.name: file.read_text(encoding="utf-8") for file in found}


def _colours() -> str:
    light = "".join(f"--{name}:{ink.light};" for name, ink in INKS.items())
    dark = "".join(f"--{name}:{ink.dark};" for name, ink in INKS.items())
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _markup(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)


def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("rerack.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("shell.html.j2")
