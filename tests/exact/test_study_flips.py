"""The search for a flip point on functions whose zero is known."""

from __future__ import annotations

import math

import pytest

from rerack.study.sensitivity import flip_factor


@pytest.mark.parametrize("zero", [0.11, 0.5, 1.0, 1.07, 3.0, 9.9])
@pytest.mark.parametrize("power", [1.0, -1.0, 7.0, 0.1])
def test_finds_the_zero_of_steep_and_flat_functions(zero: float, power: float) -> None:
    calls: list[float] = []

    def gain(factor: float) -> float:
        calls.append(factor)
        return math.copysign(1.0, power) * (factor**power - zero**power)

    assert flip_factor(gain, 0.1, 10.0) == pytest.approx(zero, rel=0.005)
    assert len(calls) <= 24


def test_a_step_is_found_too() -> None:
    assert flip_factor(lambda f: -1.0 if f < 2.5 else 3.0, 0.1, 10.0) == pytest.approx(
        2.5, rel=0.005
    )


def test_no_change_of_sign_is_none() -> None:
    assert math.isnan(flip_factor(lambda f: 1.0 + f, 0.1, 10.0))
    assert math.isnan(flip_factor(lambda f: 0.0, 0.1, 10.0))
