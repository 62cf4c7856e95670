"""The benchmarks run, judge their own answers, and print what they measured."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> object:
    """Import a module of the benchmarks, which are not installed."""
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: import_module(f"benchmarks.{name}")


def test_names_are_unique_and_sizes_ascend(load: object) -> None:
    registry = load("registry")  # type: ignore[operator]
    names = [spec.name for spec in registry.SPECS]
    assert len(set(names)) == len(names) >= 8
    for spec in registry.SPECS:
        assert list(spec.sizes) == sorted(set(spec.sizes)), spec.name
        assert spec.target, spec.name
        assert bool(spec.peer_name) == (spec.peer is not None), spec.name


@pytest.mark.parametrize(
    ("module", "side", "size"),
    [
        ("twenty_years", "run_hour_loop", 2),
        ("twenty_years", "run_duration", 2),
        ("site_year", "run_value", 2),
        ("site_year", "run_schedule", 2),
        ("storage", "run_value", 2),
    ],
)
def test_quality_holds_at_a_small_size(load: object, module: str, side: str, size: int) -> None:
    measured = getattr(load(module), side)(size)  # type: ignore[operator]
    assert measured.time_s > 0.0
    assert measured.quality < 1e-9


def test_unchecked_peers_report_time_only(load: object) -> None:
    measured = load("twenty_years").peer_numpy(1)  # type: ignore[operator]
    assert measured.time_s > 0.0
    assert measured.quality is None


def test_a_row_shows_ratio_quality_and_dashes(load: object) -> None:
    spec_module: ModuleType = load("spec")  # type: ignore[operator]
    table: ModuleType = load("table")  # type: ignore[operator]
    ours = spec_module.Measurement(time_s=0.002, peak_mb=1.4, quality=3e-12)
    peer = spec_module.Measurement(time_s=0.5)
    spec = spec_module.Spec(
        name="n",
        work="w",
        size_unit="things",
        sizes=(7,),
        run=lambda size: ours,
        target="fast",
        peer_name="slow one",
    )
    line = table.line(table.measured_row(spec, 7, ours, peer)).split()
    assert line == ["7", "things", "2", "ms", "500", "ms", "250x", "3.0e-12", "1", "MB", "–"]
    alone = table.line(table.measured_row(spec, 7, peer, None)).split()
    assert alone == ["7", "things", "500", "ms", "–", "–", "–", "–", "–"]
    assert "against slow one" in table.heading(spec)


def test_the_scaling_exponent_is_the_slope_of_the_logs(load: object) -> None:
    table: ModuleType = load("table")  # type: ignore[operator]
    rows = [{"size": n, "ours": {"time_s": 3.0 * n**1.5}} for n in (2, 10, 500)]
    assert table.scaling_exponent(rows) == pytest.approx(1.5, rel=1e-12)
    assert table.scaling_exponent(rows[:1]) is None


@pytest.mark.slow
def test_a_battery_beside_programmes_is_measured_with_its_gap(load: object) -> None:
    measured = load("programmes").run_battery(48)  # type: ignore[operator]
    assert measured.time_s > 0.0
    assert 0.0 <= measured.quality < 5e-2


def test_a_failure_stops_no_other_benchmark(
    load: object,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    main: ModuleType = load("__main__")  # type: ignore[operator]
    spec_module: ModuleType = load("spec")  # type: ignore[operator]

    def broken(size: int) -> object:
        raise spec_module.BenchmarkError("it broke")

    common = {"work": "w", "size_unit": "s", "sizes": (1,), "target": "t"}
    good = spec_module.Measurement(time_s=1.0)
    specs = (
        spec_module.Spec(name="broken", run=broken, **common),
        spec_module.Spec(name="absent", run=broken, missing=lambda: "no such file", **common),
        spec_module.Spec(name="good", run=lambda size: good, **common),
    )
    monkeypatch.setattr(main, "SPECS", specs)
    monkeypatch.setattr(main, "chosen", lambda names: specs)
    target = tmp_path / "rows.json"
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--json", str(target)])
    assert main.main() == 1
    found = json.loads(target.read_text())
    assert found["failed"] == ["broken"]
    assert [row["name"] for row in found["rows"]] == ["good"]
    printed = capsys.readouterr().out
    assert "it broke" in printed
    assert "absent: skipped, no such file" in printed


def test_a_child_that_fails_is_reported_with_its_last_words(load: object) -> None:
    process: ModuleType = load("process")  # type: ignore[operator]
    spec_module: ModuleType = load("spec")  # type: ignore[operator]
    with pytest.raises(spec_module.BenchmarkError, match="out of luck"):
        process._best([sys.executable, "-c", "raise SystemExit('out of luck')"], 1)


def test_a_bare_interpreter_is_small_and_quick(load: object) -> None:
    measured = load("process").peer_bare(1)  # type: ignore[operator]
    assert 0.0 < measured.time_s < 30.0
    # A child measured from a large parent would show the parent's hundreds of megabytes.
    assert 1.0 < measured.peak_mb < 60.0


def test_an_unknown_name_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "hour-lop"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "unknown benchmark hour-lop; choose from hour-loop" in done.stderr
