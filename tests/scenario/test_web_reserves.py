"""The finance page shows what the miners of a reserves file sell, as the command says it."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

pytest.importorskip("starlette", reason="the dashboard needs the extra `serve`")
pytest.importorskip("httpx", reason="starlette's test client needs httpx")

with warnings.catch_warnings():
    # Starlette would rather have httpx2; httpx, which rerack pins, does the same here.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

from rerack.base.errors import ScenarioError
from rerack.cli.main import cli
from rerack.web import ServeSettings, create_app

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SITE = EXAMPLES / "asset-light.yaml"
RUNDOWN = EXAMPLES / "network" / "reserves-rundown.yaml"
PANEL = "/api/v1/panels/reserves"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    settings = ServeSettings(
        file=SITE, runs=tmp_path_factory.mktemp("runs"), reserves=RUNDOWN, live_scenarios=8
    )
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8765") as opened:
        yield opened


def command(*options: str) -> str:
    found = CliRunner().invoke(cli, ["reserves", str(RUNDOWN), *options], catch_exceptions=False)
    return found.output


def test_the_panel_says_what_the_command_says(client: TestClient) -> None:
    found = client.get(PANEL).json()
    assert found["headline"].startswith("30,206 BTC (2.59 bn USD) sold 2025-11-21 to 2025-11-22")
    assert found["headline"] in " ".join(command().split())
    moved = client.get(PANEL, params={"volume_btc_per_day": 50_000, "span": 1}).json()
    shown = " ".join(command("--set", "depth.volume=50,000 BTC/day", "--span", "1").split())
    assert moved["headline"] in shown
    assert moved["headline"] != found["headline"]
    drawn = found["charts"][0]["figure"]["data"]
    steps = json.loads(command("--json"))
    calls = next(trace for trace in drawn if trace["name"] == "margin calls")
    assert calls["y"] == pytest.approx([row["margin_call_btc"] for row in steps])


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ({"volume_btc_per_day": "0"}, "a number from 1000 to 1e+07"),
        ({"span": "29"}, "a whole number from 1 to 28"),
        ({"depth": "1"}, "span"),
    ],
)
def test_a_wrong_choice_is_refused_in_words(
    client: TestClient, query: dict[str, str], allowed: str
) -> None:
    reply = client.get(PANEL, params=query)
    assert reply.status_code == 422
    assert allowed in reply.json()["error"]["message"]


def test_the_panel_stands_on_the_finance_page_only_where_a_file_is_served(
    client: TestClient, tmp_path: Path
) -> None:
    assert "Coins that miners sell" in client.get("/finance").text
    plain = ServeSettings(file=SITE, runs=tmp_path, live_scenarios=8)
    with TestClient(create_app(plain), base_url="http://127.0.0.1:8765") as without:
        assert "Coins that miners sell" not in without.get("/finance").text
        assert without.get(PANEL).status_code == 404


def test_a_mistake_in_the_reserves_file_stops_the_start_with_its_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(RUNDOWN.read_text(encoding="utf-8").replace("150,000 BTC/day", "150,000"))
    with pytest.raises(ScenarioError, match=r"wrong\.yaml:\d+:\d+ \(depth\.volume"):
        create_app(ServeSettings(file=SITE, runs=tmp_path, reserves=wrong))
