"""The sum of the largest numbers equals that of a sorted list."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.numerics.largest_kernel import sum_of_largest

# Few distinct values, so that ties with the pivot are common.
numbers = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e6, 1e6))


@settings(deadline=None)  # the first call compiles
@given(st.lists(numbers, max_size=40), st.data())
def test_it_equals_the_sum_of_a_sorted_list(values: list[float], data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(values) + 2))
    beyond = np.array([*values, 1e9, -1e9])
    expected = math.fsum(sorted(values, reverse=True)[:count])
    found = sum_of_largest(beyond, len(values), count)
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-9 * max(map(abs, values), default=1))
    assert sorted(beyond[: len(values)]) == sorted(values)
    assert beyond[len(values) :].tolist() == [1e9, -1e9]
