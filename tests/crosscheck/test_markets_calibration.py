"""The packaged numbers are what calibration gives on the real data; estimators find known truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from rerack.base.streams import Streams
from rerack.markets.bitcoin.regime import RegimeModel, regime_martingale
from rerack.markets.calibrate.index import calibrate_gpu, calibrate_lease, pooled_walk
from rerack.markets.calibrate.jump import fit_jump
from rerack.markets.calibrate.markets import calibrate_markets, estimate_markets
from rerack.markets.calibrate.regime import fit_regime
from rerack.markets.calibrate.scores import coverage_frac, crps
from rerack.markets.calibrate.source import monthly_fees, read_daily
from rerack.markets.history import network_history
from rerack.markets.parameters import Calibration, packaged


def assert_same(found: Calibration, shipped: Calibration) -> None:
    assert found.estimates.keys() == shipped.estimates.keys()
    for name, estimate in found.estimates.items():
        assert shipped.estimates[name].value == pytest.approx(estimate.value, rel=1e-4), name
        assert shipped.estimates[name].se == pytest.approx(estimate.se, rel=1e-3), name
    for name, value in found.diagnostics.items():
        assert shipped.diagnostics[name] == pytest.approx(value, rel=1e-3), name


def test_real_data_give_the_packaged_numbers(shared_data: Path, tmp_path: Path) -> None:
    for found in estimate_markets(shared_data):
        assert_same(found, packaged(found.name))
    assert len(calibrate_markets(shared_data, tmp_path)) == 4


@pytest.mark.parametrize("calibrate", [calibrate_lease, calibrate_gpu])
def test_the_catalogue_gives_the_packaged_numbers(calibrate: object) -> None:
    assert callable(calibrate)
    found = calibrate()
    assert_same(found, packaged(found.name))


def test_monthly_history_is_the_daily_file(shared_data: Path) -> None:
    months, fees, price = monthly_fees(read_daily(shared_data))
    history = network_history()
    first = months.index("2017-01")
    # The table carries three significant digits.
    assert history.fees_btc_per_block == pytest.approx(fees[first:], rel=6e-3)
    assert history.price_usd == pytest.approx(price[first:], rel=1e-3)


def test_held_out_scores_are_stored() -> None:
    scores = packaged("bitcoin").diagnostics
    assert scores["held_out_months"] == 30
    for model in ("empirical", "gbm", "jump", "regime"):
        assert 0.05 < scores[f"{model}.crps"] < 0.15
        # All were too wide: volatility fell. 27 of 30 or more fell inside the 80 % interval.
        assert scores[f"{model}.cover_80_frac"] >= 0.9


def test_jump_fit_finds_the_parameters_of_simulated_days() -> None:
    rng = np.random.default_rng(5)
    n = 20_000
    jumps = rng.random(n) < 0.1
    x = rng.normal(0.0005, 0.02, n) + jumps * rng.normal(-0.01, 0.06, n)
    found = fit_jump(x)
    truth = {
        "jump.diffusion_frac": 0.02 * np.sqrt(365.25),
        "jump.jumps_per_year": 36.525,
        "jump.jump_mean_frac": -0.01,
        "jump.jump_sd_frac": 0.06,
    }
    for name, value in truth.items():
        estimate = found[name]
        assert estimate.se is not None
        assert abs(estimate.value - value) <= 4.0 * estimate.se, name


def test_regime_fit_finds_the_parameters_of_simulated_months() -> None:
    model = RegimeModel(mean_frac=(0.02, -0.03), sd_frac=(0.05, 0.2), stay_frac=(0.95, 0.9))
    shocks = Streams(4).normals("bitcoin", paths=1, shape=(2_000,))
    months = np.arange(2_000)
    log_price = np.log(regime_martingale(model, shocks, Streams(4))[0])
    drift = np.polyfit(months, log_price, 1)[0]
    found = fit_regime(np.diff(log_price))
    assert drift < 0.0
    for name, value in (
        ("regime.calm_sd_frac", 0.05),
        ("regime.wild_sd_frac", 0.2),
        ("regime.calm_stay_frac", 0.95),
        ("regime.wild_stay_frac", 0.9),
    ):
        estimate = found[name]
        assert estimate.se is not None
        assert abs(estimate.value - value) <= 4.0 * estimate.se, name


def test_pooled_walk_recovers_drift_and_volatility() -> None:
    rng = np.random.default_rng(6)
    series = []
    for _ in range(200):
        times = np.cumsum(rng.uniform(0.1, 1.0, 8))
        steps = rng.normal(-0.2 * np.diff(times), 0.3 * np.sqrt(np.diff(times)))
        series.append(list(zip(times, np.exp(np.r_[0.0, np.cumsum(steps)]), strict=True)))
    fit = pooled_walk(series)
    assert abs(fit.drift_frac_per_year + 0.2) <= 4.0 * fit.drift_se
    assert abs(fit.volatility_frac - 0.3) <= 4.0 * fit.volatility_se


def test_crps_of_a_normal_is_the_closed_form() -> None:
    sample = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    y = np.array([0.0, 0.7, -2.0])
    exact = y * (2 * stats.norm.cdf(y) - 1) + 2 * stats.norm.pdf(y) - 1 / np.sqrt(np.pi)
    assert crps(sample, y) == pytest.approx(float(exact.mean()), abs=1e-4)
    assert coverage_frac(sample, y, 0.8) == pytest.approx(2 / 3)
