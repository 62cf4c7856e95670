"""Routes as the guard of methods wants them."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route


def one_route_a_path(routes: list[BaseRoute]) -> list[BaseRoute]:
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
