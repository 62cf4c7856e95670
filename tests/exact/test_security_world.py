"""Worlds of cohorts as attackers find them, on a world small enough for pencil and paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from rerack.base import MonthGrid, Streams
from rerack.base.errors import InputError
from rerack.markets import BitcoinSpec, MarketSpec, Outlook, build_outlook
from rerack.network.world import (
    AiDemand,
    Behaviour,
    Cohort,
    Generation,
    NetworkSimulation,
    Region,
    World,
    redated,
    simulate,
    world_of,
)
from rerack.security import attack_cost, december_2025, network_state
from rerack.security.curve import attack_curve, concentration_curve, protection_curve
from rerack.security.facts import fact
from rerack.security.world_paths import held_along, world_paths


def two_regions(**behaviour: float) -> World:
    """Return 600 EH/s in A at 20 USD/MWh and 400 in B at 30, one generation that nobody orders."""
    return World(
        date="2026-09",
        height=930_000,
        difficulty=1.4e14,
        regions=tuple(
            Region(name=n, limit_mw=1e5, build_mw_per_month=0.0) for n in ("A", "Rest of world")
        ),
        generations=(Generation(name="old", release_month=-12),),
        cohorts=tuple(
            Cohort(
                region=region,
                generation="old",
                owner="private",
                installed_eh_s=size,
                efficiency_j_per_th=20.0,
                power_usd_per_mwh=power,
                spread_frac=0.01,
                convertible_frac=1.0,
            )
            for region, size, power in (("A", 600.0, 20.0), ("Rest of world", 400.0, 30.0))
        ),
        behaviour=Behaviour(
            power_error_frac=0.0,
            foundry_error_frac=0.0,
            wear_frac_per_year=0.0,
            scrap_half_life_months=1e6,
            **behaviour,
        ),
    )


def flat(months: int, price: float = 90_000.0) -> Outlook:
    """Return one scenario of a constant price and no change of fees."""
    spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=price))
    outlook = build_outlook(spec, MonthGrid.parse("2026-09", months), Streams(1), paths=1)
    ones = np.ones((1, months))
    return replace(
        outlook,
        btc_price_usd=price * ones,
        fees_btc_per_block=0.02 * ones,
        lease_index=ones,
    )


def test_a_world_gives_the_figures_of_the_formula() -> None:
    state = network_state(two_regions(), price_usd=90_000.0, fees_btc=0.02)
    assert state.hashrate_eh_s == pytest.approx(1_000.0)
    assert state.block_reward_usd == pytest.approx(3.145 * 90_000.0, rel=1e-9)
    assert state.hashprice_usd_per_ph_day == pytest.approx(0.144 * 3.145 * 90_000.0 / 1_000.0)
    # Six tenths at 20 USD/MWh, four at 30; another date, so rigs at the model's own price.
    assert state.power_price_usd_per_mwh == pytest.approx(24.0)
    assert state.rig_price_usd_per_th == pytest.approx(8.0)
    assert state.supply.output_eh_s_per_month == pytest.approx(450.0 / 20.0)
    assert state.region_shares == {"A": pytest.approx(0.6)}  # the rest is no jurisdiction
    cost = attack_cost(state, route="buy", share_frac=0.5, within_months=10.0)
    # 1,000 EH/s on 225 made in ten months, elasticity 1.
    assert cost.rigs_usd == pytest.approx(8.0 * (1.0 + 1_000.0 / 225.0) * 1e9, rel=1e-9)
    assert cost.power_usd_per_hour == pytest.approx(1_000.0 * 20.0 * 24.0, rel=1e-9)


def test_a_simulation_is_its_months_one_by_one() -> None:
    outlook = build_outlook(
        MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0)),
        MonthGrid.parse("2025-12", 25),
        Streams(7),
        paths=5,
    )
    simulation = simulate(world_of("2025-12"), outlook, months=25, seed=7)
    for route in ("buy", "build", "rent", "seize", "idle", "mix"):
        path = attack_cost(simulation, route=route)  # type: ignore[arg-type]
        for s, m in ((0, 0), (3, 11), (4, 24)):
            one = attack_cost(
                network_state(simulation, scenario=s, month=m),
                route=route,  # type: ignore[arg-type]
            )
            assert one.capex_usd == pytest.approx(path.capex_usd[s, m], rel=1e-9, abs=1e-3)
            assert one.reached_frac == pytest.approx(path.reached_frac[s, m], rel=1e-9)
            assert one.power_usd_per_hour == pytest.approx(
                path.power_usd_per_hour[s, m], rel=1e-9, abs=1e-9
            )
            assert one.rent_usd_per_hour == pytest.approx(path.rent_usd_per_hour[s, m], rel=1e-9)
    # Month 0 begins at the market's rig price of the built-in state.
    assert_allclose(
        world_paths(simulation)["rig_price_usd_per_th"][:, 0], december_2025().rig_price_usd_per_th
    )


def test_a_world_carried_by_a_month_keeps_the_market_price_of_rigs() -> None:
    carried = redated(world_of("2025-12"), date="2026-01", height=930_300, difficulty=1.48e14)
    state = network_state(carried, price_usd=85_000.0, fees_btc=0.02)
    assert state.rig_price_usd_per_th == pytest.approx(december_2025().rig_price_usd_per_th)
    later = redated(world_of("2025-12"), date="2026-09", height=965_000, difficulty=1.48e14)
    own = network_state(later, price_usd=85_000.0, fees_btc=0.02)
    assert own.rig_price_usd_per_th < 0.5 * state.rig_price_usd_per_th


def leaving(months: int) -> NetworkSimulation:
    """Return a world that AI takes at 40 MW a month."""
    ai = AiDemand(
        rent_usd_per_mw_year=5e6, capex_usd_per_mw=0.0, limit_mw_per_month=40.0, elasticity=0.0
    )
    return simulate(replace(two_regions(), ai=ai), flat(months), months=months, seed=1)


def test_rigs_put_out_by_ai_are_half_counted_as_idle() -> None:
    simulation = leaving(13)
    gone = 12 * 40.0 / 20.0
    assert simulation.generation_retired_eh_s[0, -1, 0] == pytest.approx(gone, rel=1e-9)
    paths = world_paths(simulation)
    assert paths["idle_eh_s"][0, -1] == pytest.approx(fact("retired_usable_frac") * gone)
    assert paths["idle_efficiency_j_per_th"][0, -1] == pytest.approx(20.0)
    prices = simulation.region_eh_s[0, -1] @ [20.0, 30.0] / simulation.online_eh_s[0, -1]
    assert paths["power_price_usd_per_mwh"][0, -1] == pytest.approx(1.025 * prices)
    # Nothing idle in month 0: the efficiency of old rigs stands in.
    assert paths["idle_eh_s"][0, 0] == 0.0
    costs = attack_cost(simulation, route="mix")
    assert (np.diff(costs.capex_usd[0]) < 0.0).all()


def test_seizing_takes_the_fewest_and_the_rest_of_the_world_is_nobody() -> None:
    simulation = leaving(2)
    held, taken = held_along(simulation, "region", 0.5)
    assert_allclose(held[0, 0], 0.6)
    assert taken.tolist() == [[1, 1]]
    held, taken = held_along(simulation, "region", 0.7)
    assert_allclose(held[0, 0], 0.6)  # all that is known
    assert attack_cost(simulation, route="seize", share_frac=0.7).reached_frac[0, 0] == (
        pytest.approx(0.6)
    )
    held, taken = held_along(simulation, "pool", 0.5)
    assert taken[0, 0] == 3


def test_curves_are_quantiles_of_the_paths() -> None:
    simulation = leaving(7)
    curve = attack_curve(simulation, ["mix", "idle"], every_months=4)
    assert curve["month"] == ["2026-09", "2027-01", "2027-03"] * 2
    path = attack_cost(simulation, route="mix")
    assert curve["capex_p5_usd"][:3] == pytest.approx(path.capex_usd[0, [0, 4, 6]].tolist())
    assert curve["capex_p5_usd"] == curve["capex_p95_usd"]  # one scenario
    shown = concentration_curve(simulation)
    assert shown["nakamoto_p50"] == [1.0] * 7
    assert shown["herfindahl_p50_frac"][0] == pytest.approx(0.36)
    waits = protection_curve(simulation, every_months=6)
    assert waits["block_reward_p50_usd"][0] == pytest.approx(3.145 * 90_000.0, rel=1e-9)
    assert waits["confirmations_1_musd"][0] < waits["confirmations_10_musd"][0]


def test_what_is_missing_is_asked_for() -> None:
    with pytest.raises(InputError, match="price_usd"):
        network_state(two_regions())
    with pytest.raises(InputError, match="month"):
        network_state(leaving(2), month=2)
    with pytest.raises(InputError, match="scenario"):
        network_state(leaving(2), scenario=1)
    future = replace(two_regions(), generations=(Generation(name="old", release_month=5),))
    with pytest.raises(InputError, match=r"world\.generations"):
        network_state(future, price_usd=90_000.0, fees_btc=0.02)
    with pytest.raises(InputError, match="holders"):
        attack_cost(leaving(2), route="seize", holders="cat")  # type: ignore[call-overload]
