"""Sales of miners by hand: linear impact, calls, covenants, dominoes, runs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.optimize import brentq

from rerack.base.errors import InputError
from rerack.network.reserves import CashCall, CoinMarket, Miner, ReserveSimulation, run_reserves

#: A market that no sale moves.
STILL = CoinMarket(volume_btc_per_day=1e5, volatility_frac=0.0)
#: ln(price) falls by 1e-5 for each coin sold, for ever.
LINEAR = CoinMarket(
    volume_btc_per_day=1e4,
    volatility_frac=0.1,
    exponent_frac=1.0,
    half_life_days=math.inf,
)


def step(
    *miners: Miner, market: CoinMarket = STILL, price: float = 50_000.0, income: float = 0.0
) -> ReserveSimulation:
    """Return one day."""
    return run_reserves(miners, market, price_usd=[price], btc_per_ph_day=income, days=1.0)


def by_reason(found: ReserveSimulation, t: int = 0) -> list[float]:
    """Return what the first miner sold in a step, by reason."""
    return found.sold_btc[0, t, 0].tolist()


def test_one_miner_against_linear_impact_is_a_logarithm() -> None:
    bill = 100e6
    miner = Miner(name="one", reserve_btc=10_000.0, calls=(CashCall(day=0, amount_usd=bill),))
    found = step(miner, market=LINEAR)
    # Proceeds P (1 - e^-kq) / k = D, so q = -ln(1 - k D / P) / k.
    k = 1e-5
    sold = -math.log(1.0 - k * bill / 50_000.0) / k
    assert found.total_sold_btc[0, 0] == pytest.approx(sold, rel=1e-9)
    assert found.price_usd[0, 0] == pytest.approx(50_000.0 * math.exp(-k * sold), rel=1e-9)
    assert by_reason(found) == pytest.approx([0.0, sold, 0.0, 0.0])
    assert found.cash_usd[0, 0, 0] == pytest.approx(0.0, abs=0.005)
    assert found.arrears_usd[0, 0, 0] == pytest.approx(0.0, abs=0.005)


def test_the_square_root_against_quadrature_and_a_root() -> None:
    market = CoinMarket(volume_btc_per_day=20_000.0, volatility_frac=0.04, coefficient_frac=1.3)
    bill = 250e6
    miner = Miner(name="one", reserve_btc=1e5, calls=(CashCall(day=0, amount_usd=bill),))
    found = step(miner, market=replace(market, half_life_days=math.inf))

    def proceeds(q: float) -> float:
        rate = 1.3 * 0.04
        value, _ = quad(lambda x: math.exp(-rate * math.sqrt(x / 2e4)), 0.0, q, epsabs=1e-9)
        return 50_000.0 * value - bill

    assert found.total_sold_btc[0, 0] == pytest.approx(brentq(proceeds, 1.0, 1e4), rel=1e-9)


def test_no_debt_and_no_bill_is_no_cascade() -> None:
    miner = Miner(name="one", reserve_btc=50_000.0, hashrate_eh_s=1.0, cash_usd=1e6)
    found = run_reserves(
        [miner], LINEAR, price_usd=[50_000.0, 500.0, 5.0], btc_per_ph_day=5e-4, days=1.0
    )
    assert found.total_sold_btc.tolist() == [[0.0, 0.0, 0.0]]
    assert_allclose(found.price_usd, found.undisturbed_usd, rtol=0)
    assert not found.run_btc.any()
    # 1 EH/s is 0.5 BTC a day. It runs at the price seen last: 24,000 USD of power for 25,000.
    assert found.mined_btc[0, :, 0].tolist() == [0.5, 0.5, 0.0]


def test_policies_sell_what_they_say() -> None:
    # 2 EH/s mine 1 BTC a day; power is 2 x 20 MW x 24 h x 25 USD = 24,000 USD.
    rig = Miner(
        name="rig", hashrate_eh_s=2.0, power_usd_per_mwh=25.0, reserve_btc=3.0, cash_usd=1e6
    )
    for policy, share, sold in (
        ("hold", 0.0, [0.0, 0.0]),
        ("sell to cover", 0.0, [0.48, 0.0]),
        ("sell share", 0.7, [0.7, 0.0]),
    ):
        miner = replace(rig, policy=policy, sell_frac=share)  # type: ignore[arg-type]
        assert by_reason(step(miner, income=5e-4))[:2] == pytest.approx(sold)
    # Cash must stay at its floor: the rest comes from coins.
    low = replace(rig, cash_usd=10_000.0, cash_floor_usd=36_000.0)
    assert by_reason(step(low, income=5e-4)) == pytest.approx([0.0, 1.0, 0.0, 0.0])
    poor = replace(rig, cash_usd=0.0, reserve_btc=0.0, opex_usd_per_month=50_000.0 * 365 / 12)
    found = step(poor, income=5e-4)
    assert by_reason(found)[1] == pytest.approx(1.0)
    assert found.arrears_usd[0, 0, 0] == pytest.approx(24_000.0)
    # Arrears are the first bill of the next day.
    again = run_reserves([poor], STILL, price_usd=[5e4] * 2, btc_per_ph_day=5e-4, days=1.0)
    assert again.arrears_usd[0, 1, 0] == pytest.approx(48_000.0)


def test_a_rig_that_does_not_pay_its_power_stands_still() -> None:
    rig = Miner(name="rig", hashrate_eh_s=2.0, power_usd_per_mwh=60.0, cash_usd=1e6)
    found = step(rig, income=5e-4)  # 57,600 USD of power for a coin of 50,000
    assert found.mined_btc[0, 0, 0] == 0.0
    assert found.cash_usd[0, 0, 0] == 1e6


LOAN = Miner(
    name="loan",
    pledged_btc=1_000.0,
    coin_loan_usd=45e6,
    call_ltv_frac=0.8,
    cure_ltv_frac=0.6,
)


def test_a_call_takes_coins_then_cash_then_collateral() -> None:
    # 45 MUSD on 50 MUSD is 90 %; 60 % needs 1,500 BTC.
    rich = step(replace(LOAN, reserve_btc=800.0))
    assert rich.pledged_btc[0, 0, 0] == pytest.approx(1_500.0)
    assert rich.free_btc[0, 0, 0] == pytest.approx(300.0)
    assert rich.total_sold_btc[0, 0] == 0.0
    cash = step(replace(LOAN, reserve_btc=200.0, cash_usd=20e6))
    # 1,200 BTC carry 36 MUSD: 9 MUSD are paid.
    assert cash.repaid_usd[0, 0, 0] == pytest.approx(9e6)
    assert cash.coin_loan_usd[0, 0, 0] == pytest.approx(36e6)
    assert cash.total_sold_btc[0, 0] == 0.0
    poor = step(LOAN)
    # (45 - z p) / ((1000 - z) p) = 60 %: z = 15e6 / (0.4 x 50,000).
    assert by_reason(poor) == pytest.approx([0.0, 0.0, 0.0, 750.0])
    assert poor.coin_loan_usd[0, 0, 0] == pytest.approx(7.5e6)
    kept = poor.coin_loan_usd / (poor.pledged_btc * 50_000.0)
    assert kept[0, 0, 0] == pytest.approx(0.6)


def test_a_call_comes_beyond_its_limit_not_at_it() -> None:
    assert step(replace(LOAN, coin_loan_usd=40e6)).total_sold_btc[0, 0] == 0.0
    assert step(replace(LOAN, coin_loan_usd=40e6 + 1.0)).total_sold_btc[0, 0] > 499.0


def test_a_loan_under_water_takes_all_and_goes_on() -> None:
    found = run_reserves(
        [replace(LOAN, coin_loan_usd=60e6)],
        STILL,
        price_usd=[5e4, 5e4],
        btc_per_ph_day=0.0,
        days=1.0,
    )
    assert found.pledged_btc[0, 0, 0] == pytest.approx(0.0)
    assert found.coin_loan_usd[0, :, 0].tolist() == pytest.approx([10e6, 10e6])


def test_what_a_sale_fetches_beyond_the_loan_is_the_miners() -> None:
    # Under water at the price in the end, not at the mean price that the sale fetches.
    whole = replace(LOAN, pledged_btc=10_000.0, coin_loan_usd=465e6)
    found = step(whole, market=LINEAR)
    assert found.total_sold_btc[0, 0] == pytest.approx(10_000.0)
    mean = 50_000.0 * (1.0 - math.exp(-0.1)) / 0.1
    assert found.price_usd[0, 0] == pytest.approx(50_000.0 * math.exp(-0.1))
    assert found.coin_loan_usd[0, 0, 0] == 0.0
    assert found.cash_usd[0, 0, 0] == pytest.approx(10_000.0 * mean - 465e6, rel=1e-9)


def test_a_covenant_sells_free_coins_to_repay() -> None:
    miner = Miner(name="c", reserve_btc=1_000.0, debt_usd=30e6, covenant_frac=0.5)
    found = step(miner)
    # (30 - w p) / ((1000 - w) p) = 1/2: w = 5e6 / (0.5 x 50,000).
    assert by_reason(found) == pytest.approx([0.0, 0.0, 200.0, 0.0])
    assert found.debt_usd[0, 0, 0] == pytest.approx(20e6)
    assert step(replace(miner, debt_usd=25e6)).total_sold_btc[0, 0] == 0.0


def test_interest_and_repayment_are_bills() -> None:
    miner = Miner(
        name="d",
        cash_usd=10e6,
        debt_usd=36.5e6,
        debt_frac_per_year=0.1,
        repay_usd_per_month=3.65e6 / 12,
    )
    found = step(miner)
    assert found.bills_usd[0, 0, 0] == pytest.approx(10_000.0 + 10_000.0)
    assert found.debt_usd[0, 0, 0] == pytest.approx(36.49e6)


def dominoes(number: int) -> list[Miner]:
    """Return loans of which each is called once the one before has been sold off."""
    miners = [Miner(name="push", reserve_btc=1_000.0, calls=(CashCall(day=0, amount_usd=5e7),))]
    for i in range(number):
        # Sold off whole (under water at the cure), 1,000 BTC each; the price falls 1 % a time.
        at = 50_000.0 * math.exp(-0.01 * (i + 0.95))
        miners.append(
            Miner(
                name=f"domino {i}",
                pledged_btc=1_000.0,
                coin_loan_usd=0.99 * 1_000.0 * at,
                call_ltv_frac=0.99,
                cure_ltv_frac=0.01,
            )
        )
    return miners


def test_dominoes_fall_one_by_one_and_all() -> None:
    found = step(*dominoes(6), market=LINEAR)
    fallen = found.sold_btc[0, 0, 1:, 3]
    assert (fallen > 950.0).all()
    # Without the push not one of them falls, though together they would justify falling.
    still = step(*dominoes(6)[1:], market=LINEAR)
    assert still.total_sold_btc[0, 0] == 0.0
    assert still.run_btc[0, 0] > 5_000.0
    assert found.run_btc[0, 0] == pytest.approx(0.0, abs=1e-6)


def test_a_month_is_thirty_days() -> None:
    market = CoinMarket(volume_btc_per_day=1e3, volatility_frac=0.05, half_life_days=7.0)
    seller = Miner(
        name="s", hashrate_eh_s=10.0, power_usd_per_mwh=0.0, policy="sell share", sell_frac=1.0
    )
    daily = run_reserves([seller], market, price_usd=[5e4] * 30, btc_per_ph_day=5e-4, days=1.0)
    once = run_reserves([seller], market, price_usd=[5e4], btc_per_ph_day=5e-4, days=30.0)
    assert once.price_usd[0, 0] == pytest.approx(daily.price_usd[0, -1], rel=1e-12)
    assert once.total_sold_btc.sum() == pytest.approx(daily.total_sold_btc.sum(), rel=1e-12)


def test_impact_halves_in_its_half_life() -> None:
    market = CoinMarket(volume_btc_per_day=1e4, volatility_frac=0.05, half_life_days=7.0)
    miner = Miner(name="one", reserve_btc=1e4, calls=(CashCall(day=0, amount_usd=1e8),))
    found = run_reserves([miner], market, price_usd=[5e4] * 8, btc_per_ph_day=0.0, days=1.0)
    fall = -np.log(found.price_usd[0] / 5e4)
    assert fall[7] == pytest.approx(0.5 * fall[0], rel=1e-12)


def test_what_cannot_be_is_refused() -> None:
    ok = Miner(name="a")
    with pytest.raises(InputError, match="at least one miner"):
        run_reserves([], STILL, price_usd=[1.0], btc_per_ph_day=0.0, days=1.0)
    with pytest.raises(InputError, match="a more than once"):
        step(ok, ok)
    with pytest.raises(InputError, match="above 0"):
        step(ok, price=0.0)
    with pytest.raises(InputError, match="ends early"):
        run_reserves([ok], STILL, price_usd=[1.0] * 3, btc_per_ph_day=0.0, days=[1.0] * 4)
    with pytest.raises(InputError, match="before the end"):
        step(replace(ok, calls=(CashCall(day=1, amount_usd=1.0),)))
    with pytest.raises(InputError, match="cure_ltv_frac"):
        Miner(name="a", call_ltv_frac=0.5, cure_ltv_frac=0.6)
    with pytest.raises(InputError, match="collateral"):
        Miner(name="a", coin_loan_usd=1.0)
    with pytest.raises(InputError, match="policy"):
        Miner(name="a", policy="dump")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="volume"):
        CoinMarket(volume_btc_per_day=0.0, volatility_frac=0.1)
