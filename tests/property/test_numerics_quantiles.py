"""Quantiles from one sort are those of NumPy, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rerack.base.errors import InputError
from rerack.numerics.quantiles import quantiles

#: Sums of money in any size; ties and both zeros come up by themselves.
DRAWS = arrays(
    np.float64,
    array_shapes(min_dims=1, max_dims=3, max_side=9),
    elements=st.floats(-1e150, 1e150),
)
FRACS = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6)


@given(DRAWS, FRACS)
def test_bits_are_those_of_numpy(draws: np.ndarray, fracs: list[float]) -> None:
    ours = quantiles(draws, fracs)
    theirs = np.quantile(draws, fracs, axis=0)
    assert ours.shape == theirs.shape
    # Adding 0 makes -0 a 0: which of two equal zeros comes first is up to the sorting.
    assert (ours + 0.0).tobytes() == (theirs + 0.0).tobytes()


@pytest.mark.parametrize("draws", [1, 2, 31, 32, 1000])
def test_bits_are_those_of_numpy_at_the_levels_of_reports(draws: int) -> None:
    values = np.random.default_rng(draws).lognormal(8.0, 3.0, size=(draws, 24))
    fracs = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0]
    np.testing.assert_array_equal(quantiles(values, fracs), np.quantile(values, fracs, axis=0))


def test_draws_are_left_in_their_order() -> None:
    draws = np.array([3.0, 1.0, 2.0])
    quantiles(draws, [0.5])
    assert draws.tolist() == [3.0, 1.0, 2.0]


@pytest.mark.parametrize("draws", [np.zeros(0), np.array([1.0, np.nan, 0.0])])
def test_what_has_no_quantile_is_refused(draws: np.ndarray) -> None:
    with pytest.raises(InputError, match="values"):
        quantiles(draws, [0.5])


@pytest.mark.parametrize("frac", [-0.01, 1.01, np.nan])
def test_a_share_beyond_0_to_1_is_refused(frac: float) -> None:
    with pytest.raises(InputError, match="fracs"):
        quantiles([1.0, 2.0], [0.5, frac])
