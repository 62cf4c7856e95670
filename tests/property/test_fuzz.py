"""Mutated files of every kind are read or refused in words; `python -m fuzz` runs 100,000."""

from __future__ import annotations

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
