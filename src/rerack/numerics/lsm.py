"""When to stop, by regression Monte Carlo on hedged values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.lsm_paths import BoolArray, StoppingPaths
from rerack.numerics.regression import least_squares, predict


@dataclass(frozen=True, kw_only=True, eq=False)
class StoppingRule:
    """A fitted rule and the martingales that hedge it.

    Parameters
    ----------
    gain : ndarray, shape (date, term, choice)
        Coefficients of the gain from stopping now, by choice, over waiting.
    hedge : tuple of ndarray, one a step, shape (hedge column, 1 + open claims)
        Coefficients of the martingale increments of the value, then of each open claim in the
        order of `StoppingPaths.open_claims`.
    """

    gain: FloatArray
    hedge: tuple[FloatArray, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedStopping:
    """A rule and what it makes of the paths that it was fitted on.

    Parameters
    ----------
    rule : StoppingRule
        The rule.
    never, claim : ndarray, shapes (path,) and (path, date, choice)
        Present values less all martingale increments, as in `rerack.numerics.dual.HedgedPaths`.
    """

    rule: StoppingRule
    never: FloatArray
    claim: FloatArray


def fit_stopping(paths: StoppingPaths, *, memory_steps: float = 1.0) -> FittedStopping:
    r"""Fit a stopping rule and its hedges by backward regression.

    Parameters
    ----------
    paths : StoppingPaths
        The sample to learn from. Judge the rule on another one (`rerack.numerics.dual.bounds`).
    memory_steps : float
        Steps over which hedge coefficients are pooled, 1 or more; see Notes.

    Notes
    -----
    Backwards in steps s, with Y the hedged value of the rule from s + 1 on, regress

    .. math:: Y_{s+1} \approx \sum_j b_j\,\phi_j(X_s)
              + \sum_i a_i\,\psi_i(s, s+1)

    and subtract the second sum, a martingale increment since every hedge psi has conditional mean
    zero.
    What is left has the same mean and little noise, so the next regression is the sharper for it.
    At a date the difference (claim - Y), in which common noise cancels, is regressed on the basis
    over eligible paths; the rule stops where the largest fitted difference is above zero. Claims
    not yet known when stopping are hedged alike, in the same regression.

    Each step's hedge coefficients are drawn towards those of the step after (of a claim: those of
    the next claim of the same age), by a ridge of ``memory_steps - 1`` times the sample. Where
    steps times columns come near the number of paths, hedges that are fitted step by step (memory
    1) fit noise and fail on fresh paths.

    References: Longstaff and Schwartz 2001, doi:10.1093/rfs/14.1.113 (realised values of the rule
    as targets); Tsitsiklis and Van Roy 2001, doi:10.1109/72.935083; Belomestny, Bender and
    Schoenmakers 2009, doi:10.1111/j.1467-9965.2008.00357.x (martingale by regression on the
    shocks, no nested simulation); Belomestny, Häfner, Nagapetyan and Urusov 2018,
    doi:10.1137/16M1063460 (regression-based control variates).

    Not for problems whose shocks are unknown: without innovations the rule is plain
    Longstaff-Schwartz and the upper bound is perfect foresight.
    """
    dates, choices = paths.claim.shape[1:]
    claim = paths.claim.copy(order="F")
    value = paths.never.copy()
    increments = np.zeros((paths.never.size, paths.steps + 1), order="F")
    gain: list[FloatArray | None] = [None] * dates
    hedge: list[FloatArray] = []
    prior: Prior = {}
    date_of = {int(step): d for d, step in enumerate(paths.date_steps)}
    for step in range(paths.steps, -1, -1):
        if step < paths.steps:
            hedge.append(_hedge(paths, step, value, claim, increments, (prior, memory_steps)))
        if step in date_of:
            date = date_of[step]
            gain[date] = _decide(paths, date, value, claim)
    cumulated = _before(increments)
    return FittedStopping(
        rule=StoppingRule(
            gain=np.stack([g for g in gain if g is not None])
            if dates
            else np.zeros((0, paths.basis(0).shape[1], choices)),
            hedge=tuple(reversed(hedge)),
        ),
        never=paths.never - cumulated[:, -1],
        claim=claim - cumulated[:, paths.date_steps, None],
    )


#: Last coefficients, shape (column,): of the value under (-1, 0), of a claim under (its choice,
#: steps since its date).
Prior = dict[tuple[int, int], FloatArray]


def _hedge(
    paths: StoppingPaths,
    step: int,
    value: FloatArray,
    claim: FloatArray,
    increments: FloatArray,
    pull: tuple[Prior, float],
) -> FloatArray:
    """Fit the increments of one step, take them off value and claims, return coefficients."""
    prior, memory_steps = pull
    still_open = paths.open_claims(step)
    keys = [(-1, 0), *((k, step - int(paths.date_steps[d])) for d, k in still_open)]
    targets = np.column_stack([value, *(claim[:, d, k] for d, k in still_open)])
    basis, hedges = paths.basis(step), paths.hedges(step)
    unknown = np.zeros(hedges.shape[1])
    before = np.column_stack([prior.get(key, unknown) for key in keys])
    ridge = np.zeros(basis.shape[1] + hedges.shape[1])
    ridge[basis.shape[1] :] = (memory_steps - 1.0) * value.size
    surprise = paths.still_to_come(targets, step) - predict(hedges, before)
    update = least_squares([basis, hedges], surprise, ridge)[basis.shape[1] :]
    fitted: FloatArray = before + update
    prior.update({key: fitted[:, column] for column, key in enumerate(keys)})
    moved = predict(hedges, fitted)
    value -= moved[:, 0]
    increments[:, step] = moved[:, 0]
    for column, (d, k) in enumerate(still_open, start=1):
        claim[:, d, k] -= moved[:, column]
    return fitted


def _decide(paths: StoppingPaths, date: int, value: FloatArray, claim: FloatArray) -> FloatArray:
    """Fit the gain from stopping at a date, stop where it is above zero, return coefficients."""
    basis = paths.basis(int(paths.date_steps[date]))
    may = paths.may_stop(date)
    difference = claim[:, date] - value[:, None]
    if not may.any():
        return np.zeros((basis.shape[1], difference.shape[1]))
    # Choosing rows copies them all: only where some are left out.
    rows = slice(None) if may.all() else may
    fitted = least_squares([basis[rows]], difference[rows])
    choice = chosen(predict(basis, fitted), may)
    stops = np.flatnonzero(choice >= 0)
    value[stops] = claim[stops, date, choice[stops]]
    return fitted


def _before(increments: FloatArray) -> FloatArray:
    """Return the sum of increments before each step, shape (path, step)."""
    summed = np.zeros_like(increments)
    np.cumsum(increments[:, :-1], axis=1, out=summed[:, 1:])
    return summed


def chosen(score: FloatArray, may_stop: BoolArray) -> IntArray:
    """Return the choice of largest score above zero where stopping is allowed, else -1.

    Parameters
    ----------
    score : ndarray, shape (path, choice)
        Gain over waiting.
    may_stop : ndarray of bool, shape (path,)
        Where stopping is allowed.

    Examples
    --------
    >>> chosen(np.array([[-1.0, 2.0], [3.0, 1.0]]), np.array([True, False])).tolist()
    [1, -1]
    """
    best: IntArray = score.argmax(axis=1).astype(np.int64)
    wanted = may_stop & (score[np.arange(best.size), best] > 0.0)
    return np.where(wanted, best, -1)


def scores(rule: StoppingRule, paths: StoppingPaths) -> FloatArray:
    """Return the fitted gain over waiting, shape (path, date, choice); -inf where not eligible."""
    out = np.empty(paths.claim.shape)
    for date, step in enumerate(paths.date_steps):
        fitted = predict(paths.basis(int(step)), rule.gain[date])
        out[:, date] = np.where(paths.may_stop(date)[:, None], fitted, -np.inf)
    return out


def first_stop(score: FloatArray) -> tuple[IntArray, IntArray]:
    """Return (date, choice) of the first score above zero on each path; -1, -1 where there is none.

    Parameters
    ----------
    score : ndarray, shape (path, date, choice)
        From `scores`.

    Examples
    --------
    >>> date, choice = first_stop(np.array([[[-1.0], [2.0]], [[-1.0], [-2.0]]]))
    >>> date.tolist(), choice.tolist()
    ([1, -1], [0, -1])
    """
    wanted: BoolArray = np.any(score > 0.0, axis=2)
    date = np.where(wanted.any(axis=1), wanted.argmax(axis=1), -1).astype(np.int64)
    best = score[np.arange(date.size), np.maximum(date, 0)].argmax(axis=1)
    return date, np.where(date >= 0, best, -1).astype(np.int64)
