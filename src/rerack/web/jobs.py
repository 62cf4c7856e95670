"""Runs as jobs: each in a process of its own, with progress, cancelled by ending it."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from rerack.web.settings import ServeSettings

#: Jobs that are remembered once they have ended.
_REMEMBERED = 50
#: States in which a job has ended.
ENDED = ("done", "failed", "cancelled")


@dataclass(eq=False)
class Job:
    """One run asked for.

    Parameters
    ----------
    id : str
        Name in the interface.
    request : dict
        What was asked: overrides, scenarios, seed, what is worked out besides.
    state : str
        ``waiting``, ``running``, ``done``, ``failed`` or ``cancelled``.
    share_frac : float
        How much is done.
    doing : str
        What is being done, or why it ended.
    run : str
        Run folder's name once there is one.
    """

    id: str
    request: dict[str, Any]
    state: str = "waiting"
    share_frac: float = 0.0
    doing: str = "waiting for its turn"
    run: str = ""
    began: float = field(default_factory=time.monotonic)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    def shown(self) -> dict[str, Any]:
        """Return what the interface says of the job."""
        return {
            "id": self.id,
            "state": self.state,
            "share_frac": self.share_frac,
            "doing": self.doing,
            "run": self.run,
            "request": self.request,
        }


class JobsFullError(Exception):
    """As many jobs as are allowed are waiting or under way."""


class Jobs:
    """The jobs of one server; one runs at a time, the others wait.

    Parameters
    ----------
    settings : ServeSettings
        File, folder of runs and limits.
    """

    def __init__(self, settings: ServeSettings) -> None:
        self._settings = settings
        self._jobs: dict[str, Job] = {}
        self._turn = asyncio.Semaphore(1)
        self._tasks: set[asyncio.Task[None]] = set()

    def list(self) -> list[Job]:
        """Return all jobs, newest first."""
        return list(reversed(self._jobs.values()))

    def get(self, name: str) -> Job | None:
        """Return a job, or None."""
        return self._jobs.get(name)

    def start(self, request: dict[str, Any]) -> Job:
        """Take on a run.

        Raises
        ------
        JobsFullError
            Too many are waiting or under way.
        """
        if sum(j.state not in ENDED for j in self._jobs.values()) >= self._settings.most_jobs:
            raise JobsFullError
        job = Job(id=uuid.uuid4().hex[:12], request=request)
        self._jobs[job.id] = job
        self._forget()
        task = asyncio.get_running_loop().create_task(self._work(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def cancel(self, job: Job) -> None:
        """End a job; a run that it had begun stays in the list, marked incomplete."""
        # Said first: what the process still says, or that it ended, then changes nothing.
        await self._tell(job, state="cancelled", doing="cancelled")
        await _end(job)

    async def close(self) -> None:
        """End every job that has not ended, as the server stops."""
        for job in list(self._jobs.values()):
            await self.cancel(job)
        for task in list(self._tasks):
            task.cancel()

    async def events(self, job: Job) -> AsyncIterator[dict[str, Any]]:
        """Yield what is known of a job now and at every change until it has ended."""
        while True:
            shown = job.shown()
            yield shown
            # What was told, not what is: the job may have ended while it was being told.
            if shown["state"] in ENDED:
                return
            async with job.changed:
                await job.changed.wait_for(lambda: job.shown() != shown)  # noqa: B023

    async def _work(self, job: Job) -> None:
        async with self._turn:
            if job.state in ENDED:
                return
            await self._tell(job, state="running", doing="starting")
            command = (sys.executable, "-m", "rerack.web.job_process")
            job.process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            if job.state in ENDED:  # cancelled while its process was being made
                await _end(job)
                return
            order = {
                "file": str(self._settings.file),
                "runs": str(self._settings.runs),
                **job.request,
            }
            assert job.process.stdin is not None  # asked for above
            job.process.stdin.write(json.dumps(order).encode() + b"\n")
            await job.process.stdin.drain()
            job.process.stdin.close()
            await self._follow(job)

    async def _follow(self, job: Job) -> None:
        """Pass on what the process says, line by line, until it ends."""
        process = job.process
        assert process is not None
        assert process.stdout is not None
        last: dict[str, Any] = {"state": "failed", "doing": "the process ended without a word"}
        async for line in process.stdout:
            said = json.loads(line)
            if said["state"] == "running":
                await self._tell(job, **said)
            else:
                last = said
        await process.wait()
        await self._tell(job, **last)

    async def _tell(self, job: Job, **news: Any) -> None:
        """Change what is known of a job; one that has ended stays as it ended."""
        async with job.changed:
            if job.state in ENDED:
                return
            for name, value in news.items():
                setattr(job, name, value)
            job.changed.notify_all()

    def _forget(self) -> None:
        ended = [j.id for j in self._jobs.values() if j.state in ENDED]
        for name in ended[: max(0, len(ended) - _REMEMBERED)]:
            del self._jobs[name]


async def _end(job: Job) -> None:
    """End the process of a job, if it has one that has not ended."""
    if job.process is not None and job.process.returncode is None:
        job.process.kill()
        await job.process.wait()
