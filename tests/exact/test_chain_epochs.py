"""The chain clock where the answer is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.chain import EpochPaths, halving_height, run_epochs, trace_epochs

T = 1_209_600.0
DAYS = np.full(120, 24.0)
PER_PH_DAY = 1e15 * 86_400.0 / 2.0**32


def settled_difficulty(hashrate_eh_s: float) -> float:
    """Difficulty at which 2015 intervals take two weeks."""
    return hashrate_eh_s * 1e18 * T / (2015.0 * 2.0**32)


def run(
    hashrate_eh_s: np.ndarray,
    difficulty: float,
    *,
    height: int = 2016 * 400,
    fees: float = 0.0,
    elapsed_s: float | None = None,
    hours: np.ndarray | None = None,
) -> EpochPaths:
    path = np.atleast_2d(hashrate_eh_s)
    return run_epochs(
        hashrate_eh_s=path,
        hours=np.full(path.shape[1], 24.0) if hours is None else hours,
        fees_btc=np.asarray(fees),
        start_height=height,
        start_difficulty=difficulty,
        epoch_elapsed_s=elapsed_s,
    )


def test_a_settled_network_stays_settled_at_2016_blocks_in_2016_2015ths_of_two_weeks() -> None:
    paths = run(np.full(120, 600.0), settled_difficulty(600.0), fees=0.1, height=2016 * 420)
    interval_s = 600.0 * 2016.0 / 2015.0
    np.testing.assert_allclose(paths.difficulty_mean, settled_difficulty(600.0), rtol=1e-12)
    np.testing.assert_allclose(paths.blocks, 86_400.0 / interval_s, rtol=1e-12)
    income = PER_PH_DAY / settled_difficulty(600.0) * 3.225
    np.testing.assert_allclose(paths.btc_per_ph_day, income, rtol=1e-12)


def test_first_retarget_after_a_step_in_hashrate_is_exact() -> None:
    difficulty = settled_difficulty(600.0)
    trace = trace_epochs(
        hashrate_eh_s=np.full(60, 900.0),
        hours=DAYS[:60],
        start_height=2016 * 400,
        start_difficulty=difficulty,
    )
    first_s = 2016.0 * difficulty * 2.0**32 / 900e18
    assert trace.start_hour[1] * 3600.0 == pytest.approx(first_s, rel=1e-12)
    np.testing.assert_allclose(trace.difficulty[1:], settled_difficulty(900.0), rtol=1e-12)
    np.testing.assert_allclose(trace.block_interval_s[1:], 600.0 * 2016.0 / 2015.0, rtol=1e-12)


def test_half_the_network_leaves_blocks_stretch_at_once_and_stayers_are_paid_at_the_retarget() -> (
    None
):
    before = settled_difficulty(180.0)
    paths = run(np.full(60, 90.0), before, height=2016 * 340)
    # The epoch lasts twice its 14.007 days: until then the same income, half the blocks.
    np.testing.assert_allclose(paths.blocks[0, :28], 86_400.0 / 1200.0 * 2015.0 / 2016.0)
    np.testing.assert_allclose(paths.btc_per_ph_day[0, :28], PER_PH_DAY / before * 6.25)
    np.testing.assert_allclose(paths.btc_per_ph_day[0, 29:], 2.0 * PER_PH_DAY / before * 6.25)
    np.testing.assert_allclose(paths.blocks[0, 29:], 86_400.0 / 600.0 * 2015.0 / 2016.0)
    # The day of the retarget mixes both in proportion to time.
    early = 2.0 * 14.0 * 2016.0 / 2015.0 - 28.0
    mixed = (early + (1.0 - early) * 2.0) * PER_PH_DAY / before * 6.25
    assert paths.btc_per_ph_day[0, 28] == pytest.approx(mixed, rel=1e-12)


@pytest.mark.parametrize(("factor", "steps"), [(1 / 20, [1 / 4, 1 / 4]), (20.0, [4.0, 4.0])])
def test_one_retarget_moves_at_most_fourfold(factor: float, steps: list[float]) -> None:
    trace = trace_epochs(
        hashrate_eh_s=np.full(400, 100.0 * factor),
        hours=np.full(400, 24.0),
        start_height=0,
        start_difficulty=settled_difficulty(100.0),
    )
    np.testing.assert_allclose(trace.change_frac[:2] + 1.0, steps, rtol=1e-12)
    np.testing.assert_allclose(trace.change_frac[2] + 1.0, factor / steps[0] ** 2, rtol=1e-12)
    paths = run(np.full(400, 100.0 * factor), settled_difficulty(100.0), height=0)
    assert paths.difficulty_mean[0, -1] == pytest.approx(settled_difficulty(100.0 * factor))


def test_difficulty_never_falls_below_one() -> None:
    paths = run(np.full(100, 1e-12), 2.0, height=0)  # 1 MH/s where 7 are expected
    assert (paths.difficulty_mean >= 1.0).all()
    dormant = run(np.full(2000, 2e-12), 1.0, height=0)
    np.testing.assert_allclose(dormant.difficulty_mean, 1.0)


def test_the_halving_falls_in_the_middle_of_an_epoch_and_a_day() -> None:
    height = halving_height(5) - 1000
    difficulty = settled_difficulty(800.0)
    paths = run(np.full(30, 800.0), difficulty, height=height, fees=0.05)
    reached_days = 1000.0 * 600.0 * 2016.0 / 2015.0 / 86_400.0
    assert paths.halving_month[0, 0] == pytest.approx(reached_days, rel=1e-9)
    assert np.isinf(paths.halving_month[0, 1:]).all()
    np.testing.assert_allclose(paths.subsidy_btc_mean[0, :6], 3.125)
    np.testing.assert_allclose(paths.subsidy_btc_mean[0, 7:], 1.5625)
    share = reached_days - 6.0
    assert paths.subsidy_btc_mean[0, 6] == pytest.approx(3.125 * share + 1.5625 * (1.0 - share))
    assert paths.btc_per_ph_day[0, 29] == pytest.approx(PER_PH_DAY / difficulty * 1.6125)


def test_halving_months_are_fractions_of_their_own_month() -> None:
    height = halving_height(5) - 144 * 40
    hours = np.array([31.0, 28.0, 31.0]) * 24.0
    paths = run(np.full(3, 500.0), settled_difficulty(500.0), height=height, hours=hours)
    days = 40.0 * 2016.0 / 2015.0
    assert paths.halving_month[0, 0] == pytest.approx(1.0 + (days - 31.0) / 28.0, rel=1e-9)


def test_time_already_elapsed_counts_towards_the_retarget() -> None:
    difficulty = settled_difficulty(700.0)
    on_time = run(np.full(20, 700.0), difficulty, height=2016 * 400 + 1000)
    np.testing.assert_allclose(on_time.difficulty_mean, difficulty, rtol=1e-12)
    interval_s = 600.0 * 2016.0 / 2015.0
    late = run(
        np.full(20, 700.0),
        difficulty,
        height=2016 * 400 + 1008,
        elapsed_s=3.0 * 1008.0 * interval_s,
    )
    # 1008 blocks at a third of the pace, 1008 at full: the epoch took twice its time.
    assert late.difficulty_mean[0, 8] == pytest.approx(difficulty / 2.0, rel=1e-12)
    np.testing.assert_allclose(late.difficulty_mean[0, 15:], difficulty, rtol=1e-12)


def test_months_without_hashrate_find_no_block_and_lengthen_the_epoch() -> None:
    difficulty = settled_difficulty(700.0)
    paths = run(np.array([700.0] * 7 + [0.0] * 7 + [700.0] * 30), difficulty)
    assert (paths.blocks[0, 7:14] == 0.0).all()
    np.testing.assert_allclose(paths.difficulty_mean[0, :20], difficulty)
    lasted_days = 14.0 * 2016.0 / 2015.0 + 7.0
    expected = difficulty * 14.0 / (lasted_days * 2015.0 / 2016.0)
    assert paths.difficulty_mean[0, 22] == pytest.approx(expected, rel=1e-12)


def test_after_the_last_halving_only_fees_are_earned() -> None:
    difficulty = settled_difficulty(700.0)
    paths = run(np.full(3, 700.0), difficulty, height=halving_height(33), fees=0.2)
    assert paths.halving_month.shape == (1, 0)
    assert (paths.subsidy_btc_mean == 0.0).all()
    np.testing.assert_allclose(paths.btc_per_ph_day, PER_PH_DAY / difficulty * 0.2)


def test_results_cannot_be_written_to() -> None:
    paths = run(np.full(3, 700.0), 1e14)
    with pytest.raises(ValueError, match="read-only"):
        paths.blocks[0, 0] = 1.0
    trace = trace_epochs(
        hashrate_eh_s=np.ones(2), hours=np.ones(2), start_height=0, start_difficulty=1e10
    )
    for array in (trace.start_height, trace.start_hour, trace.difficulty):
        assert not array.flags.writeable


GOOD = {
    "hashrate_eh_s": np.full((2, 3), 500.0),
    "hours": np.full(3, 730.0),
    "fees_btc": np.zeros((2, 3)),
    "start_height": 2016 * 400 + 5,
    "start_difficulty": 1e14,
    "epoch_elapsed_s": 3000.0,
}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"hashrate_eh_s": np.full((2, 3), np.nan)}, "hashrate_eh_s"),
        ({"hashrate_eh_s": np.full((2, 3), -1.0)}, "hashrate_eh_s"),
        ({"hashrate_eh_s": np.full((2, 3), 1e15)}, "hashrate_eh_s"),
        ({"hashrate_eh_s": np.full(3, 500.0)}, "hashrate_eh_s"),
        ({"hashrate_eh_s": np.empty((2, 0)), "hours": np.empty(0)}, "hours"),
        ({"hours": np.full(4, 730.0)}, "hours"),
        ({"hours": np.array([730.0, 0.0, 730.0])}, "hours"),
        ({"fees_btc": np.zeros(2)}, "fees_btc"),
        ({"fees_btc": np.full((2, 3), -0.1)}, "fees_btc"),
        ({"fees_btc": np.full((2, 3), np.inf)}, "fees_btc"),
        ({"start_height": -1}, "start_height"),
        ({"start_height": 840_000.0}, "start_height"),
        ({"start_difficulty": 0.5}, "start_difficulty"),
        ({"start_difficulty": np.nan}, "start_difficulty"),
        ({"epoch_elapsed_s": 0.0}, "epoch_elapsed_s"),
        ({"epoch_elapsed_s": -5.0}, "epoch_elapsed_s"),
        ({"epoch_elapsed_s": None, "hashrate_eh_s": np.zeros((2, 3))}, "epoch_elapsed_s"),
    ],
)
def test_bad_input_names_its_place(change: dict[str, object], where: str) -> None:
    with pytest.raises(InputError, match=where):
        run_epochs(**{**GOOD, **change})  # type: ignore[arg-type]


def test_a_trace_takes_one_path() -> None:
    with pytest.raises(InputError, match="one path"):
        trace_epochs(
            hashrate_eh_s=np.ones((2, 3)), hours=np.ones(3), start_height=0, start_difficulty=1.0
        )
