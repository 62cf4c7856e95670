"""Jobs that are cancelled at the worst moment, and runs that are deleted while they are made."""

from __future__ import annotations

import asyncio
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from rerack.study.run_lock import working_on
from rerack.web import ServeSettings, create_app
from rerack.web.jobs import Job, Jobs

with warnings.catch_warnings():
    # Starlette would rather have httpx2; httpx, which rerack pins, does the same here.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SITE, CORSICANA = EXAMPLES / "core-scientific.yaml", EXAMPLES / "corsicana.yaml"
#: What a job's process might be: it says that it runs, over and over, and ignores its order.
CHATTER = """
import sys, time
while True:
    sys.stdout.write('{"state": "running", "share_frac": 0.5, "doing": "plans"}\\n')
    sys.stdout.flush()
    time.sleep(0.001)
"""
_MAKE = asyncio.create_subprocess_exec


@pytest.fixture
def settings(tmp_path: Path) -> ServeSettings:
    return ServeSettings(file=SITE, runs=tmp_path, live_scenarios=8)


async def _chatter(*_command: str, **pipes: Any) -> asyncio.subprocess.Process:
    return await _MAKE(sys.executable, "-c", CHATTER, **pipes)


async def _settled(jobs: Jobs) -> None:
    """Wait until nothing is done for any job any more."""
    await asyncio.gather(*jobs._tasks)


def test_a_job_cancelled_while_its_process_is_made_stays_cancelled(
    settings: ServeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ended() -> Job:
        jobs = Jobs(settings)

        async def slowly(*command: str, **pipes: Any) -> asyncio.subprocess.Process:
            await jobs.cancel(job)
            return await _chatter(*command, **pipes)

        monkeypatch.setattr(asyncio, "create_subprocess_exec", slowly)
        job = jobs.start({"overrides": []})
        await asyncio.wait_for(_settled(jobs), 20.0)
        return job

    job = asyncio.run(ended())
    assert (job.state, job.doing) == ("cancelled", "cancelled")
    assert job.process is not None
    assert job.process.returncode is not None


def test_what_a_cancelled_process_still_says_changes_nothing(
    settings: ServeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def seen() -> list[str]:
        monkeypatch.setattr(asyncio, "create_subprocess_exec", _chatter)
        jobs = Jobs(settings)
        job = jobs.start({"overrides": []})
        states = []
        async for shown in jobs.events(job):
            states.append(shown["state"])
            if shown["share_frac"] > 0.0 and job.state == "running":
                await jobs.cancel(job)
        await asyncio.wait_for(_settled(jobs), 20.0)
        return [*states, job.state]

    states = asyncio.run(seen())
    assert states[-2:] == ["cancelled", "cancelled"]
    assert "failed" not in states


def test_a_run_that_is_being_made_is_not_deleted(settings: ServeSettings) -> None:
    folder = settings.runs / "made-now"
    folder.mkdir()
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        with working_on(folder):
            answer = client.delete("/api/v1/runs/made-now")
            assert answer.status_code == 409
            assert "Cancel its job" in answer.json()["error"]["message"]
            assert folder.is_dir()
        assert client.delete("/api/v1/runs/made-now").status_code == 204
        assert not folder.exists()


@pytest.mark.slow
def test_a_run_works_out_besides_what_was_asked(tmp_path: Path) -> None:
    settings = ServeSettings(file=CORSICANA, runs=tmp_path, live_scenarios=8)
    order = {"scenarios": 64, "closed_loop": True, "option_values": True}
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        job = client.post("/api/v1/runs", json=order).json()["id"]
        # The stream ends with the job.
        last = client.get(f"/api/v1/jobs/{job}/events").text.strip().split("\n\n")[-1]
        told = json.loads(last.removeprefix("data: "))
        assert told["state"] == "done", told
        tables = set(client.get(f"/api/v1/runs/{told['run']}").json()["tables"])
        assert {"loop", "time_to_power"} <= tables
        report = client.get(f"/api/v1/runs/{told['run']}/report").text
    assert 'id="loop"' in report
    assert "each month saved in time to power" in report
