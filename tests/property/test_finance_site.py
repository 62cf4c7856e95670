"""A site under any mix of finance terms: statements balance to the cent in every scenario."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.base import MonthGrid
from rerack.base.checks import FloatArray
from rerack.finance import (
    CoinLoan,
    ConvertibleNote,
    Covenants,
    OwnerFlows,
    SculptedLoan,
    SquareRootImpact,
    Statements,
    TermLoan,
    TreasuryPolicy,
    Waterfall,
    build_statements,
    combine_books,
    npv,
    run_treasury,
)
from rerack.planning import SITE_ROW, FinanceTerms, Ledger
from rerack.planning.accounts import Accounts, merge_accounts
from rerack.planning.financing import Prospects, finance_sources
from rerack.planning.site_accounts import Sources, site_accounts, site_books
from rerack.planning.term_parts import (
    RIGS,
    SERVERS,
    BookLives,
    ClaimDays,
    EquipmentFinance,
    TaxRules,
)
from rerack.study.tables.finance import window_mean

SCENARIOS, MONTHS = 5, 75
GRID = MonthGrid(start_year=2026, start_month=3, months=MONTHS)

RATES = st.just(0.0) | st.floats(0.001, 0.3)
LOANS = st.none() | st.builds(
    lambda share, rate, grace, repay: TermLoan(
        loan_to_cost_frac=share, annual_rate_frac=rate, grace_months=grace,
        tenor_months=grace + repay,
    ),
    st.floats(0.0, 1.0), RATES, st.integers(0, 18), st.integers(1, 90),
)  # fmt: skip
SCULPTED = st.builds(
    SculptedLoan,
    loan_to_cost_frac=st.floats(0.0, 1.0),
    target_dscr=st.floats(1.0, 3.0),
    annual_rate_frac=RATES,
    tenor_months=st.integers(1, 120),
    debt_cap_usd=st.just(float("inf")) | st.floats(0.0, 1e9),
)
EQUIPMENT = st.none() | st.builds(
    EquipmentFinance,
    loan=st.builds(
        TermLoan,
        loan_to_cost_frac=st.floats(0.0, 1.0),
        annual_rate_frac=RATES,
        tenor_months=st.integers(1, 60),
    ),
    covers=st.sampled_from([(SERVERS,), (RIGS,), (SERVERS, RIGS)]),
)
NOTES = st.none() | st.builds(
    ConvertibleNote,
    principal_usd=st.floats(0.0, 1e9),
    coupon_frac_per_year=st.floats(0.0, 0.1),
    tenor_months=st.sampled_from([6, 36, 60, 120]),
    premium_frac=st.floats(0.0, 1.0),
    equity_beta=st.floats(0.0, 2.0),
    issue_month=st.integers(0, 80),
)
TREASURIES = st.builds(
    TreasuryPolicy,
    hold_frac=st.floats(0.0, 1.0),
    sell_to_cover=st.booleans(),
    opening_btc=st.just(0.0) | st.floats(0.0, 1e4),
    opening_cost_usd=st.floats(0.0, 1e9),
    loan=st.none() | st.builds(CoinLoan, annual_rate_frac=RATES),
    impact=st.none()
    | st.builds(
        SquareRootImpact,
        daily_volume_btc=st.floats(10.0, 1e5),
        daily_volatility_frac=st.floats(0.0, 0.1),
    ),
    gains_tax_frac=st.floats(0.0, 0.4),
    opening_cash_usd=st.just(0.0) | st.floats(0.0, 1e9),
    minimum_cash_usd=st.just(0.0) | st.floats(0.0, 1e8),
    payout_frac=st.floats(0.0, 1.0),
)
RULES = st.builds(
    TaxRules,
    state_rate_frac=st.floats(0.0, 0.1),
    loss_limit_frac=st.floats(0.0, 1.0),
    interest_limit_frac=st.none() | st.floats(0.0, 1.0),
    minimum_frac=st.floats(0.0, 0.1),
    bonus_frac=st.floats(0.0, 1.0),
    opening_loss_usd=st.floats(0.0, 1e9),
)
TERMS = st.builds(
    FinanceTerms,
    discount_rate_frac_per_year=st.just(0.09),
    loan=LOANS | SCULPTED,
    waterfall=st.builds(
        Waterfall, sweep_frac=st.floats(0.0, 1.0), reserve_months=st.integers(0, 12)
    ),
    equipment=EQUIPMENT,
    note=NOTES,
    tax_rules=RULES,
    book=st.builds(
        BookLives,
        rig_months=st.integers(1, 120),
        conversion_months=st.integers(1, 300),
        server_months=st.integers(1, 120),
        interest_in_cost=st.booleans(),
    ),
    claims=st.builds(
        ClaimDays, receivable_days=st.floats(0.0, 120.0), payable_days=st.floats(0.0, 120.0)
    ),
    covenants=st.just(Covenants(min_dscr=1.2, max_leverage=4.0, min_liquidity_usd=1e7)),
    treasury=TREASURIES | st.just(TreasuryPolicy()),
)


def posted(rng: np.random.Generator) -> tuple[Ledger, Prospects]:
    """Return a ledger of figures up to 1e8 a month, with coins and contracted cash."""
    ledger = Ledger(("A",), SCENARIOS, MONTHS)
    shape = (SCENARIOS, MONTHS)
    price = 85_000.0 * np.exp(np.cumsum(rng.normal(0.0, 0.2, shape), axis=1))
    mined = rng.uniform(0.0, 1_000.0, shape)
    rent = np.where(np.arange(MONTHS) > 14, rng.uniform(0.0, 1e8, shape), 0.0)
    ledger.post("A", "mining revenue", mined * price)
    ledger.post("A", "mining power", -rng.uniform(0.0, 1e8, shape))
    ledger.post("A", "AI revenue", rent)
    ledger.post("A", "AI operations", -0.3 * rent)
    ledger.post("A", "rigs", -rng.uniform(0.0, 1e8, shape) * (rng.random(shape) < 0.1))
    building = np.where(np.arange(MONTHS) < 14, rng.uniform(0.0, 1e8, shape), 0.0)
    ledger.post("A", "conversion capex", -building)
    ledger.post("A", "GPU servers", -rng.uniform(0.0, 1e9, shape) * (rng.random(shape) < 0.03))
    ledger.post(SITE_ROW, "overhead", -rng.uniform(0.0, 1e6, shape))
    return ledger, Prospects(lender_cash_usd=0.7 * rent, mined_btc=mined, coin_price_usd=price)


def sources_of(seed: int, terms: FinanceTerms) -> tuple[Ledger, Sources]:
    """Finance a random site and return the ledger and what its accounts are drawn from."""
    ledger, prospects = posted(np.random.default_rng(seed))
    return ledger, finance_sources(ledger, terms, GRID, prospects=prospects)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), TERMS)
def test_every_statement_balances_in_every_scenario(seed: int, terms: FinanceTerms) -> None:
    ledger, of = sources_of(seed, terms)
    made = build_statements(site_books(of), of.owner)  # raises unless both identities hold
    # The books' flow is the ledger's, so no line of cash is missing from either.
    owner = ledger.total()
    if of.settled.debt.note is not None:
        owner = owner + of.settled.debt.note.dilution_usd
    moved = made.balance["cash"] - np.concatenate(
        (np.full((SCENARIOS, 1), made.opening_cash_usd), made.balance["cash"][:, :-1]), axis=1
    )
    paid = made.cash["paid in by the owner"] + made.cash["dividends"]
    np.testing.assert_allclose(owner, moved - paid, atol=0.01)
    debt = of.settled.debt
    for loan in debt.loans.values():
        assert loan.balance_usd.min() >= -0.005
        assert np.abs(loan.balance_usd[:, -1]).max() <= 0.005


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), TERMS)
def test_deferred_tax_is_what_the_tax_base_says(seed: int, terms: FinanceTerms) -> None:
    """At each year's end: rate times (book less tax value) less rate times what is carried."""
    _, of = sources_of(seed, terms)
    made = build_statements(site_books(of), of.owner)
    rate = terms.income_tax_frac
    ends = np.flatnonzero(np.diff(GRID.year, append=GRID.year[-1] + 1))
    book = sum(
        made.balance[f"{name}, at cost"] + made.balance[f"{name}, depreciation"]
        for name in terms.book.by_class()
    )[:, ends]
    carried = of.settled.tax.losses_usd + of.settled.tax.disallowed_usd
    expected = rate * (book - tax_value(of) - carried)
    coins = of.treasury
    if coins is not None:
        unrealised = coins.fair_value_usd - coins.cost_usd
        owing = rate * (unrealised + np.cumsum(coins.gain_usd, axis=1)) - np.cumsum(
            coins.gains_tax_usd, axis=1
        )
        expected = expected + owing[:, ends]
    scale = np.abs(expected).max() + 1e8
    np.testing.assert_allclose(
        made.balance["deferred tax, net"][:, ends], expected, atol=1e-9 * scale
    )


def tax_value(of: Sources) -> FloatArray:
    """Return cost not yet deducted for tax when each year ends, shape (scenario, year)."""
    from rerack.finance import calendar_year_totals, depreciation_schedule

    books, left = site_books(of), np.zeros(1)
    for name, shares in of.terms.tax_shares_frac().items():
        cost = books.capex_usd[name]
        if name == books.cost_class:
            cost = cost + books.interest_in_cost_usd
        yearly = calendar_year_totals(cost, GRID)
        spent = depreciation_schedule(yearly, shares).expense_usd
        left = left + np.cumsum(yearly - spent, axis=1)
    return np.asarray(left)


def test_a_company_is_the_sum_of_its_sites() -> None:
    """Two sites and one treasury: statements balance, and lines add."""
    loan = TermLoan(loan_to_cost_frac=0.6, annual_rate_frac=0.08, tenor_months=60, grace_months=6)
    terms = FinanceTerms(discount_rate_frac_per_year=0.09, loan=loan)
    parts = {f"site {k}": site_books(sources_of(k, terms)[1]) for k in range(2)}
    company = combine_books(parts)
    flow = sum(b.owner_flow_usd for b in parts.values())
    np.testing.assert_allclose(company.owner_flow_usd, flow, atol=0.01)
    prospects = posted(np.random.default_rng(0))[1]
    policy = TreasuryPolicy(
        hold_frac=0.5, sell_to_cover=True, minimum_cash_usd=1e7, payout_frac=0.3
    )
    run = run_treasury(
        policy,
        flow_usd=company.owner_flow_usd,
        mined_btc=prospects.mined_btc,
        price_usd=prospects.coin_price_usd,
    )
    made = build_statements(company, OwnerFlows.of_treasury(run, policy))
    assert isinstance(made, Statements)
    debt = sum(b.debt["term loan"].balance_usd for b in parts.values())
    np.testing.assert_allclose(made.balance["term loan"], debt)
    assert np.isfinite(npv(run.dividend_usd - run.paid_in_usd, 0.09)).all()


def test_the_mean_beside_the_worst_cover_is_that_of_all_blocks() -> None:
    """A block in which nothing is borrowed has no worst cover, and still counts in the mean."""
    loan = TermLoan(loan_to_cost_frac=0.6, annual_rate_frac=0.08, tenor_months=60)
    terms = FinanceTerms(discount_rate_frac_per_year=0.09, loan=loan)

    def accounts(scenarios: slice) -> Accounts:
        rent = np.array([5e6, 3e6])[scenarios, None] * np.ones(MONTHS)
        ledger = Ledger(("A",), *rent.shape)
        ledger.post("A", "AI revenue", rent)
        built = np.array([1e8, 0.0])[scenarios, None] * (np.arange(MONTHS) == 0)
        ledger.post("A", "conversion capex", -built)
        none = np.zeros(rent.shape)
        prospects = Prospects(lender_cash_usd=rent, mined_btc=none, coin_price_usd=none + 1.0)
        return site_accounts(finance_sources(ledger, terms, GRID, prospects=prospects))

    whole = accounts(slice(None))
    blocks = merge_accounts([accounts(slice(1)), accounts(slice(1, None))])
    assert whole.worst is not None
    assert blocks.worst is not None
    assert window_mean(whole, whole.worst, "AI revenue") == pytest.approx(12 * 4e6)
    for item in whole.worst.items_usd:
        found = window_mean(blocks, blocks.worst, item)
        assert found == pytest.approx(window_mean(whole, whole.worst, item), rel=1e-12)
