"""Laws of attack costs and concentration that hold whatever the numbers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rerack.security import (
    attack_cost,
    concentration,
    december_2025,
    exodus,
    majority_double_spend,
    selfish_revenue,
)
from rerack.security.routes import Route

STATE = december_2025()
ADDING: st.SearchStrategy[Route] = st.sampled_from(["buy", "build", "mix"])
SHARES = st.floats(0.05, 0.95)
few = settings(max_examples=60, deadline=None)


@few
@given(ADDING, SHARES, st.floats(1.0, 1e4), st.floats(1.01, 3.0))
def test_more_honest_hashrate_never_cheapens_an_attack(
    route: Route, share: float, hashrate: float, factor: float
) -> None:
    low = replace(STATE, hashrate_eh_s=hashrate)
    high = replace(STATE, hashrate_eh_s=hashrate * factor)
    a = attack_cost(low, route=route, share_frac=share)
    b = attack_cost(high, route=route, share_frac=share)
    assert b.hashrate_eh_s > a.hashrate_eh_s
    assert b.capex_usd >= a.capex_usd * (1 - 1e-12)


@few
@given(SHARES, st.floats(0.0, 5e3), st.floats(0.0, 5e3))
@example(0.140625, 168.0, 1.0)
def test_idle_rigs_never_add_to_the_new_rigs_to_be_bought(
    share: float, idle: float, more: float
) -> None:
    """Idle rigs are paid for as well, so that it is rent they save where no new rig is bought."""
    few_idle, more_idle = (replace(STATE, idle_eh_s=e) for e in (idle, idle + more))
    a, b = (attack_cost(s, route="mix", share_frac=share) for s in (few_idle, more_idle))
    new_usd, less_usd = (
        cost.rigs_usd - attack_cost(s, route="idle", share_frac=share).rigs_usd
        for cost, s in ((a, few_idle), (b, more_idle))
    )
    assert less_usd <= new_usd * (1 + 1e-9) + 1.0
    assert b.rent_usd_per_hour <= a.rent_usd_per_hour * (1 + 1e-9)


@few
@given(SHARES, st.floats(1.0, 120.0), st.floats(1.01, 5.0))
def test_haste_costs(share: float, months: float, factor: float) -> None:
    slow = attack_cost(STATE, route="buy", share_frac=share, within_months=months * factor)
    fast = attack_cost(STATE, route="buy", share_frac=share, within_months=months)
    assert fast.capex_usd > slow.capex_usd
    # No route is cheaper than the market price of the rigs it takes.
    assert slow.rigs_usd >= STATE.rig_price_usd_per_th * 1e6 * slow.hashrate_eh_s


@few
@given(st.sampled_from(["buy", "build", "rent", "seize", "idle", "mix"]), SHARES)
def test_no_route_gives_more_than_was_asked_for(route: Route, share: float) -> None:
    cost = attack_cost(STATE, route=route, share_frac=share)
    assert 0.0 <= cost.reached_frac <= share + 1e-12
    assert min(cost.capex_usd, cost.power_usd_per_hour, cost.rent_usd_per_hour) >= 0.0
    assert cost.capex_usd == cost.rigs_usd + cost.sites_usd


@few
@given(st.floats(0.0, 0.95), st.floats(0.0, 0.04))
def test_an_exodus_never_makes_a_majority_dearer(leaving: float, more: float) -> None:
    before = attack_cost(exodus(STATE, leaving), route="mix")
    after = attack_cost(exodus(STATE, leaving + more), route="mix")
    assert after.capex_usd <= before.capex_usd * (1 + 1e-9)


@few
@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=30))
def test_concentration_bounds(weights: list[float]) -> None:
    total = sum(weights)
    found = concentration({str(i): w / total for i, w in enumerate(weights)})
    n = len(weights)
    assert found.nakamoto is not None
    assert 1 <= found.nakamoto <= n // 2 + 1
    assert 1 / n - 1e-9 <= found.herfindahl_frac <= found.largest_frac + 1e-9


@few
@given(st.integers(1, 20), st.floats(1.02, 2.0))
def test_a_longer_wait_or_a_weaker_attacker_takes_longer(e: int, ratio: float) -> None:
    race = majority_double_spend(e, ratio)
    assert majority_double_spend(e + 1, ratio).mean_intervals > race.mean_intervals
    assert majority_double_spend(e, ratio * 1.1).mean_intervals < race.mean_intervals
    assert race.mean_intervals > e


@settings(max_examples=15, deadline=None)
@given(st.floats(0.05, 0.4), st.floats(0.0, 1.0))
def test_the_best_policy_beats_sm1_and_honesty(alpha: float, gamma: float) -> None:
    best = selfish_revenue(alpha, gamma, "optimal", truncation=12)
    assert best >= alpha - 1e-9
    assert best <= alpha / (1 - alpha) + 1e-9
