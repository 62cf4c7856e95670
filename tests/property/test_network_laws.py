"""Laws of the network: price never shrinks it, halvings follow hashrate, counts do not matter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.base.errors import InputError
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets import BitcoinSpec, MarketSpec, Outlook, PriceLibrary, build_outlook
from rerack.network import NetworkSpec, network_path
from rerack.network.growth import growth_inputs, simulate_hashrate_plain

FLAT = PriceLibrary.from_years("flat", "test", np.full((1, 8_760), 40.0))
START = NetworkSpec(start_height=927_360, start_difficulty=148.1953e12)


def outlook(paths: int, months: int, *, growth: float = 0.0, seed: int = 7) -> Outlook:
    spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0, growth_frac_per_year=growth))
    grid = MonthGrid.parse("2026-01", months)
    return build_outlook(spec, grid, Streams(seed), paths=paths, library=FLAT)


@settings(max_examples=40, deadline=None)
@given(
    month=st.integers(1, 22),
    rise=st.floats(1.0, 5.0),
    response=st.floats(0.0, 0.9),
    entry=st.floats(1.0, 60.0),
    shutdown=st.floats(1.0, 12.0),
)
def test_a_dearer_coin_never_lowers_hashrate(
    month: int, rise: float, response: float, entry: float, shutdown: float
) -> None:
    # 24 months from height 927,360 hold no halving: an earlier one would cut revenue.
    spec = replace(
        START,
        response_frac=response,
        entry_half_life_months=entry,
        exit_half_life_months=2.0 * entry,
        shutdown_half_life_months=max(shutdown, 1.0),
    )
    drawn = outlook(4, 24)
    price = drawn.btc_price_usd.copy()
    price[:, month] *= rise
    low, _ = simulate_hashrate_plain(growth_inputs(spec, drawn))
    high, _ = simulate_hashrate_plain(growth_inputs(spec, replace(drawn, btc_price_usd=price)))
    assert (high >= low * (1.0 - 1e-12)).all()


def test_halvings_come_sooner_where_hashrate_grows() -> None:
    slow = network_path(START, outlook(200, 60, growth=-0.3))
    fast = network_path(START, outlook(200, 60, growth=0.6))
    assert (fast.halving_month[:, 0] < slow.halving_month[:, 0]).all()
    assert np.ptp(fast.halving_month[:, 0]) > 0.2
    # Ten-minute blocks would bring height 1,050,000 after 28 months.
    assert 26.5 < float(np.median(fast.halving_month[:, 0])) < 28.0


def test_path_is_the_same_whatever_the_count() -> None:
    few, many = network_path(START, outlook(10, 40)), network_path(START, outlook(300, 40))
    assert (few.hashprice_usd_per_ph_day == many.hashprice_usd_per_ph_day[:10]).all()
    assert (few.rig_price_usd_per_th == many.rig_price_usd_per_th[:10]).all()
    assert (few.halving_month == many.halving_month[:10]).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everything_is_finite_and_above_zero(seed: int) -> None:
    path = network_path(START, outlook(200, 600, seed=seed))
    for name in ("hashrate_eh_s", "difficulty", "hashprice_usd_per_ph_day", "rig_price_usd_per_th"):
        values = getattr(path, name)
        assert np.isfinite(values).all()
        assert (values > 0.0).all()


def test_rig_price_rises_with_hashprice_and_never_below_the_floor() -> None:
    path = network_path(START, outlook(100, 120))
    for month in (1, 60, 119):
        order = np.argsort(path.hashprice_usd_per_ph_day[:, month])
        assert (np.diff(path.rig_price_usd_per_th[order, month]) >= 0.0).all()
    assert path.rig_price_usd_per_th.min() > 0.0


def test_frontier_leads_the_fleet_and_both_fall() -> None:
    path = network_path(START, outlook(1, 240))
    assert (path.frontier_j_per_th < path.efficiency_j_per_th).all()
    assert (np.diff(path.frontier_j_per_th) < 0.0).all()


def test_outlook_is_read_only_and_labelled() -> None:
    path = network_path(START, outlook(2, 3))
    with pytest.raises(ValueError, match="read-only"):
        path.difficulty[0, 0] = 1.0
    assert path.labelled("hashprice_usd_per_ph_day").unit == "USD/PH/day"
    with pytest.raises(InputError, match="hashrate_eh_s"):
        path.labelled("power")
