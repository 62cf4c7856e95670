"""Present value, rates of return, payback and money multiple on series worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base import InputError
from rerack.finance import discount_factors, irr, irr_each, irr_many, moic, npv, payback_months


def test_npv_discounts_month_m_by_m_twelfths_of_a_year() -> None:
    flows = np.zeros(25)
    flows[[0, 12, 24]] = -100.0, 55.0, 60.5
    assert npv(flows, 0.10) == pytest.approx(0.0, abs=1e-12)
    assert npv(np.stack([flows, 2 * flows + 1.0]), 0.0) == pytest.approx([15.5, 56.0])
    assert discount_factors(2, 0.21, periods_per_year=2)[1] == pytest.approx(1 / 1.1, rel=1e-15)


@pytest.mark.parametrize("rate", [-1.0, -2.0, np.nan])
def test_npv_refuses_a_rate_at_or_below_minus_one(rate: float) -> None:
    with pytest.raises(InputError, match="annual_rate_frac"):
        npv([1.0, 1.0], rate)


def test_irr_unique() -> None:
    found = irr([-100.0, 0.0, 121.0])
    assert (found.status, repr(found)) == ("unique", "10.00%")
    assert found.value_frac == pytest.approx(0.1, rel=1e-14)


def test_irr_monthly_is_an_effective_annual_rate() -> None:
    found = irr([-100.0, *[0.0] * 11, 110.0], periods_per_year=12)
    assert found.roots_frac == pytest.approx((0.1,), rel=1e-13)


def test_irr_with_two_rates_at_or_above_zero_has_no_value() -> None:
    found = irr([-100.0, 230.0, -132.0])
    assert found.status == "multiple"
    assert found.roots_frac == pytest.approx((0.1, 0.2), rel=1e-13)
    assert found.value_frac is None
    assert repr(found).startswith("no single value of 2 rates (10.00%, 20.00%)")


def test_irr_of_an_investment_with_a_clean_up_at_the_end_is_its_rate_above_zero() -> None:
    # (x - 1/1.25)(x - 1/0.5) expanded: rates 25 % and -50 %.
    found = irr([-160.0, 280.0, -100.0])
    assert found.roots_frac == pytest.approx((-0.5, 0.25), rel=1e-13)
    assert found.value_frac == pytest.approx(0.25, rel=1e-13)


def test_irr_of_the_same_flows_reversed_in_sign_has_no_value() -> None:
    found = irr([160.0, -280.0, 100.0])
    assert found.roots_frac == pytest.approx((-0.5, 0.25), rel=1e-13)
    assert (found.value_frac, found.reason[:28]) == (None, "money does not go out first,")


def test_irr_of_a_windfall_that_only_touches_zero_has_no_value() -> None:
    # (11 x - 10)^2 (2 - x): NPV is never negative at a rate above -50 %, so 10 % is no hurdle.
    found = irr([200.0, -540.0, 462.0, -121.0])
    assert found.roots_frac == pytest.approx((-0.5, 0.1), rel=1e-13)
    assert found.value_frac is None


@pytest.mark.parametrize(
    ("flows", "words"),
    [
        ([5.0, 6.0], "none: cash flow never changes sign"),
        ([-5.0, 0.0, -6.0], "none: cash flow never changes sign"),
        ([0.0, 0.0], "none: all flows are zero"),
        ([-100.0, 200.0, -150.0], "none: net present value is negative at every rate"),
        ([100.0, -200.0, 150.0], "none: net present value is positive at every rate"),
    ],
)
def test_irr_none_says_why(flows: list[float], words: str) -> None:
    found = irr(flows)
    assert (found.status, found.roots_frac, found.value_frac, repr(found)) == (
        "none",
        (),
        None,
        words,
    )


def test_rounding_dust_makes_no_rate() -> None:
    assert irr([1e-9, -1e11, 1.2e11]).roots_frac == pytest.approx((0.2,), rel=1e-12)
    assert irr([1e-9, -1e11]).status == "none"


def test_irr_many_agrees_with_irr_and_masks_what_has_no_value() -> None:
    rows = np.array([[-100.0, 230.0, -132.0], [-100.0, 0.0, 121.0], [1.0, 1.0, 1.0]])
    many = irr_many(rows)
    assert many.count.tolist() == [2, 1, 0]
    assert many.has_value.tolist() == [False, True, False]
    for row, roots, count in zip(rows, many.roots_frac, many.count, strict=True):
        assert tuple(roots[:count]) == irr(row).roots_frac


def test_irr_each_says_of_every_row_what_irr_says() -> None:
    rows = np.array([[-100.0, 230.0, -132.0], [-100.0, 0.0, 121.0], [1.0, 1.0, 1.0], [0.0] * 3])
    each = irr_each(rows, periods_per_year=12)
    assert each == tuple(irr(row, periods_per_year=12) for row in rows)
    assert [found.status for found in each] == ["multiple", "unique", "none", "none"]
    assert [repr(found) for found in each[2:]] == [
        "none: cash flow never changes sign",
        "none: all flows are zero",
    ]


def test_payback_is_the_month_from_which_the_sum_stays_at_or_above_zero() -> None:
    paid = payback_months(
        [
            [-3.0, 1.0, 1.0, 1.0, 1.0],
            [5.0, -20.0, 5.0, 5.0, 10.0],  # above zero first, then under water
            [1.0, 1.0, 1.0, 1.0, 1.0],
            [-1.0, 0.0, 0.0, 0.0, 0.5],
            [-0.8, 0.1, 0.7, 0.0, 0.0],  # -0.8 + 0.1 + 0.7 is below 0 in doubles
        ]
    )
    assert paid.reached.tolist() == [True, True, True, False, True]
    assert paid.after_months[paid.reached].tolist() == [3, 4, 0, 2]


def test_payback_of_no_month_is_refused() -> None:
    with pytest.raises(InputError, match="one month or more"):
        payback_months(np.zeros((2, 0)))


def test_discounted_payback_comes_later() -> None:
    flows = [[-100.0, *[10.0] * 24]]
    assert payback_months(flows).after_months[0] == 10
    # 10 (1 - v^m) / i >= 100 with i = 1.2^(1/12) - 1: m = -ln(1 - 10 i) / ln(1 + i) = 10.9.
    assert payback_months(flows, annual_rate_frac=0.20).after_months[0] == 11


def test_moic() -> None:
    assert moic([[-100.0, -50.0, 300.0], [0.0, 1.0, 0.0]]).tolist() == [2.0, np.inf]
