"""All that answers from the study: the interface with its document, and the bodies of pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, Router

from rerack.web.bodies import body
from rerack.web.endpoint import Endpoint
from rerack.web.jobs_api import job_endpoints
from rerack.web.live_api import live_endpoints
from rerack.web.openapi import document
from rerack.web.panel import PanelSpec
from rerack.web.panels import panels_of
from rerack.web.panels_api import panel_endpoints
from rerack.web.routes import one_route_a_path
from rerack.web.run_files_api import run_file_endpoints
from rerack.web.runs_api import run_endpoints
from rerack.web.scenario_api import scenario_endpoints
from rerack.web.server import Server


@dataclass(frozen=True, kw_only=True, eq=False)
class Inner:
    """What answers from the study.

    Parameters
    ----------
    app : Router
        The interface.
    body : callable
        From the name of a page to its body.
    """

    app: Router
    body: Callable[[str], str]


def inner_of(server: Server) -> Inner:
    """Return what answers from the study of a server."""
    panels = panels_of(server)
    endpoints = endpoints_of(server, panels)

    @cache
    def described() -> dict[str, Any]:
        return document(endpoints)

    async def openapi(_request: Request) -> Response:
        return JSONResponse(described())

    routes: list[BaseRoute] = [
        Route("/api/v1/openapi.json", openapi, methods=["GET"]),
        *(Route(e.path, _call(e), methods=[e.method]) for e in endpoints),
    ]
    return Inner(app=Router(one_route_a_path(routes)), body=partial(body, server, panels=panels))


def endpoints_of(server: Server, panels: tuple[PanelSpec, ...]) -> list[Endpoint]:
    """Return every endpoint of the interface."""
    return [
        *live_endpoints(server),
        *scenario_endpoints(server),
        *panel_endpoints(server, panels),
        *run_endpoints(server),
        *run_file_endpoints(server),
        *job_endpoints(server),
    ]


def _call(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def call(request: Request) -> Response:
        return await endpoint(request)

    return call
