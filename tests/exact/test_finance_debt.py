"""Sculpted debt, waterfall, notes, treasury, covenants and claims on cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base import InputError, SolverError
from rerack.finance import (
    Books,
    CoinLoan,
    ConvertibleNote,
    Covenants,
    Instrument,
    OwnerFlows,
    SculptedLoan,
    TermLoan,
    TreasuryPolicy,
    Waterfall,
    apply_waterfall,
    build_statements,
    convertible_schedule,
    covenant_tests,
    interest_deduction,
    leverage,
    loan_schedule,
    outstanding_usd,
    require_statements,
    run_treasury,
    sculpted_schedule,
)


def sculpted(**changed: float) -> SculptedLoan:
    """Return a loan of three years at 10 % a year, DSCR 1.25, all of the cost."""
    terms = {
        "loan_to_cost_frac": 1.0, "target_dscr": 1.25, "annual_rate_frac": 0.10,
        "tenor_months": 3, "periods_per_year": 1,
    }  # fmt: skip
    return SculptedLoan(**{**terms, **changed})  # type: ignore[arg-type]


CAPEX = [[1000.0, 0.0, 0.0, 0.0]]
CASH = [[0.0, 250.0, 375.0, 125.0]]


def test_size_is_the_present_value_of_cash_over_dscr() -> None:
    """200/1.1 + 300/1.21 + 100/1.331 = 504.88."""
    made = sculpted_schedule(sculpted(), CAPEX, CASH)
    size = 200 / 1.1 + 300 / 1.21 + 100 / 1.331
    assert made.loan.draw_usd.sum() == pytest.approx(size)
    service = made.loan.interest_usd + made.loan.principal_usd
    np.testing.assert_allclose(service, [[0.0, 200.0, 300.0, 100.0]])
    assert made.capped.tolist() == [0.0]


def test_caps_on_cost_and_on_size_raise_the_dscr() -> None:
    """At 40 % of cost service falls by 400 / 504.88 and coverage rises to 1.578."""
    size = 200 / 1.1 + 300 / 1.21 + 100 / 1.331
    for terms in (sculpted(loan_to_cost_frac=0.4), sculpted(debt_cap_usd=400.0)):
        made = sculpted_schedule(terms, CAPEX, CASH)
        assert made.loan.draw_usd.sum() == pytest.approx(400.0)
        service = made.loan.interest_usd + made.loan.principal_usd
        np.testing.assert_allclose(service[0, 1:], np.array([200, 300, 100]) * 400 / size)
        assert made.capped.tolist() == [1.0]


def test_what_is_bought_after_maturity_takes_nothing_of_the_cap() -> None:
    """400 of debt on 1,000 of cost are 400 also where rigs for 3,000 follow when it is repaid."""
    later = [[1000.0, 0.0, 0.0, 3000.0, 0.0]]
    cash = [[0.0, 250.0, 375.0, 125.0, 0.0]]
    made = sculpted_schedule(sculpted(debt_cap_usd=400.0), later, cash)
    np.testing.assert_allclose(made.loan.draw_usd, [[400.0, 0.0, 0.0, 0.0, 0.0]])
    np.testing.assert_allclose(made.drawn_frac, 0.4)


def test_interest_during_construction_is_added_to_the_debt() -> None:
    """100 drawn in each of two years, cash from the third: 100 * 1.21 + 100 * 1.1 = 231."""
    made = sculpted_schedule(
        sculpted(tenor_months=3, target_dscr=1.0),
        [[100.0, 100.0, 0.0, 0.0]],
        [[0.0, 0.0, 0.0, 1000.0]],
    )
    np.testing.assert_allclose(made.loan.balance_usd, [[100.0, 210.0, 231.0, 0.0]])
    np.testing.assert_allclose(made.loan.capitalised_usd, [[0.0, 10.0, 21.0, 0.0]])
    np.testing.assert_allclose(made.loan.principal_usd[0, 3], 231.0)


def test_no_contracted_cash_no_loan() -> None:
    """A lender who counts on nothing lends nothing."""
    made = sculpted_schedule(sculpted(), CAPEX, np.zeros((1, 4)))
    assert made.loan.draw_usd.sum() == 0.0
    with pytest.raises(InputError, match="target_dscr"):
        sculpted(target_dscr=0.9)


def test_sweep_shortens_and_reserve_pays() -> None:
    """1,200 without interest in 12 payments of 100; half of what is left is swept."""
    loan = TermLoan(loan_to_cost_frac=1.0, annual_rate_frac=0.0, tenor_months=12)
    capex = np.zeros((1, 14))
    capex[0, 0] = 1200.0
    cash = np.full((1, 14), 300.0)
    swept = apply_waterfall(
        Waterfall(sweep_frac=0.5), loan_schedule(loan, capex), annual_rate_frac=0.0,
        cash_available_usd=cash, owner_capex_usd=np.zeros((1, 14)),
    )  # fmt: skip
    # Each month 100 is due and half of the other 200 is swept: six months instead of twelve.
    np.testing.assert_allclose(swept.loan.balance_usd[0, :7], [1200, 1000, 800, 600, 400, 200, 0])
    cash[0, 3] = 40.0
    kept = apply_waterfall(
        Waterfall(reserve_months=3), loan_schedule(loan, capex), annual_rate_frac=0.0,
        cash_available_usd=cash, owner_capex_usd=np.zeros((1, 14)),
    )  # fmt: skip
    assert kept.reserve_usd[0, 0] == 300.0
    assert kept.drawn_from_reserve_usd[0, 3] == 60.0
    np.testing.assert_allclose(kept.reserve_usd[0, 2:5], [300.0, 240.0, 300.0])
    assert kept.reserve_usd[0, -1] == 0.0


def test_a_reserve_for_debt_service_pays_no_operating_loss() -> None:
    """Six payments of 200 after two months without any; operations lose 150 in months 1 and 4."""
    loan = TermLoan(loan_to_cost_frac=1.0, annual_rate_frac=0.0, tenor_months=8, grace_months=2)
    capex, cash = np.zeros((1, 12)), np.full((1, 12), 500.0)
    capex[0, 0], cash[0, 1], cash[0, 4] = 1200.0, -150.0, -150.0
    kept = apply_waterfall(
        Waterfall(reserve_months=3), loan_schedule(loan, capex), annual_rate_frac=0.0,
        cash_available_usd=cash, owner_capex_usd=np.zeros((1, 12)),
    )  # fmt: skip
    assert kept.drawn_from_reserve_usd[0].tolist() == [0.0] * 4 + [200.0] + [0.0] * 7
    np.testing.assert_allclose(kept.reserve_usd[0, :6], [200, 400, 600, 600, 400, 600])


def test_a_note_converts_above_its_price_only() -> None:
    """Premium 25 %: at 1.2 times the share price it is redeemed, at 1.5 it costs 120."""
    note = ConvertibleNote(
        principal_usd=100.0, coupon_frac_per_year=0.06, tenor_months=12, premium_frac=0.25,
        equity_beta=1.0,
    )  # fmt: skip
    share = np.ones((2, 14))
    share[0, 12:], share[1, 12:] = 1.2, 1.5
    plan = convertible_schedule(note, share)
    np.testing.assert_allclose(plan.coupon_usd[0, [6, 12]], 3.0)
    assert plan.coupon_usd.sum(axis=1).tolist() == pytest.approx([6.0, 6.0])
    assert plan.redeemed_usd[:, 12].tolist() == [100.0, 0.0]
    np.testing.assert_allclose(plan.dilution_usd[:, 12], [0.0, 120.0])
    assert np.abs(plan.balance_usd[:, 12:]).max() < 1e-12


def test_margin_call_and_liquidation_restore_the_loan_to_value() -> None:
    """50 against one coin of 100, LTV 50 %.

    At 65 the LTV is 77 %: 50 - 65 x = 0.5 (65 - 65 x), x = 17.5 / 32.5. At 55 it is 91 % and the
    lender sells at 5 % off: 50 - 52.25 x = 27.5 - 27.5 x, x = 22.5 / 24.75.
    """
    policy = TreasuryPolicy(
        hold_frac=1.0, opening_btc=1.0, loan=CoinLoan(annual_rate_frac=0.0), minimum_cash_usd=0.0
    )
    flow, none = np.array([[-50.0, 0.0, 0.0]]), np.zeros((1, 3))
    called = run_treasury(policy, flow_usd=flow, mined_btc=none, price_usd=[[100.0, 65.0, 65.0]])
    assert called.loan_usd[0, 0] == 50.0
    assert called.sold_btc[0, 1] == pytest.approx(17.5 / 32.5)
    assert called.forced_btc.sum() == 0.0
    taken = run_treasury(policy, flow_usd=flow, mined_btc=none, price_usd=[[100.0, 55.0, 55.0]])
    assert taken.forced_btc[0, 1] == pytest.approx(22.5 / 24.75)
    assert taken.loan_usd[0, 1] == pytest.approx(27.5 * (1 - 22.5 / 24.75))


def test_gains_are_taxed_a_month_later_and_losses_wait() -> None:
    """Bought at 100, sold at 150: 50 taxed at 20 %; a loss of 20 then a gain of 30 tax 10."""
    policy = TreasuryPolicy(
        hold_frac=0.0, sell_to_cover=True, opening_btc=3.0, opening_cost_usd=300.0,
        gains_tax_frac=0.2,
    )  # fmt: skip
    flow = np.array([[-150.0, 0.0, -80.0, 0.0, 0.0]])
    flow[0, 1] = 10.0  # pays the tax of 10 on the first gain
    run = run_treasury(
        policy, flow_usd=flow, mined_btc=np.zeros((1, 5)), price_usd=[[150.0, 150, 80, 130, 130]]
    )
    np.testing.assert_allclose(run.gain_usd[0], [50.0, 0.0, -20.0, 0.0, 30.0])
    np.testing.assert_allclose(run.gains_tax_usd[0], [0.0, 10.0, 0.0, 0.0, 2.0])


def test_covenants_name_their_first_breach() -> None:
    """Leverage is not tested in construction; infinite where EBITDA is gone."""
    ratio = leverage([[100.0, 100.0, 100.0, 0.0]], [[5.0, 5.0, -20.0, 1.0]], window_months=2)
    np.testing.assert_allclose(ratio, [[0.0, 100 / 60, np.inf, 0.0]])
    tests = covenant_tests(
        Covenants(min_dscr=1.2, max_leverage=1.5, min_liquidity_usd=10.0),
        dscr=[[np.inf, 1.2, 1.1, 1.3]],
        leverage_ratio=ratio,
        in_repayment=np.array([[False, False, True, True]]),
        liquidity_usd=[[10.0, 9.999, 9.0, 10.0]],
    )
    assert [t.first_month.tolist() for t in tests] == [[2], [2], [2]]
    assert tests[1].breached_frac.tolist() == [0.0, 0.0, 1.0, 0.0]


def test_interest_beyond_the_limit_waits() -> None:
    """30 % of 100 lets 30 of 50 through; a year of 200 takes 60 of 10 + 20 carried + none."""
    due = interest_deduction([[50.0, 10.0, 0.0]], [[100.0, -5.0, 200.0]], limit_frac=0.3)
    assert due.deducted_usd.tolist() == [[30.0, 0.0, 30.0]]
    assert due.carried_usd.tolist() == [[20.0, 30.0, 0.0]]


def test_claims_span_months() -> None:
    """45.66 days owe one and a half months; all is settled in the last."""
    days = 1.5 * 146_097 / 4_800
    owed = outstanding_usd([[10.0, 20.0, 30.0, 40.0]], days=days)
    np.testing.assert_allclose(owed, [[10.0, 25.0, 40.0, 0.0]])


def books(amount: float) -> Books:
    """Return books of one sale and one loan."""
    none = np.zeros((1, 2))
    loan = Instrument(
        drawn_usd=np.array([[amount, 0.0]]), interest_usd=none, paid_usd=none,
        repaid_usd=np.array([[0.0, amount]]), converted_usd=none,
        balance_usd=np.array([[amount, 0.0]]),
    )  # fmt: skip
    return Books(
        earned_usd={"sales": np.array([[1.0, 2.0]])}, capex_usd={"rigs": np.array([[3.0, 0.0]])},
        life_months={"rigs": 3}, debt={"loan": loan}, interest_in_cost_usd=none, cost_class="rigs",
        receivable_usd=none, payable_usd=none, prepaid_usd=none, reserve_usd=none,
        tax_paid_usd=none, lasting_tax_usd=none, tax_rate_frac=0.2,
    )  # fmt: skip


def test_statements_by_hand_and_an_error_of_a_cent() -> None:
    """Sales 1 and 2, a rig of 3 over three months, a loan of 5 for a month."""
    made = build_statements(books(5.0), OwnerFlows.passed_through(books(5.0).owner_flow_usd))
    assert made.income["net income"][0].tolist() == pytest.approx([0.8, 0.8])
    assert made.balance["total assets"][0].tolist() == pytest.approx([3.0, 2.0])
    assert made.balance["deferred tax, net"][0].tolist() == pytest.approx([0.2, 0.4])
    assert made.balance["retained earnings"][0].tolist() == pytest.approx([-2.2, -1.4])
    assert made.balance["paid-in capital"][0].tolist() == pytest.approx([0.0, 3.0])
    made.balance["total assets"] = made.balance["total assets"] + 0.01
    with pytest.raises(SolverError, match="balance sheet: 2 of 2"):
        require_statements(made)
