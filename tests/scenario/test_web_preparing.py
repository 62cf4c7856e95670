"""A page is on its way while its study is prepared, and what fails is told to whoever waits."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from rerack.base.errors import InputError
from rerack.web.app import app_of
from rerack.web.preparing import Preparing
from rerack.web.server import Server
from rerack.web.settings import ServeSettings

SITE = Path(__file__).resolve().parents[2] / "examples" / "core-scientific.yaml"
_HOST = (b"host", b"127.0.0.1")


class Asked:
    """One request to an application, its answer as it comes."""

    def __init__(self, app: Any, path: str) -> None:
        self.status, self.body, self.first = 0, b"", asyncio.Event()
        self._app, self._path = app, path

    async def answer(self) -> None:
        """Ask and collect."""
        scope = {
            "type": "http",
            "method": "GET",
            "path": self._path,
            "query_string": b"",
            "headers": [_HOST],
            "asgi": {"version": "3.0", "spec_version": "2.4"},
        }
        await self._app(scope, self._never, self._take)

    async def _never(self) -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    async def _take(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")
        if self.body:
            self.first.set()


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(ServeSettings(file=SITE, runs=tmp_path, live_scenarios=8))


def test_the_head_of_a_page_does_not_wait_for_the_study(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, work = Event(), Preparing._work

    def held(preparing: Preparing) -> Any:
        assert go.wait(20)
        return work(preparing)

    monkeypatch.setattr(Preparing, "_work", held)

    async def ask() -> tuple[bytes, bytes, bytes]:
        app = app_of(server)
        page, facts = Asked(app, "/"), Asked(app, "/api/v1/study")
        under_way = asyncio.gather(page.answer(), facts.answer())
        await asyncio.wait_for(page.first.wait(), 20)
        early = page.body
        script = early.split(b'type="module" src="')[1].split(b'"')[0].decode()
        file = Asked(app, script)
        await file.answer()
        assert file.status == 200
        assert not facts.body
        go.set()
        await under_way
        return early, page.body, facts.body

    early, page, facts = asyncio.run(ask())
    assert b"Preparing the study" in early
    assert b'id="levers"' not in early
    assert page.startswith(early)
    assert b'id="levers"' in page
    assert json.loads(facts)["levers"]


@pytest.fixture
def _unpreparable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_preparing: Preparing) -> None:
        raise InputError.of("plans.best", given="<b>", allowed="a plan", cure="Correct it.")

    monkeypatch.setattr(Preparing, "_work", fails)


@pytest.mark.usefixtures("_unpreparable")
def test_why_a_study_cannot_be_prepared_is_told_to_all_who_wait(server: Server) -> None:
    async def ask() -> tuple[Asked, Asked]:
        app = app_of(server)
        page, live = Asked(app, "/"), Asked(app, "/api/v1/live/decision")
        await asyncio.gather(page.answer(), live.answer())
        return page, live

    page, live = asyncio.run(ask())
    assert b"plans.best" in page.body
    assert b"&lt;b&gt;" in page.body
    assert live.status == 422
    assert json.loads(live.body)["error"]["problems"][0]["where"] == "plans.best"


@pytest.mark.usefixtures("_unpreparable")
def test_serving_ends_with_why_the_study_cannot_be_prepared(tmp_path: Path) -> None:
    from rerack.web.listen import serve

    told: list[str] = []
    settings = ServeSettings(file=SITE, runs=tmp_path, live_scenarios=8, port=0)
    with pytest.raises(InputError, match=r"plans\.best"):
        serve(settings, ready=told.append)
    assert len(told) == 1


def test_no_address_is_told_of_a_wrong_file(tmp_path: Path) -> None:
    from rerack.web.listen import serve

    wrong = tmp_path / "site.yaml"
    wrong.write_text(SITE.read_text().replace("study:", "studdy:"))
    told: list[str] = []
    with pytest.raises(InputError, match="studdy"):
        serve(ServeSettings(file=wrong, runs=tmp_path, port=0), ready=told.append)
    assert told == []


def test_a_server_that_ends_leaves_the_preparing(server: Server) -> None:
    study = server.preparing
    study.stop()
    failed = study.begin().exception(timeout=20)
    assert type(failed).__name__ == "StoppedError"
