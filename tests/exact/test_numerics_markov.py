"""Markov chains against closed forms and SciPy's matrix exponential."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.linalg

from rerack.base import InputError
from rerack.numerics.markov import birth_death_shares, frequency, steady_state, transient


def two_state(fails: float, repairs: float) -> np.ndarray:
    return np.array([[-fails, fails], [repairs, -repairs]])


def test_two_states_have_the_textbook_shares_and_frequency() -> None:
    shares = steady_state(two_state(2.0, 8.0))
    assert shares == pytest.approx([0.8, 0.2], rel=1e-15)
    up = np.array([True, False])
    assert frequency(two_state(2.0, 8.0), up) == pytest.approx(1.6, rel=1e-15)


def test_tiny_shares_keep_their_digits() -> None:
    # Birth and death in four states: pi_i is proportional to (1e-6)^i.
    rates = np.zeros((4, 4))
    for i in range(3):
        rates[i, i + 1], rates[i + 1, i] = 1e-6, 1.0
    rates -= np.diag(rates.sum(axis=1))
    exact = np.array([1.0, 1e-6, 1e-12, 1e-18])
    exact /= exact.sum()
    assert steady_state(rates) == pytest.approx(exact, rel=1e-14)
    assert birth_death_shares([1e-6] * 3, [1.0] * 3) == pytest.approx(exact, rel=1e-14)


def test_steady_state_solves_the_balance_of_a_random_chain() -> None:
    draw = np.random.default_rng(3)
    rates = draw.uniform(0.0, 1.0, (12, 12))
    np.fill_diagonal(rates, 0.0)
    rates -= np.diag(rates.sum(axis=1))
    shares = steady_state(rates)
    assert shares.sum() == pytest.approx(1.0, rel=1e-14)
    assert np.abs(shares @ rates).max() < 1e-15


def test_two_state_transient_is_the_closed_form() -> None:
    fails, repairs, hours = 0.3, 0.7, 2.5
    share = fails / (fails + repairs)
    expected = share * (1.0 - math.exp(-(fails + repairs) * hours))
    later = transient(two_state(fails, repairs), hours, start=[1.0, 0.0])
    assert later[1] == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("hours", [1e-3, 1.0, 40.0, 5e3])
def test_transient_agrees_with_the_matrix_exponential(hours: float) -> None:
    draw = np.random.default_rng(5)
    rates = draw.uniform(0.0, 0.5, (6, 6))
    np.fill_diagonal(rates, 0.0)
    rates[5] = 0.0  # an absorbing state
    rates -= np.diag(rates.sum(axis=1))
    start = np.array([0.5, 0.5, 0.0, 0.0, 0.0, 0.0])
    expected = start @ scipy.linalg.expm(rates * hours)
    assert transient(rates, hours, start=start) == pytest.approx(expected, rel=1e-9, abs=1e-13)


def test_a_rare_absorption_is_not_lost_in_rounding() -> None:
    rates = np.array([[-1e-15, 1e-15], [0.0, 0.0]])
    assert transient(rates, 2.0, start=[1.0, 0.0])[1] == pytest.approx(2e-15, rel=1e-12)


@pytest.mark.parametrize(
    ("rates", "place"),
    [
        ([[-1.0, 1.0]], "square"),
        ([[-1.0, 1.0], [-2.0, 2.0]], "negative rate"),
        ([[-1.0, 0.5], [1.0, -1.0]], "add up to 0"),
        ([[0.0, 0.0], [0.0, 0.0]], "no way back"),
        ([[float("nan"), 0.0], [0.0, 0.0]], "finite"),
    ],
)
def test_what_is_no_chain_is_refused(rates: list[list[float]], place: str) -> None:
    with pytest.raises(InputError, match=place):
        steady_state(rates)


def test_bad_times_starts_and_deaths_are_refused() -> None:
    with pytest.raises(InputError, match="time"):
        transient(two_state(1.0, 1.0), -1.0, start=[1.0, 0.0])
    with pytest.raises(InputError, match="start"):
        transient(two_state(1.0, 1.0), 1.0, start=[1.0])
    with pytest.raises(InputError, match="deaths"):
        birth_death_shares([1.0], [0.0])
