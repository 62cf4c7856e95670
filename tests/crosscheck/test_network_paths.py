"""The compiled loop against its twin, its heights against the chain clock, and calibration."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.chain import run_epochs
from rerack.markets import (
    BitcoinSpec,
    MarketSpec,
    NetworkHistory,
    Outlook,
    PriceLibrary,
    build_outlook,
    network_history,
)
from rerack.markets.parameters import packaged
from rerack.network import NetworkSpec, network_path
from rerack.network.calibrate import calibrate_growth, calibrate_network, calibrate_rigs
from rerack.network.calibrate.rigs import fit_frontier, margin_multiples
from rerack.network.growth import growth_inputs, simulate_hashrate, simulate_hashrate_plain
from rerack.network.progress import progress_factor

FLAT = PriceLibrary.from_years("flat", "test", np.full((1, 8_760), 40.0))
START = NetworkSpec(start_height=927_360, start_difficulty=148.1953e12)


def outlook(
    paths: int, months: int, *, volatility: float | None = None, growth: float = 0.05
) -> Outlook:
    spec = MarketSpec(
        bitcoin=BitcoinSpec(
            price_usd=85_000.0, growth_frac_per_year=growth, volatility_frac=volatility
        )
    )
    grid = MonthGrid.parse("2026-01", months)
    return build_outlook(spec, grid, Streams(7), paths=paths, library=FLAT)


def test_kernel_and_twin_agree() -> None:
    inputs = growth_inputs(START, outlook(64, 240))
    fast, fast_height = simulate_hashrate(inputs)
    plain, plain_height = simulate_hashrate_plain(inputs)
    assert_allclose(fast, plain, rtol=1e-11)
    assert_allclose(fast_height, plain_height, rtol=1e-12)


def test_heights_of_the_loop_follow_the_chain_clock() -> None:
    drawn = outlook(500, 240)
    hashrate, height = simulate_hashrate(growth_inputs(START, drawn))
    clock = run_epochs(
        hashrate_eh_s=hashrate,
        hours=drawn.grid.hours,
        fees_btc=drawn.fees_btc_per_block,
        start_height=START.start_height,
        start_difficulty=START.start_difficulty,
    )
    off = height[:, 1:] - clock.end_height[:, :-1]
    # Only the subsidy that entry reacts to hangs on it: half an epoch is a week in 240 months.
    assert np.abs(off).max() < 1_008
    assert np.abs(np.median(off, axis=0)).max() < 50


def test_hashprice_is_income_times_price() -> None:
    drawn = outlook(64, 60)
    path = network_path(START, drawn)
    assert_allclose(
        path.hashprice_usd_per_ph_day, path.btc_per_ph_day * drawn.btc_price_usd, rtol=1e-14
    )
    reward = path.subsidy_btc + drawn.fees_btc_per_block
    formula = 86_400e15 / (path.difficulty * 2.0**32) * reward * drawn.btc_price_usd
    assert_allclose(path.hashprice_usd_per_ph_day, formula, rtol=1e-12)


def test_long_run_hashprice_is_plausible_at_a_flat_price() -> None:
    path = network_path(START, outlook(500, 240, volatility=0.0, growth=0.0))
    median = np.median(path.hashprice_usd_per_ph_day, axis=0)
    # Falls with progress, by about half at the halving of 2028, and stays a price that a
    # machine of the day can live on.
    assert median[60] < median[0]
    halving = int(np.median(path.halving_month[:, 0]))
    assert 0.4 < median[halving + 1] / median[halving - 1] < 0.65
    power_cost = 0.024 * path.frontier_j_per_th * 45.0
    assert (median > power_cost).all()
    assert 3.0 < median[-1] < 40.0


def test_a_thousand_paths_of_twenty_years_are_quick() -> None:
    drawn = outlook(1_000, 240)
    network_path(START, drawn)
    begun = time.perf_counter()
    network_path(START, drawn)
    assert time.perf_counter() - begun < 1.0


@pytest.mark.parametrize(
    ("name", "calibrate"), [("growth", calibrate_growth), ("rigs", calibrate_rigs)]
)
def test_history_gives_the_packaged_numbers(name: str, calibrate: object, tmp_path: Path) -> None:
    assert callable(calibrate)
    found, shipped = calibrate(network_history()), packaged(name, "rerack.network")
    assert found.estimates.keys() == shipped.estimates.keys()
    for key, estimate in found.estimates.items():
        assert shipped.estimates[key].value == pytest.approx(estimate.value, rel=1e-4), key
        if estimate.se is None:  # an assumption
            assert shipped.estimates[key].se is None, key
        else:
            assert shipped.estimates[key].se == pytest.approx(estimate.se, rel=1e-3), key
    for key, value in found.diagnostics.items():
        assert shipped.diagnostics[key] == pytest.approx(value, rel=1e-3), key
    assert {p.name for p in calibrate_network(tmp_path)} == {"growth.json", "rigs.json"}


def test_calibration_finds_the_parameters_of_a_simulated_history() -> None:
    rng = np.random.default_rng(8)
    entry, anchor, fall, response, months = 0.06, 34.0, 0.16, 0.1, 1_200
    years = (np.arange(months) - (months - 1)) / 12.0
    price = np.exp(np.cumsum(rng.normal(0.012, 0.2, months))) * 1e-3
    reward = 6.25
    revenue = np.log(0.144 * reward * price)
    h = np.empty(months)
    h[0] = revenue[0] - np.log(anchor) + fall * years[0]
    for t in range(months - 1):
        gap = revenue[t] - h[t] - (np.log(anchor) - fall * years[t])
        h[t + 1] = h[t] + entry * gap + response * (revenue[t + 1] - revenue[t])
        h[t + 1] += rng.normal(0.0, 0.05)
    year, month = np.divmod(np.arange(months) + 12 * 1_926, 12)
    labels = tuple(f"{y:04d}-{m + 1:02d}" for y, m in zip(year, month, strict=True))
    # The score needs the label 2021-12 and the ban months, so the sample ends after them.
    history = NetworkHistory(
        labels=labels,
        price_usd=price,
        hashrate_eh_s=np.exp(h),
        hashprice_usd_per_ph_day=np.exp(revenue - h),
        fees_btc_per_block=np.full(months, 0.1 * reward),
        fee_share_frac=np.full(months, 0.1),
        revenue_usd=np.exp(revenue),
    )
    found = calibrate_growth(history)
    half_life = np.log(0.5) / np.log(1.0 - entry)
    for name, truth in (
        ("anchor_usd_per_ph_day", anchor),
        ("entry_half_life_months", half_life),
        ("response_frac", response),
        ("progress_frac_per_year", 1.0 - np.exp(-fall) / 1.03),
    ):
        estimate = found.estimates[name]
        assert estimate.se is not None
        assert abs(estimate.value - truth) <= 4.0 * estimate.se, name
    assert found["volatility_frac"] == pytest.approx(0.05 * np.sqrt(12.0), rel=0.1)


def test_frontier_fit_finds_its_own_curve() -> None:
    year = np.linspace(2016.0, 2026.0, 12)
    best = 14.0 * progress_factor(np.maximum(year - 2016.0, 0.0), 0.3, 6.0)
    found = fit_frontier(year, best)
    assert found["progress_halving_years"].value == pytest.approx(6.0, rel=0.01)
    assert found["frontier_j_per_th"].value == pytest.approx(
        float(np.interp(2024.5, year, best)), rel=0.01
    )


def test_rig_prices_are_some_months_of_margin() -> None:
    multiples = margin_multiples(network_history())
    estimate = packaged("rigs", "rerack.network").estimates["rig_margin_months"]
    assert multiples.size == 13
    assert np.exp(np.log(multiples).mean()) == pytest.approx(estimate.value, rel=1e-4)
