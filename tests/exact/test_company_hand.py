"""A company worked by hand: one lease, one debt, and what a share price implies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rerack.planning.company import (
    Borrowing,
    brought_debt,
    dilute,
    equity_usd,
    implied_mw_value,
    share_price_at,
)
from rerack.scenario.company import CompanyStudy, load_company
from rerack.study.company_study import run_companies
from rerack.study.tables.company import value_table

ROOT = Path(__file__).resolve().parents[2]

MARKET = """
study:
  name: hand
  start: 2026-01
  horizon: 2 years
  scenarios: 64
  discount_rate: 10 %/year
  inflation: 0 %/year
market:
  bitcoin: {price: "100,000 USD", growth: 0 %/year, volatility: 1 %}
  network: {height: 930000, difficulty: 150 T}
  power: {series: ercot_north}
  lease: {growth: 0 %/year, volatility: 0 %}
site:
  name: none
  interconnect: 1 MW utility
  power: {fixed: 50 USD/MWh}
  halls: {A: {power: 1 MW utility}}
finance: {tax: 0 %}
"""
COMPANY = """
name: Hand
date: 2026-01
market: market.yaml
shares: 100
cash: 30 MUSD
coins: 10 BTC
overhead: 1.2 MUSD/year
debt:
  loan: {face: 5 MUSD, coupon: 12 %/year, maturity: 2027-07}
sites:
  Shell:
    utility: 13 MW utility
    price: 50 USD/MWh
signed:
  Tenant:
    site: Shell
    type: powered_shell
    critical: 10 MW critical
    rate: 100 USD/kW-month critical
    opex: 20 USD/kW-month critical
    capex: 2 MUSD/MW critical
    spent: 50 %
    term: 10 years
    service: 2026-02
    ramp: 0 months
    dark: 0 months
    pue_design: 1.3
    renewal: 0 %
unknown: [share_price]
"""


@pytest.fixture
def hand(tmp_path: Path) -> CompanyStudy:
    (tmp_path / "market.yaml").write_text(MARKET, encoding="utf-8")
    path = tmp_path / "hand.yaml"
    path.write_text(COMPANY, encoding="utf-8")
    return load_company(path)


def test_every_part_by_hand(hand: CompanyStudy) -> None:
    (run,) = run_companies([hand])
    monthly = 1.1 ** (-np.arange(24) / 12.0)
    # 10 MW critical x (100 - 20) USD/kW-month from the second month; cost of 10 MUSD, half of the
    # 2 MUSD/MW being spent, in the first; no tax.
    rent = 10_000.0 * 80.0 * monthly[1:].sum() - 10e6
    overhead = 0.1e6 * monthly.sum()
    value = run.cases["signed"]
    assert value.site_usd[0] == pytest.approx(rent, abs=0.01)
    assert value.overhead_usd == pytest.approx(-overhead, abs=0.01)
    assert value.operations_usd == pytest.approx(rent - overhead, abs=0.01)
    # 30 MUSD of cash, 10 coins at 100,000 USD, 5 MUSD of debt.
    assert value.equity_usd == pytest.approx(rent - overhead + 30e6 + 1e6 - 5e6, abs=0.01)
    assert run.cases["mining"].operations_usd == pytest.approx(-overhead, abs=0.01)
    # Nothing is announced: the third case is the second.
    assert np.array_equal(run.cases["announced"].operations_usd, value.operations_usd)


def test_runway_by_hand(hand: CompanyStudy) -> None:
    """Cash of 11 MUSD: 10 go to the shell in month 0, then rent comes in: never short."""
    poor = replace(hand, company=replace(hand.company, cash_usd=11e6, coins_btc=0.0))
    (run,) = run_companies([poor])
    assert np.isinf(run.cases["signed"].runway_months).all()
    # Mining on there is no income: 0.1 of overhead a month and 0.05 of coupon from the second.
    # After 18 months, with the redemption of 5 in month 18: 11 - 1.9 - 0.9 - 5 = 3.2, never short.
    assert np.isinf(run.cases["mining"].runway_months).all()
    poorer = replace(hand, company=replace(hand.company, cash_usd=7.0e6, coins_btc=0.0))
    (run,) = run_companies([poorer])
    # 7 - 1.9 - 0.9 - 5 < 0 in month 18; the shell cannot be paid in month 0.
    assert run.cases["mining"].runway_months == pytest.approx(18.0)
    assert run.cases["signed"].runway_months == pytest.approx(0.0)
    assert run.cases["mining"].need_usd == pytest.approx(0.8e6 + 0.1e6 * 5, abs=0.01)


def test_cover_by_hand(hand: CompanyStudy) -> None:
    (run,) = run_companies([hand])
    # A year of rent less overhead, 12 x (0.8 - 0.1), over a year of coupons, 12 x 0.05.
    assert run.cases["signed"].worst_cover_frac == pytest.approx(0.7 / 0.05, rel=1e-9)


def test_coupons_and_redemption() -> None:
    note = Borrowing(name="n", face_usd=120.0, coupon_frac_per_year=0.1, maturity_month=3)
    made = brought_debt((note,), (2, 6))["n"]
    assert made.paid_usd[1].tolist() == [0.0, 1.0, 1.0, 1.0, 0.0, 0.0]
    assert made.repaid_usd[1].tolist() == [0.0, 0.0, 0.0, 120.0, 0.0, 0.0]
    assert made.balance_usd[1].tolist() == [120.0, 120.0, 120.0, 0.0, 0.0, 0.0]
    assert made.opening_usd == 120.0


def test_notes_convert_where_it_pays() -> None:
    note = Borrowing(name="n", face_usd=50.0, conversion_price_usd=10.0)
    # 10 shares; the note buys 5. Equity of 80 is 8 a share: the note stays debt. Equity of 250 is
    # 25 a share: converted, 300 over 15 shares is 20 a share, 200 for the old ten.
    assert dilute(np.array([80.0, 250.0]), 10.0, (note,)).tolist() == [80.0, 200.0]
    assert dilute(np.array([250.0]), None, (note,)).tolist() == [250.0]


def test_implied_value_and_its_inverse(hand: CompanyStudy) -> None:
    company = hand.company
    # 100 shares at 500,000 USD, 5 of debt, less 30 of cash, 1 of coins, 9 of mining = 15 MUSD.
    found = implied_mw_value(company, 9e6, 100_000.0, 500_000.0)
    assert found.enterprise_usd == pytest.approx(24e6)
    assert found.per_critical_usd_per_mw == pytest.approx(1.5e6)
    assert found.per_utility_usd_per_mw == pytest.approx(15e6 / 13.0)
    back = share_price_at(company, 9e6, 100_000.0, found.per_utility_usd_per_mw)
    assert back == pytest.approx(500_000.0)


def test_the_table_adds_up_to_the_cent(hand: CompanyStudy) -> None:
    table = value_table(run_companies([hand]))
    for case in ("mining", "signed", "announced"):
        here = table["case"] == case
        mean = dict(zip(table["kind"][here], table["mean_usd"][here], strict=True))
        assert mean["site"] + mean["overhead"] == pytest.approx(mean["operations"], abs=0.01)
        whole = sum(mean[k] for k in ("operations", "cash", "coins", "debt", "dilution"))
        assert whole == pytest.approx(mean["equity"], abs=0.01)


def test_a_company_alone_equals_its_place_in_a_row(hand: CompanyStudy) -> None:
    """Common random numbers: who stands beside a company changes nothing."""
    other = replace(hand, company=replace(hand.company, name="Other", coins_btc=500.0))
    (alone,) = run_companies([hand], threads=1)
    beside = run_companies([other, hand], threads=2)[1]
    assert np.array_equal(
        alone.cases["signed"].operations_usd, beside.cases["signed"].operations_usd
    )


def test_equity_is_never_floored(hand: CompanyStudy) -> None:
    company = replace(hand.company, cash_usd=0.0, coins_btc=0.0)
    assert equity_usd(company, np.array([4e6]), 1.0).tolist() == [-1e6]


def test_power_taken_twice_is_not_given(hand: CompanyStudy) -> None:
    """13 MW, all reserved: no hall is left free, and none is larger than the site."""
    (site,) = hand.company.sites
    assert sum(h.utility_mw for h in site.site.halls) == pytest.approx(13.0)
    assert [h.name for h in site.site.halls] == ["Tenant"]
