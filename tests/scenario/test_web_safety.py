"""What the dashboard refuses, and that one server answers many viewers."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from rerack.base.errors import InputError, ScenarioError
from rerack.web import ServeSettings, create_app

with warnings.catch_warnings():
    # Newer versions ask for a successor of httpx that this client works without.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "examples" / "core-scientific.yaml"
TOKEN = "a-long-secret-of-the-owner"
PAGES = ("/", "/power", "/network", "/finance", "/assumptions", "/runs")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of runs beside a file that nobody may read."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "secret").mkdir()
    (folder / "secret" / "report.html").write_text("nobody may read this")
    kept = folder / "runs"
    kept.mkdir()
    (kept / "leads-out").symlink_to(folder / "secret")
    return kept


@pytest.fixture(scope="module")
def client(runs: Path) -> Iterator[TestClient]:
    """Return a client of a server on loopback."""
    settings = ServeSettings(file=SITE, runs=runs, live_scenarios=8, most_body_bytes=2_000)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        yield client


def test_loopback_is_the_default_and_elsewhere_needs_a_long_token() -> None:
    assert ServeSettings(file=SITE).loopback
    for token in ("", "short"):
        with pytest.raises(InputError, match="--host"):
            ServeSettings(file=SITE, host="0.0.0.0", token=token)
    assert not ServeSettings(file=SITE, host="0.0.0.0", token=TOKEN).loopback


def test_a_foreign_name_that_resolves_here_gets_nothing(client: TestClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:8765", "testserver", ""):
        answer = client.get("/api/v1/study", headers={"Host": host})
        assert answer.status_code == 421, host
        assert "halls" not in answer.text


def test_every_name_of_loopback_is_answered(client: TestClient) -> None:
    for host in ("localhost:8765", "127.0.0.1:8765", "127.0.0.2", "[::1]:8765", "[::1]"):
        assert client.get("/api/v1/jobs", headers={"Host": host}).status_code == 200, host


def test_other_sites_can_ask_for_nothing(client: TestClient) -> None:
    foreign = (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    )
    for headers in foreign:
        assert client.post("/api/v1/runs", json={}, headers=headers).status_code == 403
        assert client.delete("/api/v1/runs/any", headers=headers).status_code == 403
    # A form cannot send JSON, so that no page elsewhere can ask without a preflight.
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/api/v1/check", content="a=b", headers=form).status_code == 415


def test_bodies_are_limited_said_or_streamed(client: TestClient) -> None:
    long = b'{"overrides": ["' + b"x" * 4_000 + b'"]}'
    headers = {"Content-Type": "application/json"}
    assert client.post("/api/v1/check", content=long, headers=headers).status_code == 413

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(long), 500):
            yield long[start : start + 500]

    assert client.post("/api/v1/check", content=pieces(), headers=headers).status_code == 413


@pytest.mark.parametrize(
    "name",
    ["..", "../secret", "..%2Fsecret", "%2e%2e%2fsecret", "leads-out", "%2Fetc", "a%00b", ".", "~"],
)
def test_no_path_leads_out_of_the_folder_of_runs(client: TestClient, name: str) -> None:
    for tail in ("", "/report", "/scenario", "/tables/plans"):
        answer = client.get(f"/api/v1/runs/{name}{tail}")
        assert "nobody may read this" not in answer.text
    assert client.delete(f"/api/v1/runs/{name}").status_code in (404, 405, 409, 422)
    assert (ROOT / "examples").is_dir()


def test_every_answer_carries_the_headers(client: TestClient) -> None:
    places = (*PAGES, "/assets/app.js", "/assets/none.js", "/nowhere", "/api/v1/study")
    answers = [client.get(place) for place in places]
    answers.append(client.get("/api/v1/study", headers={"Host": "evil.example"}))
    answers.append(client.post("/api/v1/runs", content=b"x" * 9_000))
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff", answer.url
        assert answer.headers["X-Frame-Options"] == "DENY"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy


def test_the_token_is_asked_of_pages_files_and_interface(tmp_path: Path) -> None:
    settings = ServeSettings(
        file=SITE, runs=tmp_path, host="0.0.0.0", token=TOKEN, live_scenarios=8
    )
    with TestClient(create_app(settings), base_url="http://site.example") as client:
        for place in ("/", "/api/v1/study", "/assets/app.js"):
            assert client.get(place).status_code == 401
            for wrong in ("", TOKEN[:-1], TOKEN + "x", "é"):
                headers = {"Authorization": f"Bearer {wrong}".encode()}
                assert client.get(place, headers=headers).status_code == 401
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        assert client.get("/api/v1/study", headers=bearer).status_code == 200
        first = client.get(f"/?token={TOKEN}")
        assert "HttpOnly" in first.headers["set-cookie"]
        assert "SameSite=Strict" in first.headers["set-cookie"]
        assert client.get("/api/v1/study").status_code == 200  # by the cookie


def test_a_name_with_markup_is_refused_before_any_page(tmp_path: Path) -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    text = SITE.read_text(encoding="utf-8")
    made = re.sub(r"(?m)^(\s*)name: .*$", lambda m: f'{m[1]}name: "{evil}"', text, count=1)
    assert evil in made
    file = tmp_path / "evil.yaml"
    file.write_text(made, encoding="utf-8")
    with pytest.raises(ScenarioError, match="angle brackets"):
        create_app(ServeSettings(file=file, runs=tmp_path / "runs", live_scenarios=8))


def test_jobs_are_limited(tmp_path: Path) -> None:
    settings = ServeSettings(file=SITE, runs=tmp_path, live_scenarios=8, most_jobs=2)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        order = {"scenarios": 8}
        answers = [client.post("/api/v1/runs", json=order) for _ in range(4)]
        assert [a.status_code for a in answers] == [202, 202, 429, 429]
        assert "up to 2 at once" in answers[-1].json()["error"]["message"]
        for answer in answers[:2]:
            assert client.delete(f"/api/v1/jobs/{answer.json()['id']}").status_code == 200
        too_many = client.post("/api/v1/runs", json={"scenarios": 10**9})
        assert too_many.status_code == 422


def test_a_flood_of_questions_is_refused_in_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rerack.web.server.MOST_WORK", 0)
    refused = client.get("/api/v1/live/decision?bitcoin_usd=71000")
    assert refused.status_code == 429
    assert refused.json()["error"]["problems"][0]["cure"] == "Ask again in a moment."
    monkeypatch.undo()
    assert client.get("/api/v1/live/decision?bitcoin_usd=71000").status_code == 200


def test_a_flood_of_panels_is_refused_in_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rerack.web.long_work.MOST_WAITING", 0)
    refused = client.get("/api/v1/panels/deals?bitcoin_usd=72000")
    assert refused.status_code == 429
    assert refused.json()["error"]["problems"][0]["cure"] == "Wait for one to end."
    monkeypatch.undo()
    assert client.get("/api/v1/panels/deals?bitcoin_usd=72000").status_code == 200
