"""Compiled finance kernels against their plain twins and against closed forms and peers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import pyxirr
import QuantLib

from rerack.finance import (
    CoinLoan,
    ConvertibleNote,
    SculptedLoan,
    SquareRootImpact,
    TermLoan,
    TreasuryPolicy,
    Waterfall,
    apply_waterfall,
    convertible_schedule,
    irr,
    loan_schedule,
    npv,
    run_treasury,
    sculpted_schedule,
    xirr,
)
from rerack.finance.sculpt_kernel import sculpted_plain
from rerack.finance.treasury import policy_numbers
from rerack.finance.treasury_plain import run_policy_plain
from rerack.finance.waterfall import _reserve_target
from rerack.finance.waterfall_kernel import pay_down_plain

SHAPE = (40, 60)


@pytest.mark.parametrize("sells", [False, True])
@pytest.mark.parametrize("borrows", [False, True])
@pytest.mark.parametrize("volume_btc", [None, 3_000.0, 1e6])
def test_treasury_is_its_plain_twin(sells: bool, borrows: bool, volume_btc: float | None) -> None:
    """Months of margin calls, liquidations, covers and none of these."""
    rng = np.random.default_rng(7)
    flow = rng.normal(0.0, 3e7, SHAPE)
    mined = rng.uniform(0.0, 300.0, SHAPE)
    price = 85_000.0 * np.exp(np.cumsum(rng.normal(-0.02, 0.25, SHAPE), axis=1))
    policy = TreasuryPolicy(
        hold_frac=0.7, sell_to_cover=sells, opening_btc=3_000.0, opening_cost_usd=1e8,
        loan=CoinLoan(annual_rate_frac=0.1) if borrows else None,
        impact=None
        if volume_btc is None
        else SquareRootImpact(daily_volume_btc=volume_btc, daily_volatility_frac=0.04),
        gains_tax_frac=0.21, opening_cash_usd=2e7, minimum_cash_usd=1e7, payout_frac=0.4,
    )  # fmt: skip
    fast = run_treasury(policy, flow_usd=flow, mined_btc=mined, price_usd=price)
    slow = run_policy_plain(flow, mined, price, policy_numbers(policy))
    for name, values in slow.items():
        scale = np.abs(values).max() + 1.0
        np.testing.assert_allclose(getattr(fast, name), values, atol=2e-8 * scale, err_msg=name)
    if borrows:
        assert fast.forced_btc.sum() > 0.0
    in_all = policy.opening_btc + (fast.kept_btc - fast.sold_btc).sum(axis=1)
    np.testing.assert_allclose(in_all, 0.0, atol=1e-6)
    np.testing.assert_allclose(
        fast.coins_btc,
        policy.opening_btc + np.cumsum(fast.kept_btc - fast.sold_btc, axis=1),
        atol=1e-6,
    )


def test_sculpted_balance_is_its_plain_twin_and_the_present_value() -> None:
    """Balance month by month; without late draws the size is the value of service."""
    rng = np.random.default_rng(3)
    capex = np.where(np.arange(60) < 8, rng.uniform(0.0, 1e8, SHAPE), 0.0)
    cash = np.where(np.arange(60) >= 8, rng.uniform(0.5, 1.5, SHAPE), 0.0)
    cash *= rng.uniform(2e6, 3e7, (SHAPE[0], 1))
    terms = SculptedLoan(
        loan_to_cost_frac=0.6, target_dscr=1.3, annual_rate_frac=0.08, tenor_months=200
    )
    made = sculpted_schedule(terms, capex, cash)
    plain = sculpted_plain(capex, cash / 1.3, made.drawn_frac, made.service_frac, 0.08 / 12)
    np.testing.assert_allclose(plain[:, :-1], made.loan.balance_usd[:, :-1], atol=1e-3)
    assert np.abs(plain[:, -1]).max() < 0.01
    at_loan_rate = (1.0 + 0.08 / 12) ** 12 - 1.0
    service = made.loan.interest_paid_usd + made.loan.principal_usd
    np.testing.assert_allclose(
        npv(made.loan.draw_usd, at_loan_rate), npv(service, at_loan_rate), rtol=1e-10
    )
    capped = made.capped > 0.0
    assert capped.any()
    assert (~capped).any()
    np.testing.assert_allclose(made.drawn_frac[capped], 0.6)
    ratio = cash[:, 8:] / service[:, 8:]
    np.testing.assert_allclose(ratio[~capped].min(axis=1), 1.3, rtol=1e-9)
    assert (ratio[capped].min(axis=1) > 1.3).all()


def test_waterfall_is_its_plain_twin() -> None:
    """Sweep, reserve drawn and refilled."""
    rng = np.random.default_rng(5)
    capex = np.where(rng.random(SHAPE) < 0.2, rng.uniform(0.0, 1e8, SHAPE), 0.0)
    cash = rng.normal(1.5e7, 2e7, SHAPE)
    owner = 0.3 * capex
    loan = TermLoan(loan_to_cost_frac=0.7, annual_rate_frac=0.09, tenor_months=50, grace_months=6)
    schedule = loan_schedule(loan, capex)
    terms = Waterfall(sweep_frac=0.5, reserve_months=6)
    made = apply_waterfall(
        terms, schedule, annual_rate_frac=0.09, cash_available_usd=cash, owner_capex_usd=owner
    )
    due = schedule.principal_usd.copy()
    due[:, -1] -= schedule.balloon_usd
    added = np.zeros(SHAPE)
    np.divide(
        schedule.capitalised_usd, schedule.interest_usd, out=added, where=schedule.interest_usd > 0
    )
    service = schedule.scheduled_service_usd
    rows = pay_down_plain(
        schedule.draw_usd, due, added, _reserve_target(service, 6), service, cash, owner,
        0.09 / 12, 0.5,
    )  # fmt: skip
    rows[:, 2, -1] += rows[:, 3, -1]
    rows[:, 3, -1] = 0.0
    for k, got in enumerate(
        (
            made.loan.interest_usd, made.loan.capitalised_usd, made.loan.principal_usd,
            made.loan.balance_usd, made.swept_usd, made.reserve_usd, made.drawn_from_reserve_usd,
        )
    ):  # fmt: skip
        np.testing.assert_allclose(got, rows[:, k], atol=1e-4)
    assert made.swept_usd.sum() > 0.0
    assert made.drawn_from_reserve_usd.sum() > 0.0
    none = apply_waterfall(
        Waterfall(), schedule, annual_rate_frac=0.09, cash_available_usd=cash, owner_capex_usd=owner
    )
    np.testing.assert_allclose(none.loan.balance_usd, schedule.balance_usd, atol=1e-4)


def test_note_is_a_bond_where_it_is_redeemed() -> None:
    """Value at a flat yield equals QuantLib's fixed-rate bond, to 1e-10."""
    note = ConvertibleNote(
        principal_usd=100.0, coupon_frac_per_year=0.04, tenor_months=60, premium_frac=0.3,
        equity_beta=1.0,
    )  # fmt: skip
    plan = convertible_schedule(note, np.ones((1, 61)))
    paid = plan.coupon_usd + plan.redeemed_usd
    start, end = QuantLib.Date(1, 1, 2026), QuantLib.Date(1, 1, 2031)
    QuantLib.Settings.instance().evaluationDate = start
    halves, unadjusted = QuantLib.Period(QuantLib.Semiannual), QuantLib.Unadjusted
    schedule = QuantLib.Schedule(
        start, end, halves, QuantLib.NullCalendar(), unadjusted, unadjusted,
        QuantLib.DateGeneration.Backward, False,
    )  # fmt: skip
    bond = QuantLib.FixedRateBond(
        0, 100.0, schedule, [0.04], QuantLib.Thirty360(QuantLib.Thirty360.BondBasis)
    )
    for rate in (0.02, 0.04, 0.09):
        peer = QuantLib.BondFunctions.cleanPrice(
            bond,
            rate,
            QuantLib.Thirty360(QuantLib.Thirty360.BondBasis),
            QuantLib.Compounded,
            QuantLib.Annual,
            start,
        )
        assert float(npv(paid, rate)[0]) == pytest.approx(peer, abs=1e-10)  # type: ignore[index]


@pytest.mark.parametrize("seed", range(20))
def test_xirr_is_pyxirrs(seed: int) -> None:
    """On irregular dates, at figures of 1e8 that pyxirr takes unscaled."""
    rng = np.random.default_rng(seed)
    days = np.sort(rng.choice(np.arange(1, 4_000), size=30, replace=False))
    dates = [dt.date(2026, 1, 1), *(dt.date(2026, 1, 1) + dt.timedelta(int(d)) for d in days)]
    flows = np.concatenate(([-1e8 * rng.uniform(0.5, 3.0)], 1e7 * rng.uniform(0.0, 2.0, 30)))
    found = xirr(dates, flows)
    assert found.status == "unique"
    assert found.value_frac == pytest.approx(pyxirr.xirr(dates, flows / 1e8), abs=1e-9)


def test_xirr_names_every_rate_and_none() -> None:
    """Two rates, none, and flows that never change sign."""
    year = [dt.date(2025 + k, 1, 1) for k in range(3)]  # 365 days each
    two = xirr(year, [-100.0, 230.0, -132.0])
    np.testing.assert_allclose(two.roots_frac, [0.1, 0.2], atol=1e-9)
    assert two.value_frac is None
    assert xirr(year, [100.0, -100.0, 100.0]).status == "none"
    assert xirr(year, [1.0, 2.0, 3.0]).reason == "cash flow never changes sign"


def test_a_sum_that_is_zero_but_for_rounding_has_its_rate_in_both() -> None:
    """-0.3 + 0.4 - 0.1 is -3e-17 in doubles: money back at rate 0 by the rule of irr and xirr."""
    year = [dt.date(2025 + k, 1, 1) for k in range(3)]  # 365 days each
    flows = [-3 * 0.1, 4 * 0.1, -0.1]
    assert sum(flows) < 0.0
    assert irr(flows).value_frac == pytest.approx(0.0, abs=1e-12)
    assert xirr(year, flows).value_frac == pytest.approx(0.0, abs=1e-12)
