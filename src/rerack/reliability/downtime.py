"""Total time down in a period: a compound Poisson sum, exactly."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require

#: Stages beyond which the recursion is refused: outages far shorter than the time asked about.
_MOST_STAGES = 2_000_000
_MOST_OUTAGES = 500.0


def exceedance_frac(
    expected_outages: ArrayLike, mean_hours: ArrayLike, thresholds_hours: ArrayLike
) -> FloatArray:
    r"""Return the probability that outages of a period take longer in total than each threshold.

    Parameters
    ----------
    expected_outages : array_like
        Expected number of outages of each kind in the period, shape (kind,).
    mean_hours : array_like
        Mean length of each kind, exponential [h], shape (kind,).
    thresholds_hours : array_like
        Totals to exceed [h], shape (threshold,).

    Returns
    -------
    FloatArray
        Probabilities, shape (threshold,).

    Notes
    -----
    Numbers are Poisson, lengths exponential with rates m_k. With M the largest of them, a length of
    kind k is the sum of J stages of rate M, J geometric with p_k = m_k / M: an identity in law. The
    total is then a sum of N stages, with P(N = j) by Panjer's recursion (1981,
    doi:10.1017/S0515036100006796), which for geometric J needs O(kinds) a step:

        j g_j = sum_k w_k p_k a_kj,   b_kj = g_{j-1} + q_k b_k,j-1,   a_kj = b_kj + q_k a_k,j-1

    and P(total > x) = P(N > 0) - sum_j g_j P(Poisson(M x) >= j). Terms are positive, so that errors
    are those of rounding. An outage that is still under way at the end of the period counts whole.

    Examples
    --------
    One kind, no more than one outage likely: w exp(-x / m).

    >>> exceedance_frac([1e-3], [2.0], [1.0]).round(8)
    array([0.00060638])
    """
    often, means, limits = _checked(expected_outages, mean_hours, thresholds_hours)
    total = float(often.sum())
    if total == 0.0 or limits.size == 0:
        return np.zeros(limits.size)
    fastest = 1.0 / float(means.min())
    stages = _stages(often, 1.0 / (means * fastest), fastest * float(limits.max()))
    some = -math.expm1(-total)
    within = np.array([stages @ _at_least(stages.size, fastest * x) for x in limits])
    return np.clip(some - within, 0.0, 1.0)


def limited_hours(
    expected_outages: ArrayLike, mean_hours: ArrayLike, limits_hours: ArrayLike
) -> FloatArray:
    r"""Return the mean time down of a period, of which no more than each limit counts.

    Parameters
    ----------
    expected_outages, mean_hours : array_like
        As in `exceedance_frac`, shape (kind,).
    limits_hours : array_like
        Most that counts of the total of a period [h], shape (limit,).

    Returns
    -------
    FloatArray
        E[min(total, limit)], the limited expected value of actuaries [h], shape (limit,).

    Notes
    -----
    E[min(S, x)] is the integral of P(S > t) from 0 to x. With S the sum of N stages of rate M, as
    in `exceedance_frac`, and A_j = P(Poisson(M x) >= j),

        E[min(S, x)] = x P(N > 0) - sum_j g_j (x A_j - j A_{j+1} / M)

    as the mean of (x - T_j)+ of a sum T_j of j stages is x A_j - j A_{j+1} / M.

    Examples
    --------
    One kind, no more than one outage likely: w m (1 - exp(-x / m)), 0.00078694.

    >>> limited_hours([1e-3], [2.0], [1.0]).round(8)
    array([0.00078664])
    """
    often, means, limits = _checked(expected_outages, mean_hours, limits_hours)
    total = float(often.sum())
    if total == 0.0 or limits.size == 0:
        return np.zeros(limits.size)
    fastest = 1.0 / float(means.min())
    stages = _stages(often, 1.0 / (means * fastest), fastest * float(limits.max()))
    some = -math.expm1(-total)
    numbers = np.arange(1, stages.size + 1)
    found = np.empty(limits.size)
    for i, x in enumerate(limits.tolist()):
        least = _at_least(stages.size + 1, fastest * x)
        short = stages @ (x * least[:-1] - numbers / fastest * least[1:])
        found[i] = x * some - float(short)
    return np.maximum(found, 0.0)


def _checked(
    expected_outages: ArrayLike, mean_hours: ArrayLike, thresholds_hours: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    often = as_finite(expected_outages, "expected_outages", ndim=1)
    means = as_finite(mean_hours, "mean_hours", ndim=1)
    limits = as_finite(thresholds_hours, "thresholds_hours", ndim=1)
    require(
        often.shape == means.shape and bool((often >= 0.0).all()),
        "expected_outages",
        given=often.tolist(),
        allowed="0 or more for each of mean_hours",
    )
    require(
        bool((means > 0.0).all()) and bool((limits >= 0.0).all()),
        "mean_hours, thresholds_hours",
        given=f"{means.tolist()}, {limits.tolist()}",
        allowed="lengths of more than 0 and totals of 0 or more",
    )
    total = float(often.sum())
    require(total <= _MOST_OUTAGES, "expected_outages", given=total, allowed=f"{_MOST_OUTAGES:g}")
    return often, means, limits


def _stages(often: FloatArray, ends: FloatArray, most: float) -> FloatArray:
    """Return P(N = j) for j from 1 to as many stages as can matter, shape (stage,)."""
    count = int(most + 12.0 * math.sqrt(most) + 60.0)
    require(
        count <= _MOST_STAGES,
        "mean_hours",
        given=f"outages {most:,.0f} times shorter than the total asked about",
        allowed=f"at most about {_MOST_STAGES:,} times",
        cure="Leave out the very short outages.",
    )
    weight, stays = often * ends, 1.0 - ends
    inside, summed = np.zeros(often.size), np.zeros(often.size)
    chances = np.empty(count)
    last = math.exp(-float(often.sum()))
    for j in range(1, count + 1):
        inside = last + stays * inside
        summed = inside + stays * summed
        last = float(weight @ summed) / j
        chances[j - 1] = last
    return chances


def _at_least(count: int, mean: float) -> FloatArray:
    """Return P(Poisson(mean) >= j) for j = 1 .. count, shape (count,)."""
    if mean == 0.0:
        return np.zeros(count)
    numbers = np.arange(1, count)
    logs = np.concatenate([[0.0], np.cumsum(math.log(mean) - np.log(numbers))]) - mean
    return np.asarray(1.0 - np.minimum(np.cumsum(np.exp(logs)), 1.0))
