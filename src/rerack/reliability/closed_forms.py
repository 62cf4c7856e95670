"""Closed forms: k of n, and the split of failures into own and common ones."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from rerack.base.checks import FloatArray, require, require_between
from rerack.reliability.component import down_frac


def k_of_n_unavailability_frac(k: int, n: int, unit_unavailability_frac: float) -> float:
    """Return the share of time that fewer than `k` of `n` like, independent units are up.

    Parameters
    ----------
    k : int
        Units needed.
    n : int
        Units installed.
    unit_unavailability_frac : float
        Unavailability q of a unit.

    Notes
    -----
    sum_{j = n-k+1}^{n} C(n, j) q^j (1 - q)^{n - j}. Independence alone gives figures that no site
    reaches: use `evaluate` with a common cause for anything but a check.

    Examples
    --------
    >>> f"{k_of_n_unavailability_frac(4, 5, 2.283100e-6):.5e}"
    '5.21252e-11'
    """
    require(1 <= k <= n, "k of n: k", given=k, allowed=f"from 1 to n = {n}")
    q = unit_unavailability_frac
    require_between(q, 0.0, 1.0, "k of n: unit_unavailability_frac")
    return math.fsum(math.comb(n, j) * q**j * (1.0 - q) ** (n - j) for j in range(n - k + 1, n + 1))


def k_of_n_outages_per_year(
    k: int, n: int, *, failure_rate_per_year: float, mttr_hours: float
) -> float:
    """Return how often `n` like, independent units fall below `k` [1/year].

    Parameters
    ----------
    k : int
        Units needed.
    n : int
        Units installed.
    failure_rate_per_year : float
        Failure rate of a unit while up [1/year].
    mttr_hours : float
        Mean repair time, a crew for each unit [h].

    Notes
    -----
    k l C(n, k) (1 - q)^k q^{n-k}: in the state with exactly k up, any of them may fail.

    Examples
    --------
    >>> k_of_n_outages_per_year(1, 1, failure_rate_per_year=1.0, mttr_hours=8760.0)
    0.5
    """
    require(1 <= k <= n, "k of n: k", given=k, allowed=f"from 1 to n = {n}")
    q = down_frac(failure_rate_per_year, mttr_hours)
    return k * failure_rate_per_year * math.comb(n, k) * (1.0 - q) ** k * q ** (n - k)


def own_and_common_frac(modes: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return the chances that a unit fails by itself, and together with all like units.

    Parameters
    ----------
    modes : iterable of (float, float)
        Probability p and common-cause share beta of each way to fail.

    Returns
    -------
    own, common : float
        1 - prod(1 - (1 - beta) p) and 1 - prod(1 - beta p).

    Examples
    --------
    >>> own_and_common_frac([(0.1, 0.0)]), own_and_common_frac([(0.1, 1.0)])
    ((0.09999999999999998, 0.0), (0.0, 0.09999999999999998))
    """
    own = common = 1.0
    for chance, beta in modes:
        require_between(chance, 0.0, 1.0, "common cause: probability")
        require_between(beta, 0.0, 1.0, "common cause: beta")
        own *= 1.0 - (1.0 - beta) * chance
        common *= 1.0 - beta * chance
    return 1.0 - own, 1.0 - common


def too_few_frac(k: int, n: int, modes: Iterable[tuple[float, float]]) -> float:
    """Return the chance that fewer than `k` of `n` like units answer one call.

    Parameters
    ----------
    k : int
        Units needed.
    n : int
        Units called.
    modes : iterable of (float, float)
        Probability and common-cause share of each way to fail.

    Notes
    -----
    C + (1 - C) P(more than n - k fail), with a unit's own chance I and the common chance C of
    `own_and_common_frac`; for k = 1 it is C + (1 - C) I^n.

    Examples
    --------
    >>> round(too_few_frac(1, 2, [(0.01, 0.0)]), 9), round(too_few_frac(1, 2, [(0.01, 0.1)]), 9)
    (0.0001, 0.001080919)
    """
    own, common = own_and_common_frac(modes)
    return common + (1.0 - common) * k_of_n_unavailability_frac(k, n, own)


def run_failure_frac(fail_to_run_per_hour: float, hours: float) -> float:
    """Return the chance to fail within `hours` of running, 1 - exp(-f t).

    Parameters
    ----------
    fail_to_run_per_hour : float
        Failures per hour of running [1/h].
    hours : float
        Running time [h].

    Examples
    --------
    >>> round(run_failure_frac(1.0 / 1662.0, 336.0), 4)
    0.183
    """
    return -math.expm1(-fail_to_run_per_hour * hours)


def binomial_frac(units: int, chance_frac: float) -> FloatArray:
    """Return the chance that j of `units` independent units are there, shape (units + 1,).

    Parameters
    ----------
    units : int
        Number of units.
    chance_frac : float
        Chance of one.

    Examples
    --------
    >>> binomial_frac(2, 0.5).tolist()
    [0.25, 0.5, 0.25]
    """
    miss = 1.0 - chance_frac
    return np.array(
        [math.comb(units, j) * chance_frac**j * miss ** (units - j) for j in range(units + 1)]
    )
