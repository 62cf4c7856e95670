"""Endpoints of the panels: parts of pages that take longer than a live answer."""

from __future__ import annotations

from starlette.responses import Response

from rerack.study.live import Change
from rerack.web.endpoint import Asked, Endpoint
from rerack.web.guard import refusal
from rerack.web.levers import LEVER_QUERY, change_of
from rerack.web.models import Panel
from rerack.web.panel import Asking, PanelSpec, Step
from rerack.web.panel_work import MOST_WAITING, PanelsFullError, PanelWork
from rerack.web.server import Server

#: Status that says that the asker has gone; nobody reads it.
_GONE = 499


def panel_endpoints(server: Server, specs: tuple[PanelSpec, ...]) -> list[Endpoint]:
    """Return an endpoint for each panel of `server`."""
    return [_endpoint(server, server.panels, spec) for spec in specs]


def _endpoint(server: Server, work: PanelWork, spec: PanelSpec) -> Endpoint:
    names = [s.name for s in spec.selectors]

    async def answer(asked: Asked) -> Panel | Response:
        change = change_of(asked.values) if spec.moves else Change()
        values = {name: asked.values[name] for name in names}

        def make(step: Step) -> Panel:
            return spec.make(Asking(server=server, change=change, values=values, step=step))

        key = (spec.name, change, tuple(values.items()))
        try:
            made = await work.answer(key, make, asked.request)
        except PanelsFullError:
            most = f"up to {MOST_WAITING} waiting"
            return refusal(429, "panels", "one more", most, "Wait for one to end.")
        return Response(status_code=_GONE) if made is None else made

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
