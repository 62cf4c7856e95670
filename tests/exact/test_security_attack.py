"""Attack costs, concentration and reserves on networks small enough for pencil and paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.chain import confirmations_for
from rerack.security import (
    NetworkState,
    RigSupply,
    attack_cost,
    attack_path,
    concentration,
    confirmations_against_majority,
    confirmations_against_minority,
    december_2025,
    exodus,
    majority_double_spend,
    pool_shares,
    reserve_cost,
    reserve_examples,
    selfish_revenue,
    simulate_majority,
    value_limits,
)
from rerack.security.reserve import annuity_per_year, share_of_power_frac

SUPPLY = RigSupply(
    rig_efficiency_j_per_th=20.0,
    output_eh_s_per_month=10.0,
    supply_elasticity=0.5,
    idle_price_usd_per_th=2.0,
    idle_efficiency_j_per_th=40.0,
    idle_months=2.0,
    rentable_eh_s=5.0,
    rent_premium_frac=0.2,
    manufacture_usd_per_th=4.0,
    design_cost_usd=1e8,
    design_months=18.0,
    site_usd_per_mw=5e5,
)
STATE = NetworkState(
    date="test",
    hashrate_eh_s=100.0,
    efficiency_j_per_th=30.0,
    hashprice_usd_per_ph_day=48.0,
    block_reward_usd=48.0 * 1e5 / 144,
    power_price_usd_per_mwh=50.0,
    rig_price_usd_per_th=10.0,
    idle_eh_s=20.0,
    supply=SUPPLY,
    region_shares={"here": 0.4, "there": 0.3, "unknown": 0.1},
    owner_shares={"one": 0.2},
    pool_shares={"a": 0.5, "b": 0.3},
)
BARE = replace(STATE, pool_shares={})
TWO: Any = {"hashrate_eh_s": [1.0, 2.0]}


def test_buying_half_within_ten_months() -> None:
    cost = attack_cost(STATE, route="buy", share_frac=0.5, within_months=10.0)
    # 100 EH/s on top of 100 made in ten months: twice the output, four times the price.
    assert cost.hashrate_eh_s == pytest.approx(100.0)
    assert cost.rigs_usd == pytest.approx(40.0 * 100e6)
    assert cost.power_mw == pytest.approx(2_000.0)
    assert cost.sites_usd == pytest.approx(1e9)
    assert cost.capex_usd == pytest.approx(5e9)
    assert cost.power_usd_per_hour == pytest.approx(100_000.0)
    assert (cost.months_to_acquire, cost.rent_usd_per_hour) == (10.0, 0.0)
    assert cost.feasible
    assert "40.0 USD/TH (market 10.0)" in " ".join(cost.explanation)


def test_building_renting_and_idle_rigs() -> None:
    build = attack_cost(STATE, route="build", share_frac=0.5)
    assert build.rigs_usd == pytest.approx(1e8 + 4.0 * 100e6)
    assert build.months_to_acquire == pytest.approx(28.0)
    rent = attack_cost(STATE, route="rent", share_frac=0.5)
    # Five of a hundred EH/s are on offer, each PH/s at 2 USD an hour and a fifth more.
    assert (rent.reached_frac, rent.feasible) == (0.05, False)
    assert rent.rent_usd_per_hour == pytest.approx(5_000 * 2.0 * 1.2)
    idle = attack_cost(STATE, route="idle", share_frac=0.5)
    assert idle.reached_frac == pytest.approx(20 / 120)
    assert idle.capex_usd == pytest.approx(2.0 * 20e6 + 800 * 5e5)
    assert idle.power_mw == pytest.approx(800.0)


def test_mix_counts_rented_hashrate_twice() -> None:
    mix = attack_cost(STATE, route="mix", share_frac=0.5, within_months=7.0)
    # 20 idle, 5 rented away from the honest 100, so 70 more match the 95 that are left.
    assert mix.hashrate_eh_s == pytest.approx(95.0)
    assert mix.rigs_usd == pytest.approx(2.0 * 20e6 + 40.0 * 70e6)
    assert mix.hashrate_eh_s / (mix.hashrate_eh_s + 95.0) == pytest.approx(0.5)
    few = attack_cost(STATE, route="mix", share_frac=0.1)
    assert few.rigs_usd == pytest.approx(2.0 * 1e8 / 9)
    assert (few.rent_usd_per_hour, few.months_to_acquire) == (0.0, 2.0)


def test_seizing_takes_the_largest_and_no_more_than_needed() -> None:
    regions = attack_cost(STATE, route="seize", share_frac=0.51)
    assert regions.hashrate_eh_s == pytest.approx(51.0)
    assert regions.power_usd_per_hour == pytest.approx(51.0 * 30.0 * 50.0)
    assert [x for x in regions.explanation if x[:4] in ("here", "ther", "unkn")] == [
        "here 40.0%",
        "there 30.0%",
    ]
    pools = attack_cost(STATE, route="seize", share_frac=0.5, holders="pool")
    assert (pools.power_mw, pools.feasible) == (0.0, True)
    assert not any(line.startswith("b ") for line in pools.explanation)
    owners = attack_cost(STATE, route="seize", holders="owner")
    assert (owners.reached_frac, owners.feasible) == (0.2, False)


def test_honest_response_moves_the_bar() -> None:
    base = attack_cost(STATE, route="buy", share_frac=0.5)
    less = attack_cost(STATE, route="buy", share_frac=0.5, honest_response_frac=-0.5)
    more = attack_cost(STATE, route="buy", share_frac=0.5, honest_response_frac=0.2)
    assert less.hashrate_eh_s == pytest.approx(50.0)
    assert more.hashrate_eh_s == pytest.approx(120.0)
    assert less.capex_usd < base.capex_usd < more.capex_usd


def test_path_equals_one_state_after_another() -> None:
    hashrate = np.array([[100.0, 60.0], [10.0, 300.0]])
    idle = np.array([0.0, 40.0])
    for route in ("buy", "build", "rent", "seize", "idle", "mix"):
        path = attack_path(STATE, route=route, hashrate_eh_s=hashrate, idle_eh_s=idle)
        assert path.capex_usd.shape == (2, 2)
        for i in np.ndindex(2, 2):
            one = attack_cost(
                replace(STATE, hashrate_eh_s=hashrate[i], idle_eh_s=idle[i[1]]), route=route
            )
            for name in ("capex_usd", "power_usd_per_hour", "rent_usd_per_hour", "reached_frac"):
                assert getattr(path, name)[i] == pytest.approx(getattr(one, name), rel=1e-13)
            assert path.months_to_acquire[i] == pytest.approx(one.months_to_acquire)


def test_exodus_keeps_rigs_and_rewards() -> None:
    left = exodus(STATE, 0.25)
    assert left.hashrate_eh_s + left.idle_eh_s == pytest.approx(120.0)
    assert left.hashrate_eh_s * left.hashprice_usd_per_ph_day == pytest.approx(4_800.0)
    # 20 EH/s at 40 J/TH and 25 at 30.
    assert left.supply.idle_efficiency_j_per_th == pytest.approx((800 + 750) / 45)
    assert exodus(STATE, 0.0) == STATE


def test_concentration_by_hand() -> None:
    found = concentration({"a": 0.3, "b": 0.3, "c": 0.2, "unknown": 0.2})
    assert (found.nakamoto, found.nakamoto_holders) == (2, ("a", "b"))
    assert found.herfindahl_frac == pytest.approx(0.22)
    assert found.herfindahl_upper_frac == pytest.approx(0.26)
    assert found.effective_holders == pytest.approx(1 / 0.22)
    # Exactly half is not more than half; all that is known may be too little.
    assert concentration({"a": 0.5, "b": 0.5}).nakamoto == 2
    assert concentration({"a": 0.2, "b": 0.2}).nakamoto is None
    assert concentration({}).effective_holders == float("inf")
    assert concentration({str(i): 0.01 for i in range(100)}).nakamoto == 51
    assert concentration({"a": 0.4}, threshold_frac=1 / 3).nakamoto == 1


def test_value_limits_are_linear_in_what_is_paid() -> None:
    one: dict[str, Any] = {"block_reward_usd": 1e5, "hardware_usd": 1e9, "hashrate_ratio": 2.0}
    limits = value_limits(1, friction_frac=0.1, price_fall_frac=0.4, hardware_loss_frac=0.5, **one)
    # One confirmation at twice the honest hashrate: t = 1 + 8/9 by hand.
    assert limits.gross_flow_usd == pytest.approx(2 * (17 / 9) * 1e5, rel=1e-12)
    assert limits.net_flow_usd == pytest.approx(0.5 * limits.gross_flow_usd)
    assert limits.stock_usd == pytest.approx(limits.net_flow_usd + 5e8)
    assert value_limits(1, **one).net_flow_usd == 0.0


def test_confirmations_for_a_value_are_the_fewest() -> None:
    for value in (1.0, 3e5, 5e6, 1e8):
        z = confirmations_against_majority(value, 267_325.0)
        assert majority_double_spend(z, 1.25).gross_rewards * 267_325.0 >= value
        if z > 1:
            assert majority_double_spend(z - 1, 1.25).gross_rewards * 267_325.0 < value
    assert confirmations_against_minority(1e6, 0.2, 1e3) == confirmations_for(0.2, 1e-3)


def test_reserve_account_by_hand() -> None:
    cost = reserve_cost(
        STATE,
        0.2,
        power_usd_per_mwh=20.0,
        btc_price_usd=1e5,
        reserve_btc=1e4,
        real_rate_frac=0.0,
        rig_life_years=5.0,
        site_life_years=10.0,
    )
    # 25 EH/s, 500 MW, rigs 250 MUSD, sites 250 MUSD.
    assert (cost.hashrate_eh_s, cost.power_mw) == (pytest.approx(25.0), pytest.approx(500.0))
    assert cost.capital_usd_per_year == pytest.approx(75e6)
    assert cost.power_usd_per_year == pytest.approx(500 * 8760 * 20.0)
    assert cost.income_usd_per_year == pytest.approx(0.2 * 48.0 * 1e5 * 365)
    net = 75e6 + 87.6e6 - 350.4e6
    assert cost.net_usd_per_year == pytest.approx(net)
    assert cost.break_even_attack_per_year == 0.0
    dear = reserve_cost(
        STATE, 0.2, power_usd_per_mwh=80.0, btc_price_usd=1e5, reserve_btc=1e4, real_rate_frac=0.0
    )
    chance = dear.break_even_attack_per_year
    assert chance is not None
    assert chance * 0.5 * 1e9 == pytest.approx(dear.net_usd_per_year)
    none = reserve_cost(STATE, 0.2, power_usd_per_mwh=80.0, btc_price_usd=1e5, reserve_btc=10.0)
    assert none.break_even_attack_per_year is None
    assert annuity_per_year(0.05, 4.0, "n") == pytest.approx(0.2820118326)
    assert share_of_power_frac(STATE, 500.0) == pytest.approx(0.2)


def test_examples_of_states_fill_the_load_of_the_catalogue() -> None:
    state = december_2025()
    found = {e.name: e for e in reserve_examples(state)}
    assert found["Bhutan, 600 MW"].cost.power_mw == pytest.approx(600.0)
    assert found["El Salvador, 1.5 MW"].power_basis.startswith("assumed")
    assert found["United States, 10 % floor"].power_usd_per_mwh == 50.0
    assert {n.split(",")[0] for n in found} == {
        "Bhutan", "El Salvador", "Paraguay", "United States",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (lambda: replace(STATE, hashrate_eh_s=0.0), "hashrate_eh_s"),
        (lambda: replace(STATE, hashrate_eh_s=float("nan")), "hashrate_eh_s"),
        (lambda: replace(STATE, region_shares={"a": 0.7, "b": 0.7}), "region_shares"),
        (lambda: replace(STATE, pool_shares={"a": 1.2}), "pool_shares, a"),
        (lambda: replace(SUPPLY, supply_elasticity=0.0), "supply.supply_elasticity"),
        (lambda: attack_cost(STATE, route="steal"), "route"),  # type: ignore[arg-type]
        (lambda: attack_cost(STATE, route="buy", share_frac=1.0), "share_frac"),
        (lambda: attack_cost(STATE, route="buy", within_months=0.0), "within_months"),
        (lambda: attack_cost(STATE, route="seize", holders="cat"), "by"),  # type: ignore[arg-type]
        (lambda: attack_cost(BARE, route="seize", holders="pool"), "state.pool_shares"),
        (lambda: attack_cost(STATE, route="buy", honest_response_frac=-1.0), "honest_response"),
        (lambda: attack_path(STATE, route="buy", hashrate_eh_s=[1.0, np.nan]), "hashrate_eh_s"),
        (lambda: attack_path(STATE, route="buy", hashrate_eh_s=[1.0, 0.0]), "hashrate_eh_s"),
        (lambda: attack_path(STATE, route="buy", idle_eh_s=[-1.0]), "idle_eh_s"),
        (lambda: attack_path(STATE, route="buy", weather=[1.0]), "paths"),
        (lambda: attack_path(STATE, route="buy", idle_eh_s=[1.0] * 3, **TWO), "paths"),
        (lambda: exodus(STATE, 1.0), "leaving_frac"),
        (lambda: concentration({"a": 0.6, "b": 0.6}), "shares"),
        (lambda: majority_double_spend(6, 1.0), "hashrate_ratio"),
        (lambda: majority_double_spend(0, 1.5), "confirmations"),
        (lambda: simulate_majority(6, 1.001), "hashrate_ratio"),
        (lambda: confirmations_against_majority(1e14, 1.0), "value_usd"),
        (lambda: confirmations_against_minority(10.0, 0.1, 20.0), "tolerated_loss_usd"),
        (lambda: selfish_revenue(0.5, 0.0), "alpha"),
        (lambda: selfish_revenue(0.3, 1.5), "gamma"),
        (lambda: selfish_revenue(0.3, 0.5, "best"), "strategy"),  # type: ignore[arg-type]
        (lambda: pool_shares("2031-01"), "month"),
        (lambda: reserve_cost(STATE, 0.0, power_usd_per_mwh=1.0, btc_price_usd=1.0), "share_frac"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name(call: Any, where: str) -> None:
    with pytest.raises(InputError) as caught:
        call()
    assert where in caught.value.problems[0].where
