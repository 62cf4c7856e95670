"""The application: guard, interface, pages and assets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from rerack.base.errors import RerackError
from rerack.web.endpoint import Endpoint
from rerack.web.guard import Guard
from rerack.web.jobs_api import job_endpoints
from rerack.web.live_api import live_endpoints
from rerack.web.openapi import document
from rerack.web.pages import page_routes
from rerack.web.panel import PanelSpec
from rerack.web.panels import panels_of
from rerack.web.panels_api import panel_endpoints
from rerack.web.problems import busy_problem, http_problem, rerack_problem
from rerack.web.run_files_api import run_file_endpoints
from rerack.web.runs_api import run_endpoints
from rerack.web.scenario_api import scenario_endpoints
from rerack.web.server import BusyError, Server
from rerack.web.settings import ServeSettings


def create_app(settings: ServeSettings) -> Starlette:
    """Return the dashboard of one site file as an ASGI application.

    Parameters
    ----------
    settings : ServeSettings
        File, folder of runs, address and limits.

    Raises
    ------
    ScenarioError
        The file is wrong.
    """
    server = Server(settings)
    panels = panels_of(server)
    endpoints = endpoints_of(server, panels)

    @cache
    def described() -> dict[str, Any]:
        return document(endpoints)

    async def openapi(_request: Request) -> Response:
        return JSONResponse(described())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await server.close()

    routes: list[BaseRoute] = [
        Route("/api/v1/openapi.json", openapi, methods=["GET"]),
        *(Route(e.path, _call(e), methods=[e.method]) for e in endpoints),
        *page_routes(server, panels),
    ]
    return Starlette(
        routes=_one_route_a_path(routes),
        middleware=[Middleware(Guard, settings=settings)],
        exception_handlers={
            RerackError: rerack_problem,
            HTTPException: http_problem,
            BusyError: busy_problem,
        },
        lifespan=lifespan,
    )


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


def _one_route_a_path(routes: list[BaseRoute]) -> list[BaseRoute]:
    """Join routes of one path, so that a method that is not there is answered with 405."""
    joined: dict[str, dict[str, Route]] = {}
    others: list[BaseRoute] = []
    for route in routes:
        if isinstance(route, Route):
            for method in route.methods or ():
                joined.setdefault(route.path, {})[method] = route
        else:
            others.append(route)
    return [_joined(path, by_method) for path, by_method in joined.items()] + others


def _joined(path: str, by_method: dict[str, Route]) -> Route:
    async def call(request: Request) -> Response:
        route = by_method.get(request.method)
        if route is None:
            allowed = ", ".join(sorted(by_method))
            raise HTTPException(405, "no such method here", headers={"Allow": allowed})
        answer: Response = await route.endpoint(request)
        return answer

    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return Route(path, call, methods=methods)
