"""Divisions from which nobody moves, against games whose equilibria are known by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rerack.base.errors import InputError
from rerack.numerics.population_game import population_equilibrium

FIRST = np.array([1.0, 0.0, 0.0])


def test_three_roads_that_slow_down_are_all_as_fast() -> None:
    # All worth v: (3 - v)/4 + (2 - v)/2 + (1.5 - v) = 1, so v = 9/7.
    slope, top = np.array([4.0, 2.0, 1.0]), np.array([3.0, 2.0, 1.5])
    for start in np.eye(3):
        found = population_equilibrium(
            lambda w: top - slope * w, start, tolerance=1e-9, resolution=1e-12
        )
        assert_allclose(found.shares, [3 / 7, 5 / 14, 3 / 14], atol=1e-6)
        assert found.residual <= 1e-9


def test_a_plan_that_is_best_whatever_others_do_takes_all() -> None:
    found = population_equilibrium(lambda w: np.array([1.0, 5.0 - w[1], 2.0]), FIRST, tolerance=0.0)
    assert found.shares.tolist() == [0.0, 1.0, 0.0]
    assert (found.residual, found.evaluations) == (0.0, 2)


def test_where_company_pays_the_start_decides() -> None:
    def values(w: np.ndarray) -> np.ndarray:
        return np.array([w[0], w[1]])

    ends = [
        population_equilibrium(values, s, tolerance=1e-9).shares.tolist()
        for s in (np.array([0.7, 0.3]), np.array([0.3, 0.7]))
    ]
    assert ends == [[1.0, 0.0], [0.0, 1.0]]


def test_a_jump_is_closed_in_on_and_its_residual_told() -> None:
    def values(w: np.ndarray) -> np.ndarray:
        return np.array([0.0, 1.0 if w[1] < 0.4 else -1.0])

    found = population_equilibrium(values, np.array([1.0, 0.0]), tolerance=1e-6, most=60)
    assert found.shares[1] == pytest.approx(0.4, abs=1e-3)
    assert found.residual > 0.1
    assert found.evaluations <= 60


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-5.0, 5.0), st.floats(0.1, 9.0)), min_size=2, max_size=5),
    st.integers(0, 4),
)
def test_nobody_gains_and_shares_stay_shares(roads: list[tuple[float, float]], first: int) -> None:
    top, slope = (np.array(v) for v in zip(*roads, strict=True))
    start = np.eye(len(roads))[first % len(roads)]
    found = population_equilibrium(
        lambda w: top - slope * w, start, tolerance=1e-6, resolution=1e-12, most=2_000
    )
    assert found.residual <= 1e-6
    assert abs(found.shares.sum() - 1.0) < 1e-9
    assert (found.shares >= 0.0).all()
    # What the residual promises: gains that are missed, weighted by those who miss them.
    missed = found.values.max() - found.values
    assert found.shares @ missed <= 1e-6
    used = found.shares > 1e-3
    assert_allclose(found.values[used], found.values.max(), atol=1e-3)


def test_shares_that_are_none_are_refused() -> None:
    for start in ([0.5, 0.4], [1.5, -0.5]):
        with pytest.raises(InputError, match="sum to 1"):
            population_equilibrium(lambda w: w, np.array(start), tolerance=1.0)
