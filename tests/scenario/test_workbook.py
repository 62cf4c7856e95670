"""The workbook recomputes to rerack's own totals, in another program, at another rate as well."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from rerack.cli.main import cli
from rerack.finance import npv
from rerack.report.workbook import write_workbook
from rerack.scenario import load
from rerack.study import Run, run_study
from rerack.study.folder import run_to_folder

openpyxl = pytest.importorskip("openpyxl")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def run() -> Run:
    """Return a small run of an example with a plan that converts."""
    return run_study(load(ROOT / "examples" / "core-scientific.yaml", scenarios=32))


def column(path: Path, letter: str, count: int) -> list[float]:
    """Return computed values of the sheet Answer below its heads."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Answer"]
    return [sheet[f"{letter}{8 + i}"].value for i in range(count)]


def test_values_stand_beside_formulas(run: Run, tmp_path: Path) -> None:
    path = write_workbook(run, tmp_path / "book.xlsx")
    own = run.table("plans")["npv_mean_usd"].tolist()
    assert column(path, "B", len(own)) == pytest.approx(own, rel=1e-12)
    formulas = openpyxl.load_workbook(path)
    assert formulas["Answer"]["B8"].value == "='Cash 1'!$C$" + str(formulas["Cash 1"].max_row)
    assert formulas["Cash 1"].cell(3, 4).value == "=(1+Answer!$B$4)^(-1/12)"


def test_another_program_recomputes_to_the_cent_at_another_rate(run: Run, tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed: the workbook cannot be recomputed elsewhere")
    path = write_workbook(run, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(path)
    book["Answer"]["B4"] = 0.125
    # Saving drops every computed value, so what comes back was computed by LibreOffice.
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    made = tmp_path / "made"
    command = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(made), str(changed)]
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run([*command, profile], check=True, capture_output=True, timeout=120)
    cash = run.table("cashflow")
    plans = run.table("plans")["plan"].tolist()
    expected = []
    for plan in plans:
        here = cash["plan"] == plan
        amounts = cash["mean_usd"][here].reshape(-1, int(run.meta["months"]))
        expected.append(float(np.asarray(npv(amounts.sum(axis=0), 0.125))))
    found = column(made / "changed.xlsx", "B", len(plans))
    assert np.abs(np.array(found) - expected).max() < 0.01
    scenarios = openpyxl.load_workbook(made / "changed.xlsx", data_only=True)["Scenarios"]
    mine = run.table("scenarios")
    first = mine["npv_usd"][mine["plan"] == plans[0]]
    assert scenarios["B2"].value == pytest.approx(first.mean())
    assert scenarios["B3"].value == pytest.approx(np.quantile(first, 0.05))


def test_no_text_becomes_a_formula(run: Run, tmp_path: Path) -> None:
    tables = {name: run.table(name) for name in run.names()}
    plans = {k: v.copy() for k, v in tables["plans"].items()}
    plans["irr_note"] = np.array(["=HYPERLINK(A1)"] * len(plans["plan"]))
    path = write_workbook(
        Run(meta=run.meta, tables={**tables, "plans": plans}), tmp_path / "b.xlsx"
    )
    cell = openpyxl.load_workbook(path)["Answer"]["J8"]
    assert cell.data_type == "s"


def test_the_command_writes_beside_the_run(tmp_path: Path) -> None:
    scenario = load(ROOT / "examples" / "hashprice-crisis.yaml", scenarios=16)
    kept = run_to_folder(scenario, tmp_path)
    assert kept.folder is not None
    shown = CliRunner().invoke(cli, ["export", "latest", "--out", str(tmp_path)])
    assert shown.exit_code == 0
    assert (kept.folder / f"{kept.folder.name}.xlsx").is_file()
    missing = CliRunner().invoke(cli, ["export", "nothing", "--out", str(tmp_path)])
    assert missing.exit_code == 1
    assert "not a run folder" in str(missing.exception)
