"""Depreciation: MACRS classes of United States tax law, and straight line."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require, require_between

#: Percent of cost by year of service, half-year convention (IRS Publication 946, Table A-1).
MACRS_PERCENT = MappingProxyType(
    {
        3: (33.33, 44.45, 14.81, 7.41),
        5: (20.00, 32.00, 19.20, 11.52, 11.52, 5.76),
        7: (14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46),
        15: (
            *(5.00, 9.50, 8.55, 7.70, 6.93, 6.23, 5.90, 5.90),
            *(5.91, 5.90, 5.91, 5.90, 5.91, 5.90, 5.91, 2.95),
        ),
        20: (
            *(3.750, 7.219, 6.677, 6.177, 5.713, 5.285, 4.888, 4.522, 4.462, 4.461),
            *(4.462, 4.461, 4.462, 4.461, 4.462, 4.461, 4.462, 4.461, 4.462, 4.461),
            2.231,
        ),
    }
)


@dataclass(frozen=True, kw_only=True)
class Depreciation:
    """Depreciation of a programme of purchases.

    Parameters
    ----------
    expense_usd : FloatArray
        Depreciation of each year [USD], shape (scenario, year).
    undepreciated_usd : FloatArray
        Cost not yet depreciated when the horizon ends [USD], shape (scenario,).
    """

    expense_usd: FloatArray
    undepreciated_usd: FloatArray


def macrs_rates(class_years: int) -> FloatArray:
    """Return the MACRS share of cost by year of service, half-year convention.

    Parameters
    ----------
    class_years : int
        Recovery class [years]: 3 (special tools), 5 (computers, rigs, GPUs), 7 (other equipment),
        15 (land improvements), 20 (some utility property). Which asset is in which class is for the
        owner's tax adviser to say (26 U.S.C. 168(e)).

    Returns
    -------
    FloatArray
        Shares [-] that sum to 1, shape (class_years + 1,).

    Notes
    -----
    Declining balance (200 % for 3, 5 and 7 years, 150 % for 15 and 20) turning to straight line, as
    rounded in IRS Publication 946, Table A-1. Not for real property (39 years, mid-month), nor
    where more than 40 % of a year's purchases fall in its last quarter (mid-quarter convention).

    Examples
    --------
    >>> macrs_rates(5).tolist()
    [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576]
    """
    require(
        class_years in MACRS_PERCENT,
        "class_years",
        given=class_years,
        allowed=", ".join(map(str, MACRS_PERCENT)),
        cure="Use straight_line_rates for other lives.",
    )
    return np.asarray(MACRS_PERCENT[class_years]) / 100.0


def straight_line_rates(life_years: int) -> FloatArray:
    """Return equal shares of cost over a life, a full share in the first year.

    Parameters
    ----------
    life_years : int
        Useful life [years], 1 or more.

    Returns
    -------
    FloatArray
        Shares [-], shape (life_years,).

    Examples
    --------
    >>> straight_line_rates(4).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    require(life_years >= 1, "life_years", given=life_years, allowed="1 or more")
    return np.full(life_years, 1.0 / life_years)


def with_bonus(rates: ArrayLike, bonus_frac: float) -> FloatArray:
    """Return the rates after a first-year bonus allowance has taken its share of the cost.

    Parameters
    ----------
    rates : array_like
        Shares of cost by year of service, shape (year,).
    bonus_frac : float
        Share of cost expensed at once [-], 0 to 1 (26 U.S.C. 168(k)).

    Returns
    -------
    FloatArray
        Shares with the same sum, shape (year,).

    Examples
    --------
    >>> with_bonus([0.5, 0.5], 0.4).tolist()
    [0.7, 0.3]
    """
    require_between(bonus_frac, 0.0, 1.0, "bonus_frac")
    shares = (1.0 - bonus_frac) * as_finite(rates, "rates", ndim=1)
    shares[0] += bonus_frac
    return shares


def depreciation_schedule(cost_usd: ArrayLike, rates: ArrayLike) -> Depreciation:
    """Return the yearly depreciation of purchases made in several years.

    Parameters
    ----------
    cost_usd : array_like
        Cost placed in service in each year [USD], 0 or more, shape (scenario, year); from months by
        `calendar_year_totals`.
    rates : array_like
        Shares of cost by year of service, 0 or more, sum 1, shape (life,).

    Returns
    -------
    Depreciation
        Expense in each year, and what the horizon cuts off; together they are the cost.

    Notes
    -----
    expense_t = sum_k rates_k cost_{t-k}.

    Examples
    --------
    >>> plan = depreciation_schedule([[100.0, 0.0, 100.0]], [0.5, 0.25, 0.25])
    >>> plan.expense_usd.tolist(), plan.undepreciated_usd.tolist()
    ([[50.0, 25.0, 75.0]], [50.0])
    """
    cost = as_finite(cost_usd, "cost_usd", ndim=2)
    shares = as_finite(rates, "rates", ndim=1)
    require(bool((cost >= 0.0).all()), "cost_usd", given=cost.min(initial=0.0), allowed="0 or more")
    require(
        shares.size > 0 and bool((shares >= 0.0).all()) and abs(shares.sum() - 1.0) < 1e-9,
        "rates",
        given=f"a sum of {shares.sum():.6g}",
        allowed="shares of 0 or more that sum to 1",
    )
    years = cost.shape[1]
    expense = np.zeros_like(cost)
    if not cost.any():
        return Depreciation(expense_usd=expense, undepreciated_usd=np.zeros(cost.shape[0]))
    for k in range(min(shares.size, years)):
        expense[:, k:] += shares[k] * cost[:, : years - k]
    # What is left of a purchase in year t after the years t .. years - 1.
    tail = np.zeros(max(years, shares.size) + 1)
    tail[: shares.size] = np.cumsum(shares[::-1])[::-1]
    left = tail[years:0:-1]
    return Depreciation(expense_usd=expense, undepreciated_usd=cost @ left)
