"""The pages: a head that is there at once, and a body once there is something to show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html import escape

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from rerack.base.errors import RerackError
from rerack.web.interface import LaterInterface
from rerack.web.page_files import PageFiles
from rerack.web.templates import template
from rerack.web.views import LISTS, VIEWS


def page_routes(study: str, interface: LaterInterface) -> list[Route]:
    """Return the routes of the pages and of the files that they load.

    Parameters
    ----------
    study : str
        Name of the study, for titles.
    interface : LaterInterface
        What knows the bodies.
    """
    files = PageFiles()
    return [
        *(_page(name, study, interface, files) for name in VIEWS | LISTS),
        Route("/assets/{name:path}", files.answer, methods=["GET"]),
    ]


def _page(name: str, study: str, interface: LaterInterface, files: PageFiles) -> Route:
    async def parts() -> AsyncIterator[str]:
        # A browser loads what the head names while the body is waited for.
        yield _head(name, study, files)
        try:
            yield await interface.body(name)
        except RerackError as error:
            yield f'<p class="said" role="alert">{escape(str(error))}</p></body></html>'

    async def show(_request: Request) -> Response:
        return StreamingResponse(parts(), media_type="text/html")

    return Route("/" if name == "decision" else f"/{name}", show, methods=["GET"])


def _head(name: str, study: str, files: PageFiles) -> str:
    view = (VIEWS | LISTS)[name]
    made: str = template("head").render(
        view=view, study=study, assets=files.address, modules=files.modules
    )
    return made
