"""Root counts and roots that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base import InputError
from rerack.numerics.roots import FAST_ROOTS, positive_roots
from rerack.numerics.roots_exact import positive_roots_exact

KNOWN = [
    ([-1.0, 2.0], [0.5]),
    ([-100.0, 230.0, -132.0], [1 / 1.2, 1 / 1.1]),
    ([-100.0, 220.0, -121.0], [1 / 1.1]),  # a double root counts once
    ([1.0, -2.0, 1.0], [1.0]),
    ([-1.0, 3.0, -3.0, 1.0], [1.0]),
    ([-1.0, 0.0, 1.0], [1.0]),  # the sum is exactly zero
    ([0.0, 0.0, -1.0, 0.0, 4.0, 0.0], [0.5]),  # outer zeros are powers of x
    ([1.0, 0.0, 1.0], []),
    ([-100.0, 200.0, -150.0], []),
    ([5.0], []),
    ([0.0, 0.0, 0.0], []),
    ([-1e-3, 0.0, 0.0, 0.0, 0.0, 0.0, 1e12], [(1e-15) ** (1 / 6)]),
    ([-1e200, 1e201], [0.1]),
    ([-(2.0**-900), 1.0, -1.0], [2.0**-900, 1.0]),  # beyond the steps of the compiled search
    ([-(2.0**-900), 1.0], [2.0**-900]),
    ([-(2.0**1000), 2.0**-1000], [np.inf]),  # beyond doubles altogether
]


@pytest.mark.parametrize(("coefficients", "expected"), KNOWN)
def test_known_roots(coefficients: list[float], expected: list[float]) -> None:
    found = positive_roots([coefficients])
    assert found.count[0] == len(expected)
    np.testing.assert_allclose(found.roots[0, : len(expected)], expected, rtol=1e-14)
    np.testing.assert_allclose(positive_roots_exact(coefficients), expected, rtol=1e-14)


def test_roots_a_hair_apart_are_told_apart() -> None:
    # (x - 1)(x - 1 - 2^-20), exact in doubles: beyond the compiled search at 2^-40, not here.
    for bits in (10, 20, 26):
        gap = 2.0**-bits
        found = positive_roots([[1.0 + gap, -2.0 - gap, 1.0]])
        assert found.count[0] == 2
        np.testing.assert_allclose(found.roots[0], [1.0, 1.0 + gap], rtol=0, atol=1e-2 * gap)


def test_more_roots_than_the_fast_search_holds() -> None:
    # Chebyshev polynomial moved to (0, 1): 18 roots, integer coefficients below 2^53.
    n = FAST_ROOTS + 2
    chebyshev = np.polynomial.chebyshev.Chebyshev.basis(n, domain=[0, 1])
    coefficients = np.round(chebyshev.convert(kind=np.polynomial.Polynomial).coef)
    found = positive_roots([coefficients])
    expected = np.sort((1 + np.cos((2 * np.arange(n) + 1) * np.pi / (2 * n))) / 2)
    assert found.count[0] == n
    np.testing.assert_allclose(found.roots[0], expected, rtol=1e-4)


def test_rows_are_independent_and_padded() -> None:
    found = positive_roots([[1.0, 0.0, 1.0], [-100.0, 230.0, -132.0], [-1.0, 2.0, 0.0]])
    assert found.count.tolist() == [0, 2, 1]
    assert np.isnan(found.roots).sum(axis=1).tolist() == [2, 0, 1]


@pytest.mark.parametrize("bad", [[[1.0, np.nan]], [[np.inf, 1.0]], [1.0, 2.0]])
def test_bad_input_is_refused(bad: object) -> None:
    with pytest.raises(InputError):
        positive_roots(bad)  # type: ignore[arg-type]
