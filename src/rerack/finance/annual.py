"""From months to calendar years, the period that tax law counts in."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.timegrid import MonthGrid


def calendar_year_totals(monthly: ArrayLike, grid: MonthGrid) -> FloatArray:
    """Return the sum of each calendar year, the first and last of which may be partial.

    Parameters
    ----------
    monthly : array_like
        Monthly amounts, shape (scenario, month), as long as `grid`.
    grid : MonthGrid
        The calendar of the months.

    Returns
    -------
    FloatArray
        Totals in the same unit, shape (scenario, year), years in order.

    Examples
    --------
    >>> grid = MonthGrid(start_year=2026, start_month=11, months=14)
    >>> calendar_year_totals([[1.0] * 14], grid).tolist()
    [[2.0, 12.0]]
    """
    values = as_finite(monthly, "monthly", ndim=2)
    require(
        values.shape[1] == grid.months,
        "monthly",
        given=f"{values.shape[1]} months",
        allowed=f"the {grid.months} months of the grid",
    )
    return np.add.reduceat(values, grid.year_starts, axis=1)
