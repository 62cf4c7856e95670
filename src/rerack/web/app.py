"""The application: guard, pages and what they load, and the interface behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from rerack.base.errors import RerackError
from rerack.web.guard import Guard
from rerack.web.interface import LaterInterface
from rerack.web.pages import page_routes
from rerack.web.problems import busy_problem, http_problem, rerack_problem
from rerack.web.routes import one_route_a_path
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
    return app_of(Server(settings))


def app_of(server: Server) -> Starlette:
    """Return the dashboard of what a server holds as an ASGI application."""
    interface = LaterInterface(server, server.threads)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        server.preparing.begin()
        interface.begin()
        yield
        await server.close()

    pages: list[BaseRoute] = [*page_routes(server.scenario.name, interface)]
    return Starlette(
        routes=[*one_route_a_path(pages), Mount("/", interface)],
        middleware=[Middleware(Guard, settings=server.settings)],
        exception_handlers={
            RerackError: rerack_problem,
            HTTPException: http_problem,
            BusyError: busy_problem,
        },
        lifespan=lifespan,
    )
