"""Laws that present values and rates of return obey whatever the flows."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.finance import irr, npv

MONEY = st.floats(-1e11, 1e11, allow_nan=False).filter(lambda v: v == 0.0 or abs(v) > 0.01)
SERIES = st.lists(MONEY, min_size=2, max_size=60)
RATE = st.floats(-0.5, 3.0)


@given(SERIES, RATE)
def test_npv_is_additive_and_scales(flows: list[float], rate: float) -> None:
    a = np.array(flows)
    b = a[::-1]
    scale = float(np.abs(a).sum()) * max(1.0, (1 + rate) ** (-len(flows) / 12)) + 1.0
    assert abs(npv(a + b, rate) - npv(a, rate) - npv(b, rate)) <= 1e-12 * scale
    assert abs(npv(1000.0 * a, rate) - 1000.0 * npv(a, rate)) <= 1e-9 * scale


@settings(deadline=None)
@given(SERIES)
def test_every_rate_zeroes_npv_and_scale_changes_none(flows: list[float]) -> None:
    a = np.array(flows)
    found = irr(a, periods_per_year=1)
    assert irr(4.0 * a).roots_frac == found.roots_frac  # exact: a power of two
    for rate in found.roots_frac:
        x = 1.0 / (1.0 + rate) if rate > -1.0 else np.inf
        y, c = (x, a) if x <= 1.0 else (1.0 + rate, a[::-1])
        # 1 + rate keeps no digits of a rate within 1e-16 of -1, so ask only away from it.
        if 1e-3 < 1.0 + rate < 1e12:
            terms = c * y ** np.arange(c.size)
            assert abs(terms.sum()) <= 1e-9 * np.abs(terms).sum()


@settings(deadline=None)
@given(st.floats(1.0, 1e11), st.lists(st.floats(1.0, 1e11), min_size=1, max_size=40))
def test_an_investment_has_one_rate_and_it_rises_with_income(
    outlay: float, income: list[float]
) -> None:
    low = irr([-outlay, *income])
    high = irr([-outlay, *income[:-1], 2.0 * income[-1]])
    assert low.status == high.status == "unique"
    # Income late in the life may move a rate of 1e9 by less than a double can show.
    assert 1.0 + high.roots_frac[0] >= (1.0 + low.roots_frac[0]) * (1.0 - 1e-13)
