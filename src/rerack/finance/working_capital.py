"""Money that customers owe and that suppliers are owed, from days outstanding."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require_between

#: Mean length of a month [days]: 146,097 days in 400 Gregorian years.
MONTH_DAYS = 146_097 / 4_800


def outstanding_usd(billed_usd: ArrayLike, *, days: float) -> FloatArray:
    """Return the balance of what is billed but not yet paid, nothing in the last month.

    Parameters
    ----------
    billed_usd : array_like
        Amounts billed in each month [USD], shape (scenario, month).
    days : float
        Days from bill to payment [days], 0 to 365.

    Returns
    -------
    FloatArray
        Balance at the end of each month [USD], shape (scenario, month). The cash effect is its
        change.

    Notes
    -----
    With d days in months of 30.44 days, the last floor(d/30.44) months are owed whole and the one
    before them in part. Everything is settled in the last month: the study ends, not the claim.

    Examples
    --------
    >>> outstanding_usd([[100.0, 100.0, 100.0]], days=MONTH_DAYS / 2).tolist()
    [[50.0, 50.0, 0.0]]
    """
    billed = as_finite(billed_usd, "billed_usd", ndim=2)
    require_between(days, 0.0, 365.0, "days")
    whole, part = divmod(days / MONTH_DAYS, 1.0)
    owed = np.zeros_like(billed)
    months = billed.shape[1]
    for lag in range(min(int(whole) + 1, months)):
        share = 1.0 if lag < int(whole) else part
        owed[:, lag:] += share * billed[:, : months - lag]
    owed[:, -1] = 0.0
    return owed
