"""The compiled root search against exact arithmetic and against roots put in on purpose."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.numerics.roots import positive_roots
from rerack.numerics.roots_exact import positive_roots_exact
from rerack.numerics.roots_kernel import all_positive_roots


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.integers(-(10**6), 10**6) | st.just(0) | st.floats(-1e9, 1e9, allow_subnormal=False),
        min_size=1,
        max_size=14,
    )
)
def test_the_search_equals_its_exact_twin(coefficients: list[float]) -> None:
    exact = positive_roots_exact(coefficients)
    found = positive_roots([coefficients])
    assert found.count[0] == len(exact)
    np.testing.assert_allclose(found.roots[0, : len(exact)], exact, rtol=1e-9)


def test_the_compiled_search_alone_decides_random_series() -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(0.0, 1e7, (200, 25))
    roots, counts = np.full((200, 16), np.nan), np.zeros(200, dtype=np.int64)
    all_positive_roots(rows, roots, counts)
    exact = [positive_roots_exact(row) for row in rows]
    assert counts.tolist() == [len(e) for e in exact]
    assert counts.max() >= 3
    for row, known in zip(roots, exact, strict=True):
        np.testing.assert_allclose(np.sort(row[: len(known)]), known, rtol=1e-12)


@settings(max_examples=80, deadline=None)
@given(
    rates=st.lists(st.integers(-60, 150), min_size=1, max_size=4, unique=True),
    filler=st.lists(st.floats(0.1, 1.0), min_size=1, max_size=200),
    scale=st.sampled_from([1.0, 1e8, 1e12]),
)
def test_known_roots_times_a_positive_polynomial(
    rates: list[int], filler: list[float], scale: float
) -> None:
    # A filler with positive coefficients adds no positive root.
    known = np.sort(1.0 / (1.0 + np.array(rates) / 100.0))
    poly = np.array(filler)
    for root in known:
        poly = np.convolve(poly, [-root, 1.0])
    found = positive_roots([scale * poly])
    assert found.count[0] == known.size
    np.testing.assert_allclose(found.roots[0], known, rtol=1e-4)


def test_every_root_zeroes_a_monthly_series() -> None:
    rng = np.random.default_rng(11)
    rows = rng.normal(0.0, 2e6, (400, 241))
    found = positive_roots(rows)
    for row, roots in zip(rows, found.roots, strict=True):
        for x in roots[~np.isnan(roots)]:
            flows, y = (row, x) if x <= 1.0 else (row[::-1], 1.0 / x)
            terms = flows * y ** np.arange(flows.size)
            assert abs(terms.sum()) < 1e-11 * np.abs(terms).sum()
    # Parity: an odd number of sign changes between the ends of (0, infinity) iff c_0 c_n < 0.
    assert ((found.count % 2 == 1) == (rows[:, 0] * rows[:, -1] < 0.0)).all()
