"""Moments of every driver against their closed forms, within four standard errors."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from rerack.base.checks import FloatArray
from rerack.base.streams import Streams
from rerack.markets import BitcoinSpec, FeesSpec, GpuSpec, LeaseSpec
from rerack.markets.bitcoin.bootstrap import bootstrap_martingale
from rerack.markets.bitcoin.jump import JumpModel, poisson_quantile
from rerack.markets.bitcoin.regime import RegimeModel, expected_log
from rerack.markets.bitcoin.simulate import model_of, simulate_bitcoin
from rerack.markets.fees import simulate_fees
from rerack.markets.gpu import simulate_gpu
from rerack.markets.lease import simulate_lease
from rerack.markets.paths import decay_per_month, ornstein_uhlenbeck

PATHS, MONTHS = 20_000, 37
STREAMS = Streams(2_026)


def shocks(name: str) -> FloatArray:
    return STREAMS.normals(name, paths=PATHS, shape=(MONTHS,))


def assert_mean(paths: FloatArray, expected: FloatArray) -> None:
    error = paths[:, 1:].std(axis=0) / np.sqrt(PATHS)
    assert (np.abs(paths[:, 1:].mean(axis=0) - expected[1:]) <= 4.0 * error).all()
    assert_allclose(paths[:, 0], expected[0])


@pytest.mark.parametrize("model", ["gbm", "jump", "regime", "bootstrap"])
@pytest.mark.parametrize("volatility", [None, 0.45])
def test_expected_price_grows_as_stated(model: str, volatility: float | None) -> None:
    spec = BitcoinSpec(
        price_usd=85_000.0, model=model, growth_frac_per_year=0.07, volatility_frac=volatility
    )
    prices = simulate_bitcoin(spec, shocks("bitcoin"), STREAMS)
    assert_mean(prices, 85_000.0 * 1.07 ** (np.arange(MONTHS) / 12.0))


@pytest.mark.parametrize("model", ["gbm", "jump", "regime", "bootstrap"])
def test_monthly_returns_have_the_stated_volatility(model: str) -> None:
    spec = BitcoinSpec(price_usd=1.0, model=model, volatility_frac=0.6)
    returns = np.diff(np.log(simulate_bitcoin(spec, shocks("bitcoin"), STREAMS)), axis=1)
    # Months of one path repeat in the bootstrap and share a regime, hence the path as the unit.
    by_path = returns.var(axis=1, ddof=0) + (returns.mean(axis=1) - returns.mean()) ** 2
    error = by_path.std() / np.sqrt(PATHS)
    assert abs(by_path.mean() - 0.6**2 / 12.0) <= 4.0 * error


@pytest.mark.parametrize("name", ["gbm", "jump", "regime"])
def test_scaling_sets_the_volatility_exactly(name: str) -> None:
    assert model_of(name).scaled(0.5).volatility_frac == pytest.approx(0.5, rel=1e-12)


def test_regime_correction_is_the_matrix_product() -> None:
    model = RegimeModel(mean_frac=(0.05, -0.1), sd_frac=(0.1, 0.3), stay_frac=(0.9, 0.7))
    switch = np.array([[0.9, 0.1], [0.3, 0.7]])
    growth = np.diag(np.exp(np.array([0.05, -0.1]) + np.array([0.01, 0.09]) / 2.0))
    direct = [
        np.log(
            np.array(model.stationary_frac)
            @ np.linalg.matrix_power(switch @ growth, t)
            @ np.ones(2)
        )
        for t in range(5)
    ]
    assert_allclose(expected_log(model, 5), direct, atol=1e-14)


def test_poisson_quantiles_have_the_poisson_law() -> None:
    counts = poisson_quantile(np.linspace(0.0, 1.0, 1_000_000, endpoint=False), 2.5)
    assert counts.mean() == pytest.approx(2.5, abs=1e-4)
    assert counts.var() == pytest.approx(2.5, abs=1e-3)


def test_jump_variance_adds_diffusion_and_jumps() -> None:
    model = JumpModel(
        diffusion_frac=0.3, jumps_per_year=10.0, jump_mean_frac=-0.02, jump_sd_frac=0.1
    )
    assert model.volatility_frac**2 == pytest.approx(0.09 + 10.0 * (0.0004 + 0.01))


def test_bootstrap_blocks_are_stretches_of_history() -> None:
    history = np.arange(1.0, 25.0) / 100.0
    walk = bootstrap_martingale(history, Streams(3), paths=5, months=13)
    steps = np.diff(np.log(walk), axis=1)
    # A constant shift per place in the block turns them back into consecutive returns.
    rises = np.diff(steps, axis=1)[:, :5]
    assert np.ptp(rises[:, 0]) in (pytest.approx(0.0, abs=1e-12), pytest.approx(0.24, abs=1e-12))


def test_fees_keep_their_expectation_and_reach_the_long_run() -> None:
    spec = FeesSpec(
        level_btc_per_block=0.02,
        long_run_btc_per_block=0.2,
        half_life_months=4.0,
        volatility_frac=1.0,
    )
    fees = simulate_fees(spec, shocks("fees"))
    left = 0.5 ** (np.arange(MONTHS) / 4.0)
    assert_mean(fees, 0.2 * (0.02 / 0.2) ** left)


def test_fees_without_shocks_lie_half_the_variance_below_their_expectation() -> None:
    spec = FeesSpec(level_btc_per_block=0.1, half_life_months=2.0, volatility_frac=1.2)
    decay, step = 0.5**0.5, 1.2**2 / 12.0
    variance = step * (1.0 - decay ** (2 * np.arange(5))) / (1.0 - decay**2)
    assert_allclose(simulate_fees(spec, np.zeros((1, 5)))[0], 0.1 * np.exp(-variance / 2.0))


def test_ornstein_uhlenbeck_variance_is_the_closed_form() -> None:
    decay = decay_per_month(6.0)
    path, variance = ornstein_uhlenbeck(shocks("fees"), decay, 0.4)
    t = np.arange(MONTHS)
    assert_allclose(variance, 0.16 * (1.0 - decay ** (2 * t)) / (1.0 - decay**2), rtol=1e-12)
    error = variance[-1] * np.sqrt(2.0 / PATHS)
    assert abs(path[:, -1].var() - variance[-1]) <= 4.0 * error
    assert variance[-1] == pytest.approx(0.16 / (1.0 - decay**2), rel=1e-3)


def test_lease_and_gpu_indices_keep_their_expectation() -> None:
    t = np.arange(MONTHS) / 12.0
    lease = LeaseSpec(growth_frac_per_year=0.04, volatility_frac=0.15)
    assert_mean(simulate_lease(lease, shocks("lease")), 1.04**t)
    gpu = GpuSpec(decline_frac_per_year=0.2, volatility_frac=0.4)
    assert_mean(simulate_gpu(gpu, shocks("gpu")), 0.8**t)
