"""Laws of a company's value: coins, debt, consolidation, dilution, division of a site."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.assets import RigFleet
from rerack.planning.company import (
    CASES,
    Borrowing,
    Company,
    dilute,
    equity_usd,
    implied_mw_value,
    share_price_at,
)
from rerack.scenario.company import CompanyStudy, load_company
from rerack.scenario.company.halls import Claim, divide
from rerack.study.company_study import CompanyRun, run_companies
from rerack.study.tables.company import value_table

ROOT = Path(__file__).resolve().parents[2]
MONEY = st.floats(0.0, 1e10)
NOTES = st.lists(
    st.builds(
        Borrowing,
        name=st.just("n"),
        face_usd=MONEY,
        conversion_price_usd=st.none() | st.floats(0.1, 1e3),
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def riot() -> CompanyStudy:
    return load_company(ROOT / "examples" / "companies" / "riot.yaml", scenarios=64)


@pytest.fixture(scope="module")
def run(riot: CompanyStudy) -> CompanyRun:
    return run_companies([riot])[0]


def test_coins_add_exactly_their_market_value(riot: CompanyStudy, run: CompanyRun) -> None:
    more = replace(riot, company=replace(riot.company, coins_btc=riot.company.coins_btc + 1000.0))
    after = run_companies([more])[0]
    for case in CASES:
        gain = after.cases[case].equity_usd - run.cases[case].equity_usd
        assert gain == pytest.approx(1000.0 * run.coin_price_usd, abs=0.01)
        assert (after.cases[case].runway_months >= run.cases[case].runway_months).all()


def test_the_company_is_the_sum_of_its_parts_to_the_cent(run: CompanyRun) -> None:
    table = value_table([run])
    for case in CASES:
        value = run.cases[case]
        assert value.site_usd.sum(axis=0) + value.overhead_usd == pytest.approx(
            value.operations_usd, abs=0.01
        )
        here = (table["case"] == case) & ~np.isin(table["kind"], ["operations", "equity"])
        equity = table["mean_usd"][(table["case"] == case) & (table["kind"] == "equity")][0]
        assert table["mean_usd"][here].sum() == pytest.approx(equity, abs=0.01)


def test_without_tax_and_overhead_nothing_is_lost_between_sites(riot: CompanyStudy) -> None:
    free = replace(
        riot.company,
        terms=replace(riot.company.terms, tax_rate_frac=0.0, overhead_usd_per_year=0.0),
    )
    (found,) = run_companies([replace(riot, company=free)])
    for case in CASES:
        assert found.cases[case].overhead_usd == pytest.approx(0.0, abs=0.01)


def test_no_term_of_the_market_files_own_site_reaches_a_company(run: CompanyRun) -> None:
    """That site stands for nothing: a time-of-use rate there is no cost of the company's sites."""
    rates = "site.power.time_of_use={all: {rate: 30 USD/MWh}}"
    study = load_company(
        ROOT / "examples" / "companies" / "riot.yaml", scenarios=64, market_overrides=[rates]
    )
    (found,) = run_companies([study])
    for case in CASES:
        assert np.array_equal(found.cases[case].equity_usd, run.cases[case].equity_usd)


def test_taxing_sites_as_one_never_costs(run: CompanyRun) -> None:
    """Losses of one site shelter profits of another: without overhead the group never loses."""
    for case in CASES:
        assert (run.cases[case].overhead_usd > -0.01).all()


def test_the_loan_moves_liquidity_and_never_value(riot: CompanyStudy, run: CompanyRun) -> None:
    from rerack.finance import TermLoan

    loan = TermLoan(loan_to_cost_frac=0.8, annual_rate_frac=0.08, tenor_months=120, grace_months=18)
    company = replace(riot.company, terms=replace(riot.company.terms, loan=loan))
    (lent,) = run_companies([replace(riot, company=company)])
    after, before = lent.cases["announced"], run.cases["announced"]
    assert np.array_equal(after.operations_usd, before.operations_usd)
    assert (after.runway_months >= before.runway_months).mean() > 0.9
    assert np.isfinite(after.worst_cover_frac).all()


@settings(deadline=None, max_examples=200)
@given(st.lists(st.floats(-1e10, 1e10), min_size=1, max_size=5), NOTES, st.floats(1.0, 1e10), MONEY)
def test_more_debt_never_raises_equity(
    assets: list[float], notes: list[Borrowing], shares: float, more: float
) -> None:
    usd = np.array(assets)
    company = _bare(tuple(notes), shares)
    before = equity_usd(company, usd, 1.0)
    extra = Borrowing(name="more", face_usd=more)
    after = equity_usd(_bare((*notes, extra), shares), usd, 1.0)
    assert (after <= before + 1e-6 * (1.0 + np.abs(before) + more)).all()


@settings(deadline=None)
@given(st.floats(-1e10, 1e10), NOTES, st.floats(1.0, 1e9))
def test_conversion_never_helps_old_holders_nor_wipes_them_out(
    equity: float, notes: list[Borrowing], shares: float
) -> None:
    found = dilute(np.array([equity]), shares, tuple(notes))[0]
    assert found <= equity + 1e-9 * abs(equity)
    assert found >= 0.0 or found == equity


@settings(deadline=None)
@given(st.floats(-1e9, 1e10), st.floats(1.0, 1e3), st.floats(1.0, 1e9))
def test_implied_value_inverts(mining: float, price: float, shares: float) -> None:
    company = _bare((), shares)
    found = implied_mw_value(company, mining, 1.0, price)
    assert np.isnan(found.per_utility_usd_per_mw)  # nothing is convertible
    assert np.isnan(share_price_at(company, mining, 1.0, 1e6))


@settings(deadline=None)
@given(
    st.floats(1.0, 1e3),
    st.floats(0.0, 1.0),
    st.lists(st.floats(0.0, 1.0), max_size=5),
)
def test_a_site_is_divided_without_loss(utility: float, rigs: float, shares: list[float]) -> None:
    fleet = RigFleet(model="r", efficiency_j_per_th=20.0)
    whole = sum(shares) or 1.0
    claims = [
        Claim(name=f"d{i}", utility_mw=0.9 * utility * s / max(whole, 1.0))
        for i, s in enumerate(shares)
    ]
    halls, taken = divide(utility, rigs * utility, fleet, claims)
    assert sum(h.utility_mw for h in halls) == pytest.approx(utility, abs=1e-4)
    by_name = {h.name: h.utility_mw for h in halls}
    for claim in claims:
        given_mw = sum(by_name[name] for name in taken[claim.name])
        assert given_mw == pytest.approx(claim.utility_mw, abs=1e-4)
    mining = sum(h.utility_mw for h in halls if h.rigs is not None)
    assert mining == pytest.approx(rigs * utility, abs=1e-4)


@lru_cache(maxsize=1)
def _light() -> Company:
    path = ROOT / "examples" / "companies" / "asset-light.yaml"
    return load_company(path, scenarios=64).company


def _bare(debt: tuple[Borrowing, ...], shares: float) -> Company:
    """Return a company without sites: what shares and debt alone need."""
    return replace(_light(), debt=debt, shares_count=shares)
