"""Single forces of the simulation, each alone in a world where a pencil follows it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from rerack.base.errors import InputError
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets import BitcoinSpec, FeesSpec, MarketSpec, Outlook, PriceLibrary, build_outlook
from rerack.network.world import (
    AiDemand,
    Behaviour,
    Cohort,
    Generation,
    NetworkSimulation,
    Region,
    Relocation,
    World,
    rig_payback,
    simulate,
)
from rerack.network.world.entry_kernel import appetite, clearing_price
from rerack.network.world.value_kernel import rig_value

FLAT = PriceLibrary.from_years("flat", "test", np.full((1, 8_760), 40.0))
#: Nobody wears out, buys, or errs.
STILL = Behaviour(
    pool_fee_frac=0.0,
    stop_band_frac=0.0,
    wear_frac_per_year=0.0,
    foundry_mw_per_month=0.0,
    inflation_frac_per_year=0.0,
    power_error_frac=0.0,
    foundry_error_frac=0.0,
)
#: Epoch and era begin together, so that a halving is far away.
HEIGHT = 840_000


def market(months: int, *prices: float) -> Outlook:
    """Return an outlook of constant price, or of the prices given, the last one repeated."""
    spec = MarketSpec(
        bitcoin=BitcoinSpec(price_usd=prices[0], volatility_frac=0.0),
        fees=FeesSpec(volatility_frac=0.0, level_btc_per_block=0.02),
    )
    grid = MonthGrid.parse("2025-12", months)
    flat = build_outlook(spec, grid, Streams(7), paths=1, library=FLAT)
    path = np.array([[*prices, *[prices[-1]] * months][:months]])
    return replace(flat, btc_price_usd=path, fees_btc_per_block=np.full((1, months), 0.02))


def cohort(**changes: object) -> Cohort:
    basis = Cohort(
        region="A",
        generation="G",
        owner="private",
        installed_eh_s=1_000.0,
        efficiency_j_per_th=20.0,
        power_usd_per_mwh=50.0,
        spread_frac=1e-3,
    )
    return replace(basis, **changes)  # type: ignore[arg-type]


def world(*cohorts: Cohort, **changes: object) -> World:
    basis = World(
        date="2025-12",
        height=HEIGHT,
        difficulty=1_000.0e18 * 600.0 / 2.0**32,
        regions=(
            Region(name="A", limit_mw=1e6, build_mw_per_month=1e5),
            Region(name="B", limit_mw=1e6, build_mw_per_month=1e5),
        ),
        generations=(Generation(name="G", release_month=0),),
        cohorts=cohorts,
        behaviour=STILL,
    )
    return replace(basis, **changes)  # type: ignore[arg-type]


def price_at(hashprice: float, hashrate_eh_s: float) -> float:
    return hashprice * hashrate_eh_s / (0.144 * 3.145)


#: Hashprice that just pays 20 J/TH at 50 USD/MWh.
BREAK_EVEN = 0.024 * 20.0 * 50.0


def run(start: World, outlook: Outlook) -> NetworkSimulation:
    return simulate(start, outlook, months=outlook.grid.months, seed=0)


def test_where_all_pays_nothing_moves_and_the_chain_pays_what_was_solved() -> None:
    result = run(world(cohort()), market(6, price_at(2.0 * BREAK_EVEN, 1_000.0)))
    assert_allclose(result.online_eh_s, 1_000.0)
    assert_allclose(result.equilibrium_usd_per_ph_day, 2.0 * BREAK_EVEN, rtol=1e-9)
    # Consensus counts 2015 of 2016 intervals: after the first epoch the chain pays 1/2016 less.
    assert_allclose(result.hashprice_usd_per_ph_day, 2.0 * BREAK_EVEN, rtol=6e-4)
    assert (result.scrapped_eh_s == 0.0).all()


def test_half_of_the_idle_rigs_is_gone_after_a_half_life() -> None:
    # A price at which nobody pays; the floor of a state keeps the chain alive.
    state = cohort(region="B", owner="state", installed_eh_s=10.0, floor_eh_s=10.0)
    behaviour = replace(STILL, scrap_half_life_months=6.0)
    outlook = market(13, price_at(0.5 * BREAK_EVEN, 10.0))
    result = run(world(cohort(), state, behaviour=behaviour), outlook)
    assert_allclose(result.idle_eh_s[0], 1_000.0 * 0.5 ** (np.arange(13) / 6.0), rtol=1e-9)
    assert_allclose(result.scrapped_eh_s[0, 6], 500.0, rtol=1e-9)


def test_within_the_band_nobody_switches_and_beyond_it_they_do() -> None:
    behaviour = replace(STILL, stop_band_frac=0.10, scrap_half_life_months=1e6)
    state = cohort(region="B", owner="state", installed_eh_s=10.0, floor_eh_s=10.0)
    # Above break-even, then 5 % below it (in the band), then 20 % below.
    steps = [price_at(f * BREAK_EVEN, 1_010.0) for f in (1.5, 0.95, 0.8)]
    result = run(world(cohort(), state, behaviour=behaviour), market(3, *steps))
    assert_allclose(result.online_eh_s[0, :2], 1_010.0)
    # Rigs stop until hashprice has come back to the lower edge of the band.
    assert_allclose(result.online_eh_s[0, 2], 1_010.0 * 0.8 * 1.1, rtol=5e-3)
    assert_allclose(result.equilibrium_usd_per_ph_day[0, 2], BREAK_EVEN / 1.1, rtol=5e-3)


def test_a_sudden_exit_pays_the_stayers_only_after_the_retarget() -> None:
    behaviour = replace(STILL, scrap_half_life_months=1e6)
    stayers = cohort(region="B", installed_eh_s=500.0, power_usd_per_mwh=5.0)
    steps = [price_at(f * BREAK_EVEN, 1_500.0) for f in (1.5, 0.5)]
    result = run(world(cohort(), stayers, behaviour=behaviour), market(5, *steps))
    # Revenue of 0.5 x 1,500 keeps 750 online, at break-even; difficulty knows of it later.
    assert_allclose(result.online_eh_s[0, 1:], 750.0, rtol=5e-3)
    paid = result.hashprice_usd_per_ph_day[0] / BREAK_EVEN
    assert 0.5 < paid[1] < 0.75
    assert paid[4] == pytest.approx(1.0, rel=5e-3)
    assert result.difficulty[0, 1] > 1.3 * result.difficulty[0, 4]


def test_orders_arrive_after_the_delay_and_are_what_foundries_make() -> None:
    behaviour = replace(
        STILL, foundry_mw_per_month=200.0, entry_delay_months=3, rig_floor_usd_per_th=1.0,
        foundry_growth_frac_per_year=0.0, foundry_response_per_year=0.0,
    )  # fmt: skip
    outlook = market(8, price_at(6.0 * BREAK_EVEN, 1_000.0))
    result = run(world(cohort(), behaviour=behaviour), outlook)
    # 200 MW a month at 20 J/TH are 10 EH/s a month, from month 0 on.
    assert_allclose(result.produced_eh_s[0], 10.0 * np.arange(8), rtol=1e-9)
    assert_allclose(result.online_eh_s[0], 1_000.0 + 10.0 * np.maximum(np.arange(8) - 2, 0))
    assert_allclose(result.in_transit_eh_s[0, 3:], 20.0)
    assert (result.rig_price_usd_per_th > 10.0).all()


def test_past_orders_arrive_in_equal_parts() -> None:
    behaviour = replace(STILL, entry_delay_months=4)
    start = world(cohort(arriving_eh_s=40.0), behaviour=behaviour)
    result = run(start, market(6, price_at(3.0 * BREAK_EVEN, 1_000.0)))
    assert_allclose(result.online_eh_s[0], [1_000, 1_010, 1_020, 1_030, 1_040, 1_040])


def test_idle_rigs_move_where_power_is_cheap_and_no_further_than_the_limit() -> None:
    way = Relocation(
        origin="A", destination="B", cost_usd_per_th=0.1, delay_months=2, limit_frac=0.25
    )
    regions = (
        Region(name="A", limit_mw=1e6, build_mw_per_month=1e5),
        Region(name="B", limit_mw=1e6, build_mw_per_month=600.0),
    )
    cheap = cohort(region="B", installed_eh_s=100.0, power_usd_per_mwh=10.0)
    behaviour = replace(STILL, scrap_half_life_months=1e6)
    start = world(cohort(), cheap, relocations=(way,), regions=regions, behaviour=behaviour)
    # Nothing in A pays, in B all do: a quarter of 1,000 would go, room is for 600 MW or 30 EH/s.
    result = run(start, market(4, price_at(0.5 * BREAK_EVEN, 100.0)))
    assert_allclose(result.idle_eh_s[0, :3], [1_000.0, 970.0, 940.0], rtol=1e-5)
    assert_allclose(result.in_transit_eh_s[0, :4], [0.0, 30.0, 30.0, 30.0])
    assert_allclose(result.region_eh_s[0, :, 1], [100.0, 100.0, 130.0, 160.0])


def test_ai_converts_at_its_limit_until_its_rent_has_fallen_to_its_cost() -> None:
    ai = AiDemand(
        rent_usd_per_mw_year=2e6, capex_usd_per_mw=1e7, charge_frac_per_year=0.1, depth_mw=500.0,
        elasticity=1.0, premium_frac=0.0, convert_frac_per_month=1.0, limit_mw_per_month=200.0,
    )  # fmt: skip
    # Mining earns nothing: conversion ends where 2 (1 + M/500)^-1 = 1, at 500 MW and a month on.
    start = world(
        cohort(convertible_frac=0.5),
        cohort(region="B", owner="state", installed_eh_s=10.0, floor_eh_s=10.0),
        ai=ai,
    )
    result = run(start, market(6, price_at(0.5 * BREAK_EVEN, 10.0)))
    assert_allclose(result.converted_mw[0], [0.0, 200.0, 400.0, 600.0, 600.0, 600.0])
    assert_allclose(result.converted_eh_s[0, -1], 30.0)


def test_a_rig_is_worth_its_annuity_and_nothing_below_its_cost() -> None:
    forever = rig_value(50.0, 20.0, 0.1, 1e-9, 4.0, 99.0, 0.5)
    annuity = (1.0 - np.exp(-0.4)) / 0.1
    assert forever == pytest.approx(0.36525 * 30.0 * annuity, rel=1e-6)
    assert rig_value(20.0, 20.0, 0.1, 0.2, 4.0, 1.0, 0.5) == 0.0
    halved = rig_value(50.0, 20.0, 0.1, 1e-9, 4.0, 1.0, 0.5)
    first, rest = (1.0 - np.exp(-0.1)) / 0.1, (np.exp(-0.1) - np.exp(-0.4)) / 0.1
    assert halved == pytest.approx(0.36525 * (30.0 * first + 5.0 * rest), rel=1e-6)
    # A halving below cost ends it: what comes later must not count against it.
    ended = rig_value(30.0, 20.0, 0.1, 1e-9, 4.0, 1.0, 0.5)
    assert ended == pytest.approx(0.36525 * 10.0 * first, rel=1e-6)


def test_a_pool_s_fee_is_a_lower_price_of_the_coin_in_every_decision() -> None:
    """At a fee of 20 % and a price over 0.8 owners get the same: they decide the same."""
    rules = replace(STILL, foundry_mw_per_month=30.0, entry_delay_months=1, site_usd_per_mw=3e5)
    ai = AiDemand(rent_usd_per_mw_year=1.2e6, capex_usd_per_mw=4e6)

    def made(fee: float, price: float) -> NetworkSimulation:
        start = world(
            cohort(convertible_frac=0.5, spread_frac=0.3),
            cohort(region="B", power_usd_per_mwh=35.0, installed_eh_s=50.0, spread_frac=0.3),
            relocations=(Relocation(origin="A", destination="B", cost_usd_per_th=1.0),),
            behaviour=replace(rules, pool_fee_frac=fee),
            ai=ai,
        )
        return run(start, market(12, price / (1.0 - fee)))

    price = price_at(2.5 * BREAK_EVEN, 1_050.0)
    free, feed = made(0.0, price), made(0.2, price)
    assert free.rig_price_usd_per_th[0, 0] > 1.5 * rules.rig_floor_usd_per_th
    for name in ("rig_price_usd_per_th", "online_eh_s", "produced_eh_s", "converted_mw"):
        assert_allclose(getattr(feed, name), getattr(free, name), rtol=1e-7, atol=1e-6)


def test_the_rig_price_clears() -> None:
    most, worth, site = np.array([100.0, 50.0]), np.array([40.0, 30.0]), np.array([2.0, 2.0])
    price = clearing_price(most, worth, site, 0.5, 60.0, 5.0, 38.0)
    sold = sum(m * appetite(v, price + 2.0, 0.5) for m, v in zip(most, worth, strict=True))
    assert sold == pytest.approx(60.0, rel=1e-9)
    assert clearing_price(most, worth, site, 0.5, 1e6, 5.0, 38.0) == 5.0


def test_payback_under_constant_hashprice_is_the_naive_one() -> None:
    result = run(world(cohort()), market(40, price_at(2.0 * BREAK_EVEN, 1_000.0)))
    paid = rig_payback(
        result, efficiency_j_per_th=20.0, power_usd_per_mwh=50.0, price_usd_per_th=10.0
    )
    assert paid.months[0] == pytest.approx(10.0 / (0.0304375 * BREAK_EVEN), rel=2e-3)
    assert paid.months[0] == pytest.approx(paid.naive_months[0], rel=2e-3)
    never = rig_payback(
        result, efficiency_j_per_th=20.0, power_usd_per_mwh=500.0, price_usd_per_th=10.0
    )
    assert np.isinf(never.months).all()
    assert never.reached_frac == 0.0


def test_payback_is_later_where_others_enter() -> None:
    behaviour = replace(STILL, foundry_mw_per_month=600.0, rig_floor_usd_per_th=1.0)
    outlook = market(40, price_at(4.0 * BREAK_EVEN, 1_000.0))
    result = run(world(cohort(), behaviour=behaviour), outlook)
    paid = rig_payback(
        result, efficiency_j_per_th=20.0, power_usd_per_mwh=50.0, price_usd_per_th=30.0
    )
    assert paid.months[0] > 1.1 * paid.naive_months[0]


def test_a_price_path_that_ends_early_is_refused() -> None:
    with pytest.raises(InputError, match="from 1 to 6"):
        simulate(world(cohort()), market(6, 85_000.0), months=7, seed=0)


def test_an_outlook_of_another_month_is_refused() -> None:
    with pytest.raises(InputError, match="the month of the world"):
        simulate(replace(world(cohort()), date="2024-04"), market(6, 85_000.0), months=6, seed=0)
