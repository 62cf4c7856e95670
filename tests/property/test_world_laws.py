"""Laws of the world's hashrate: one equilibrium, what moves which way, nothing lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from rerack.base.checks import FloatArray
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets import BitcoinSpec, MarketSpec, Outlook, build_outlook
from rerack.network.world import (
    Cohort,
    Generation,
    NetworkSimulation,
    Region,
    World,
    equilibrium,
    simulate,
    world_of,
)
from rerack.network.world.arrays import cohort_arrays
from rerack.network.world.clearing import supply

QUICK = settings(max_examples=40, deadline=None)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    owners = draw(st.lists(st.sampled_from(("listed", "private", "hosted", "state")), min_size=1,
                           max_size=4, unique=True))  # fmt: skip
    cohorts = []
    for owner in owners:
        installed = draw(st.floats(0.1, 1e3))
        cohorts.append(
            Cohort(
                region="A",
                generation="G",
                owner=owner,
                installed_eh_s=installed,
                efficiency_j_per_th=draw(st.floats(8.0, 100.0)),
                power_usd_per_mwh=draw(st.floats(5.0, 200.0)),
                spread_frac=draw(st.floats(0.001, 1.0)),
                floor_eh_s=installed * draw(st.floats(0.0, 1.0)) if owner == "state" else 0.0,
            )
        )
    return World(
        date="2025-12",
        height=925_940,
        difficulty=1.5e14,
        regions=(Region(name="A", limit_mw=1e6, build_mw_per_month=1e3),),
        generations=(Generation(name="G", release_month=0),),
        cohorts=tuple(cohorts),
    )


PRICES = st.floats(100.0, 1e6)


@QUICK
@given(worlds(), PRICES)
def test_a_scan_finds_one_crossing_and_the_solver_found_it(world: World, price: float) -> None:
    found = equilibrium(world, price, 3.125)
    arrays = cohort_arrays(world)
    logs = np.log(found.hashprice_usd_per_ph_day) + np.linspace(-4.0, 4.0, 161)
    supplied = np.array([supply(arrays, float(x))[0].sum() for x in logs])
    spent = np.exp(logs) * supplied - 0.144 * 3.125 * price
    tiny = 1e-9 * 0.144 * 3.125 * price
    assert (spent[:80] <= tiny).all()
    assert (spent[81:] >= -tiny).all()


@QUICK
@given(worlds(), PRICES, st.floats(1.0, 3.0))
def test_a_higher_price_never_lowers_hashrate_nor_hashprice(
    world: World, price: float, factor: float
) -> None:
    low, high = equilibrium(world, price, 3.125), equilibrium(world, factor * price, 3.125)
    assert high.hashrate_eh_s >= low.hashrate_eh_s * (1.0 - 1e-9)
    assert high.hashprice_usd_per_ph_day >= low.hashprice_usd_per_ph_day * (1.0 - 1e-9)


@QUICK
@given(worlds(), PRICES, st.floats(0.1, 1e3), st.floats(8.0, 60.0), st.floats(5.0, 150.0))
def test_a_cohort_added_never_raises_hashprice(
    world: World, price: float, installed: float, efficiency: float, power: float
) -> None:
    region = Region(name="B", limit_mw=1e6, build_mw_per_month=1e3)
    more = replace(
        world,
        regions=(*world.regions, region),
        cohorts=(
            *world.cohorts,
            Cohort(
                region="B",
                generation="G",
                owner="private",
                installed_eh_s=installed,
                efficiency_j_per_th=efficiency,
                power_usd_per_mwh=power,
            ),
        ),
    )
    before, after = equilibrium(world, price, 3.125), equilibrium(more, price, 3.125)
    assert after.hashprice_usd_per_ph_day <= before.hashprice_usd_per_ph_day * (1.0 + 1e-9)
    assert after.hashrate_eh_s >= before.hashrate_eh_s * (1.0 - 1e-9)


def outlook(months: int, paths: int, *, volatility: float = 0.7, growth: float = 0.0) -> Outlook:
    spec = MarketSpec(
        bitcoin=BitcoinSpec(
            price_usd=85_000.0,
            model="gbm",
            growth_frac_per_year=growth,
            volatility_frac=volatility,
        )
    )
    return build_outlook(spec, MonthGrid.parse("2025-12", months), Streams(3), paths=paths)


@pytest.fixture(scope="module")
def five_years() -> NetworkSimulation:
    return simulate(world_of("2025-12"), outlook(60, 40), months=60, seed=5)


def stocks(result: NetworkSimulation) -> dict[str, FloatArray]:
    names = ("online", "idle", "in_transit", "scrapped", "converted", "produced")
    return {name: getattr(result, f"{name}_eh_s") for name in names}


def test_every_rig_is_online_idle_on_its_way_scrapped_or_converted(
    five_years: NetworkSimulation,
) -> None:
    for name, array in stocks(five_years).items():
        assert array.min() > -1e-9, name
    scale = five_years.world.installed_eh_s + five_years.produced_eh_s
    assert (np.abs(five_years.imbalance_eh_s) < 1e-12 * scale).all()
    for name in ("scrapped", "converted", "produced"):
        assert (np.diff(stocks(five_years)[name], axis=1) >= 0.0).all()


def test_regions_owners_and_generations_each_sum_to_the_whole(
    five_years: NetworkSimulation,
) -> None:
    for part in ("region", "owner", "generation"):
        summed = getattr(five_years, f"{part}_eh_s").sum(axis=2)
        assert np.allclose(summed, five_years.online_eh_s, rtol=1e-12)


def test_idle_and_retired_rigs_by_generation_fit_the_whole(five_years: NetworkSimulation) -> None:
    idle = five_years.generation_idle_eh_s.sum(axis=2)
    assert np.allclose(idle, five_years.idle_eh_s, rtol=1e-9, atol=1e-6)
    retired = five_years.generation_retired_eh_s
    assert (np.diff(retired, axis=1) >= 0.0).all()
    # What wore out is scrapped, and not among the retired.
    gone = five_years.scrapped_eh_s + five_years.converted_eh_s
    assert (retired.sum(axis=2) <= gone + 1e-9).all()
    assert (retired.sum(axis=2)[:, -1] > five_years.converted_eh_s[:, -1]).all()


def test_hashprice_times_hashrate_is_the_revenue_of_the_month(
    five_years: NetworkSimulation,
) -> None:
    price = outlook(60, 40).btc_price_usd
    revenue = five_years.equilibrium_usd_per_ph_day * five_years.online_eh_s / (0.144 * price)
    # Reward between fees alone and subsidy of today with fees.
    assert (revenue < 3.6).all()
    assert (revenue > 1.5).all()


def test_load_never_passes_a_regions_limit() -> None:
    small = world_of("2025-12", generations=2)
    capped = replace(small, regions=tuple(replace(r, limit_mw=1.0) for r in small.regions))
    result = simulate(capped, outlook(24, 4, growth=2.0), months=24, seed=1)
    # Full from the start: a state's wear is all that is made.
    assert (result.produced_eh_s[:, -1] < 0.2).all()
    assert (result.in_transit_eh_s[:, -1] == 0.0).all()


def test_any_number_of_workers_and_paths_gives_the_same() -> None:
    world, market = world_of("2025-12", generations=3), outlook(30, 9)
    one = simulate(world, market, months=30, seed=5)
    three = simulate(world, market, months=30, seed=5, workers=3)
    few = simulate(world, outlook(30, 4), months=30, seed=5)
    assert_array_equal(one.online_eh_s, three.online_eh_s)
    assert_array_equal(one.region_eh_s, three.region_eh_s)
    assert_array_equal(one.hashprice_usd_per_ph_day[:4], few.hashprice_usd_per_ph_day)


def test_ai_takes_no_more_than_is_convertible_and_lowers_hashrate() -> None:
    world, market = world_of("2025-12", generations=3), outlook(60, 16)
    both = simulate(world, market, months=60, seed=5)
    mining_only = simulate(replace(world, ai=None), market, months=60, seed=5)
    most_mw = sum(c.load_mw * c.convertible_frac for c in world.cohorts)
    entered_mw = both.produced_eh_s[:, -1] * 14.0
    assert (both.converted_mw[:, -1] > 0.0).all()
    assert (both.converted_mw[:, -1] <= most_mw + entered_mw).all()
    assert (mining_only.converted_mw == 0.0).all()
    assert (both.online_eh_s[:, 24] < mining_only.online_eh_s[:, 24]).all()
    gain = both.hashprice_usd_per_ph_day[:, 24] / mining_only.hashprice_usd_per_ph_day[:, 24]
    assert (gain > 1.0).all()


def test_a_state_keeps_its_floor_when_everybody_else_stops() -> None:
    world = world_of("2025-12", generations=2)
    floor = sum(c.floor_eh_s for c in world.cohorts)
    result = simulate(world, outlook(36, 2, volatility=0.0, growth=-0.9), months=36, seed=1)
    bhutan = result.region_eh_s[:, :, world.region_names.index("Bhutan")]
    assert floor > 1.0
    assert (bhutan >= floor * (1.0 - 1e-9)).all()
    assert (result.online_eh_s[:, -1] < 0.1 * result.online_eh_s[:, 0]).all()
