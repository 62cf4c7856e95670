"""Balances of loans, depreciation and loss carry-forward, up to figures of 1e11 USD."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rerack.base.errors import SolverError
from rerack.finance import (
    TermLoan,
    balances,
    debt_service_coverage,
    depreciation_schedule,
    income_tax,
    loan_schedule,
    macrs_rates,
    npv,
    require_balances,
)

SPEND = st.just(0.0) | st.floats(1.0, 1e11)
LOANS = st.builds(
    lambda share, rate, grace, repay: TermLoan(
        loan_to_cost_frac=share,
        annual_rate_frac=rate,
        grace_months=grace,
        tenor_months=grace + repay,
    ),
    st.floats(0.0, 1.0),
    st.just(0.0) | st.floats(0.001, 0.5),
    st.integers(0, 24),
    st.integers(1, 60),
)


@settings(deadline=None)
@given(LOANS, arrays(np.float64, st.tuples(st.integers(1, 3), st.integers(1, 70)), elements=SPEND))
def test_a_loan_balances_to_the_cent(loan: TermLoan, capex: np.ndarray) -> None:
    plan = loan_schedule(loan, capex)
    before = np.concatenate((np.zeros((capex.shape[0], 1)), plan.balance_usd[:, :-1]), axis=1)
    flows = np.stack((plan.draw_usd, plan.capitalised_usd, -plan.principal_usd), axis=2)
    require_balances("loan", opening_usd=before, flows_usd=flows, closing_usd=plan.balance_usd)
    sources = np.stack((plan.draw_usd, plan.equity_usd), axis=2)
    require_balances("sources", opening_usd=0.0, flows_usd=sources, closing_usd=capex)
    np.testing.assert_allclose(
        plan.interest_usd[:, 1:],
        loan.annual_rate_frac / 12 * plan.balance_usd[:, :-1],
        rtol=1e-9,
        atol=1e-9 * capex.max(initial=1.0),
    )
    assert (plan.balance_usd[:, -1] == 0.0).all()
    # Prepayment is at par, so at the loan's own rate the lender gains nothing.
    own_rate = (1.0 + loan.annual_rate_frac / 12) ** 12 - 1.0
    assert (np.abs(npv(plan.cashflow_usd, own_rate)) <= 1e-9 * capex.sum(axis=1) + 1e-9).all()


@settings(deadline=None)
@given(arrays(np.float64, (4, 12), elements=SPEND), st.sampled_from([5, 7, 15, 20]))
def test_depreciation_and_what_is_left_are_the_cost(cost: np.ndarray, life: int) -> None:
    plan = depreciation_schedule(cost, macrs_rates(life))
    assert balances(
        opening_usd=cost.sum(axis=1),
        flows_usd=-plan.expense_usd,
        closing_usd=plan.undepreciated_usd,
    ).all()
    assert (plan.expense_usd >= 0.0).all()


@settings(deadline=None)
@given(
    arrays(np.float64, (3, 15), elements=st.floats(-1e11, 1e11)),
    st.floats(0.0, 1.0),
    st.floats(0.0, 0.5),
)
def test_losses_are_never_used_twice(income: np.ndarray, limit: float, rate: float) -> None:
    due = income_tax(income, rate_frac=rate, carryforward_limit_frac=limit)
    made = np.cumsum(np.maximum(-income, 0.0), axis=1)
    assert (due.tax_usd >= 0.0).all()
    assert (due.loss_balance_usd >= 0.0).all()
    assert (np.cumsum(due.loss_used_usd, axis=1) <= made + 1e-3).all()
    assert (due.loss_used_usd <= limit * np.maximum(income, 0.0)).all()
    assert balances(
        opening_usd=made[:, -1],
        flows_usd=-due.loss_used_usd,
        closing_usd=due.loss_balance_usd[:, -1],
    ).all()


@settings(deadline=None)
@given(
    arrays(np.float64, (2, 30), elements=st.floats(-1e9, 1e9)),
    arrays(np.float64, (2, 30), elements=st.just(0.0) | st.floats(1e3, 1e9)),
)
def test_the_worst_coverage_is_a_lower_bound(cash: np.ndarray, service: np.ndarray) -> None:
    cover = debt_service_coverage(cash, service)
    assert not np.isnan(cover.dscr).any()
    assert (cover.worst[:, None] <= cover.dscr).all()
    assert (np.isinf(cover.dscr) == ~cover.tested).all()
    ever = cover.tested.any(axis=1)
    assert (np.isinf(cover.mean) == ~ever).all()
    assert (cover.mean[ever] >= cover.worst[ever] - 1e-9 * np.abs(cover.worst[ever])).all()


def test_an_imbalance_of_a_cent_is_named() -> None:
    with pytest.raises(SolverError, match=r"cash: 1 of 2 balances .* the first at \[1\]"):
        require_balances(
            "cash",
            opening_usd=[1.0, 1.0],
            flows_usd=[[2.0, 3.0], [2.0, 3.01]],
            closing_usd=[6.0, 6.0],
        )
