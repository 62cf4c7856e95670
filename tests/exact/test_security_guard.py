"""Floors that pay a state: the closed form, the account, and a world that agrees with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.base import MonthGrid, Streams
from rerack.base.errors import InputError
from rerack.markets import BitcoinSpec, MarketSpec, build_outlook
from rerack.network.world import (
    Behaviour,
    Cohort,
    Generation,
    Region,
    World,
    equilibrium,
    simulate,
    world_of,
)
from rerack.security import december_2025, network_state, reserve_cost
from rerack.security.guard import Guard, floor_of, floor_share_frac, share_cost_along
from rerack.security.guard_world import guarded_world

US = Guard(
    name="US",
    region="United States",
    power_usd_per_mwh=50.0,
    limit_mw=5_000.0,
    reserve_btc=324_625.0,
    attack_per_year=0.02,
)


@settings(max_examples=100, deadline=None)
@given(st.floats(1.0, 1e6), st.floats(1.0, 1e6), st.floats(0.0, 1e6))
def test_the_share_is_the_largest_that_pays(cost: float, income: float, worth: float) -> None:
    share = floor_share_frac(cost, income, worth)
    assert 0.0 <= share < 1.0

    def net(s: float) -> float:
        return cost * s / (1.0 - s) - income * s

    assert net(share) == pytest.approx(worth, rel=1e-6, abs=1e-9 * income)
    more = share + 0.5 * (1.0 - share)
    assert net(more) > worth


def test_without_a_reserve_the_share_is_what_mining_pays() -> None:
    # c s/(1-s) = R s: s = 1 - c/R.
    assert floor_share_frac(60.0, 100.0, 0.0) == pytest.approx(0.4)
    assert floor_share_frac(100.0, 60.0, 0.0) == 0.0


def test_the_account_is_that_of_reserve_cost() -> None:
    state = december_2025()
    floor = floor_of(US, state, state.hashrate_eh_s, btc_price_usd=85_000.0)
    account = reserve_cost(
        state,
        floor.share_frac,
        power_usd_per_mwh=50.0,
        btc_price_usd=85_000.0,
        reserve_btc=324_625.0,
    )
    assert floor.hashrate_eh_s == pytest.approx(account.hashrate_eh_s, rel=1e-12)
    assert floor.net_usd_per_year == pytest.approx(account.net_usd_per_year, rel=1e-9)
    # At the floor that pays, the chance that breaks even is the chance that was assumed.
    assert account.break_even_attack_per_year == pytest.approx(0.02, rel=1e-9)
    assert not floor.limited
    small = floor_of(
        replace(US, limit_mw=100.0), state, state.hashrate_eh_s, btc_price_usd=85_000.0
    )
    assert (small.power_mw, small.limited) == (pytest.approx(100.0), True)
    assert small.net_usd_per_year < small.worth_usd_per_year


def one_cohort() -> World:
    """Return 1,000 EH/s that all run far above their cost: nobody answers to a floor."""
    return World(
        date="2026-01",
        height=930_000,
        difficulty=1.4e14,
        regions=(Region(name="A", limit_mw=1e5, build_mw_per_month=0.0),),
        generations=(Generation(name="old", release_month=-12),),
        cohorts=(
            Cohort(
                region="A",
                generation="old",
                owner="private",
                installed_eh_s=1_000.0,
                efficiency_j_per_th=20.0,
                power_usd_per_mwh=5.0,
                spread_frac=0.01,
            ),
        ),
        behaviour=Behaviour(),
    )


def test_where_nobody_leaves_the_world_is_the_closed_form() -> None:
    guard = Guard(
        name="G",
        region="Island",
        power_usd_per_mwh=55.0,
        limit_mw=1e6,
        reserve_btc=1e5,
        attack_per_year=0.05,
    )
    found = guarded_world(one_cohort(), [guard], price_usd=90_000.0, fees_btc=0.02)
    state = network_state(one_cohort(), price_usd=90_000.0, fees_btc=0.02)
    alone = floor_of(guard, state, 1_000.0, btc_price_usd=90_000.0)
    assert found.floors[0].share_frac == pytest.approx(alone.share_frac, rel=1e-8)
    assert found.hashrate_eh_s == pytest.approx(1_000.0 + alone.hashrate_eh_s, rel=1e-8)
    added = next(c for c in found.world.cohorts if c.region == "Island")
    assert added.owner == "state"
    assert added.floor_eh_s == pytest.approx(alone.hashrate_eh_s, rel=1e-8)
    assert found.residual_frac <= 1e-10


def test_floors_and_network_agree_and_others_leave() -> None:
    world = world_of("2025-12")
    found = guarded_world(world, [US])
    reward = 3.145
    again = equilibrium(found.world, 85_000.0, reward)
    assert again.hashrate_eh_s == pytest.approx(found.hashrate_eh_s, rel=1e-9)
    floor = found.floors[0]
    others = again.hashrate_eh_s - floor.hashrate_eh_s
    state = network_state(world)
    alone = floor_of(US, state, others, btc_price_usd=85_000.0)
    assert alone.hashrate_eh_s == pytest.approx(floor.hashrate_eh_s, rel=1e-7)
    assert floor.net_usd_per_year == pytest.approx(floor.worth_usd_per_year, rel=1e-6)
    # Some of the others switch off, so the floor adds less than it is.
    assert found.before_eh_s < found.hashrate_eh_s < found.before_eh_s + floor.hashrate_eh_s
    # A dearer guard holds more.
    more = guarded_world(world, [replace(US, attack_per_year=0.04)])
    assert more.floors[0].share_frac > floor.share_frac


def test_a_guard_stands_on_what_the_state_has() -> None:
    world = world_of("2025-12")
    bhutan = Guard(name="B", region="Bhutan", power_usd_per_mwh=22.0, limit_mw=20.0)
    found = guarded_world(world, [bhutan])
    mine = [c for c in found.world.cohorts if (c.region, c.owner) == ("Bhutan", "state")]
    assert sum(c.floor_eh_s for c in mine) == pytest.approx(found.floors[0].hashrate_eh_s)
    # Twenty MW of the best rigs stood there already: nothing is bought.
    before = sum(c.installed_eh_s for c in world.cohorts if c.region == "Bhutan")
    assert sum(c.installed_eh_s for c in mine) >= before


def test_a_guarded_world_can_be_simulated_and_keeps_its_floor() -> None:
    found = guarded_world(world_of("2025-12"), [US])
    spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0))
    outlook = build_outlook(spec, MonthGrid.parse("2025-12", 25), Streams(3), paths=8)
    crash = replace(outlook, btc_price_usd=outlook.btc_price_usd * 0.2)
    held = simulate(found.world, crash, months=25, seed=3)
    states = held.owner_eh_s[:, :, 3]
    assert (states >= found.floors[0].hashrate_eh_s * (1 - 1e-9)).all()


def test_what_a_share_costs_through_time() -> None:
    world = world_of("2025-12")
    spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0))
    outlook = build_outlook(spec, MonthGrid.parse("2025-12", 13), Streams(3), paths=4)
    simulation = simulate(world, outlook, months=13, seed=3)
    along = share_cost_along(simulation, US, 0.1)
    for s, m in ((0, 0), (3, 12)):
        state = network_state(simulation, scenario=s, month=m)
        account = reserve_cost(
            state, 0.1, power_usd_per_mwh=50.0 * 1.025 ** (m / 12), btc_price_usd=1.0
        )
        assert along[s, m] == pytest.approx(account.net_usd_per_year, rel=1e-9)
    assert np.isfinite(along).all()


def test_bad_guards_are_refused() -> None:
    with pytest.raises(InputError, match="attack_per_year"):
        replace(US, attack_per_year=1.5)
    with pytest.raises(InputError, match="each once"):
        guarded_world(world_of("2025-12"), [US, US])
    with pytest.raises(InputError, match="price_usd"):
        guarded_world(one_cohort(), [US])
    with pytest.raises(InputError, match="share_frac"):
        share_cost_along(None, US, 1.0)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="cost_usd"):
        floor_share_frac(0.0, 1.0, 1.0)
