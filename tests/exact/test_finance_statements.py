"""Tax, depreciation, debt, coverage and cost per coin on cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base import InputError, MonthGrid
from rerack.finance import (
    TermLoan,
    calendar_year_totals,
    coin_costs,
    debt_service_coverage,
    depreciation_schedule,
    income_tax,
    loan_schedule,
    straight_line_rates,
    with_bonus,
)


def test_tax_with_losses_covering_80_percent() -> None:
    due = income_tax([[-300.0, 100.0, 100.0, 400.0]], rate_frac=0.25)
    assert due.loss_used_usd.tolist() == [[0.0, 80.0, 80.0, 140.0]]
    assert due.loss_balance_usd.tolist() == [[300.0, 220.0, 140.0, 0.0]]
    assert due.tax_usd.tolist() == [[0.0, 5.0, 5.0, 65.0]]


def test_tax_with_opening_losses_and_other_limits() -> None:
    full = income_tax(
        [[100.0], [100.0]], rate_frac=0.2, carryforward_limit_frac=1.0, opening_loss_usd=[30, 500]
    )
    assert full.tax_usd.tolist() == [[14.0], [0.0]]
    none = income_tax([[-5.0, 10.0]], rate_frac=0.2, carryforward_limit_frac=0.0)
    assert none.tax_usd.tolist() == [[0.0, 2.0]]
    with pytest.raises(InputError, match="opening_loss_usd"):
        income_tax([[1.0]], rate_frac=0.2, opening_loss_usd=-1.0)


def test_straight_line_and_bonus() -> None:
    plan = depreciation_schedule([[90.0, 30.0, 0.0, 0.0]], straight_line_rates(3))
    np.testing.assert_allclose(plan.expense_usd, [[30.0, 40.0, 40.0, 10.0]])
    assert plan.undepreciated_usd == pytest.approx([0.0])
    np.testing.assert_allclose(with_bonus([0.5, 0.5], 1.0), [1.0, 0.0])
    with pytest.raises(InputError, match="rates"):
        depreciation_schedule([[1.0]], [0.5, 0.4])


def test_calendar_years_of_a_study_that_starts_in_november() -> None:
    grid = MonthGrid(start_year=2026, start_month=11, months=15)
    totals = calendar_year_totals(np.arange(15.0)[None, :], grid)
    assert totals.tolist() == [[0.0 + 1.0, sum(range(2, 14)), 14.0]]


def test_an_annuity_after_a_grace_period() -> None:
    loan = TermLoan(loan_to_cost_frac=0.5, annual_rate_frac=0.12, tenor_months=4, grace_months=2)
    plan = loan_schedule(loan, [[2000.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
    # 1000 grows to 1000 * 1.01^2 = 1020.10, repaid in two payments of 1020.10 * 0.01 / (1-1.01^-2).
    payment = 1020.10 * 0.01 / (1 - 1.01**-2)
    np.testing.assert_allclose(plan.scheduled_service_usd, [[0, 0, 0, payment, payment, 0]])
    np.testing.assert_allclose(plan.capitalised_usd, [[0, 10.0, 10.1, 0, 0, 0]])
    np.testing.assert_allclose(
        plan.balance_usd, [[1000, 1010, 1020.1, 1020.1 * 1.01 - payment, 0, 0]]
    )
    assert plan.balloon_usd.tolist() == [0.0]


def test_what_is_outstanding_at_the_horizon_is_prepaid() -> None:
    loan = TermLoan(loan_to_cost_frac=1.0, annual_rate_frac=0.0, tenor_months=10)
    plan = loan_schedule(loan, [[100.0, 0.0, 0.0]])
    assert plan.balloon_usd == pytest.approx([80.0])
    assert plan.principal_usd == pytest.approx(np.array([[0.0, 10.0, 90.0]]))
    assert plan.scheduled_service_usd == pytest.approx(np.array([[0.0, 10.0, 10.0]]))


@pytest.mark.parametrize(
    "terms",
    [
        {"loan_to_cost_frac": 1.2},
        {"annual_rate_frac": 9.0},
        {"tenor_months": 0},
        {"grace_months": 60},
        {"annual_rate_frac": float("nan")},
    ],
)
def test_bad_terms_are_refused(terms: dict[str, float]) -> None:
    good = {"loan_to_cost_frac": 0.5, "annual_rate_frac": 0.1, "tenor_months": 60}
    with pytest.raises(InputError, match=next(iter(terms))):
        TermLoan(**{**good, **terms})  # type: ignore[arg-type]


def test_coverage_over_twelve_months() -> None:
    cash = np.concatenate((np.full(12, 30.0), np.full(12, 12.0)))[None, :]
    service = np.full((1, 24), 10.0)
    cover = debt_service_coverage(np.vstack((cash, cash)), np.vstack((service, 0.0 * service)))
    assert cover.worst.tolist() == [1.2, np.inf]
    assert cover.worst_month[0] == 23
    assert cover.dscr[0, 11] == 3.0
    assert cover.tested.sum(axis=1).tolist() == [13, 0]
    assert cover.mean[0] == pytest.approx(2.1)


def test_cost_per_coin_needs_coins() -> None:
    names = ("power_usd", "power_credit_usd", "other_opex_usd", "sga_usd", "depreciation_usd")
    zero = dict.fromkeys(names, 0.0)
    with pytest.raises(InputError, match="mined_btc"):
        coin_costs(mined_btc=[1.0, 0.0], **zero)
