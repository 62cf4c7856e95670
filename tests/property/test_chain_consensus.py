"""Round trips and order of the integer rules for any input."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rerack.chain import (
    bits_from_target,
    confirmations_for,
    difficulty,
    difficulty_of_target,
    double_spend_probability,
    next_bits,
    subsidy_sat,
    target_from_bits,
)

TARGETS = st.integers(1, 2**256 - 1)
NETWORK_TARGETS = st.integers(2**24, 2**224 - 1)
SPANS = st.integers(0, 10_000_000)
SHARES = st.floats(1e-6, 0.499)


@given(TARGETS)
def test_encoding_drops_less_than_one_part_in_2_to_15_and_then_is_stable(target: int) -> None:
    bits = bits_from_target(target)
    decoded = target_from_bits(bits)
    assert 0 <= target - decoded <= target >> 15
    assert bits_from_target(decoded) == bits


@given(TARGETS, TARGETS)
def test_an_easier_target_never_has_higher_difficulty(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert difficulty_of_target(low) >= difficulty_of_target(high)
    assert bits_from_target(low) <= bits_from_target(high)


@given(NETWORK_TARGETS, SPANS, SPANS)
def test_a_slower_epoch_never_makes_mining_harder(target: int, one: int, other: int) -> None:
    bits = bits_from_target(target)
    fast, slow = sorted((one, other))
    begin = 1_400_000_000
    assert next_bits(bits, begin, begin + fast) <= next_bits(bits, begin, begin + slow)


@given(NETWORK_TARGETS, SPANS)
def test_a_retarget_stays_within_fourfold_and_the_limit(target: int, span: int) -> None:
    bits = bits_from_target(target)
    ratio = difficulty(next_bits(bits, 1_400_000_000, 1_400_000_000 + span)) / difficulty(bits)
    assert 0.25 * (1 - 1e-12) <= ratio <= 4.0 * (1 + 2.0**-15)


@given(NETWORK_TARGETS)
def test_two_weeks_sharp_change_nothing(target: int) -> None:
    bits = bits_from_target(target)
    assert next_bits(bits, 1_400_000_000, 1_400_000_000 + 1_209_600) == bits


@given(st.integers(0, 14_000_000))
def test_one_era_later_the_subsidy_is_half(height: int) -> None:
    assert subsidy_sat(height + 210_000) == subsidy_sat(height) // 2


@given(SHARES, st.integers(0, 400))
def test_more_confirmations_never_help_the_attacker(q: float, z: int) -> None:
    for method in ("exact", "nakamoto"):
        here = double_spend_probability(q, z, method)  # type: ignore[arg-type]
        deeper = double_spend_probability(q, z + 1, method)  # type: ignore[arg-type]
        assert 0.0 <= deeper <= here * (1 + 1e-12) <= 1.0 + 1e-12


@given(SHARES, SHARES, st.integers(1, 400))
def test_a_larger_attacker_is_never_less_likely_to_win(one: float, other: float, z: int) -> None:
    small, large = sorted((one, other))
    reached = double_spend_probability(large, z)
    assert double_spend_probability(small, z) <= reached * (1 + 1e-12)


@given(st.floats(1e-4, 0.45), st.floats(1e-9, 0.5))
def test_confirmations_are_the_fewest_that_do(q: float, risk: float) -> None:
    z = confirmations_for(q, risk)
    assert double_spend_probability(q, z) < risk
    assert double_spend_probability(q, z - 1) >= risk
