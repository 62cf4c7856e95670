"""Endpoints about the file that is served: facts, live answers, checks, the scenario as YAML."""

from __future__ import annotations

import time
from typing import Any

from starlette.responses import Response

from rerack.base.errors import ScenarioError
from rerack.report.answer import answer
from rerack.report.sheets import coin_sheet, money_note, plans_sheet, rigs_sheet
from rerack.report.source import CheckedRun, check_run
from rerack.report.tables import Written
from rerack.scenario import load
from rerack.study.change import overrides_of, standing
from rerack.web.endpoint import Asked, Endpoint, Query
from rerack.web.levers import LEVER_QUERY, change_of, levers
from rerack.web.models import (
    CheckAnswer,
    CheckOrder,
    LiveAnswer,
    OverrideList,
    Problem,
    ScenarioText,
    Sheet,
    StudyFacts,
    TablePage,
)
from rerack.web.paging import PAGE, PER_PAGE, table_page
from rerack.web.panel import Step, sheet
from rerack.web.server import Server
from rerack.web.views import VIEWS, explanations, view_figures

_VIEW = Query(name="view", about="Page whose figures are wanted.", choices=tuple(VIEWS))
_RULES = Query(
    name="rules",
    about="Market that the rules of policy plans are fitted to: the file's, at once, or the moved "
    "one, in seconds, as a run does.",
    choices=("file", "moved"),
    default="file",
)


def live_endpoints(server: Server) -> list[Endpoint]:
    """Return the endpoints about the file of `server`."""
    plans = tuple(p.name for p in server.scenario.plans)
    plan = Query(name="plan", about="Plan to draw; the answer where left out.", choices=plans)

    async def facts(_asked: Asked) -> StudyFacts:
        return study_facts(server)

    async def live(asked: Asked) -> LiveAnswer | Response:
        change = change_of(asked.values)
        view, plan = asked.values["view"], asked.values["plan"]
        if asked.values["rules"] == "moved":

            def refitted(_step: Step) -> LiveAnswer:
                return live_answer(server, change, view, plan, refit=True)

            return await server.long.answer(("live", change, view, plan), refitted, asked.request)
        made = await server.work(lambda: live_answer(server, change, view, plan))
        server.warm()
        return made

    async def scenario(asked: Asked) -> ScenarioText:
        change = change_of(asked.values)
        return await server.work(lambda: scenario_text(server, change))

    async def edited(asked: Asked) -> ScenarioText:
        return await server.work(lambda: edited_text(server, asked.body.overrides))

    async def moved(asked: Asked) -> OverrideList:
        change = change_of(asked.values)
        return OverrideList(overrides=list(overrides_of(server.live.scenario, change)))

    async def check(asked: Asked) -> CheckAnswer:
        return await server.work(lambda: check_overrides(server, asked.body.overrides))

    async def inputs(asked: Asked) -> TablePage:
        from rerack.study.tables.inputs import inputs_table

        return table_page("inputs", inputs_table(server.scenario.inputs), asked.values)

    return [
        Endpoint(
            method="GET",
            path="/api/v1/study",
            summary="What is served, and what can be moved.",
            tag="study",
            handler=facts,
            answer=StudyFacts,
        ),
        Endpoint(
            method="GET",
            path="/api/v1/live/{view}",
            summary="The answer and a page's figures with inputs moved, on a few scenarios.",
            tag="study",
            handler=live,
            path_values=(_VIEW,),
            query=(*LEVER_QUERY, plan, _RULES),
            answer=LiveAnswer,
            errors=(429,),
        ),
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


def study_facts(server: Server) -> StudyFacts:
    """Return what is served."""
    scenario = server.scenario
    return StudyFacts(
        name=scenario.name,
        site=scenario.site.name,
        file=server.settings.file.name,
        scenarios=scenario.scenarios,
        live_scenarios=server.live.scenario.scenarios,
        months=scenario.grid.months,
        start=scenario.grid.labels[0],
        seed=scenario.seed,
        interconnect_mw=scenario.site.interconnect_mw,
        plans=[p.name for p in scenario.plans],
        halls=[h.name for h in scenario.site.halls],
        offers=list(scenario.offers),
        rules=server.live.has_rules,
        levers=levers(server.live.scenario),
    )


def live_answer(
    server: Server, change: Any, view: str, plan: str | None, *, refit: bool = False
) -> LiveAnswer:
    """Return the answer of the study with a change made, and a page's figures."""
    began = time.perf_counter()
    # Checked once: each part of the answer asks for the same tables.
    run = check_run(server.live.answer(change, refit=refit))
    told = answer(run, optimality=False)
    plans, unit = plans_sheet(run, full=True)
    best = [name == run.meta["answer_plan"] for name in run.table("plans")["plan"].tolist()]
    return LiveAnswer(
        headline=told.headline,
        gain=told.gain,
        why=told.why,
        risk=told.risk,
        scenarios=int(run.meta["scenarios"]),
        values=standing(server.live.scenario, change),
        plans=sheet(_narrowed(plans)),
        money=money_note(run, unit),
        best=best,
        sheets=_sheets(run, view),
        figures=view_figures(run, view, plan),
        explain=explanations(run, view),
        wall_ms=1e3 * (time.perf_counter() - began),
    )


def _sheets(run: CheckedRun, view: str) -> dict[str, Sheet]:
    if view == "power":
        return {"rigs": sheet(rigs_sheet(run))}
    if view == "finance":
        return {"coins": sheet(coin_sheet(run))}
    return {}


def _narrowed(table: Written) -> Written:
    """Return the plans without the long note beside the IRR, which the report has room for."""
    keep = [k for k, head in enumerate(table.heads) if head != "on the IRR"]
    return Written(
        heads=tuple(table.heads[k] for k in keep),
        rows=tuple(tuple(row[k] for k in keep) for row in table.rows),
        right=tuple(table.right[k] for k in keep),
    )


def scenario_text(server: Server, change: Any) -> ScenarioText:
    """Return the scenario with a change made, as one YAML file that loads by itself."""
    return edited_text(server, list(overrides_of(server.live.scenario, change)))


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
