"""Compiled tax, depreciation, loan and coverage kernels against their NumPy twins."""

from __future__ import annotations

import numpy as np

from rerack.base import MonthGrid
from rerack.finance import (
    calendar_year_totals,
    debt_service_coverage,
    depreciation_schedule,
    loan_schedule,
    macrs_rates,
)
from rerack.finance.balance import HALF_CENT_USD
from rerack.finance.coverage_kernel import trailing_coverage_plain
from rerack.finance.depreciation_kernel import deduct_purchases
from rerack.finance.loan import TermLoan, unit_tranche
from rerack.finance.loan_kernel import add_tranches, add_tranches_plain
from rerack.finance.tax_kernel import carry_losses, carry_losses_plain


def test_losses() -> None:
    rng = np.random.default_rng(2)
    income, opening = rng.normal(0.0, 1e8, (50, 20)), rng.uniform(0.0, 1e8, 50)
    used, balance = np.empty_like(income), np.empty_like(income)
    carry_losses(income, opening, 0.8, used, balance)
    plain_used, plain_balance = carry_losses_plain(income, opening, 0.8)
    np.testing.assert_allclose(used, plain_used, rtol=1e-13, atol=1e-6)
    np.testing.assert_allclose(balance, plain_balance, rtol=1e-13, atol=1e-6)


def test_tranches() -> None:
    rng = np.random.default_rng(4)
    draw = rng.uniform(0.0, 1e8, (20, 60)) * (rng.random((20, 60)) < 0.3)
    loan = TermLoan(loan_to_cost_frac=1.0, annual_rate_frac=0.09, tenor_months=36, grace_months=9)
    units = unit_tranche(loan, 60)
    schedule = np.zeros((20, 4, 60))
    add_tranches(draw, units, schedule)
    np.testing.assert_allclose(schedule, add_tranches_plain(draw, units), rtol=1e-12, atol=1e-6)


def test_a_loan_ends_with_its_tenor_whatever_the_horizon() -> None:
    """Ages past the last payment are left out of the sum: a longer horizon changes nothing."""
    loan = TermLoan(loan_to_cost_frac=1.0, annual_rate_frac=0.09, tenor_months=36, grace_months=9)
    draw = np.zeros((1, 60))
    draw[0, 3] = 1e6
    plan = loan_schedule(loan, draw)
    assert plan.principal_usd[0, 39] > 0.0
    assert plan.balance_usd[0, 38] > 0.0
    assert not plan.balance_usd[0, 39:].any()


def test_purchases_are_deducted_as_their_schedule_says() -> None:
    """From months in one pass, and by calendar years and the schedule of purchases."""
    grid = MonthGrid(start_year=2026, start_month=11, months=40)
    rng = np.random.default_rng(8)
    bought = rng.uniform(0.0, 1e8, (30, 40)) * (rng.random((30, 40)) < 0.2)
    taxable = rng.normal(0.0, 1e8, (30, grid.year_starts.size))
    shares, before = macrs_rates(3), taxable.copy()
    deduct_purchases(bought, grid.year_starts, shares, taxable)
    expense = depreciation_schedule(calendar_year_totals(bought, grid), shares).expense_usd
    np.testing.assert_allclose(taxable, before - expense, rtol=1e-12, atol=1e-5)


def test_coverage() -> None:
    rng = np.random.default_rng(9)
    cash = rng.normal(1e6, 2e6, (40, 36))
    service = np.where(np.arange(36) >= rng.integers(0, 40, (40, 1)), 1e6, 0.0)
    service[3, 20:] = 1e-9  # the dust of a prepaid loan
    made = debt_service_coverage(cash, service, window_months=12)
    dscr, tested = trailing_coverage_plain(cash, service, 12, HALF_CENT_USD)
    assert np.array_equal(made.tested, tested)
    np.testing.assert_allclose(made.dscr, dscr, rtol=1e-12)
    assert np.array_equal(made.worst, made.dscr.min(axis=1))
    assert np.array_equal(made.worst_month, made.dscr.argmin(axis=1))
    counted = tested.any(axis=1)
    assert counted.any()
    assert not counted.all()
    means = np.nanmean(np.where(tested, dscr, np.nan)[counted], axis=1)
    np.testing.assert_allclose(made.mean[counted], means, rtol=1e-12)
    assert np.isinf(made.mean[~counted]).all()
