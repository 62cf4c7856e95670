"""Laws of forced sales that hold whatever the miners owe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.network.reserves import CashCall, CoinMarket, Miner, run_reserves
from rerack.network.reserves.books import opening_books, rules_of
from rerack.network.reserves.orders import orders_at

few = settings(max_examples=80, deadline=None)
MONEY = st.floats(0.0, 2e8)
COINS = st.floats(0.0, 5e3)


@st.composite
def miners(draw: st.DrawFn, name: str = "m") -> Miner:
    pledged = draw(st.sampled_from([0.0, 1.0, 500.0, 3e3]))
    call = draw(st.floats(0.5, 1.2))
    return Miner(
        name=name,
        hashrate_eh_s=draw(st.sampled_from([0.0, 5.0, 50.0])),
        power_usd_per_mwh=draw(st.floats(10.0, 80.0)),
        opex_usd_per_month=draw(MONEY),
        reserve_btc=draw(COINS),
        cash_usd=draw(MONEY),
        cash_floor_usd=draw(MONEY),
        policy=draw(st.sampled_from(["hold", "sell to cover", "sell share"])),
        sell_frac=draw(st.floats(0.0, 1.0)),
        pledged_btc=pledged,
        coin_loan_usd=draw(MONEY) if pledged else 0.0,
        call_ltv_frac=call,
        cure_ltv_frac=min(draw(st.floats(0.1, 0.95)), call),
        coin_loan_frac_per_year=0.1,
        debt_usd=draw(MONEY),
        debt_frac_per_year=0.08,
        repay_usd_per_month=draw(st.floats(0.0, 1e7)),
        covenant_frac=draw(st.sampled_from([0.0, 0.3, 0.8])),
        calls=(CashCall(day=0, amount_usd=draw(MONEY)),),
    )


MARKETS = st.builds(
    CoinMarket,
    volume_btc_per_day=st.floats(1e3, 1e6),
    volatility_frac=st.floats(0.0, 0.1),
    coefficient_frac=st.floats(0.1, 3.0),
    exponent_frac=st.sampled_from([0.5, 0.6, 1.0]),
    half_life_days=st.sampled_from([0.5, 10.0, np.inf]),
)
PRICES = st.floats(2e4, 2e5)


@few
@given(miners(), st.floats(1e3, 2e5), st.floats(0.2, 1.0), st.floats(1.0, 1.3), st.floats(0, 1e3))
def test_no_miner_sells_less_at_a_lower_price(
    miner: Miner, price: float, lower: float, premium: float, mined: float
) -> None:
    rules, books = rules_of([miner]), opening_books([miner], 2)
    books = books._replace(free_btc=books.free_btc + mined)
    marks = np.array([[price], [lower * price]])
    # The mean price falls with the mark, and lies above it.
    means = marks * np.array([[1.0 + (premium - 1.0)], [premium]])
    bills = np.full((2, 1), miner.opex_usd_per_month)
    orders = orders_at(books, rules, np.full((2, 1), mined), bills, marks, means)
    high, low = orders.sold_btc[:, 0]
    assert low >= high * (1 - 1e-12) - 1e-9
    for part in orders:
        assert (part >= 0.0).all()
    free = orders.policy_btc + orders.bills_btc + orders.covenant_btc + orders.posted_btc
    assert (free <= books.free_btc * (1 + 1e-12)).all()
    assert (orders.called_btc <= (books.pledged_btc + orders.posted_btc) * (1 + 1e-12)).all()


@few
@given(
    st.lists(miners(), min_size=1, max_size=4),
    MARKETS,
    st.lists(PRICES, min_size=2, max_size=5),
    st.sampled_from([1.0, 30.0]),
)
def test_coins_and_dollars_are_kept_to_the_cent(
    population: list[Miner], market: CoinMarket, prices: list[float], days: float
) -> None:
    named = [replace(m, name=f"m{i}") for i, m in enumerate(population)]
    found = run_reserves(named, market, price_usd=prices, btc_per_ph_day=5e-4, days=days)
    assert (np.abs(found.imbalance_usd) < 0.005).all()
    assert (np.abs(found.imbalance_btc) < 1e-8).all()
    for name in ("free_btc", "pledged_btc", "cash_usd", "coin_loan_usd", "debt_usd"):
        assert (getattr(found, name) > -0.005).all(), name
    assert (found.price_usd <= found.undisturbed_usd * (1 + 1e-12)).all()
    assert (found.paid_usd_per_btc >= found.price_usd * (1 - 1e-12)).all()


@few
@given(st.lists(miners(), min_size=1, max_size=4), MARKETS, PRICES)
def test_the_sales_are_a_fixed_point_and_the_least(
    population: list[Miner], market: CoinMarket, price: float
) -> None:
    named = [replace(m, name=f"m{i}") for i, m in enumerate(population)]
    found = run_reserves(named, market, price_usd=[price], btc_per_ph_day=5e-4, days=2.0)
    sold = found.total_sold_btc[0, 0]
    # The price is that of these sales and no others.
    counted = market.fresh_frac(2.0) * sold
    expected = price * np.exp(-market.impact(np.array(counted)))
    assert np.isclose(found.price_usd[0, 0], expected, rtol=1e-9)
    assert found.run_btc[0, 0] >= 0.0


@few
@given(miners(), miners(), MARKETS, PRICES, st.floats(0.0, 1e8), st.booleans())
def test_more_debt_is_never_fewer_sales(
    one: Miner, two: Miner, market: CoinMarket, price: float, more: float, secured: bool
) -> None:
    one = replace(one, name="one", pledged_btc=max(one.pledged_btc, 1.0))
    two = replace(two, name="two")
    grown = (
        replace(one, coin_loan_usd=one.coin_loan_usd + more)
        if secured
        else replace(one, debt_usd=one.debt_usd + more)
    )
    before, after = (
        run_reserves([m, two], market, price_usd=[price], btc_per_ph_day=5e-4, days=1.0)
        for m in (one, grown)
    )
    assert after.total_sold_btc[0, 0] >= before.total_sold_btc[0, 0] * (1 - 1e-9) - 1e-8
    assert after.price_usd[0, 0] <= before.price_usd[0, 0] * (1 + 1e-9)


@few
@given(st.lists(miners(), min_size=1, max_size=3), MARKETS, PRICES, st.floats(1.0, 10.0))
def test_more_depth_is_never_more_impact(
    population: list[Miner], market: CoinMarket, price: float, factor: float
) -> None:
    named = [replace(m, name=f"m{i}") for i, m in enumerate(population)]
    deep = replace(market, volume_btc_per_day=market.volume_btc_per_day * factor)
    thin, wide = (
        run_reserves(named, m, price_usd=[price], btc_per_ph_day=5e-4, days=1.0)
        for m in (market, deep)
    )
    assert wide.price_usd[0, 0] >= thin.price_usd[0, 0] * (1 - 1e-9)
    assert wide.total_sold_btc[0, 0] <= thin.total_sold_btc[0, 0] * (1 + 1e-9) + 1e-8


def test_a_scenario_is_the_same_in_any_company() -> None:
    rng = np.random.default_rng(2)
    paths = 6e4 * np.exp(np.cumsum(rng.normal(0.0, 0.05, (9, 20)), axis=1))
    population = [
        Miner(name=f"m{i}", reserve_btc=50.0 * i, pledged_btc=500.0, coin_loan_usd=2e7 + 1e6 * i)
        for i in range(7)
    ]
    market = CoinMarket(volume_btc_per_day=5e3, volatility_frac=0.05)
    together = run_reserves(population, market, price_usd=paths, btc_per_ph_day=5e-4, days=1.0)
    alone = run_reserves(population, market, price_usd=paths[4:5], btc_per_ph_day=5e-4, days=1.0)
    assert together.total_sold_btc.sum() > 100.0
    for name in ("price_usd", "sold_btc", "cash_usd", "run_btc"):
        assert np.array_equal(getattr(together, name)[4:5], getattr(alone, name))
