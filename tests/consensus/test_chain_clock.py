"""The chain clock on the hashrate of the past must come out at the difficulty of the past."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from rerack.chain import difficulty, run_epochs, trace_epochs

Row = dict[str, str]

# Epochs 338 to 345: nBits and header time of the first block, public chain facts.
BAN_2021 = [
    (0x170DA863, 1619900822),
    (0x170B3CE9, 1620896338),
    (0x170D5F7B, 1622337521),
    (0x170E1EF9, 1623614836),
    (0x171398CE, 1625294046),
    (0x17149624, 1626564737),
    (0x17136AA2, 1627706126),
    (0x1712180B, 1628834027),
]


def read(path: Path) -> list[Row]:
    with path.open() as handle:
        return list(csv.DictReader(handle))


def epoch_hashrate(difficulty: np.ndarray, first_time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hashrate [EH/s] and length [h] of every epoch between given first blocks."""
    seconds = np.diff(first_time)
    hashrate_eh_s = 2016.0 * difficulty[: len(seconds)] * 2.0**32 / seconds / 1e18
    return hashrate_eh_s, seconds / 3600.0


def test_the_ban_of_2021_from_the_hashrate_that_left() -> None:
    levels = np.array([difficulty(bits) for bits, _ in BAN_2021])
    times = np.array([time for _, time in BAN_2021], dtype=np.float64)
    hashrate_eh_s, hours = epoch_hashrate(levels, times)
    trace = trace_epochs(
        hashrate_eh_s=hashrate_eh_s,
        hours=hours,
        start_height=338 * 2016,
        start_difficulty=float(levels[0]),
    )
    # Changes of May to July 2021. What is left is the luck of the one interval in 2016 that
    # consensus does not count: 1/2015 on each side of a change, two standard deviations.
    published = [0.2153, -0.1597, -0.0530, -0.2794, -0.0481, 0.0603]
    np.testing.assert_allclose(trace.change_frac[:6], published, atol=2.0 * 2.0**0.5 / 2015.0)


def test_every_epoch_since_2019_from_its_own_hashrate(shared_data: Path) -> None:
    rows = read(shared_data / "btc_retargets.csv")[303:469]
    levels = np.array([float(row["difficulty"]) for row in rows])
    times = np.array([float(row["first_time"]) for row in rows])
    hashrate_eh_s, hours = epoch_hashrate(levels, times)
    trace = trace_epochs(
        hashrate_eh_s=hashrate_eh_s,
        hours=hours,
        start_height=303 * 2016,
        start_difficulty=float(levels[0]),
    )
    count = min(len(trace.difficulty), len(levels))
    assert count >= 165
    error = trace.difficulty[:count] / levels[:count] - 1.0
    # One uncounted interval of 2015 is exponential: 1/2015 on average, 10/2015 once in 20,000.
    assert np.abs(error).max() < 10.0 / 2015.0
    assert np.abs(error).mean() < 1.5 / 2015.0


def test_six_years_of_days_keep_height_and_difficulty(shared_data: Path) -> None:
    days = read(shared_data / "btc_chain_daily_2020_2026.csv")
    epochs = read(shared_data / "btc_retargets.csv")
    first_height = int(days[0]["first_height"])
    epoch = first_height // 2016
    begun = float(epochs[epoch]["first_time"])
    started = datetime.fromisoformat(days[0]["date"]).replace(tzinfo=UTC).timestamp()
    given = {
        "hours": np.full(len(days), 24.0),
        "start_height": first_height,
        "start_difficulty": float(epochs[epoch]["difficulty"]),
        "epoch_elapsed_s": started - begun,
    }
    hashrate_eh_s = np.array([float(day["hashrate_ehs_est"]) for day in days])
    trace = trace_epochs(hashrate_eh_s=hashrate_eh_s, **given)  # type: ignore[arg-type]
    real = np.array([float(row["difficulty"]) for row in epochs])[epoch:][: len(trace.difficulty)]
    # Only the hour of a retarget within its day is unknown: some 20 blocks of 2016.
    assert np.abs(trace.difficulty / real - 1.0).max() < 0.015
    paths = run_epochs(
        hashrate_eh_s=hashrate_eh_s[np.newaxis],
        fees_btc=np.zeros(1),
        **given,  # type: ignore[arg-type]
    )
    last_height = np.array([int(day["last_height"]) for day in days])
    assert np.abs(paths.end_height[0] - (last_height + 1)).max() < 60.0
    mined = paths.subsidy_btc_mean[0] * paths.blocks[0]
    actual = np.array([float(day["subsidy_sat"]) for day in days]) / 1e8
    assert mined.sum() == pytest.approx(actual.sum(), rel=2e-4)
    # Halvings of 2020-05-11 and 2024-04-20, counted in days from 2020-01-01.
    assert paths.halving_month[0, 0] == pytest.approx(131.8, abs=0.5)
    assert paths.halving_month[0, 1] == pytest.approx(1571.0, abs=0.5)
