"""Every page of the dashboard and every panel behind it, asked as a browser asks."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the dashboard needs the extra `serve`")
pytest.importorskip("httpx", reason="starlette's test client needs httpx")

with warnings.catch_warnings():
    # Starlette would rather have httpx2; httpx, which rerack pins, does the same here.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

from rerack.base.errors import InputError
from rerack.scenario import load
from rerack.security import december_2025
from rerack.security.tables import reserve_table
from rerack.web import ServeSettings, create_app
from rerack.web.views import VIEWS

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "examples" / "corsicana.yaml"
FULL_TARIFF = ROOT / "examples" / "desk" / "full-tariff.yaml"
PAGES = [*VIEWS, "assumptions", "runs"]
#: Panels that answer within a second; the others simulate the world.
QUICK = ("policy", "power", "topology", "design", "finance", "deals", "history")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def client(runs: Path) -> Iterator[TestClient]:
    settings = ServeSettings(file=SITE, runs=runs, live_scenarios=8)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8765") as opened:
        yield opened


def answer(client: TestClient, panel: str, **query: Any) -> dict[str, Any]:
    reply = client.get(f"/api/v1/panels/{panel}", params=query)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_and_loads_nothing_from_elsewhere(client: TestClient, page: str) -> None:
    text = client.get("/" if page == "decision" else f"/{page}").text
    assert text.count('aria-current="page"') == 1
    assert "http://" not in text
    assert "https://" not in text
    for view in PAGES:
        assert f'data-page="{view}"' in text


def test_assets_are_those_of_the_package_and_no_others(client: TestClient) -> None:
    for name in (
        "app.js",
        "state.js",
        "live.js",
        "panels.js",
        "app.css",
        "colours.css",
        "paint/paint.js",
    ):
        assert client.get(f"/assets/{name}").status_code == 200, name
    for name in ("..%2fpages.py", "paint/..%2f..%2fpages.py", "paint", "pages.py", "shell.html.j2"):
        assert client.get(f"/assets/{name}").status_code == 404, name


@pytest.mark.parametrize("panel", QUICK)
def test_a_panel_says_what_it_finds_and_every_chart_can_be_checked(
    client: TestClient, panel: str
) -> None:
    found = answer(client, panel)
    assert found["headline"]
    assert found["charts"]
    for chart in found["charts"]:
        meta = chart["figure"]["layout"]["meta"]
        assert meta["title"], chart["name"]
        assert meta["subtitle"], chart["name"]
        assert meta["table"]["heads"], chart["name"]
        assert chart["explain"].startswith("rerack "), chart["name"]
    for sheet in found["sheets"]:
        assert sheet["title"]
        assert sheet["measure"]
        assert all(len(row) == len(sheet["sheet"]["heads"]) for row in sheet["sheet"]["rows"])


def test_the_same_question_has_the_same_answer(client: TestClient) -> None:
    assert answer(client, "power", month="2027-08") == answer(client, "power", month="2027-08")


def test_the_month_is_dispatched_as_dispatch_does(client: TestClient) -> None:
    from rerack.dispatch import solve
    from rerack.study.pipeline import prepare
    from rerack.study.simulate import build_world

    prepared = prepare(load(SITE))
    scenario = prepared.scenario
    month = scenario.grid.labels.index("2027-08")
    world = build_world(prepared, 0, 4)
    power = world.outlook.power
    prices = power.library.hourly_usd_per_mwh[7][power.library_year[3, month]]
    hashprice = float(world.network.hashprice_usd_per_ph_day[3, month])
    wanted = solve(scenario.site, prices * power.level[3, month], hashprice)
    found = answer(client, "power", month="2027-08", scenario=3)
    drawn = found["charts"][0]["figure"]["data"][0]["z"]
    assert sum(v for row in drawn for v in row if v is not None) == pytest.approx(
        float(wanted.run_mw.values.sum())
    )
    assert wanted.run_mw.values.shape[0] == 744


def test_a_lever_moves_the_panels_that_follow_it(client: TestClient) -> None:
    low = answer(client, "power", month="2027-08", hashprice_usd_per_ph_day=15)
    high = answer(client, "power", month="2027-08", hashprice_usd_per_ph_day=60)
    assert low["headline"] != high["headline"]
    assert answer(client, "deals", rent_factor=2) != answer(client, "deals")


def test_a_plan_has_its_own_statements(client: TestClient) -> None:
    keep, convert = (
        answer(client, "finance", plan=plan) for plan in ("keep mining", "convert everything now")
    )
    titles = [[s["title"] for s in found["sheets"]] for found in (keep, convert)]
    assert "Statements" in titles[1]
    assert keep["charts"][0]["figure"]["data"] == []
    assert convert["charts"][0]["figure"]["data"]


@pytest.mark.parametrize(
    ("panel", "query", "where"),
    [
        ("power", {"month": "1999-01"}, "month"),
        ("power", {"scenario": "8"}, "scenario"),
        ("power", {"scenario": "0.5"}, "scenario"),
        ("topology", {"critical_mw": "-1"}, "critical_mw"),
        ("topology", {"topology": "tier-9"}, "topology"),
        ("design", {"sla": "1.0"}, "sla"),
        ("finance", {"plan": "nothing of the kind"}, "plan"),
        ("security", {"share": "0.99"}, "share"),
        ("history", {"since": "2009-01"}, "since"),
        ("stress", {"hall": "Z"}, "hall"),
        ("network", {"bitcoin_usd": "NaN"}, "bitcoin_usd"),
        ("deals", {"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_choice_is_told_what_is_allowed(
    client: TestClient, panel: str, query: dict[str, str], where: str
) -> None:
    reply = client.get(f"/api/v1/panels/{panel}", params=query)
    assert reply.status_code == 422
    problem = reply.json()["error"]["problems"][0]
    assert problem["where"] == where
    assert problem["allowed"]
    assert problem["cure"]


def test_the_plant_panel_shows_the_topologies_of_the_site(runs: Path) -> None:
    file = ROOT / "examples" / "reliability" / "site.yaml"
    settings = ServeSettings(file=file, runs=runs, live_scenarios=8)
    found = load(file).topologies["two feeds"].assessment
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8765") as opened:
        first = answer(opened, "topology")
        own = answer(opened, "topology", topology="site: Two feeds")
    assert first["facts"].startswith("n+1, 20.0 MW critical")
    assert own["facts"].startswith("Two feeds, 20.0 MW critical")
    assert f"{found.found.minutes_lost_per_year:.3g} min" in own["headline"]
    said = str(own["reasons"])
    assert "3 such plants in the largest hall; credits: day per hour" in said
    assert f"{100 * found.credits.fee_frac:.2g} % of rent expected" in said


def test_what_a_topology_cannot_be_is_said(client: TestClient) -> None:
    reply = client.get("/api/v1/panels/topology", params={"critical_mw": 2000})
    assert reply.status_code == 422
    assert "maintenance" in reply.json()["error"]["message"]


def test_every_panel_is_in_the_document_with_its_choices(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for panel in (*QUICK, "network", "calculator", "security", "stress"):
        assert "get" in paths[f"/api/v1/panels/{panel}"], panel
    names = {p["name"] for p in paths["/api/v1/panels/power"]["get"]["parameters"]}
    assert {"month", "scenario", "bitcoin_usd"} <= names


def test_edited_assumptions_are_checked_and_saved(client: TestClient, tmp_path: Path) -> None:
    good = {"overrides": ["market.bitcoin.price=91,000 USD", "study.seed=11"]}
    assert client.post("/api/v1/check", json=good).json()["good"]
    saved = client.post("/api/v1/scenario", json=good).json()
    file = tmp_path / saved["name"]
    file.write_text(saved["yaml"], encoding="utf-8")
    made = load(file)
    assert (made.market.bitcoin.price_usd, made.seed) == (91_000.0, 11)
    bad = {"overrides": ["market.bitcoin.price=91,000 EUR"]}
    checked = client.post("/api/v1/check", json=bad).json()
    assert not checked["good"]
    assert checked["problems"][0]["allowed"]
    refused = client.post("/api/v1/scenario", json=bad)
    assert refused.status_code == 422
    assert refused.json()["error"]["problems"]


def test_a_run_leaves_as_a_workbook(client: TestClient, runs: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="reads the workbook")
    from rerack.study import run_to_folder

    site = load(ROOT / "examples" / "core-scientific.yaml", scenarios=8)
    run = run_to_folder(site, runs)
    assert run.folder is not None
    reply = client.get(f"/api/v1/runs/{run.folder.name}/workbook")
    assert reply.status_code == 200
    assert reply.headers["content-disposition"].endswith(f'"{run.folder.name}.xlsx"')
    sheets = openpyxl.load_workbook(BytesIO(reply.content)).sheetnames
    assert len(sheets) > 2
    assert client.get("/api/v1/runs/none-such/workbook").status_code == 409


@pytest.mark.slow
def test_stresses_are_those_of_the_command(client: TestClient) -> None:
    from rerack.study.pipeline import prepare
    from rerack.study.robustness import stress_study, stress_table

    found = answer(client, "stress", offer="shell", hall="C", capex_factor=1.2)
    names = [chart["name"] for chart in found["charts"]]
    assert names == ["stress", "regret", "indifference"]
    wanted = stress_table(stress_study(prepare(load(SITE, scenarios=8)), scenarios=8))
    plain = answer(client, "stress")
    drawn = plain["charts"][0]["figure"]["data"][0]["x"]
    here = wanted["plan"] == wanted["plan"][1]
    scale = wanted["gain_usd"][here][0] / drawn[0]
    assert drawn == pytest.approx(list(wanted["gain_usd"][here] / scale))
    assert found["charts"][0]["figure"]["data"][0]["x"] != drawn
    assert "--offer shell --hall C" in found["charts"][2]["explain"]


@pytest.mark.slow
@pytest.mark.parametrize("panel", ["network", "calculator", "security"])
def test_the_world_panels_answer(client: TestClient, panel: str) -> None:
    found = answer(client, panel)
    assert found["charts"]
    assert all(c["figure"]["data"] for c in found["charts"])


@pytest.mark.slow
def test_what_states_would_pay_follows_the_price_of_bitcoin(client: TestClient) -> None:
    def net_musd(**moved: float) -> list[float]:
        found = answer(client, "security", **moved)
        sheet = next(s for s in found["sheets"] if s["title"].startswith("What a state"))
        at = sheet["sheet"]["heads"].index("net cost, MUSD/year")
        cells = [row[at] for row in sheet["sheet"]["rows"]]
        return [float(cell.replace("−", "-").replace(",", "")) for cell in cells]

    # The command takes the same rows; dearer coins make every share cheaper to hold.
    assert len(net_musd()) == len(reserve_table(december_2025(), btc_price_usd=85_000.0)["state"])
    assert all(a < b for a, b in zip(net_musd(bitcoin_usd=170_000), net_musd(), strict=True))


def test_terms_that_no_plan_values_are_named_before_a_page_is_served(tmp_path: Path) -> None:
    settings = ServeSettings(file=FULL_TARIFF, runs=tmp_path, live_scenarios=8)
    with pytest.raises(InputError, match=r"full-tariff\.yaml:\d+: site\.ai: .*`rerack dispatch`"):
        create_app(settings)
