"""Published figures of selfish mining, attack economics and the cost of buying a majority."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from rerack.security import (
    attack_cost,
    block_reward_needed_usd,
    breaking_bft,
    december_2025,
    majority_double_spend,
    selfish_revenue,
    selfish_threshold_frac,
    simulate_majority,
)
from rerack.security.published_hardware import flat_hardware

#: Reference papers.md, section 2: mean intervals and gross rewards by confirmations and ratio.
MAJORITY = {
    (1, 1.05): (24.7, 25.9),
    (1, 1.25): (5.38, 6.73),
    (1, 1.5): (3.13, 4.70),
    (1, 2.0): (1.89, 3.77),
    (6, 1.05): (43.7, 45.9),
    (6, 1.25): (11.55, 14.4),
    (6, 1.5): (7.86, 11.8),
    (6, 2.0): (6.41, 12.8),
}


@pytest.mark.parametrize(("gamma", "threshold"), [(0.0, 1 / 3), (0.5, 0.25), (1.0, 0.0)])
def test_sm1_thresholds_of_eyal_and_sirer(gamma: float, threshold: float) -> None:
    assert selfish_threshold_frac(gamma) == pytest.approx(threshold, abs=1e-15)
    # At the threshold the rule earns what honest mining does; above it, more.
    if threshold > 0.0:
        assert selfish_revenue(threshold, gamma) == pytest.approx(threshold, abs=1e-12)
        assert selfish_revenue(threshold + 0.01, gamma) > threshold + 0.01
        assert selfish_revenue(threshold - 0.01, gamma) < threshold - 0.01


@pytest.mark.parametrize(
    ("alpha", "sm1", "optimal"), [(1 / 3, 0.33333, 0.33705), (0.35, 0.36651, 0.37077)]
)
def test_selfish_revenue_of_sapirshtein_and_others(
    alpha: float, sm1: float, optimal: float
) -> None:
    assert round(selfish_revenue(alpha, 0.0), 5) == sm1
    assert round(selfish_revenue(alpha, 0.0, "optimal"), 5) == optimal


def test_best_policy_pays_from_less_hashrate_than_sm1() -> None:
    threshold = selfish_threshold_frac(0.0, "optimal", truncation=40)
    assert 0.32 < threshold < 1 / 3


@pytest.mark.parametrize(("e", "ratio"), sorted(MAJORITY))
def test_majority_table_within_its_sampling_error(e: int, ratio: float) -> None:
    # The table was simulated with a number of races that is not said; its scatter about the closed
    # form is that of several thousand, so three standard errors of 10,000 races are allowed, and
    # half a unit of the last digit.
    spread = simulate_majority(e, ratio, races=10_000, seed=3).standard_error
    race = majority_double_spend(e, ratio)
    time, cost = MAJORITY[e, ratio]
    assert race.mean_intervals == pytest.approx(time, abs=3 * spread + 0.005)
    assert race.gross_rewards == pytest.approx(cost, abs=3 * ratio * spread + 0.05)


def test_majority_table_is_close_on_average() -> None:
    ratios = [majority_double_spend(*key).mean_intervals / MAJORITY[key][0] for key in MAJORITY]
    assert sum(ratios) / len(ratios) == pytest.approx(1.0, abs=0.01)
    assert max(abs(r - 1.0) for r in ratios) < 0.035


def test_budish_example_of_a_billion() -> None:
    # Given: above 69 MUSD a block, from a simulated 14.4; the closed form's 14.2 gives 70.4.
    assert block_reward_needed_usd(1e9, 6) == pytest.approx(69e6, rel=0.025)
    assert block_reward_needed_usd(1e9, 6) == pytest.approx(1e9 / 14.2085, rel=1e-4)


def test_breaking_bft_totals_and_the_difference() -> None:
    check = breaking_bft()
    assert check.hashrate_eh_s == pytest.approx(503.5, abs=0.05)
    assert check.published_th_s == pytest.approx(72, abs=0.5)
    assert check.published_usd_per_th == pytest.approx(40, abs=0.5)
    # The published total is twice the market price of the time: a mark-up, not another hashrate.
    assert check.published_usd / check.flat_usd == pytest.approx(2.0, abs=0.05)
    assert check.fleet_machines < 7e6
    assert 12.0 < check.same_markup_months < 48.0
    # 40 bn USD for the best double spend is four times the market price: nine months of buying.
    assert check.double_spend_months == pytest.approx(8.6, abs=0.1)


def test_hardware_of_farokhnia_and_goharshady_has_one_price() -> None:
    check = flat_hardware()
    assert max(check.network_usd) / min(check.network_usd) < 1.05
    state = december_2025()
    # At one price and without sites our own rule is theirs: s/(1-s) of the network.
    for share, usd in zip(check.shares_frac, check.published_usd, strict=True):
        supply = replace(state.supply, supply_elasticity=1e6, site_usd_per_mw=0.0)
        flat = replace(
            state,
            hashrate_eh_s=503.5,
            rig_price_usd_per_th=check.usd_per_th,
            supply=supply,
        )
        cost = attack_cost(flat, route="buy", share_frac=share)
        assert cost.capex_usd == pytest.approx(usd, rel=0.05)


def test_budish_levels_of_2022_from_the_chain(shared_data: Path) -> None:
    # Given: about 250,000 USD a block and about 40 m USD a day (draft of June 2022).
    with (shared_data / "btc_daily_coinmetrics.csv").open(encoding="utf-8") as file:
        days = [row for row in csv.DictReader(file) if "2021-06-01" <= row["date"] < "2022-06-01"]

    def paid(rows: list[dict[str, str]]) -> float:
        return sum(
            (float(r["issuance_btc"]) + float(r["fees_btc"])) * float(r["price_usd"]) for r in rows
        )

    spring = [row for row in days if row["date"] >= "2022-01-01"]
    blocks = sum(float(row["blocks"]) for row in spring)
    assert paid(spring) / blocks == pytest.approx(250_000.0, rel=0.01)
    assert paid(days) / len(days) == pytest.approx(40e6, rel=0.03)
