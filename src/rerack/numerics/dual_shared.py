"""An upper bound for several stopping problems that share scarce resources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.numerics.dual import HedgedPaths

#: Steps of the search for prices; more change the bound by less than its standard error.
_SEARCH_STEPS = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class SharedProblem:
    """One of the problems, and what its claims use.

    Parameters
    ----------
    hedged : HedgedPaths
        Hedged values of the problem, in the common unit of value.
    usage : ndarray, shape (date, choice, resource)
        What stopping takes of each resource, 0 or more.
    """

    hedged: HedgedPaths
    usage: FloatArray


def shared_upper(
    problems: Sequence[SharedProblem], capacity: FloatArray, price: FloatArray
) -> FloatArray:
    r"""Return the upper bound of each path at given prices of the resources, shape (path,).

    Parameters
    ----------
    problems : sequence of SharedProblem
        On the same paths.
    capacity : ndarray, shape (resource,)
        What there is of each resource on every path.
    price : ndarray, shape (resource,)
        Prices, 0 or more.

    Notes
    -----
    For any prices and martingales

    .. math:: \sup \sum_h E[C^h] \le \lambda'c
              + \sum_h E\big[\max_t (C^h_t - u^h_t{}'\lambda - M^h_t)\big],

    since a feasible joint policy never uses more than c (Lagrangian relaxation of a weakly coupled
    problem: Adelman and Mersereau 2008, doi:10.1287/opre.1070.0445, with the martingale of Rogers).
    """
    total = np.full(problems[0].hedged.never.size, float(capacity @ price))
    for problem in problems:
        total += _best(problem, price)[0]
    return total


def shared_prices(problems: Sequence[SharedProblem], capacity: FloatArray) -> FloatArray:
    """Return resource prices that make `shared_upper` small on these paths, shape (resource,).

    Find them on the fit's paths and take the bound on others: prices fitted to the paths that they
    are judged on bias it downwards. Any prices give a valid bound; zero is the first tried.

    Notes
    -----
    Projected subgradient with the step of Polyak against the best value so far less a shrinking
    target; the objective is convex and piecewise linear.
    """
    require(bool((capacity >= 0.0).all()), "capacity", given=capacity, allowed="0 or more")
    price = np.zeros(capacity.size)
    best, best_price = np.inf, price
    target_cut = 0.0
    for step in range(_SEARCH_STEPS):
        value, slope = _value_and_slope(problems, capacity, price)
        if step == 0:
            target_cut = 0.02 * abs(value)
        if value < best:
            best, best_price = value, price
        else:
            target_cut *= 0.8
        steepness = float(slope @ slope)
        if steepness == 0.0:
            break
        length = (value - best + target_cut) / steepness
        moved = np.maximum(price - length * slope, 0.0)
        if np.array_equal(moved, price):
            break
        price = moved
    return best_price


def _value_and_slope(
    problems: Sequence[SharedProblem], capacity: FloatArray, price: FloatArray
) -> tuple[float, FloatArray]:
    value, slope = float(capacity @ price), capacity.astype(np.float64)
    for problem in problems:
        each, where = _best(problem, price)
        value += float(each.mean())
        dates, choices = problem.usage.shape[:2]
        flat = problem.usage.reshape(dates * choices, capacity.size)
        stopped = where[where > 0] - 1
        share = np.bincount(stopped, minlength=flat.shape[0]) / where.size
        slope = slope - share @ flat
    return value, slope


def _best(problem: SharedProblem, price: FloatArray) -> tuple[FloatArray, np.ndarray]:
    """Return each path's best value after paying for resources, and which claim (0 is never)."""
    hedged = problem.hedged
    net = (hedged.claim - problem.usage @ price).reshape(hedged.never.size, -1)
    everything = np.concatenate([hedged.never[:, None], net], axis=1)
    where = everything.argmax(axis=1)
    return everything[np.arange(where.size), where], where
