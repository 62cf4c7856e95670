"""Endpoints about runs under way: asking for one, watching it, cancelling it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial

from starlette.responses import Response, StreamingResponse

from rerack.web.endpoint import Asked, Endpoint, Query
from rerack.web.guard import refusal
from rerack.web.jobs import Job as Task
from rerack.web.jobs import JobsFullError
from rerack.web.models import Job, JobPage, RunOrder
from rerack.web.scenario_api import check_overrides
from rerack.web.server import Server

_JOB = Query(name="job", about="Name of the job.", pattern=r"[0-9a-f]{12}")


def job_endpoints(server: Server) -> list[Endpoint]:
    """Return the endpoints about the jobs of `server`."""

    async def order(asked: Asked) -> Job | Response:
        asked_for: RunOrder = asked.body
        most = server.settings.most_scenarios
        if asked_for.scenarios is not None and asked_for.scenarios > most:
            given = str(asked_for.scenarios)
            return refusal(422, "scenarios", given, f"up to {most:,}", "Ask for fewer.")
        checked = await server.work(lambda: check_overrides(server, asked_for.overrides))
        if not checked.good:
            message = "\n".join(p.where for p in checked.problems)
            body = {
                "error": {
                    "message": message,
                    "problems": [p.model_dump() for p in checked.problems],
                }
            }
            return Response(json.dumps(body), status_code=422, media_type="application/json")
        try:
            return _shown(server.jobs.start(asked_for.model_dump()))
        except JobsFullError:
            most_jobs = f"up to {server.settings.most_jobs} at once"
            cure = "Wait for one to end, or cancel one."
            return refusal(429, "runs", "one more run", most_jobs, cure)

    async def listing(_asked: Asked) -> JobPage:
        jobs = server.jobs.list()
        return JobPage(items=[_shown(j) for j in jobs], total=len(jobs))

    async def one(asked: Asked) -> Job | Response:
        job = server.jobs.get(asked.values["job"])
        return _none(asked) if job is None else _shown(job)

    async def cancel(asked: Asked) -> Job | Response:
        job = server.jobs.get(asked.values["job"])
        if job is None:
            return _none(asked)
        await server.jobs.cancel(job)
        return _shown(job)

    async def events(asked: Asked) -> Response:
        job = server.jobs.get(asked.values["job"])
        if job is None:
            return _none(asked)
        return StreamingResponse(_stream(server, job), media_type="text/event-stream")

    by_name = partial(Endpoint, tag="jobs", path_values=(_JOB,), errors=(404,))
    return [
        Endpoint(
            method="POST",
            path="/api/v1/runs",
            summary="Ask for a run of every plan; it becomes a job.",
            tag="jobs",
            handler=order,
            body=RunOrder,
            answer=Job,
            status=202,
            errors=(429,),
        ),
        Endpoint(
            method="GET",
            path="/api/v1/jobs",
            summary="Runs waiting, under way and lately ended.",
            tag="jobs",
            handler=listing,
            answer=JobPage,
        ),
        by_name(
            method="GET",
            path="/api/v1/jobs/{job}",
            summary="One job.",
            handler=one,
            answer=Job,
        ),
        by_name(
            method="DELETE",
            path="/api/v1/jobs/{job}",
            summary="Cancel a job.",
            handler=cancel,
            answer=Job,
        ),
        by_name(
            method="GET",
            path="/api/v1/jobs/{job}/events",
            summary="Progress as server-sent events, until the job has ended.",
            handler=events,
            media="text/event-stream",
        ),
    ]


def _shown(job: Task) -> Job:
    return Job(**job.shown())


def _none(asked: Asked) -> Response:
    given = asked.values["job"]
    return refusal(404, "job", given, "a job of GET /api/v1/jobs", "Look at the list.")


async def _stream(server: Server, job: Task) -> AsyncIterator[str]:
    async for shown in server.jobs.events(job):
        yield f"data: {json.dumps(shown)}\n\n"
