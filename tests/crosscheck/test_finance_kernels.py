"""Compiled tax and loan kernels against their NumPy twins."""

from __future__ import annotations

import numpy as np

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
