"""Endpoints of the panels: parts of pages that take longer than a live answer."""

from __future__ import annotations

from starlette.responses import Response

from rerack.study.change import Change
from rerack.web.endpoint import Asked, Endpoint
from rerack.web.levers import LEVER_QUERY, change_of
from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec
from rerack.web.server import Server
from rerack.web.step import Step


def panel_endpoints(server: Server, specs: tuple[PanelSpec, ...]) -> list[Endpoint]:
    """Return an endpoint for each panel of `server`."""
    return [_endpoint(server, spec) for spec in specs]


def _endpoint(server: Server, spec: PanelSpec) -> Endpoint:
    names = [s.name for s in spec.selectors]

    async def answer(asked: Asked) -> Panel | Response:
        change = change_of(asked.values) if spec.moves else Change()
        values = {name: asked.values[name] for name in names}

        def make(step: Step) -> Panel:
            return spec.make(Asking(server=server, change=change, values=values, step=step))

        key = (spec.name, change, tuple(values.items()))
        return await server.long.answer(key, make, asked.request)

    return Endpoint(
        method="GET",
        path=f"/api/v1/panels/{spec.name}",
        summary=f"{spec.title}: {spec.about}",
        tag="panels",
        handler=answer,
        query=(*(s.query() for s in spec.selectors), *(LEVER_QUERY if spec.moves else ())),
        answer=Panel,
        errors=(429,),
    )
