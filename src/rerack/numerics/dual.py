"""Both bounds of a stopping problem on fresh paths: a feasible rule below, a martingale above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.lsm import StoppingRule, first_stop, scores
from rerack.numerics.lsm_paths import StoppingPaths
from rerack.numerics.regression import predict


@dataclass(frozen=True, kw_only=True, eq=False)
class HedgedPaths:
    """Present values less martingale increments: same means, little noise.

    Parameters
    ----------
    never : ndarray, shape (path,)
        If never stopped.
    claim : ndarray, shape (path, date, choice)
        If stopped at the date by the choice.
    """

    never: FloatArray
    claim: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Bounds:
    """What a rule earns and what no rule can exceed, path by path.

    Parameters
    ----------
    lower, upper : ndarray, shape (path,)
        Their means are the bounds; on every path lower <= upper.
    date, choice : ndarray of int, shape (path,)
        Where and how the rule stops; -1 where it never does.
    score : ndarray, shape (path, date, choice)
        Fitted gain over waiting.
    hedged : HedgedPaths
        What both bounds are taken from.
    plain : HedgedPaths
        The same values with their chance, as they were given.
    """

    lower: FloatArray
    upper: FloatArray
    date: IntArray
    choice: IntArray
    score: FloatArray
    hedged: HedgedPaths
    plain: HedgedPaths


def hedge_paths(rule: StoppingRule, paths: StoppingPaths) -> HedgedPaths:
    """Take the fitted martingale increments off every claim of `paths`."""
    claim = paths.claim.copy(order="F")
    summed = np.zeros(paths.never.size)
    date_of = {int(step): d for d, step in enumerate(paths.date_steps)}
    before = np.zeros((paths.never.size, paths.date_steps.size))
    for step in range(paths.steps + 1):
        if step in date_of:
            before[:, date_of[step]] = summed
        if step < paths.steps:
            moved = predict(paths.hedges(step), rule.hedge[step])
            summed += moved[:, 0]
            for column, (d, k) in enumerate(paths.open_claims(step), start=1):
                claim[:, d, k] -= moved[:, column]
    return HedgedPaths(never=paths.never - summed, claim=claim - before[:, :, None])


def luck(bounds: Bounds, date: IntArray, choice: IntArray) -> FloatArray:
    """Return the chance in what stopping earns over never stopping, shape (path,).

    Its mean is zero by construction: taken off a difference of values on the same paths, it leaves
    the mean and removes most of the noise (a control variate).
    """
    stopped = take(bounds.plain, date, choice) - take(bounds.hedged, date, choice)
    return stopped - (bounds.plain.never - bounds.hedged.never)


def take(hedged: HedgedPaths, date: IntArray, choice: IntArray) -> FloatArray:
    """Return the hedged value of stopping at `date` by `choice` (never where -1), shape (path,)."""
    rows = np.arange(hedged.never.size)
    stopped = hedged.claim[rows, np.maximum(date, 0), np.maximum(choice, 0)]
    return np.where(date >= 0, stopped, hedged.never)


def bounds(rule: StoppingRule, paths: StoppingPaths) -> Bounds:
    r"""Return the lower and upper bound of a rule's value on paths that it has not seen.

    Parameters
    ----------
    rule : StoppingRule
        From `rerack.numerics.lsm.fit_stopping` on an independent sample.
    paths : StoppingPaths
        Fresh paths of the same problem.

    Notes
    -----
    For any martingale M of mean zero and any rule tau,

    .. math:: E[C_\tau] \le \sup_\tau E[C_\tau] \le E\big[\max_t (C_t - M_t)\big]

    (Rogers 2002, doi:10.1111/1467-9965.02010; Haugh and Kogan 2004, doi:10.1287/opre.1030.0070).
    Claims are hedged beyond their date as well, which leaves every mean unchanged, so claims that
    are settled later than they are made do no harm to either bound. The lower bound carries the
    same martingale as a control variate; both means and their difference so have small errors. An
    eligible mask is honoured by the rule but not by the upper bound, which stays valid.

    The martingale is that of regression on shocks (Belomestny, Bender and Schoenmakers 2009), so
    no inner simulation is run: what the shocks given do not span is left as foresight and widens
    the upper bound, never the reverse.
    """
    hedged = hedge_paths(rule, paths)
    score = scores(rule, paths)
    date, choice = first_stop(score)
    everything = np.concatenate(
        [hedged.never[:, None], hedged.claim.reshape(hedged.never.size, -1)], axis=1
    )
    return Bounds(
        lower=take(hedged, date, choice),
        upper=everything.max(axis=1),
        date=date,
        choice=choice,
        score=score,
        hedged=hedged,
        plain=HedgedPaths(never=paths.never, claim=paths.claim),
    )


def mean_and_error(values: FloatArray) -> tuple[float, float]:
    """Return the mean and its standard error.

    Examples
    --------
    >>> mean_and_error(np.array([1.0, 3.0]))
    (2.0, 1.0)
    """
    spread = float(values.std(ddof=1)) if values.size > 1 else float("inf")
    return float(values.mean()), spread / float(np.sqrt(values.size))
