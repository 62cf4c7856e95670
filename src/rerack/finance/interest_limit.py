"""The limit on deducting business interest, 26 U.S.C. 163(j), with what it disallows carried."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require, require_between


@dataclass(frozen=True, kw_only=True)
class InterestDeduction:
    """Interest that reduces taxable income.

    Parameters
    ----------
    deducted_usd : FloatArray
        Interest deducted [USD], shape (scenario, year).
    carried_usd : FloatArray
        Disallowed interest carried when the year ends [USD], shape (scenario, year).
    """

    deducted_usd: FloatArray
    carried_usd: FloatArray


def interest_deduction(
    interest_usd: ArrayLike, adjusted_income_usd: ArrayLike, *, limit_frac: float
) -> InterestDeduction:
    """Return the interest deducted in each year when a share of adjusted income limits it.

    Parameters
    ----------
    interest_usd : array_like
        Business interest expense of each year, net of business interest income [USD], 0 or more,
        shape (scenario, year).
    adjusted_income_usd : array_like
        Adjusted taxable income [USD]: taxable income before interest, loss deduction and
        depreciation, same shape.
    limit_frac : float
        Share of adjusted taxable income [-]; 0.30 in 26 U.S.C. 163(j)(1)(B).

    Returns
    -------
    InterestDeduction
        What is deducted and what is carried, without expiry.

    Notes
    -----
    With interest I, adjusted income A and carried C::

        d_t = min(I_t + C_{t-1}, limit * max(A_t, 0));  C_t = C_{t-1} + I_t - d_t

    A counts depreciation back for tax years that begin after 2024 (163(j)(8)(A)(v) as Public Law
    119-21 restored it); from 2022 to 2024 it did not. Small businesses and electing real-property
    trades are exempt: leave the limit out for them.

    Examples
    --------
    >>> due = interest_deduction([[40.0, 10.0]], [[100.0, 100.0]], limit_frac=0.3)
    >>> due.deducted_usd.tolist(), due.carried_usd.tolist()
    ([[30.0, 20.0]], [[10.0, 0.0]])
    """
    interest = as_finite(interest_usd, "interest_usd", ndim=2)
    adjusted = as_finite(adjusted_income_usd, "adjusted_income_usd", ndim=2)
    require(
        adjusted.shape == interest.shape,
        "adjusted_income_usd",
        given=f"shape {adjusted.shape}",
        allowed=f"the shape of interest_usd, {interest.shape}",
    )
    require_between(limit_frac, 0.0, 1.0, "limit_frac", cure="Give 30 % as 0.30.")
    require(
        bool((interest >= 0.0).all()),
        "interest_usd",
        given=interest.min(initial=0.0),
        allowed="0 or more",
        cure="Give interest as positive numbers.",
    )
    room = limit_frac * np.maximum(adjusted, 0.0)
    deducted, carried = np.empty_like(interest), np.empty_like(interest)
    left = np.zeros(interest.shape[0])
    # Years are few: a loop over them, each vectorised over scenarios, needs no compiled twin.
    for t in range(interest.shape[1]):
        deducted[:, t] = np.minimum(interest[:, t] + left, room[:, t])
        left = left + interest[:, t] - deducted[:, t]
        carried[:, t] = left
    return InterestDeduction(deducted_usd=deducted, carried_usd=carried)
