"""Continuous-time Markov chains: long-run shares, shares at a time, frequency of leaving a set."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rerack.base.checks import FloatArray, as_finite, require

#: Row sums of a generator may miss zero by this share of the row's rates.
ROW_SUM_FRAC = 1e-9


def steady_state(generator: ArrayLike) -> FloatArray:
    """Return the long-run share of time in each state of an irreducible chain.

    Parameters
    ----------
    generator : array_like
        Rates Q[i, j] from i to j, rows adding up to 0, shape (state, state) [1/time].

    Returns
    -------
    FloatArray
        pi with pi Q = 0 and sum 1, shape (state,).

    Raises
    ------
    InputError
        No generator, or a chain that cannot return to its last state from another.

    Notes
    -----
    Grassmann, Taksar and Heyman 1985 (doi:10.1287/opre.33.5.1107): Gaussian elimination that never
    subtracts, so every share has full *relative* precision, 1e-16 included.

    Examples
    --------
    >>> steady_state([[-1.0, 1.0], [3.0, -3.0]]).tolist()
    [0.75, 0.25]
    """
    rates = _generator(generator).copy()
    states = rates.shape[0]
    for state in range(states - 1, 0, -1):
        out = rates[state, :state].sum()
        require(
            bool(out > 0.0),
            f"markov: state {state}",
            given="no way back to the states before it",
            allowed="a chain in which every state leads to every other",
            cure="Remove states that cannot be left, or order the states so that state 0 recurs.",
        )
        rates[:state, state] /= out
        rates[:state, :state] += np.outer(rates[:state, state], rates[state, :state])
    shares = np.zeros(states)
    shares[0] = 1.0
    for state in range(1, states):
        shares[state] = shares[:state] @ rates[:state, state]
    return np.asarray(shares / shares.sum())


def transient(
    generator: ArrayLike, time: float, *, start: ArrayLike, relative: float = 1e-14
) -> FloatArray:
    """Return the probability of each state after a time.

    Parameters
    ----------
    generator : array_like
        Rates, shape (state, state) [1/time]; absorbing states are allowed.
    time : float
        Time elapsed, in the unit of the rates, 0 or more.
    start : array_like
        Probability of each state at time 0, shape (state,).
    relative : float
        Share of the probability that may be left out.

    Returns
    -------
    FloatArray
        start exp(Q t), shape (state,).

    Notes
    -----
    Uniformisation with squaring: with L the largest rate out of a state and P = I + Q / L, exp(Q h)
    is the Poisson(L h) mixture of P^k, all terms positive; it is formed for a short h and squared
    up to t. No cancellation, so small probabilities keep their digits (Grassmann 1977,
    doi:10.1016/0305-0548(77)90007-7).

    Examples
    --------
    >>> transient([[-1.0, 1.0], [0.0, 0.0]], 2.0, start=[1.0, 0.0]).round(6).tolist()
    [0.135335, 0.864665]
    """
    rates = _generator(generator)
    require(0.0 <= time < math.inf, "markov: time", given=time, allowed="0 or more, finite")
    first = as_finite(start, "markov: start", ndim=1)
    require(
        first.size == rates.shape[0] and bool((first >= 0.0).all()),
        "markov: start",
        given=f"{first.size} numbers",
        allowed=f"{rates.shape[0]} probabilities of 0 or more",
    )
    fastest = float(-rates.diagonal().min())
    if fastest * time == 0.0:
        return first.copy()
    doublings = max(0, math.ceil(math.log2(fastest * time)))
    step = _short_step(rates, fastest, fastest * time / 2**doublings, relative / 2**doublings)
    for _ in range(doublings):
        step = step @ step
    return np.asarray(first @ step)


def frequency(generator: ArrayLike, up: NDArray[np.bool_]) -> float:
    """Return how often a chain in its long run passes from `up` to the other states [1/time].

    Parameters
    ----------
    generator : array_like
        Rates, shape (state, state) [1/time].
    up : ndarray of bool
        States that count as up, shape (state,).

    Examples
    --------
    >>> frequency([[-1.0, 1.0], [3.0, -3.0]], np.array([True, False]))
    0.75
    """
    rates = _generator(generator)
    shares = steady_state(rates)
    return float(shares[up] @ rates[np.ix_(up, ~up)].sum(axis=1))


def birth_death_shares(births: ArrayLike, deaths: ArrayLike) -> FloatArray:
    """Return the long-run shares of a chain that only steps up and down by one.

    Parameters
    ----------
    births : array_like
        Rate from state i to i + 1, shape (state - 1,) [1/time].
    deaths : array_like
        Rate from state i + 1 to i, more than 0, shape (state - 1,) [1/time].

    Returns
    -------
    FloatArray
        pi_i proportional to the product of births over deaths below i, shape (state,).

    Examples
    --------
    Two units, each failing at 1 and repaired at 9, one crew each:

    >>> birth_death_shares([2.0, 1.0], [9.0, 18.0]).round(6).tolist()
    [0.81, 0.18, 0.01]
    """
    up = as_finite(births, "markov: births", ndim=1)
    down = as_finite(deaths, "markov: deaths", ndim=1)
    require(
        up.size == down.size and bool((up >= 0.0).all()) and bool((down > 0.0).all()),
        "markov: births, deaths",
        given=f"{up.size} and {down.size} rates",
        allowed="as many births of 0 or more as deaths of more than 0",
    )
    shares = np.concatenate([[1.0], np.cumprod(up / down)])
    return np.asarray(shares / shares.sum())


def _short_step(rates: FloatArray, fastest: float, expected: float, missing: float) -> FloatArray:
    """Return exp(Q h) with L h = `expected` of 1 or less."""
    jump = np.eye(rates.shape[0]) + rates / fastest
    np.maximum(jump, 0.0, out=jump)
    weight, total, terms = math.exp(-expected), 0.0, 0
    power = np.eye(rates.shape[0])
    step = np.zeros_like(power)
    # The remaining Poisson weight falls below any `missing` worth asking for within 40 terms.
    while terms < 40 and 1.0 - total > missing:
        step += weight * power
        total += weight
        terms += 1
        weight *= expected / terms
        power = power @ jump
    return step


def _generator(generator: ArrayLike) -> FloatArray:
    rates = as_finite(generator, "markov: generator", ndim=2)
    square = rates.shape[0] == rates.shape[1] > 0
    require(square, "markov: generator", given=f"shape {rates.shape}", allowed="a square matrix")
    off = rates - np.diag(rates.diagonal())
    negative = np.argwhere(off < 0.0)
    require(
        negative.size == 0,
        f"markov: generator{negative[0].tolist() if negative.size else ''}",
        given="a negative rate",
        allowed="rates of 0 or more off the diagonal",
    )
    scale = off.sum(axis=1)
    wrong = np.flatnonzero(np.abs(rates.sum(axis=1)) > ROW_SUM_FRAC * np.maximum(scale, 1e-300))
    require(
        wrong.size == 0,
        f"markov: generator, row {wrong[0] if wrong.size else 0}",
        given="a row that does not add up to 0",
        allowed="the diagonal as minus the sum of the other rates",
    )
    return rates
