"""Endpoints about the file that is served: facts, and live answers as levers move."""

from __future__ import annotations

import time
from typing import Any

from starlette.responses import Response

from rerack.report.answer import answer
from rerack.report.sheets import coin_sheet, means_note, money_note, plans_sheet, rigs_sheet
from rerack.report.source import CheckedRun, check_run
from rerack.report.tables import Written
from rerack.study.change import standing
from rerack.web.endpoint import Asked, Endpoint, Query
from rerack.web.levers import LEVER_QUERY, change_of, levers
from rerack.web.models import LiveAnswer, Sheet, StudyFacts
from rerack.web.panel import sheet
from rerack.web.server import Server
from rerack.web.step import Step
from rerack.web.view_figures import explanations, view_figures
from rerack.web.views import VIEWS

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
        return await server.work(lambda: study_facts(server))

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
        means=means_note(run),
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
