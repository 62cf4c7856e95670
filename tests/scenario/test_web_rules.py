"""Live answers with the file's rules and with rules fitted anew, over HTTP."""

from __future__ import annotations

import warnings
from pathlib import Path

from rerack.report import check_run
from rerack.report.sheets import plans_sheet
from rerack.scenario import load
from rerack.study import run_study
from rerack.web import ServeSettings, create_app

with warnings.catch_warnings():
    # Newer versions ask for a successor of httpx that this client works without.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

SITE = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"


def test_rules_are_the_files_at_once_and_a_runs_when_asked(tmp_path: Path) -> None:
    """What the page shows at rest is what `rerack run` gives for the scenario that it saves."""
    settings = ServeSettings(file=SITE, runs=tmp_path, live_scenarios=8)
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as client:
        assert client.get("/api/v1/study").json()["rules"] is True
        ask = "/api/v1/live/decision?rent_factor=0.8"
        at_once, at_rest = client.get(ask).json(), client.get(f"{ask}&rules=moved").json()
        saved = tmp_path / "saved.yaml"
        saved.write_text(client.get("/api/v1/scenario?rent_factor=0.8").json()["yaml"], "utf-8")
        assert client.get(f"{ask}&rules=none").status_code == 422
    # Levers stand where they were moved to, the factors too.
    assert at_once["values"]["rent_factor"] == at_rest["values"]["rent_factor"] == 0.8
    assert at_rest["values"]["capex_factor"] == 1.0
    plans = plans_sheet(check_run(run_study(load(saved, scenarios=8))), full=True)[0]
    shown = [row[:4] for row in at_rest["plans"]["rows"]]
    assert shown == [list(row[:4]) for row in plans.rows]
    assert shown != [row[:4] for row in at_once["plans"]["rows"]]
