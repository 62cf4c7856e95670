"""A study that is opened again is read from its file, and answers as the one that wrote it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rerack.scenario import Scenario, load
from rerack.study import kept_study, live_base
from rerack.study.change import Change
from rerack.study.kept_study import cache_folder, kept_path, read_kept
from rerack.study.live import LiveStudy
from rerack.study.node_codec import NodeWriter
from rerack.study.run import Run

SITE = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"
PLAIN = SITE.with_name("core-scientific.yaml")
SCENARIOS = 8
SMALL = ("study.horizon=4 years", "plans.best staged.paths=512")


def study(*overrides: str) -> Scenario:
    return load(SITE, overrides=(*SMALL, *overrides))


def same(one: Run, other: Run) -> None:
    assert one.names() == other.names()
    for name in one.names():
        for column, values in one.table(name).items():
            found = other.table(name)[column]
            assert found.dtype == values.dtype, (name, column)
            assert np.array_equal(found, values, equal_nan=values.dtype.kind == "f"), (name, column)


def test_what_is_kept_answers_as_what_was_prepared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = study()
    first = LiveStudy(scenario, scenarios=SCENARIOS, cache=tmp_path)
    first.keep()

    def never(*_given: object) -> None:
        raise AssertionError("prepared anew")

    monkeypatch.setattr(live_base, "fit_policies", never)
    monkeypatch.setattr(live_base, "judge_plans", never)
    again = LiveStudy(scenario, scenarios=SCENARIOS, cache=tmp_path)
    assert again.scenario == first.scenario
    for change in (Change(), Change(bitcoin_usd=60_000.0)):
        one, other = first.answer(change), again.answer(change)
        assert {k: v for k, v in one.meta.items() if k not in ("wall_s", "lp_gap")} == {
            k: v for k, v in other.meta.items() if k not in ("wall_s", "lp_gap")
        }
        same(one, other)


def test_the_name_of_a_file_tells_studies_apart(tmp_path: Path) -> None:
    ones = [study(), study("site.power.adder=3 USD/MWh"), study("study.seed=5")]
    paths = {kept_path(tmp_path, one, SCENARIOS) for one in ones}
    paths.add(kept_path(tmp_path, ones[0], SCENARIOS + 1))
    assert len(paths) == 4
    assert kept_path(tmp_path, study(), SCENARIOS) in paths


def test_a_damaged_file_is_written_anew(tmp_path: Path) -> None:
    scenario = study()
    LiveStudy(scenario, scenarios=SCENARIOS, cache=tmp_path).keep()
    path = kept_path(tmp_path, scenario, SCENARIOS)
    whole = path.read_bytes()
    for broken in (whole[:-1], b"", whole[:999] + bytes([whole[999] ^ 1]) + whole[1000:]):
        path.write_bytes(broken)
        assert read_kept(path, scenario) is None
    LiveStudy(scenario, scenarios=SCENARIOS, cache=tmp_path).keep()
    assert path.read_bytes() == whole


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    kept = LiveStudy(load(PLAIN), scenarios=SCENARIOS, cache=file)
    kept.keep()
    assert np.isfinite(kept.answer(Change()).table("plans")["npv_mean_usd"]).all()
    assert file.read_text() == "no folder"


def test_few_files_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_study, "_MOST_FILES", 2)
    for age in range(4):
        path = tmp_path / f"{age}.study"
        path.write_bytes(b"")
        kept_study.os.utime(path, (age, age))
    kept_study._drop_oldest(tmp_path)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["2.study", "3.study"]


def test_the_folder_follows_the_standard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "rerack"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "rerack"


def test_only_known_kinds_are_held() -> None:
    writer = NodeWriter({})
    for bad in (object(), np.array([object()]), {"a": [1]}):
        with pytest.raises(TypeError, match="cannot hold"):
            writer.node(bad)


def test_a_kept_study_answers_before_anything_is_compiled(tmp_path: Path) -> None:
    """A server's first answer does not wait for numba, a quarter of a second of imports."""
    code = (
        "import sys; from pathlib import Path; from rerack.scenario import load; "
        "from rerack.study.change import Change; from rerack.study.live import LiveStudy; "
        f"live = LiveStudy(load({str(PLAIN)!r}), scenarios=8, cache=Path({str(tmp_path)!r})); "
        "live.answer(Change()).table('plans'); live.keep(); print('numba' in sys.modules)"
    )
    said = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert [done.stdout.strip() for done in said] == ["True", "False"]
