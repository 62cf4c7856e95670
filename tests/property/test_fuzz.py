"""Mutated files of every kind are read or refused in words; `python -m fuzz` runs 100,000."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.__main__ import run
from fuzz.targets import TARGETS, attempt


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: t.name)
def test_the_seed_itself_is_good(target: object) -> None:
    # A portfolio names site files beside it, which a lone file does not have.
    assert attempt(target, target.seed) is (target.name != "portfolio")  # type: ignore[attr-defined]


def test_no_traceback_in_some_cases() -> None:
    assert run(400, seed=7).total() == 400


@pytest.mark.slow
def test_no_traceback_in_many_cases() -> None:
    counts = run(10_000, seed=11)
    assert counts.total() == 10_000
    for target in TARGETS:
        assert counts[f"{target.name} refused"] > 50


@pytest.mark.slow
@pytest.mark.parametrize("target", ["prices", "catalogue"])
def test_no_traceback_where_coverage_guides(target: str) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed: it has wheels for few systems")
    done = subprocess.run(
        [sys.executable, "-m", "fuzz.guided", target, "--cases", "2000"],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Done 2000 runs" in done.stderr
