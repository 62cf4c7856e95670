"""Endpoints about the text of the file that is served: YAML, overrides, problems, inputs."""

from __future__ import annotations

from typing import Any

from rerack.base.errors import ScenarioError
from rerack.scenario import load
from rerack.study.change import overrides_of
from rerack.web.endpoint import Asked, Endpoint
from rerack.web.levers import LEVER_QUERY, change_of
from rerack.web.models import (
    CheckAnswer,
    CheckOrder,
    OverrideList,
    Problem,
    ScenarioText,
    TablePage,
)
from rerack.web.paging import PAGE, PER_PAGE, table_page
from rerack.web.server import Server


def scenario_endpoints(server: Server) -> list[Endpoint]:
    """Return the endpoints about the text of the file of `server`."""

    async def scenario(asked: Asked) -> ScenarioText:
        change = change_of(asked.values)
        return await server.work(lambda: scenario_text(server, change))

    async def edited(asked: Asked) -> ScenarioText:
        return await server.work(lambda: edited_text(server, asked.body.overrides))

    async def moved(asked: Asked) -> OverrideList:
        change = change_of(asked.values)
        return await server.work(lambda: moved_overrides(server, change))

    async def check(asked: Asked) -> CheckAnswer:
        return await server.work(lambda: check_overrides(server, asked.body.overrides))

    async def inputs(asked: Asked) -> TablePage:
        from rerack.study.tables.inputs import inputs_table

        return table_page("inputs", inputs_table(server.scenario.inputs), asked.values)

    return [
        Endpoint(
            method="GET",
            path="/api/v1/scenario",
            summary="The scenario with inputs moved, as YAML that `rerack run` accepts.",
            tag="study",
            handler=scenario,
            query=LEVER_QUERY,
            answer=ScenarioText,
        ),
        Endpoint(
            method="POST",
            path="/api/v1/scenario",
            summary="The scenario with overrides, as YAML that `rerack run` accepts.",
            tag="study",
            handler=edited,
            body=CheckOrder,
            answer=ScenarioText,
        ),
        Endpoint(
            method="GET",
            path="/api/v1/overrides",
            summary="What moved inputs are in the scenario file, for `overrides` of a run.",
            tag="study",
            handler=moved,
            query=LEVER_QUERY,
            answer=OverrideList,
        ),
        Endpoint(
            method="POST",
            path="/api/v1/check",
            summary="Whether the file is good with overrides; every problem with its place.",
            tag="study",
            handler=check,
            body=CheckOrder,
            answer=CheckAnswer,
        ),
        Endpoint(
            method="GET",
            path="/api/v1/inputs",
            summary="Every input with unit, source and status.",
            tag="study",
            handler=inputs,
            query=(PAGE, PER_PAGE),
            answer=TablePage,
        ),
    ]


def scenario_text(server: Server, change: Any) -> ScenarioText:
    """Return the scenario with a change made, as one YAML file that loads by itself."""
    return edited_text(server, moved_overrides(server, change).overrides)


def moved_overrides(server: Server, change: Any) -> OverrideList:
    """Return what a change is in the scenario file."""
    return OverrideList(overrides=list(overrides_of(server.live.scenario, change)))


def edited_text(server: Server, overrides: list[str]) -> ScenarioText:
    """Return the scenario with overrides, as one YAML file; a wrong one is refused."""
    made = load(server.settings.file, overrides=overrides)
    stem = server.settings.file.stem
    return ScenarioText(name=f"{stem}-changed.yaml", yaml=made.merged_text)


def check_overrides(server: Server, overrides: list[str]) -> CheckAnswer:
    """Return whether the file loads with `overrides`."""
    try:
        load(server.settings.file, overrides=overrides)
    except ScenarioError as error:
        problems = [
            Problem(where=p.where, given=p.given, allowed=p.allowed, cure=p.cure, excerpt=p.excerpt)
            for p in error.problems
        ]
        return CheckAnswer(good=False, problems=problems)
    return CheckAnswer(good=True, problems=[])
