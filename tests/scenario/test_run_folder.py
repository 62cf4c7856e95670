"""Run folders: complete or marked incomplete, checked when read, equal to what was computed."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rerack.base.errors import StoreError
from rerack.report import summary
from rerack.scenario import load
from rerack.study import Run, compare_inputs, compare_plans, list_runs, open_run, run_to_folder
from rerack.study import store as store_module

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def kept(parent: Path) -> Run:
    return run_to_folder(load(EXAMPLE, scenarios=8), parent, threads=1)


def test_reading_gives_what_was_written(kept: Run, parent: Path) -> None:
    opened = open_run("latest", parent)
    assert opened.names() == tuple(sorted(kept.tables))
    for name in opened.names():
        for column, values in kept.tables[name].items():
            read = opened.table(name)[column]
            assert np.array_equal(read, values, equal_nan=values.dtype.kind == "f"), (
                f"{name}.{column}"
            )
    assert summary(opened) == summary(kept)


def test_the_stored_scenario_gives_the_same_run(kept: Run, parent: Path) -> None:
    assert kept.folder is not None
    again = run_to_folder(load(kept.folder / "scenario.yaml"), parent, threads=1)
    assert np.array_equal(again.column("scenarios", "npv_usd"), kept.column("scenarios", "npv_usd"))
    assert again.folder != kept.folder


def test_runs_are_listed_with_their_state(kept: Run, parent: Path) -> None:
    assert kept.folder is not None
    rows = {r["run"]: r for r in list_runs(parent)}
    assert rows[kept.folder.name]["state"] == "complete"
    assert rows[kept.folder.name]["scenarios"] == 8


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left")])
def test_a_stopped_run_is_marked_and_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    def fail(run: Run) -> None:
        raise stop

    with pytest.raises(type(stop)):
        run_to_folder(load(EXAMPLE, scenarios=1), tmp_path, threads=1, finish=fail)
    (row,) = list_runs(tmp_path)
    assert row["state"] == "incomplete"
    with pytest.raises(StoreError, match="did not finish"):
        open_run(str(row["run"]), tmp_path)


def test_a_full_disk_is_said_with_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store_module.os, "fsync", full)
    with pytest.raises(StoreError, match=r"No space left.*Free some space"):
        run_to_folder(load(EXAMPLE, scenarios=1), tmp_path, threads=1)


def test_a_damaged_table_is_named(kept: Run, parent: Path, tmp_path: Path) -> None:
    assert kept.folder is not None
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in kept.folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    table = copy / "plans.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    with pytest.raises(StoreError, match=r"plans\.parquet: its checksum differs"):
        open_run(str(copy), parent).table("plans")
    table.unlink()
    with pytest.raises(StoreError, match=r"plans\.parquet: missing"):
        open_run(str(copy), parent).table("plans")
    (copy / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        open_run(str(copy), parent)


def test_manifest_records_seed_versions_and_inputs(kept: Run) -> None:
    assert kept.folder is not None
    meta = json.loads((kept.folder / "manifest.json").read_text())["meta"]
    assert meta["seed"] == 7
    assert set(meta["versions"]) >= {"python", "numpy", "numba", "highspy", "duckdb"}
    assert all(len(digest) == 64 for digest in meta["input_sha256"].values())


def test_comparison_names_what_changed(kept: Run, parent: Path) -> None:
    other = run_to_folder(
        load(EXAMPLE, scenarios=8, overrides=["site.power.adder=3 USD/MWh"]), parent, threads=1
    )
    changed = compare_inputs(kept, other)
    assert list(changed["input"]) == ["site.power.adder"]
    assert changed["second"][0] == "3 USD/MWh"
    plans = compare_plans(kept, other)
    # Cheaper power: mining on is worth more, and the table says by how much.
    keep = list(plans["plan"]).index("keep mining")
    assert plans["change_npv_mean_usd"][keep] > 0.0


def test_no_run_yet(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no complete run"):
        open_run("latest", tmp_path)
    with pytest.raises(StoreError, match="not a run folder"):
        open_run("nothing", tmp_path)
