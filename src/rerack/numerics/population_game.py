"""Equilibrium of many alike players who choose among a few plans whose values they change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, require

#: Values of all plans when the players are divided as given, shape (plan,).
Values = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class PopulationEquilibrium:
    """A division of the players from which nobody gains by moving.

    Parameters
    ----------
    shares : array, shape (plan,)
        Players of each plan; they sum to 1.
    values : array, shape (plan,)
        What each plan is worth under that division.
    residual : float
        What the mean player gains by moving to the best plan: 0 in equilibrium.
    evaluations : int
        Calls of the value function.
    """

    shares: FloatArray
    values: FloatArray
    residual: float
    evaluations: int


def population_equilibrium(
    values: Values,
    start: FloatArray,
    *,
    tolerance: float,
    resolution: float = 1e-4,
    most: int = 200,
) -> PopulationEquilibrium:
    """Move players from the worst plan in use to the best until nobody gains by moving.

    Parameters
    ----------
    values : callable
        Values by plan at a division of the players.
    start : array, shape (plan,)
        Division to begin with; 0 or more, sum 1.
    tolerance : float
        Residual that will do, in the unit of the values.
    resolution : float
        Share of the players below which a move is not divided further; a smaller move ends the
        search.
    most : int
        Calls of `values` after which the division reached is returned, its residual beside it.

    Returns
    -------
    PopulationEquilibrium
        Also where the tolerance was not met: look at `residual`.

    Notes
    -----
    Pairwise Frank-Wolfe: along the move from the worst used plan to the best, the gap between the
    two is brought to 0 by the Illinois rule, or all move if it stays positive. Converges where what
    more players choose becomes worth less (a potential game). Where it becomes worth more, several
    divisions are in equilibrium and the start decides: try several.

    Examples
    --------
    Two roads, one of which slows down with traffic:

    >>> found = population_equilibrium(lambda w: np.array([1.0 - w[0], 0.25]), np.array([1.0, 0.0]),
    ...                                tolerance=1e-9)
    >>> found.shares.round(6)
    array([0.75, 0.25])
    """
    shares = np.array(start, dtype=np.float64)
    valid = bool((shares >= 0.0).all()) and abs(float(shares.sum()) - 1.0) < 1e-9
    require(valid, "start", given=shares.tolist(), allowed="shares of 0 or more that sum to 1")
    counted = _Counted(values)
    worth = counted(shares)
    while counted.calls < most:
        best = int(np.argmax(worth))
        if float(shares @ (worth[best] - worth)) <= tolerance:
            break
        used = np.flatnonzero(shares > 0.0)
        worst = int(used[np.argmin(worth[used])])
        ends = _Ends(worst=worst, best=best, tolerance=tolerance, resolution=resolution)
        before = shares
        shares, worth = _move(counted, shares, worth, ends, most)
        if float(np.abs(shares - before).max()) <= resolution:
            break
    residual = float(shares @ (worth.max() - worth))
    return PopulationEquilibrium(
        shares=shares, values=worth, residual=residual, evaluations=counted.calls
    )


class _Counted:
    def __init__(self, values: Values) -> None:
        self._values, self.calls = values, 0

    def __call__(self, shares: FloatArray) -> FloatArray:
        self.calls += 1
        return np.asarray(self._values(shares), dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class _Ends:
    worst: int
    best: int
    tolerance: float
    resolution: float


def _move(
    values: _Counted, shares: FloatArray, worth: FloatArray, ends: _Ends, most: int
) -> tuple[FloatArray, FloatArray]:
    """Return the division and its values where the two plans are worth the same, or all moved."""
    worst, best = ends.worst, ends.best

    def at(moved: float) -> FloatArray:
        new = shares.copy()
        new[best] += moved
        new[worst] = max(new[worst] - moved, 0.0)
        return new

    low, low_gap = 0.0, float(worth[best] - worth[worst])
    high = float(shares[worst])
    division = at(high)
    worth = values(division)
    high_gap = float(worth[best] - worth[worst])
    if high_gap >= 0.0:
        return division, worth
    before = 0.0
    while values.calls < most and high - low > ends.resolution:
        moved = low + (high - low) * low_gap / (low_gap - high_gap)
        division = at(moved)
        worth = values(division)
        gap = float(worth[best] - worth[worst])
        if abs(gap) <= 0.5 * ends.tolerance:
            break
        # Illinois: an end that stays twice counts half, so that the other moves too.
        if gap > 0.0:
            low, low_gap = moved, gap
            high_gap *= 0.5 if before > 0.0 else 1.0
        else:
            high, high_gap = moved, gap
            low_gap *= 0.5 if before < 0.0 else 1.0
        before = gap
    return division, worth
