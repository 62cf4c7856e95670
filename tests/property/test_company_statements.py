"""A company under any mix of sites, debt and coins: its statements balance in every scenario."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.base import MonthGrid
from rerack.finance import OwnerFlows, TermLoan, TreasuryPolicy, build_statements
from rerack.planning import SITE_ROW, FinanceTerms, Ledger
from rerack.planning.company import Borrowing, brought_debt, consolidate
from rerack.planning.financing import Prospects, finance_sources
from rerack.planning.ledger import LINES
from rerack.planning.site_accounts import Sources, site_books
from rerack.planning.term_parts import TaxRules

SCENARIOS, MONTHS = 4, 51
SHAPE = (SCENARIOS, MONTHS)
GRID = MonthGrid(start_year=2026, start_month=4, months=MONTHS)

DEBTS = st.lists(
    st.builds(
        Borrowing,
        name=st.sampled_from(["notes", "facility", "secured notes"]),
        face_usd=st.floats(0.0, 2e9),
        coupon_frac_per_year=st.floats(0.0, 0.15),
        maturity_month=st.none() | st.integers(0, 90),
    ),
    max_size=3,
    unique_by=lambda one: one.name,
)
LOANS = st.none() | st.builds(
    TermLoan,
    loan_to_cost_frac=st.floats(0.0, 1.0),
    annual_rate_frac=st.floats(0.0, 0.2),
    tenor_months=st.integers(13, 90),
    grace_months=st.integers(0, 12),
)
TREASURIES = st.builds(
    TreasuryPolicy,
    hold_frac=st.floats(0.0, 1.0),
    sell_to_cover=st.just(True),
    opening_btc=st.just(0.0) | st.floats(0.0, 5e4),
    opening_cost_usd=st.floats(0.0, 4e9),
    gains_tax_frac=st.just(0.21),
    opening_cash_usd=st.just(0.0) | st.floats(0.0, 1e9),
    payout_frac=st.just(0.0),
)
RULES = st.builds(
    TaxRules,
    loss_limit_frac=st.floats(0.0, 1.0),
    interest_limit_frac=st.none() | st.floats(0.0, 1.0),
    minimum_frac=st.floats(0.0, 0.1),
)


def company_of(
    seed: int, sites: int, rules: TaxRules, loan: TermLoan | None, policy: TreasuryPolicy,
    debt: list[Borrowing],
) -> tuple[dict[str, Sources], Sources]:  # fmt: skip
    """Return the sites of a random company, each alone, and all together with debt and coins."""
    rng = np.random.default_rng(seed)
    price = 85_000.0 * np.exp(np.cumsum(rng.normal(0.0, 0.2, SHAPE), axis=1))
    names = tuple(f"site {k}" for k in range(sites))
    group = Ledger(names, *SHAPE)
    terms = FinanceTerms(discount_rate_frac_per_year=0.09, tax_rules=rules)
    alone, coins = {}, np.zeros(SHAPE)
    for name in names:
        ledger = Ledger(("A",), *SHAPE)
        mined = rng.uniform(0.0, 500.0, SHAPE)
        coins += mined
        ledger.post("A", "mining revenue", mined * price)
        ledger.post("A", "mining power", -rng.uniform(0.0, 6e7, SHAPE))
        ledger.post("A", "AI revenue", rng.uniform(0.0, 5e7, SHAPE))
        ledger.post("A", "rigs", -rng.uniform(0.0, 1e8, SHAPE) * (rng.random(SHAPE) < 0.1))
        building = np.where(np.arange(MONTHS) < 14, rng.uniform(0.0, 1e8, SHAPE), 0.0)
        ledger.post("A", "conversion capex", -building)
        held = np.where(np.arange(MONTHS) == 3, 1e8, 0.0) - np.where(
            np.arange(MONTHS) == 30, 1e8, 0.0
        )
        ledger.post("A", "tenant money held", np.broadcast_to(held, SHAPE))
        for line in LINES:
            posted = ledger.posted(line)
            if posted is not None:
                group.post(name, line, posted)
        alone[name] = finance_sources(ledger, terms, GRID)
    group.post(SITE_ROW, "overhead", np.full(SHAPE, -rng.uniform(0.0, 2e7)))
    whole = finance_sources(
        deepcopy(group),
        replace(terms, loan=loan, treasury=policy),
        GRID,
        prospects=Prospects(lender_cash_usd=np.zeros(SHAPE), mined_btc=coins, coin_price_usd=price),
        brought=brought_debt(tuple(debt), SHAPE),
    )
    return alone, whole


COMPANIES = st.builds(
    company_of, st.integers(0, 2**32 - 1), st.integers(1, 3), RULES, LOANS, TREASURIES, DEBTS
)


@settings(deadline=None, max_examples=40)
@given(COMPANIES)
def test_statements_balance_and_consolidate(made: tuple[dict[str, Sources], Sources]) -> None:
    """Any imbalance of half a cent raises; books summed are the books of the sum."""
    alone, whole = made
    found = consolidate(alone, whole)
    direct = build_statements(site_books(whole), whole.owner)
    for (statement, line), usd in found.company.statements_sum_usd.items():
        other = direct.parts()[statement][line].sum(axis=0)
        np.testing.assert_allclose(usd, other, atol=0.01 * SCENARIOS, err_msg=line)
    sheet = direct.balance
    gap = sheet["total assets"] - sheet["total liabilities"] - sheet["total equity"]
    assert np.abs(gap).max() <= 0.005
    np.testing.assert_array_equal(sheet["cash"], whole.owner.cash_usd)


@settings(deadline=None, max_examples=20)
@given(COMPANIES)
def test_lines_of_a_company_are_those_of_its_sites(
    made: tuple[dict[str, Sources], Sources],
) -> None:
    alone, whole = made
    found = consolidate(alone, whole)
    for key, usd in found.company.statements_sum_usd.items():
        sites = [s[key] for s in found.site_sum_usd.values() if key in s]
        if key[1] in ("mining revenue", "mining power", "AI revenue", "depreciation, conversion",
                      "bought, rigs", "tenant prepayment"):  # fmt: skip
            np.testing.assert_allclose(usd, sum(sites), atol=0.01 * SCENARIOS)


@settings(deadline=None, max_examples=20)
@given(COMPANIES)
def test_what_is_owed_at_the_start_is_owed_until_it_is_paid(
    made: tuple[dict[str, Sources], Sources],
) -> None:
    """Of each instrument: opening balance less redemptions is the balance, to the cent."""
    _, whole = made
    for one in whole.settled.debt.brought.values():
        paid = np.cumsum(one.repaid_usd, axis=1)
        np.testing.assert_allclose(one.opening_usd - paid, one.balance_usd, atol=0.01)


def test_a_company_without_debt_or_coins_passes_its_sites_through() -> None:
    """No overhead tax effect is lost: the company's cash is its sites' after one tax return."""
    alone, whole = company_of(1, 2, TaxRules(), None, TreasuryPolicy(), [])
    assert isinstance(whole.owner, OwnerFlows)
    flow = sum(site_books(of).owner_flow_usd for of in alone.values())
    saved = sum(of.settled.tax.paid_usd for of in alone.values()) - whole.settled.tax.paid_usd
    overhead = whole.ledger.posted("overhead")
    assert overhead is not None
    np.testing.assert_allclose(
        whole.owner.dividend_usd - whole.owner.paid_in_usd, flow + overhead + saved, atol=0.01
    )
