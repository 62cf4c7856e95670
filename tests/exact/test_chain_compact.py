"""Compact targets and the retarget against the vectors of Bitcoin Core's own tests."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.chain import (
    bits_from_target,
    difficulty,
    difficulty_of_target,
    next_bits,
    target_from_bits,
)

# bitcoin/bitcoin src/test/arith_uint256_tests.cpp, bignum_SetCompact: bits, value, bits again.
SET_COMPACT = [
    (0x00000000, 0, 0),
    (0x00123456, 0, 0),
    (0x01003456, 0, 0),
    (0x02000056, 0, 0),
    (0x03000000, 0, 0),
    (0x04000000, 0, 0),
    (0x00923456, 0, 0),
    (0x01803456, 0, 0),
    (0x02800056, 0, 0),
    (0x03800000, 0, 0),
    (0x04800000, 0, 0),
    (0x01123456, 0x12, 0x01120000),
    (0x02123456, 0x1234, 0x02123400),
    (0x03123456, 0x123456, 0x03123456),
    (0x04123456, 0x12345600, 0x04123456),
    (0x05009234, 0x92340000, 0x05009234),
    (0x20123456, 0x123456 << 232, 0x20123456),
]

# bitcoin/bitcoin src/test/pow_tests.cpp: bits, first time, last time, next bits.
RETARGETS = [
    (0x1D00FFFF, 1261130161, 1262152739, 0x1D00D86A),
    (0x1D00FFFF, 1231006505, 1233061996, 0x1D00FFFF),
    (0x1C05A3F4, 1279008237, 1279297671, 0x1C0168FD),
    (0x1C387F6F, 1263163443, 1269211443, 0x1D00E1FD),
]


@pytest.mark.parametrize(("bits", "target", "again"), SET_COMPACT)
def test_core_vectors_of_compact_form(bits: int, target: int, again: int) -> None:
    assert target_from_bits(bits) == target
    assert bits_from_target(target) == again


def test_mantissa_that_would_set_the_sign_moves_down_a_byte() -> None:
    assert bits_from_target(0x80) == 0x02008000
    assert bits_from_target(2**224 - 1) == 0x1D00FFFF
    assert bits_from_target(2**256 - 1) == 0x2100FFFF


@pytest.mark.parametrize("bits", [0x01FEDCBA, 0x04923456, 0x1D80FFFF])
def test_negative_numbers_are_refused(bits: int) -> None:
    with pytest.raises(InputError, match="not negative"):
        target_from_bits(bits)


@pytest.mark.parametrize(
    ("fits", "overflows"),
    [(0x220000FF, 0x23000001), (0x2200007F, 0x22000100), (0x2100FFFF, 0x21010000)],
)
def test_overflow_begins_where_core_says(fits: int, overflows: int) -> None:
    assert 0 < target_from_bits(fits) < 2**256
    with pytest.raises(InputError, match="fits 256 bits"):
        target_from_bits(overflows)


@pytest.mark.parametrize(("bits", "first", "last", "after"), RETARGETS)
def test_core_vectors_of_the_retarget(bits: int, first: int, last: int, after: int) -> None:
    assert next_bits(bits, first, last) == after


def test_clamp_holds_just_beyond_four_and_gives_way_just_inside() -> None:
    bits, first = 0x1B0404CB, 1_300_000_000
    quarter, fourfold = 302_400, 4_838_400
    assert next_bits(bits, first, first) == next_bits(bits, first, first + quarter)
    assert next_bits(bits, first, first - 7200) == next_bits(bits, first, first + quarter)
    assert next_bits(bits, first, first + quarter + 60) > next_bits(bits, first, first + quarter)
    slowest = next_bits(bits, first, first + fourfold)
    assert next_bits(bits, first, first + fourfold + 1) == slowest
    assert next_bits(bits, first, first + fourfold - 60) < slowest


def test_difficulty_of_known_headers() -> None:
    assert difficulty(0x1D00FFFF) == 1.0
    assert difficulty(0x1B0404CB) == pytest.approx(16307.420938523983, rel=1e-15)
    assert difficulty(0x1701CDFB) == pytest.approx(155.9730e12, rel=1e-6)  # October 2025, peak
    assert difficulty(0x207FFFFF) == 0xFFFF * 2**208 / (0x7FFFFF * 2**232)  # regtest
    assert difficulty_of_target(0xFFFF * 2**207) == 2.0


@pytest.mark.parametrize("bad", [True, 1.0, -1, 2**32, np.int64(5), "1d00ffff", None, float("nan")])
def test_only_plain_integers_of_32_bits_are_accepted(bad: object) -> None:
    with pytest.raises(InputError, match="bits"):
        difficulty(bad)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="bits"):
        next_bits(bad, 0, 0)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="first_time"):
        next_bits(0x1D00FFFF, bad, 0)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="last_time"):
        next_bits(0x1D00FFFF, 0, bad)  # type: ignore[arg-type]


def test_targets_that_no_main_network_block_can_have_are_refused() -> None:
    for bits in (0x00000000, 0x1D010000, 0x207FFFFF):
        with pytest.raises(InputError, match="0x1d00ffff"):
            next_bits(bits, 0, 0)
    with pytest.raises(InputError, match="above zero"):
        difficulty(0)
    with pytest.raises(InputError, match="target"):
        difficulty_of_target(0)
    with pytest.raises(InputError, match="target"):
        bits_from_target(2**256)
