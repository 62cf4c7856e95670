"""The dashboard's page of deals: companies of the newest valuation kept, quoted sums, yields."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the dashboard needs the extra `serve`")
pytest.importorskip("httpx", reason="starlette's test client needs httpx")

with warnings.catch_warnings():
    # Starlette would rather have httpx2; httpx, which rerack pins, does the same here.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

from rerack.scenario.company import load_company
from rerack.study.company_folder import companies_to_folder
from rerack.study.company_study import run_companies
from rerack.web import ServeSettings, create_app

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SITE = EXAMPLES / "core-scientific.yaml"


def sheets(client: TestClient) -> dict[str, dict[str, Any]]:
    reply = client.get("/api/v1/panels/deals")
    assert reply.status_code == 200, reply.text
    return {sheet["title"]: sheet for sheet in reply.json()["sheets"]}


def test_companies_that_were_valued_stand_on_the_page_of_deals(tmp_path: Path) -> None:
    settings = ServeSettings(file=SITE, runs=tmp_path, live_scenarios=8)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8765") as client:
        found = sheets(client)
        assert "rerack company" in found["Companies valued"]["sheet"]["rows"][0][0]
        assert found["Yields and cap rates of public deals"]["sheet"]["rows"]
        quoted = found["Sums that are quoted, beside the catalogue's"]["sheet"]["rows"]
        assert [row[1] for row in quoted[:4]] == ["43.0"] * 4
    studies = [
        load_company(EXAMPLES / "companies" / f"{name}.yaml", scenarios=64)
        for name in ("mara", "terawulf")
    ]
    companies_to_folder(run_companies(studies), tmp_path)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8765") as client:
        found = sheets(client)
        rows = found["Companies valued"]["sheet"]["rows"]
        assert [row[0] for row in rows] == ["MARA", "TeraWulf"]
        standings = {
            row[1] for row in found["What is public, estimated and unknown"]["sheet"]["rows"]
        }
        assert standings >= {"public", "derived", "estimated", "unknown"}
        # A valuation is no run of a site: the page of runs, which compares plans, leaves it out.
        assert client.get("/api/v1/runs").json()["total"] == 0
