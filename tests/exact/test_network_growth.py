"""The hashrate model against closed forms, and what a network description refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from rerack.base.checks import FloatArray
from rerack.base.errors import InputError
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.chain import hashprice_usd_per_ph_day
from rerack.markets import BitcoinSpec, FeesSpec, MarketSpec, Outlook, PriceLibrary, build_outlook
from rerack.markets.parameters import packaged
from rerack.network import NetworkSpec, network_path
from rerack.network.growth import growth_inputs, simulate_hashrate
from rerack.network.growth_kernel import mean_subsidy
from rerack.network.progress import anchor_path, progress_factor, shutdown_path

FLAT = PriceLibrary.from_years("flat", "test", np.full((1, 8_760), 40.0))
START = NetworkSpec(start_height=927_360, start_difficulty=148.1953e12)
#: No progress, no inflation, no shutdown within reach: the pure reversion.
STILL = replace(
    START,
    progress_frac_per_year=0.0,
    inflation_frac_per_year=0.0,
    volatility_frac=0.0,
    reference_power_usd_per_mwh=0.1,
)


def calm(months: int, *, paths: int = 1, start: str = "2026-01") -> Outlook:
    """Return an outlook of constant price and fees."""
    spec = MarketSpec(
        bitcoin=BitcoinSpec(price_usd=85_000.0, volatility_frac=0.0),
        fees=FeesSpec(volatility_frac=0.0),
    )
    grid = MonthGrid.parse(start, months)
    return build_outlook(spec, grid, Streams(7), paths=paths, library=FLAT)


def hashprice(hashrate_eh_s: FloatArray, reward_btc: float) -> FloatArray:
    return 0.144 * reward_btc * 85_000.0 / hashrate_eh_s


@pytest.mark.parametrize("anchor", [25.0, 50.0])
def test_gap_to_a_fixed_anchor_closes_with_its_half_life(anchor: float) -> None:
    spec = replace(STILL, anchor_usd_per_ph_day=anchor)
    hashrate, _ = simulate_hashrate(growth_inputs(spec, calm(25)))
    gap = np.log(hashprice(hashrate[0], 3.125 + 0.02) / anchor)
    half_life = spec.entry_half_life_months if gap[0] > 0.0 else spec.exit_half_life_months
    assert_allclose(gap, gap[0] * 0.5 ** (np.arange(25) / half_life), atol=1e-12)


def test_a_halving_moves_hashrate_at_once_by_the_response() -> None:
    reward = 3.125 + 0.02
    at_rest = float(hashprice(np.array(1_060.837), reward))
    spec = replace(
        STILL,
        anchor_usd_per_ph_day=at_rest,
        start_height=1_050_000 - 6 * 24 * 31,
        response_frac=0.2,
    )
    hashrate, _ = simulate_hashrate(growth_inputs(spec, calm(2)))
    step = np.log(hashrate[0, 1] / hashrate[0, 0])
    # The chain has then run 4,462 of the 4,464 blocks that were left: all but two pay half.
    expected = 0.2 * np.log((1.5625 + 0.02) / reward)
    assert step == pytest.approx(expected, abs=1e-3)


def test_below_the_power_cost_rigs_go_off_at_the_shutdown_speed() -> None:
    spec = replace(STILL, reference_power_usd_per_mwh=100.0, anchor_usd_per_ph_day=30.0)
    outlook = calm(2)
    hashrate, _ = simulate_hashrate(growth_inputs(spec, outlook))
    loss = np.log(hashprice(hashrate[0, 0], 3.145) / shutdown_path(spec, outlook.grid)[0])
    left = 0.5 ** (1.0 / spec.shutdown_half_life_months)
    entry = 1.0 - 0.5 ** (1.0 / spec.entry_half_life_months)
    gap = np.log(hashprice(hashrate[0, 0], 3.145) / 30.0)
    step = np.log(hashrate[0, 1] / hashrate[0, 0])
    assert loss < 0.0 < gap
    assert step == pytest.approx((1.0 - left) * loss + entry * gap, rel=1e-9)


def test_month_zero_is_the_formula_at_the_start() -> None:
    path = network_path(START, calm(12))
    formula = hashprice_usd_per_ph_day(85_000.0, 148.1953e12, 3.125, 0.02)
    # A retarget within the month moves difficulty by one part in 2,015.
    assert path.hashprice_usd_per_ph_day[0, 0] == pytest.approx(formula, rel=5e-4)
    assert path.hashprice_usd_per_ph_day[0, 0] == pytest.approx(36.3, abs=0.05)


def test_progress_fades_to_a_finite_limit() -> None:
    years = np.array([0.0, 1.0, 5.0, 1e6])
    steady = progress_factor(years[:3], 0.2, 1e9)
    assert_allclose(steady, 0.8 ** years[:3], rtol=1e-6)
    fading = progress_factor(years, 0.2, 5.0)
    pace = -np.log(0.8)
    assert fading[2] == pytest.approx(np.exp(-pace * 5.0 / np.log(2.0) * 0.5))
    assert fading[3] == pytest.approx(np.exp(-pace * 5.0 / np.log(2.0)))


def test_anchor_rolls_from_the_sample_to_the_start() -> None:
    estimate = packaged("growth", "rerack.network")
    spec = replace(START, inflation_frac_per_year=0.025)
    at_sample_end = anchor_path(spec, MonthGrid.parse(estimate.date, 2))[0]
    year_on = anchor_path(spec, MonthGrid(start_year=2026, start_month=6, months=2))[0]
    assert at_sample_end == pytest.approx(estimate["anchor_usd_per_ph_day"])
    kept = (1.0 - estimate["progress_frac_per_year"]) * 1.025
    assert year_on == pytest.approx(at_sample_end * kept)


@pytest.mark.parametrize(
    ("height", "blocks", "expected"),
    [
        (0.0, 100.0, 50.0),
        (840_000.0, 4_000.0, 3.125),
        (1_049_000.0, 4_000.0, (1_000 * 3.125 + 3_000 * 1.5625) / 4_000),
        (6_929_000.0, 2_000.0, 50.0 * 0.5**32 / 2.0),
        (6_930_000.0, 2_000.0, 0.0),
    ],
)
def test_mean_subsidy_splits_the_month(height: float, blocks: float, expected: float) -> None:
    assert mean_subsidy(height, blocks) == pytest.approx(expected)


@pytest.mark.parametrize(
    "bad",
    [
        {"start_height": -1},
        {"start_height": 1.5},
        {"start_difficulty": 0.0},
        {"start_difficulty": float("nan")},
        {"progress_frac_per_year": 1.0},
        {"entry_half_life_months": 0.0},
        {"response_frac": 1.0},
        {"efficiency_j_per_th": 0.0},
    ],
)
def test_bad_numbers_are_refused_by_name(bad: dict[str, float]) -> None:
    name = next(iter(bad))
    with pytest.raises(InputError, match=f"network.{name}"):
        replace(START, **bad)  # type: ignore[arg-type]
