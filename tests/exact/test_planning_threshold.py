"""The threshold rule on margins small enough to follow by eye."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.planning import NEVER, ThresholdPlan, threshold_months


def test_counts_consecutive_months_and_restarts_after_each_decision() -> None:
    ai = np.array([[3.0, 3.0, 1.0, 3.0, 3.0, 3.0, 3.0, 3.0]])
    mining = np.ones((1, 8))
    months = threshold_months(ai, mining, halls=3, ratio=2.0, months=2)
    # Months 0-1 decide the first hall in month 1; month 2 breaks the streak; 3-4 and 5-6 follow.
    assert months.tolist() == [[1, 4, 6]]


def test_equality_does_not_exceed() -> None:
    months = threshold_months(np.full((1, 4), 2.0), np.ones((1, 4)), halls=1, ratio=2.0, months=1)
    assert months.tolist() == [[NEVER]]


def test_mining_at_a_loss_counts_as_nothing_earned() -> None:
    months = threshold_months(
        np.full((1, 3), 0.5), np.full((1, 3), -9.0), halls=1, ratio=5.0, months=3
    )
    assert months.tolist() == [[2]]


def test_decision_uses_no_later_month() -> None:
    rng = np.random.default_rng(3)
    ai, mining = rng.random((50, 30)), rng.random((50, 30))
    early = threshold_months(ai, mining, halls=2, ratio=1.1, months=3)
    later = ai.copy()
    later[:, 15:] = 0.0
    cut = threshold_months(later, mining, halls=2, ratio=1.1, months=3)
    decided = early < 15
    assert (early[decided] == cut[decided]).all()
    assert decided.any()


def test_a_plan_needs_halls() -> None:
    with pytest.raises(InputError, match="one or more halls"):
        ThresholdPlan(name="x", use="shell", halls=(), ratio=1.0, months=1)
