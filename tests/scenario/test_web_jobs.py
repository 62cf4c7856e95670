"""A job that is cancelled says so to whoever watches, at whatever moment it is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from rerack.web import ServeSettings
from rerack.web.jobs import Job, Jobs

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "examples" / "core-scientific.yaml"


async def _cancelled(runs: Path, turns: int) -> tuple[Job, list[dict[str, Any]]]:
    """Return a job that is cancelled after that many turns of the loop, and what was told."""
    jobs = Jobs(ServeSettings(file=SITE, runs=runs))
    job = jobs.start({"overrides": [], "scenarios": 8, "seed": None})
    told: list[dict[str, Any]] = []

    async def watch() -> None:
        async for shown in jobs.events(job):
            told.append(shown)

    watching = asyncio.create_task(watch())
    for _ in range(turns):
        await asyncio.sleep(0.002)
    await jobs.cancel(job)
    await asyncio.wait_for(watching, 20)
    # The next one has its turn only once this process is gone.
    await asyncio.wait_for(asyncio.gather(*jobs._tasks, return_exceptions=True), 20)
    await jobs.close()
    return job, told


@pytest.mark.parametrize("turns", [0, 1, 3, 60])
def test_a_cancelled_job_never_says_that_it_failed(tmp_path: Path, turns: int) -> None:
    job, told = asyncio.run(_cancelled(tmp_path, turns))
    assert [t["state"] for t in told][-1] == "cancelled"
    assert "failed" not in [t["state"] for t in told]
    assert job.state == "cancelled"
    assert job.process is None or job.process.returncode is not None
