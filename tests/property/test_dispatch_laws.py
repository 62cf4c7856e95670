"""Laws that every dispatch obeys, on sites that Hypothesis invents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.assets import Hall, RigFleet, Site, Tariff
from rerack.base.checks import FloatArray
from rerack.dispatch import PriceDuration, margins, merit_capacity_mw, solve

HOURS = 24
PRICES = st.lists(
    st.floats(-300.0, 9_000.0, allow_subnormal=False), min_size=HOURS, max_size=HOURS
).map(np.array)
HASHPRICE = st.floats(5.0, 150.0)


@st.composite
def sites(draw: st.DrawFn) -> Site:
    halls = tuple(
        Hall(
            name=f"hall {k}",
            utility_mw=draw(st.floats(0.0, 500.0)),
            rigs=RigFleet(
                model="m",
                efficiency_j_per_th=draw(st.floats(10.0, 100.0)),
                pool_fee_frac=draw(st.floats(0.0, 0.05)),
                uptime_frac=draw(st.floats(0.0, 1.0)),
            ),
        )
        for k in range(draw(st.integers(0, 4)))
    )
    interconnect_mw = draw(st.floats(0.0, 1_500.0))
    return Site(
        name="any",
        interconnect_mw=interconnect_mw,
        halls=halls,
        tariff=Tariff(),
        firm_load_mw=interconnect_mw * draw(st.floats(0.0, 1.0)),
    )


def mining_usd(site: Site, price: FloatArray, hashprice: float) -> float:
    return float(solve(site, price, hashprice).margin_usd.values.sum())


@settings(max_examples=60, deadline=None)
@given(site=sites(), price=PRICES, hashprice=HASHPRICE)
def test_every_hour_balances_and_no_hall_loses(
    site: Site, price: FloatArray, hashprice: float
) -> None:
    found = solve(site, price, hashprice)
    drawn = found.run_mw.values.sum(axis=1) + found.firm_mw
    assert (drawn <= site.interconnect_mw * (1 + 1e-12) + 1e-9).all()
    assert (found.run_mw.values >= 0.0).all()
    assert (found.margin_usd.values >= 0.0).all()


@settings(max_examples=60, deadline=None)
@given(site=sites(), price=PRICES, hashprice=HASHPRICE, factor=st.sampled_from([0.25, 2.0, 8.0]))
def test_scaling_money_scales_the_objective(
    site: Site, price: FloatArray, hashprice: float, factor: float
) -> None:
    # Powers of two scale without rounding, so that no hour changes sides.
    base = solve(site, price, hashprice).objective_usd
    scaled = solve(site, factor * price, factor * hashprice).objective_usd
    assert scaled == pytest.approx(factor * base, rel=1e-9, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(site=sites(), price=PRICES, hashprice=HASHPRICE, share=st.floats(0.0, 1.0))
def test_a_tighter_interconnect_never_pays(
    site: Site, price: FloatArray, hashprice: float, share: float
) -> None:
    room = site.interconnect_mw - site.firm_load_mw
    tighter = replace(site, interconnect_mw=site.firm_load_mw + share * room)
    wide = mining_usd(site, price, hashprice)
    assert mining_usd(tighter, price, hashprice) <= wide * (1 + 1e-9) + 1e-6


@settings(max_examples=60, deadline=None)
@given(site=sites(), price=PRICES, hashprice=HASHPRICE, more=st.floats(1.0, 3.0))
def test_more_rigs_never_hurt(site: Site, price: FloatArray, hashprice: float, more: float) -> None:
    larger = replace(
        site, halls=tuple(replace(h, utility_mw=more * h.utility_mw) for h in site.halls)
    )
    base = mining_usd(site, price, hashprice)
    assert mining_usd(larger, price, hashprice) >= base * (1 - 1e-9) - 1e-6


@settings(max_examples=60, deadline=None)
@given(
    capacity=st.lists(st.floats(0.0, 900.0), min_size=1, max_size=6).map(np.array),
    seed=st.integers(0, 99),
    limit=st.floats(0.0, 3_000.0),
)
def test_merit_order_fills_the_limit_and_no_more(
    capacity: FloatArray, seed: int, limit: float
) -> None:
    strike = np.random.default_rng(seed).uniform(0.0, 100.0, capacity.size)
    served = merit_capacity_mw(capacity, strike, limit)
    assert ((served >= 0.0) & (served <= capacity)).all()
    assert served.sum() == pytest.approx(min(limit, capacity.sum()), rel=1e-9, abs=1e-9)
    cut = strike[served < capacity - 1e-9]
    if cut.size:
        assert (served[strike < cut.max()] <= 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), lift=st.floats(0.0, 50.0))
def test_a_higher_strike_runs_more_and_earns_more(seed: int, lift: float) -> None:
    rng = np.random.default_rng(seed)
    duration = PriceDuration.build([rng.normal(40.0, 40.0, (2, 29)) for _ in range(12)])
    strike = rng.uniform(-50.0, 120.0, (3, 12, 2))
    found = []
    for strikes in (strike, strike + lift):
        rates = margins(
            duration,
            month_of_year=np.arange(1, 13),
            library_year=np.ones((3, 12), dtype=np.int64),
            level=np.full((3, 12), 1.3),
            adder_usd_per_mwh=2.0,
            strike_usd_per_mwh=strikes,
        )
        found.append((rates.run_frac, rates.margin_usd_per_mwh(strikes)))
    assert (found[1][0] >= found[0][0]).all()
    assert (found[1][1] >= found[0][1] - 1e-9).all()
    assert (found[0][1] >= -1e-9).all()
