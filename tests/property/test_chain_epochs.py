"""Balances of the chain clock that hold on any path of hashrate."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rerack.chain import EpochPaths, btc_per_ph_day, run_epochs, subsidy_sat

MONTHS = 30
HOURS = np.full(MONTHS, 730.0)
HASHRATES = arrays(np.float64, (3, MONTHS), elements=st.floats(50.0, 5000.0))
FEES = arrays(np.float64, (3, MONTHS), elements=st.floats(0.0, 5.0))
HEIGHTS = st.integers(0, 1_300_000)


def run(hashrate_eh_s: np.ndarray, fees_btc: np.ndarray, height: int, level: float) -> EpochPaths:
    return run_epochs(
        hashrate_eh_s=hashrate_eh_s,
        hours=HOURS,
        fees_btc=fees_btc,
        start_height=height,
        start_difficulty=level,
    )


def coins_until(height: float) -> float:
    era = int(height) // 210_000
    whole = sum(210_000 * subsidy_sat(210_000 * e) for e in range(era))
    return (whole + (height - 210_000 * era) * subsidy_sat(210_000 * era)) / 1e8


@settings(deadline=None, max_examples=40)
@given(HASHRATES, FEES, HEIGHTS)
def test_hashprice_of_the_means_is_the_mean_of_hashprice(
    hashrate_eh_s: np.ndarray, fees_btc: np.ndarray, height: int
) -> None:
    paths = run(hashrate_eh_s, fees_btc, height, 1e14)
    again = btc_per_ph_day(paths.difficulty_mean, paths.subsidy_btc_mean, fees_btc)
    np.testing.assert_allclose(again, paths.btc_per_ph_day, rtol=1e-12)


@settings(deadline=None, max_examples=40)
@given(HASHRATES, HEIGHTS)
def test_blocks_work_and_coins_balance(hashrate_eh_s: np.ndarray, height: int) -> None:
    paths = run(hashrate_eh_s, np.zeros((1, 1)), height, 1e14)
    work = hashrate_eh_s * 1e18 * HOURS * 3600.0
    np.testing.assert_allclose(paths.blocks * paths.difficulty_mean * 2.0**32, work, rtol=1e-11)
    np.testing.assert_allclose(paths.end_height[:, -1] - height, paths.blocks.sum(axis=1))
    mined = (paths.blocks * paths.subsidy_btc_mean).sum(axis=1)
    issued = [coins_until(end) - coins_until(height) for end in paths.end_height[:, -1]]
    np.testing.assert_allclose(mined, issued, rtol=1e-9)


@settings(deadline=None, max_examples=40)
@given(HASHRATES, st.floats(0.5, 20.0))
def test_a_network_scaled_as_a_whole_keeps_its_clock(
    hashrate_eh_s: np.ndarray, scale: float
) -> None:
    base = run(hashrate_eh_s, np.full((1, 1), 0.1), 900_000, 1e14)
    scaled = run(hashrate_eh_s * scale, np.full((1, 1), 0.1), 900_000, 1e14 * scale)
    np.testing.assert_allclose(scaled.blocks, base.blocks, rtol=1e-9)
    np.testing.assert_allclose(scaled.btc_per_ph_day * scale, base.btc_per_ph_day, rtol=1e-9)


@settings(deadline=None, max_examples=40)
@given(HASHRATES, st.integers(1, MONTHS - 1), st.floats(0.0, 10.0))
def test_the_future_changes_nothing_before_it_and_enters_at_once(
    hashrate_eh_s: np.ndarray, month: int, factor: float
) -> None:
    base = run(hashrate_eh_s, np.full((1, 1), 0.1), 900_000, 1e14)
    changed = hashrate_eh_s.copy()
    changed[:, month:] *= factor
    other = run(changed, np.full((1, 1), 0.1), 900_000, 1e14)
    np.testing.assert_array_equal(other.btc_per_ph_day[:, :month], base.btc_per_ph_day[:, :month])
    np.testing.assert_array_equal(other.end_height[:, :month], base.end_height[:, :month])
    more, fewer = (other, base) if factor > 1.0 else (base, other)
    assert (more.blocks[:, month] >= fewer.blocks[:, month] * (1 - 1e-9)).all()


@settings(deadline=None, max_examples=20)
@given(HASHRATES, FEES)
def test_a_path_does_not_depend_on_its_neighbours(
    hashrate_eh_s: np.ndarray, fees_btc: np.ndarray
) -> None:
    together = run(hashrate_eh_s, fees_btc, 900_000, 1e14)
    alone = run(hashrate_eh_s[1:2], fees_btc[1:2], 900_000, 1e14)
    np.testing.assert_array_equal(together.btc_per_ph_day[1], alone.btc_per_ph_day[0])
    np.testing.assert_array_equal(together.halving_month[1], alone.halving_month[0])
