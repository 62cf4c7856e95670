"""The two books of a plan agree to the cent, and money is neither made nor lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.base.errors import InputError
from rerack.planning import HALL_LINES, LINES, SITE_ROW, Ledger


@given(seed=st.integers(0, 2**32 - 1), posts=st.integers(1, 30))
@settings(max_examples=50, deadline=None)
def test_hall_book_equals_scenario_book_to_the_cent(seed: int, posts: int) -> None:
    rng = np.random.default_rng(seed)
    ledger = Ledger(("A", "B"), 7, 24)
    for _ in range(posts):
        row = str(rng.choice(["A", "B", SITE_ROW]))
        line = str(rng.choice(LINES))
        ledger.post(row, line, rng.normal(0.0, 5e8, (7, 24)))
    by_month = ledger.sum_usd.sum(axis=(0, 1))
    assert np.abs(by_month - ledger.total().sum(axis=0)).max() < 0.01


def test_total_of_named_lines_leaves_the_others_out() -> None:
    ledger = Ledger(("A",), 1, 2)
    ledger.post("A", "rigs", np.array([[-5.0, 0.0]]))
    ledger.post("A", "AI revenue", np.array([[0.0, 9.0]]))
    assert ledger.total("rigs").tolist() == [[-5.0, 0.0]]
    assert ledger.total().tolist() == [[-5.0, 9.0]]
    assert set(HALL_LINES) < set(LINES)


def test_a_post_of_another_shape_is_refused() -> None:
    ledger = Ledger(("A",), 2, 3)
    with pytest.raises(InputError, match="ledger A, rigs"):
        ledger.post("A", "rigs", np.zeros((3, 2)))
