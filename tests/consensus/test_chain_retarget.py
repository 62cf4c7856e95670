"""The retarget bit for bit on every known epoch of the real chain."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rerack.chain import bits_from_target, difficulty, next_bits, target_from_bits

POW_LIMIT_BITS = 0x1D00FFFF
QUARTER_S, FOURFOLD_S = 302_400, 4 * 1_209_600
#: A first header time that leaves room for any timespan on both sides.
FIRST_TIME = 1_500_000_000

Row = dict[str, str]


@pytest.fixture(scope="module")
def epochs(shared_data: Path) -> list[Row]:
    with (shared_data / "btc_retargets.csv").open() as handle:
        return list(csv.DictReader(handle))


def after(row: Row, timespan_s: int) -> int:
    return next_bits(int(row["nbits"], 16), FIRST_TIME, FIRST_TIME + timespan_s)


def test_every_epoch_has_its_target_and_difficulty(epochs: list[Row]) -> None:
    assert len(epochs) == 474
    for row in epochs:
        bits = int(row["nbits"], 16)
        assert target_from_bits(bits) == int(row["target"], 16)
        assert bits_from_target(int(row["target"], 16)) == bits
        assert difficulty(bits) == pytest.approx(float(row["difficulty"]), rel=1e-14)


def test_every_epoch_with_both_times_gives_the_next_bits(epochs: list[Row]) -> None:
    known = [row for row in epochs if row["last_time"] and row["next_nbits"]]
    assert len(known) == 170
    for row in known:
        bits = int(row["nbits"], 16)
        first, last = int(row["first_time"]), int(row["last_time"])
        assert f"{next_bits(bits, first, last):08x}" == row["next_nbits"], row["epoch"]


def test_every_timespan_range_is_exact_at_both_ends(epochs: list[Row]) -> None:
    ranged = [row for row in epochs if row["timespan_min_s"]]
    assert len(ranged) == 473
    closed_below = closed_above = 0
    for row in ranged:
        expected = int(row["next_nbits"], 16)
        low, high = int(row["timespan_min_s"]), int(row["timespan_max_s"])
        assert after(row, low) == after(row, high) == expected, row["epoch"]
        # Below the clamp and above the cap or clamp the answer stays the same by rule.
        if low > QUARTER_S:
            closed_below += 1
            assert after(row, low - 1) != expected, row["epoch"]
        if high < FOURFOLD_S:
            closed_above += 1
            assert after(row, high + 1) != expected, row["epoch"]
        if expected == POW_LIMIT_BITS:
            assert after(row, 10 * FOURFOLD_S) == expected, row["epoch"]
    assert closed_below >= 472
    assert closed_above >= 457
