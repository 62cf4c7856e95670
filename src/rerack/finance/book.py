"""Book depreciation: straight line by month, and what assets stand at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require, require_between


@dataclass(frozen=True, kw_only=True)
class BookValue:
    """An asset class in the books; all shapes (scenario, month) [USD].

    Parameters
    ----------
    cost_usd : FloatArray
        Cost of what has been bought so far.
    expense_usd : FloatArray
        Depreciation of the month.
    accumulated_usd : FloatArray
        Depreciation so far.
    """

    cost_usd: FloatArray
    expense_usd: FloatArray
    accumulated_usd: FloatArray

    @property
    def net_usd(self) -> FloatArray:
        """Cost less accumulated depreciation [USD], shape (scenario, month)."""
        return self.cost_usd - self.accumulated_usd


def book_value(spent_usd: ArrayLike, *, life_months: int) -> BookValue:
    """Return straight-line depreciation of monthly purchases, from the month after each.

    Parameters
    ----------
    spent_usd : array_like
        Purchases of each month [USD], 0 or more, shape (scenario, month).
    life_months : int
        Useful life [months], 1 to 600.

    Notes
    -----
    expense_t = sum_{k = t-L..t-1} spent_k / L. Work in progress is depreciated from the month
    after it is paid, a little early for a building that opens later; no salvage value.

    Examples
    --------
    >>> rigs = book_value([[300.0, 0.0, 0.0, 0.0, 0.0]], life_months=3)
    >>> rigs.expense_usd.tolist(), rigs.net_usd.tolist()
    ([[0.0, 100.0, 100.0, 100.0, 0.0]], [[300.0, 200.0, 100.0, 0.0, 0.0]])
    """
    spent = as_finite(spent_usd, "spent_usd", ndim=2)
    require_between(life_months, 1, 600, "life_months")
    require(
        bool((spent >= 0.0).all()),
        "spent_usd",
        given=spent.min(initial=0.0),
        allowed="0 or more",
        cure="Give purchases as positive uses of money.",
    )
    cost = np.cumsum(spent, axis=1)
    in_life = np.zeros_like(cost)
    in_life[:, 1:] = cost[:, :-1]
    if life_months + 1 < cost.shape[1]:
        in_life[:, life_months + 1 :] -= cost[:, : -life_months - 1]
    expense = in_life / life_months
    return BookValue(cost_usd=cost, expense_usd=expense, accumulated_usd=np.cumsum(expense, axis=1))
