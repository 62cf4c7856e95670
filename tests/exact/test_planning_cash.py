"""A plan's cash worked by hand: flat prices, one hall that mines and one that converts."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.assets import CapexItem, Conversion, FixedBlock, Hall, Lease, RigFleet, Site, Tariff
from rerack.base import MonthGrid
from rerack.dispatch import PriceDuration
from rerack.finance import TermLoan, discount_factors
from rerack.markets import Outlook, PowerOutlook
from rerack.markets.power.library import PriceLibrary
from rerack.network import NetworkOutlook
from rerack.planning import (
    LINES,
    NEVER,
    Assignment,
    FinanceTerms,
    FixedPlan,
    Meter,
    PlanBlock,
    ThresholdPlan,
    World,
    evaluate,
    keep_mining,
)

MONTHS = 24
GRID = MonthGrid(start_year=2026, start_month=1, months=MONTHS)
HASHPRICE = 48.0
FLEET = RigFleet(
    model="x",
    efficiency_j_per_th=20.0,
    pool_fee_frac=0.01,
    variable_om_usd_per_mwh=2.0,
    fixed_om_usd_per_mw_year=12_000.0,
    uptime_frac=0.9,
)
LEASE = Lease(
    name="shell",
    kind="powered_shell",
    conversion=Conversion(
        capex=(CapexItem(component="all", usd_per_mw=3e6, owner_frac=1.0),),
        lead_months=6,
        dark_months=2,
        ramp_months=0,
        pue_design=1.25,
        pue_mean=1.2,
    ),
    rate_usd_per_kw_month=100.0,
    escalator_frac_per_year=0.0,
    term_months=120,
    opex_usd_per_kw_month=10.0,
    power_payer="tenant",
    load_factor_frac=0.8,
    sla_frac=0.999,
    availability_frac=0.999,
)


def world(terms: FinanceTerms, tariff: Tariff) -> World:
    """Two equal scenarios of flat drivers; half of all hours at 20, half at 200 USD/MWh."""
    ones = np.ones((2, MONTHS))
    years = np.where(np.arange(8760) % 2 == 0, 20.0, 200.0)[None, :]
    library = PriceLibrary.from_years("half", "test", years)
    power = PowerOutlook(
        library=library, library_year=np.zeros((2, MONTHS), dtype=np.int64), level=ones
    )
    outlook = Outlook(
        grid=GRID,
        seed=0,
        first_path=0,
        btc_price_usd=ones * 80_000.0,
        fees_btc_per_block=ones,
        network_shock=ones,
        lease_index=ones,
        gpu_index=ones,
        power=power,
    )
    network = NetworkOutlook(
        grid=GRID,
        hashrate_eh_s=ones,
        difficulty=ones,
        subsidy_btc=ones,
        btc_per_ph_day=ones * HASHPRICE / 80_000.0,
        hashprice_usd_per_ph_day=ones * HASHPRICE,
        halving_month=np.full((2, 1), np.inf),
        frontier_j_per_th=ones[0],
        efficiency_j_per_th=ones[0],
        rig_price_usd_per_th=ones,
    )
    halls = (
        Hall(name="A", utility_mw=100.0, rigs=FLEET),
        Hall(name="B", utility_mw=50.0, rigs=FLEET),
    )
    return World(
        site=Site(name="s", interconnect_mw=150.0, halls=halls, tariff=tariff),
        offers={"shell": LEASE},
        outlook=outlook,
        network=network,
        meter=Meter(
            grid=GRID,
            tariff=tariff,
            power=power,
            duration=PriceDuration.build(library.hourly_usd_per_mwh),
        ),
        terms=terms,
    )


def total(block: PlanBlock, line: str) -> np.ndarray:
    """Return a line's mean by month."""
    return np.asarray(block.line_sum_usd[:, LINES.index(line)].sum(axis=0) / 2.0)


PLAIN = FinanceTerms(
    discount_rate_frac_per_year=0.1, inflation_frac_per_year=0.0, tax_rate_frac=0.0
)
CONVERT_B = FixedPlan(
    name="b", kind="staged", assignments=(Assignment(hall="B", use="shell", decide_month=3),)
)


def test_mining_by_hand() -> None:
    block = evaluate(keep_mining(), world(PLAIN, Tariff(adder_usd_per_mwh=5.0)))
    # Revenue 48e3/(24*20)*0.99 = 99 USD/MWh; strike 97: runs at 25, not at 205 USD/MWh.
    mwh = 150.0 * 0.9 * GRID.hours / 2.0
    np.testing.assert_allclose(total(block, "mining revenue"), 99.0 * mwh)
    np.testing.assert_allclose(total(block, "mining power"), -25.0 * mwh)
    np.testing.assert_allclose(total(block, "mining operations"), -2.0 * mwh - 150.0 * 1000.0)
    expected = (99.0 - 25.0 - 2.0) * mwh - 150_000.0
    npv = (expected * discount_factors(MONTHS, 0.1)).sum()
    assert block.npv_usd == pytest.approx([npv, npv])
    coins = block.coins_sum_btc.sum(axis=0) / 2.0
    np.testing.assert_allclose(coins, 99.0 * mwh / 80_000.0)


def test_conversion_by_hand() -> None:
    block = evaluate(CONVERT_B, world(PLAIN, Tariff(adder_usd_per_mwh=5.0)))
    # Decided in month 3, in service from month 9, dark in months 7 and 8; 40 MW critical.
    rent, opex, capex = (
        total(block, n) for n in ("AI revenue", "AI operations", "conversion capex")
    )
    assert (rent[:9] == 0.0).all()
    np.testing.assert_allclose(rent[9:], 100.0 * 40e3)
    np.testing.assert_allclose(opex[9:], -10.0 * 40e3)
    np.testing.assert_allclose(capex[3:9], -3e6 * 40.0 / 6.0)
    assert capex[9:].sum() == 0.0
    mwh = 0.9 * GRID.hours / 2.0
    mw = np.where(np.arange(MONTHS) < 7, 150.0, 100.0)
    np.testing.assert_allclose(total(block, "mining revenue"), 99.0 * mwh * mw)
    uses = block.use_mw_sum / 2.0
    np.testing.assert_allclose(uses[:, 6], [150.0, 0.0, 0.0, 0.0])
    np.testing.assert_allclose(uses[:, 8], [100.0, 0.0, 50.0, 0.0])
    np.testing.assert_allclose(uses[:, 9], [100.0, 50.0, 0.0, 0.0])


def test_fixed_block_settles_whatever_runs() -> None:
    block = FixedBlock(block_mw=30.0, price_usd_per_mwh=50.0, months=12)
    with_block = evaluate(keep_mining(), world(PLAIN, Tariff(adder_usd_per_mwh=5.0, block=block)))
    without = evaluate(keep_mining(), world(PLAIN, Tariff(adder_usd_per_mwh=5.0)))
    settled = total(with_block, "block settlement")
    np.testing.assert_allclose(settled[:12], (110.0 - 50.0) * 30.0 * GRID.hours[:12])
    assert (settled[12:] == 0.0).all()
    np.testing.assert_array_equal(
        total(with_block, "mining revenue"), total(without, "mining revenue")
    )


def test_tax_by_hand() -> None:
    terms = FinanceTerms(
        discount_rate_frac_per_year=0.1,
        inflation_frac_per_year=0.0,
        tax_rate_frac=0.25,
        building_depreciation="straight_line_2",
    )
    block = evaluate(CONVERT_B, world(terms, Tariff(adder_usd_per_mwh=5.0)))
    plain = evaluate(CONVERT_B, world(PLAIN, Tariff(adder_usd_per_mwh=5.0)))
    lines = ("mining revenue", "mining power", "mining operations", "AI revenue", "AI operations")
    ebitda = sum(total(plain, line) for line in lines)
    income = ebitda.reshape(2, 12).sum(axis=1) - 60e6
    tax = total(block, "tax").reshape(2, 12)
    # The first year loses money; the second may use that loss for up to 80 % of its income.
    loss = max(0.0, -income[0])
    due = [0.25 * max(income[0], 0.0), 0.25 * (income[1] - min(loss, 0.8 * income[1]))]
    np.testing.assert_allclose(tax[:, -1], [-due[0], -due[1]])
    assert (tax[:, :-1] == 0.0).all()
    assert due[1] > 0.0


def test_loan_pays_itself_back_by_the_horizon() -> None:
    terms = FinanceTerms(
        discount_rate_frac_per_year=0.1,
        inflation_frac_per_year=0.0,
        tax_rate_frac=0.0,
        loan=TermLoan(
            loan_to_cost_frac=0.5, annual_rate_frac=0.0, tenor_months=120, grace_months=6
        ),
    )
    block = evaluate(CONVERT_B, world(terms, Tariff(adder_usd_per_mwh=5.0)))
    drawn, paid = total(block, "loan drawn"), total(block, "principal")
    np.testing.assert_allclose(drawn[3:9], 0.5 * 3e6 * 40.0 / 6.0)
    assert drawn.sum() + paid.sum() == pytest.approx(0.0, abs=0.01)
    assert total(block, "interest").sum() == 0.0


def test_interest_lowers_taxable_income() -> None:
    def taxed(rate: float) -> PlanBlock:
        terms = FinanceTerms(
            discount_rate_frac_per_year=0.1,
            inflation_frac_per_year=0.0,
            tax_rate_frac=0.25,
            building_depreciation="straight_line_20",
            loan=TermLoan(
                loan_to_cost_frac=0.5, annual_rate_frac=rate, tenor_months=120, grace_months=0
            ),
        )
        return evaluate(CONVERT_B, world(terms, Tariff(adder_usd_per_mwh=5.0)))

    free, dear = taxed(0.0), taxed(0.12)
    interest = -total(dear, "interest").reshape(2, 12).sum(axis=1)
    saved = (total(dear, "tax") - total(free, "tax")).reshape(2, 12).sum(axis=1)
    assert (interest > 1e5).all()
    np.testing.assert_allclose(saved, 0.25 * interest)


def test_threshold_never_decides_what_could_not_open_in_time() -> None:
    plan = ThresholdPlan(name="t", use="shell", halls=("B", "A"), ratio=0.0, months=18)
    block = evaluate(plan, world(PLAIN, Tariff(adder_usd_per_mwh=5.0)))
    # Due in months 17 and 35; service after six months would begin in month 23, the last one.
    assert block.decisions.month["B"].tolist() == [17, 17]
    late = ThresholdPlan(name="t", use="shell", halls=("B",), ratio=0.0, months=19)
    block = evaluate(late, world(PLAIN, Tariff(adder_usd_per_mwh=5.0)))
    assert block.decisions.month["B"].tolist() == [NEVER, NEVER]
    assert total(block, "conversion capex").sum() == 0.0


def test_npv_of_plans_adds_over_halls_without_tax() -> None:
    tariff = Tariff(adder_usd_per_mwh=5.0)
    whole = world(PLAIN, tariff)
    both = evaluate(keep_mining(), whole)
    by_hall = both.line_sum_usd.sum(axis=1) @ discount_factors(MONTHS, 0.1) / 2.0
    assert by_hall.sum() == pytest.approx(both.npv_usd.mean())
    assert by_hall[0] == pytest.approx(2.0 * by_hall[1])
