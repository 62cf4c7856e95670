"""The page of deals shows what a portfolio decides together, as the command says it."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("starlette", reason="the dashboard needs the extra `serve`")
pytest.importorskip("httpx", reason="starlette's test client needs httpx")

with warnings.catch_warnings():
    # Starlette would rather have httpx2; httpx, which rerack pins, does the same here.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

from rerack.cli.commands.portfolio import command as portfolio_command
from rerack.cli.main import cli
from rerack.report.format import money, money_with_error, number, share
from rerack.report.portfolio_words import limits_sheet, nodes_sheet
from rerack.scenario.portfolio import load_portfolio
from rerack.study.portfolio import run_portfolio
from rerack.web import ServeSettings, create_app
from rerack.web.step import StoppedError

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SITE = EXAMPLES / "asset-light.yaml"
EXAMPLE = EXAMPLES / "portfolio" / "two-companies.yaml"
PANEL = "/api/v1/panels/portfolio"
TITLE = "Portfolio of companies and sites"


def cut(folder: Path, scenarios: int = 128) -> Path:
    """Write the example with few scenarios and two dates; its sites stay where they are."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in (
        ("scenarios: 2048", f"scenarios: {scenarios}"),
        ("check: 2048", "check: 64\n\nstages:\n  count: 2"),
        ("../corsicana.yaml", str(EXAMPLES / "corsicana.yaml")),
        ("river.yaml", str(EXAMPLES / "portfolio" / "river.yaml")),
    ):
        assert old in text
        text = text.replace(old, new)
    path = folder / "two.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut(tmp_path_factory.mktemp("portfolio"))


@pytest.fixture(scope="module")
def client(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    settings = ServeSettings(
        file=SITE, runs=tmp_path_factory.mktemp("runs"), portfolio=file, live_scenarios=8
    )
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8765") as opened:
        yield opened


@pytest.fixture(scope="module")
def found(client: TestClient) -> Any:
    return client.get(PANEL).json()


def said(file: Path, *options: str) -> str:
    run = CliRunner().invoke(cli, ["portfolio", str(file), *options], catch_exceptions=False)
    assert run.exit_code == 0
    return run.output


def rows(found: Any, title: str) -> list[list[str]]:
    cells: list[list[str]] = next(
        s["sheet"]["rows"] for s in found["sheets"] if s["title"] == title
    )
    return cells


def test_the_panel_says_what_the_command_says(file: Path, found: Any) -> None:
    shown = " ".join(said(file).split())
    assert found["headline"].startswith("Decide nothing today. Later dates convert something")
    for text in (found["headline"], found["facts"], *found["reasons"].values()):
        assert text in shown
    assert set(found["reasons"]) == {"value", "bound", "waiting", "sharing", "limits"}


def test_values_are_those_of_the_commands_table(file: Path, found: Any) -> None:
    value = json.loads(said(file, "--table", "value", "--json"))[0]
    amounts = dict(rows(found, "What the decision is worth"))
    gain = money_with_error(value["gain_check_usd"], value["gain_check_se_usd"])
    assert amounts["gain over mining on everywhere, new scenarios"] == gain
    for label, name in (
        ("gain on its own tree", "gain_tree_usd"),
        ("no policy on the tree exceeds", "bound_tree_usd"),
        ("gain on the tree with dates fixed today", "static_usd"),
        ("reacting to the market adds", "stochastic_solution_usd"),
        ("knowing the market beforehand would add", "perfect_information_usd"),
    ):
        assert amounts[label] == money(value[name], plus=True)


def test_halls_are_those_of_the_commands_table(file: Path, found: Any) -> None:
    halls = [r for r in json.loads(said(file, "--json")) if r["expected_halls"] > 0.0]
    assert halls
    (row,) = rows(found, "What is converted when")
    assert row[:5] == ["Riot", "Corsicana", halls[0]["halls"], halls[0]["offer"], "2"]
    assert row[5:] == ["–", number(halls[0]["expected_halls"], 2)]


def test_nodes_are_those_of_the_commands_table(file: Path, found: Any) -> None:
    nodes = json.loads(said(file, "--table", "nodes", "--json"))
    shown = rows(found, "Where something is decided")
    assert [(r[0], r[1], r[-1]) for r in shown] == [
        (n["date"], share(n["chance_frac"]), str(n["decided_halls"])) for n in nodes
    ]


def test_limits_are_those_of_the_commands_table(file: Path, found: Any) -> None:
    worth = [
        r
        for r in json.loads(said(file, "--table", "limits", "--json"))
        if r["worth_usd_per_unit"] >= 1e3
    ]
    assert [r[1:] for r in rows(found, "What shared limits are worth")] == [
        [r["of"], r["date"], "crew", money(r["worth_usd_per_unit"])] for r in worth
    ]


def test_sites_are_those_of_the_commands_table(file: Path, found: Any) -> None:
    sites = json.loads(said(file, "--table", "sites", "--json"))
    amounts = ("together_tree_usd", "alone_tree_usd", "sharing_cost_usd")
    assert [(s["company"], s["site"]) for s in sites] == [("Riot", "Corsicana"), ("River", "River")]
    assert rows(found, "Each site together and alone") == [
        [s["company"], s["site"], *(money(s[name]) for name in amounts)] for s in sites
    ]


def test_long_tables_of_nodes_are_cut_and_worthless_limits_left_out() -> None:
    names = ("date", "chance_frac", "hashprice_usd_per_ph_day", "lease_index", "decided_halls")
    nodes: dict[str, Any] = {name: [0.25] * 30 for name in names}
    nodes |= {name: ["x"] * 30 for name in ("site", "halls", "offer")}
    assert len(nodes_sheet(nodes, 24).rows) == 24
    limits = {
        "limit": np.array(["capital", "capital", "crews", "offer"]),
        "of": np.array(["A", "B", "A", "colo"]),
        "date": np.array(["2026-01"] * 4),
        "worth_usd_per_unit": np.array([0.004, 0.25, 999.0, 2.5e6]),
    }
    assert limits_sheet(limits).rows == (
        ("offer", "colo", "2026-01", "critical MW", "2.50 MUSD"),
        ("capital", "B", "2026-01", "USD", "0.25 USD"),
    )


def test_the_search_starts_with_the_commands_limit(client: TestClient) -> None:
    (limit,) = [p for p in portfolio_command.params if p.name == "limit"]
    of_study = inspect.signature(run_portfolio).parameters["limit_s"].default
    document = client.get("/api/v1/openapi.json").json()["paths"][PANEL]["get"]
    (asked,) = [p for p in document["parameters"] if p["name"] == "limit_s"]
    assert asked["schema"]["default"] == limit.default == of_study
    for query, allowed in (({"limit_s": "0"}, "0.1 to 600"), ({"limit": "9"}, "limit_s")):
        reply = client.get(PANEL, params=query)
        assert reply.status_code == 422
        assert allowed in reply.json()["error"]["message"]


def test_work_is_left_at_any_step(file: Path) -> None:
    told: list[str] = []
    study = load_portfolio(file)

    def step(doing: str) -> None:
        told.append(doing)
        if doing.startswith("searching"):
            raise StoppedError

    with pytest.raises(StoppedError):
        run_portfolio(study, step=step)
    assert told == [
        "drawing scenarios of Corsicana",
        "drawing scenarios of River",
        "searching the best policy of all sites",
    ]


def test_the_panel_stands_on_the_page_of_deals_only_where_a_file_is_served(
    client: TestClient, tmp_path: Path
) -> None:
    assert TITLE in client.get("/deals").text
    assert TITLE not in client.get("/finance").text
    plain = ServeSettings(file=SITE, runs=tmp_path, live_scenarios=8)
    with TestClient(create_app(plain), base_url="http://127.0.0.1:8765") as without:
        assert TITLE not in without.get("/deals").text
        assert without.get(PANEL).status_code == 404


def test_a_tree_too_fine_for_its_scenarios_is_said_in_words(tmp_path: Path) -> None:
    fine = cut(tmp_path)
    fine.write_text(fine.read_text().replace("count: 2", "count: 4"), encoding="utf-8")
    settings = ServeSettings(file=SITE, runs=tmp_path, portfolio=fine, live_scenarios=8)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8765") as opened:
        reply = opened.get(PANEL)
    assert reply.status_code == 422
    assert "fewer stages or branches" in reply.json()["error"]["message"]


def test_a_mistake_in_the_portfolio_file_stops_the_start_with_its_line(tmp_path: Path) -> None:
    wrong = cut(tmp_path)
    wrong.write_text(wrong.read_text().replace("crews: 2", "crew: 2"), encoding="utf-8")
    options = ["--portfolio", str(wrong), "--port", "0", "--out", str(tmp_path / "runs")]
    refused = subprocess.run(
        [sys.executable, "-m", "rerack", "serve", str(SITE), *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode == 2
    assert refused.stdout == ""  # no address
    assert re.search(r"two\.yaml:\d+:\d+ \(companies\.Riot\.crew", refused.stderr)
    assert "Did you mean 'crews'?" in refused.stderr
