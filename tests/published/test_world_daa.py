"""Difficulty adjustment: table 2 of Noda, Okumura and Hashimoto (ssrn 3410460), papers.md 4.1."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.network.world import adjustment_study
from rerack.network.world.daa_kernel import EPOCH, best_rate, log_supply, run_blocks


def test_the_moving_window_reproduces_its_row() -> None:
    study = adjustment_study("window", paths=250, seed=1)
    # 10.035 in the table; the block times before the start are not known one by one.
    assert study.mean_minutes.mean() == pytest.approx(10.035, abs=0.005)
    assert study.sd_minutes.mean() == pytest.approx(10.224, abs=0.03)
    assert study.over_frac(120.0) == pytest.approx(0.1836, abs=0.075)
    assert study.over_frac(180.0) < 0.02


def test_the_best_difficulty_gives_ten_minutes() -> None:
    study = adjustment_study("first_best", paths=150, seed=1)
    assert abs(study.mean_minutes.mean() - 10.0) < 4.0 * study.mean_error_minutes


def test_looked_up_in_steps_of_50_usd_it_gives_the_row_of_the_table() -> None:
    """9.883 is 1.2 % below the target that defines the rule: the price is rounded down."""
    study = adjustment_study("first_best", paths=400, seed=1, price_step_usd=50.0)
    assert study.mean_error_minutes < 0.006
    assert study.mean_minutes.mean() == pytest.approx(9.883, abs=0.015)
    assert study.sd_minutes.mean() == pytest.approx(9.882, abs=0.015)
    assert study.over_frac(120.0) == pytest.approx(0.059, abs=0.04)


def test_bitcoins_rule_is_slow_and_wild_where_supply_is_elastic() -> None:
    study = adjustment_study("bitcoin", paths=150, seed=1)
    assert 11.8 < study.mean_minutes.mean() < 13.8
    assert study.over_frac(120.0) > 0.7


@pytest.mark.slow
def test_bitcoins_rule_reproduces_its_row() -> None:
    study = adjustment_study("bitcoin", paths=5_000, seed=1)
    error = study.mean_error_minutes
    assert error < 0.06
    # The table's own 5,000 paths are as uncertain as ours.
    assert abs(study.mean_minutes.mean() - 12.797) < 3.0 * np.sqrt(2.0) * error
    assert study.sd_minutes.mean() == pytest.approx(17.422, abs=0.3)
    assert study.over_frac(120.0) == pytest.approx(0.850, abs=0.02)
    assert study.over_frac(180.0) == pytest.approx(0.534, abs=0.03)


@pytest.mark.parametrize(("slope", "stable"), [(0.5, True), (1.5, True), (4.0, False)])
def test_a_deviation_turns_over_times_the_elasticity_each_epoch(slope: float, stable: bool) -> None:
    # No luck and one price: what is left is the rule. deviation(t+1) = -elasticity deviation(t).
    shape, price, window = np.array([55.0, 1.5, slope]), 3_604.59, 2016
    best = best_rate(price, 12.5, 10.0, 4e-5, shape)
    _, elasticity = log_supply(best * price * 12.5, *(float(v) for v in shape))
    times, inverse = np.zeros(4 * window), np.zeros(4 * window)
    run_blocks(
        EPOCH, window, 0, 0.0, best * 1.001, np.full(8 * window, price), np.ones(4 * window),
        12.5, 10.0, shape, 0.0, times, inverse,
    )  # fmt: skip
    # Block time of epoch t: -(1 + elasticity) times the deviation of the rate.
    deviation = np.log(times[::window] / 10.0)
    ratio = deviation[1:] / deviation[:-1]
    assert ratio == pytest.approx(np.full(3, -elasticity), rel=0.05)
    assert (abs(ratio) < 1.0).all() == stable


def test_a_rule_that_is_not_known_is_refused() -> None:
    with pytest.raises(InputError, match="bitcoin, window, first_best"):
        adjustment_study("asert")  # type: ignore[arg-type]
