"""The pages: one shell, filled by the interface; and the files that they load."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from rerack import __version__
from rerack.report.page import plotly_js, script_json
from rerack.report.palette import INKS, dark_colours
from rerack.web.live_api import study_facts
from rerack.web.server import Server
from rerack.web.views import VIEWS

#: Pages without live figures of their own: title and question.
_OTHERS = {
    "assumptions": ("Assumptions", "What is all this built on?"),
    "runs": ("Runs", "What was computed before?"),
}
_KINDS = {"app.js": "text/javascript", "app.css": "text/css"}


def page_routes(server: Server) -> list[Route]:
    """Return the routes of the pages and their assets."""
    template = _template()
    titles = {name: (view.title, view.question) for name, view in VIEWS.items()} | _OTHERS
    plotly = plotly_js().encode()

    def shell(name: str) -> str:
        facts = study_facts(server)
        title, question = titles[name]
        made: str = template.render(
            name=name,
            title=title,
            question=question,
            titles=titles,
            facts=facts,
            figures=list(VIEWS[name].figures) if name in VIEWS else [],
            inks=INKS,
            version=__version__,
            data=_markup(script_json(_data(name, facts.model_dump()))),
        )
        return made

    def page(name: str) -> Route:
        async def show(_request: Request) -> Response:
            return HTMLResponse(shell(name))

        return Route("/" if name == "decision" else f"/{name}", show, methods=["GET"])

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        headers = {"Cache-Control": "private, max-age=3600"}
        if name == "plotly.js":
            return Response(plotly, media_type="text/javascript", headers=headers)
        if name == "colours.css":
            return Response(_colours(), media_type="text/css", headers=headers)
        if name not in _KINDS:
            return Response("no such file", status_code=404, media_type="text/plain")
        text = (files("rerack.web") / "assets" / name).read_text(encoding="utf-8")
        return Response(text, media_type=_KINDS[name], headers=headers)

    return [*(page(name) for name in titles), Route("/assets/{name}", asset, methods=["GET"])]


def _data(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"view": name, "facts": facts, "dark": dark_colours()}


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
