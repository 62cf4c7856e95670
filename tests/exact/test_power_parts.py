"""Closed forms of the model's parts: autoregressions, cycle, tail, orthant odds, scores."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rerack.markets.power import recursions
from rerack.markets.power.model import peak_prices
from rerack.markets.power.persistence import fit_persistence, fit_tension, masked_autocorrelation
from rerack.markets.power.scarcity import normal_scores, truncated_exponential_rate
from rerack.markets.power.scores import covered, crps
from rerack.markets.power.tension import _joint_frac, tetrachoric_autocorrelation


def test_autoregressive_is_the_explicit_moving_average() -> None:
    e = np.random.default_rng(1).standard_normal(40)
    rho = 0.8
    x = recursions.autoregressive(e, rho)
    t = 39
    explicit = rho**t * e[0] + math.sqrt(1 - rho**2) * sum(
        rho ** (t - s) * e[s] for s in range(1, t + 1)
    )
    assert x[t] == pytest.approx(explicit, abs=1e-12)


def test_autoregressive_moments() -> None:
    e = np.random.default_rng(2).standard_normal(200_000)
    x = recursions.autoregressive(e, 0.9)
    everywhere = np.ones(len(x), dtype=np.bool_)
    # Effective sample (1 - rho^2)/(1 + rho^2) of the length: 4 errors of the variance.
    assert x.var() == pytest.approx(1.0, abs=4 * math.sqrt(2 / len(x) * 1.81 / 0.19))
    assert masked_autocorrelation(x, everywhere, 5)[4] == pytest.approx(0.9**5, abs=0.02)


def test_daily_cycle_has_the_stated_autocorrelation() -> None:
    e = np.random.default_rng(3).standard_normal((2, 200_000))
    x = recursions.daily_cycle(e[0], e[1], 0.95)
    everywhere = np.ones(len(x), dtype=np.bool_)
    found = masked_autocorrelation(x, everywhere, 24)
    lag = np.arange(1, 25)
    assert x.var() == pytest.approx(1.0, abs=0.05)
    assert np.abs(found - 0.95**lag * np.cos(2 * np.pi * lag / 24)).max() < 0.03


def test_daily_cycle_is_a_damped_complex_rotation() -> None:
    e = np.random.default_rng(4).standard_normal((2, 30))
    noise = e[0] + 1j * e[1]
    turn = 0.9 * np.exp(-2j * np.pi / 24)
    t = 29
    explicit = turn**t * noise[0] + math.sqrt(1 - 0.81) * sum(
        turn ** (t - s) * noise[s] for s in range(1, t + 1)
    )
    assert recursions.daily_cycle(e[0], e[1], 0.9)[t] == pytest.approx(explicit.real, abs=1e-12)


def test_peaks_run_from_threshold_to_cap_with_pareto_median() -> None:
    peaks = peak_prices(200.0, np.full(3, 1.0), 5000.0, np.array([0.0, 0.5, 1.0]))
    # Truncated Pareto of index 1: F(x) = (1 - K/x)/(1 - K/C), so the median is 2K/(1 + K/C).
    assert peaks == pytest.approx([200.0, 400.0 / (1 + 0.04), 5000.0], rel=1e-12)


def test_truncated_exponential_rate_inverts_the_mean() -> None:
    rate, bound = 0.9, 3.2
    mean = 1 / rate - bound / math.expm1(rate * bound)
    assert truncated_exponential_rate(mean, bound) == pytest.approx(rate, abs=1e-9)


def test_joint_odds_of_two_halves_are_sheppards() -> None:
    joint = _joint_frac(np.full(12, 0.5), 0.6)
    assert joint[0, 0] == pytest.approx(0.25 + math.asin(0.6) / (2 * math.pi), abs=1e-10)


def test_tetrachoric_recovers_a_known_tension() -> None:
    x = recursions.autoregressive(np.random.default_rng(5).standard_normal(60_000), 0.7)
    tight = x > 1.0
    share = np.full(12, tight.mean())
    month = np.zeros(len(x), dtype=np.int64)
    keep = np.ones(len(x), dtype=np.bool_)
    found = tetrachoric_autocorrelation(tight, month, keep, share, 3)
    assert found == pytest.approx([0.7, 0.49, 0.343], abs=0.03)


def test_persistence_fit_recovers_points_of_its_own_grid() -> None:
    lag = np.arange(1, 241)
    acf = (
        0.5 * np.exp(-lag / 72.0)
        + 0.3 * np.exp(-lag / 3.0)
        + 0.2 * np.exp(-lag / 192.0) * np.cos(2 * np.pi * lag / 24)
    )
    fit = fit_persistence(acf)
    assert tuple(fit) == pytest.approx((0.5, 0.3, 0.2, 72.0, 3.0, 192.0), abs=1e-6)


def test_tension_fit_recovers_points_of_its_own_grid() -> None:
    lag = np.arange(1, 41)
    fit = fit_tension(0.4 * np.exp(-lag / 30.0) + 0.6 * np.exp(-lag / 1.5))
    assert fit == pytest.approx((0.4, 30.0, 1.5), abs=1e-9)


def test_normal_scores_are_ranks() -> None:
    assert normal_scores(np.array([9.0, 1.0, 5.0])) == pytest.approx([0.967422, -0.967422, 0.0])


def test_crps_of_a_large_normal_sample_is_the_closed_form() -> None:
    sample = np.random.default_rng(6).standard_normal(100_000)
    # CRPS of N(0, 1) at 0 is sqrt(2/pi) - 1/sqrt(pi).
    assert crps(sample, 0.0) == pytest.approx(
        math.sqrt(2 / math.pi) - 1 / math.sqrt(math.pi), abs=0.005
    )
    assert covered(sample, 1.6, 0.9)
    assert not covered(sample, 1.7, 0.9)
