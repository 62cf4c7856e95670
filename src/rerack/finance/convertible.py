"""A convertible note: debt while it runs, shares for its holders if the equity has risen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require, require_between

#: Months between coupons: convertible notes of listed companies pay twice a year.
COUPON_MONTHS = 6


@dataclass(frozen=True, kw_only=True)
class ConvertibleNote:
    """Terms of a convertible note.

    Parameters
    ----------
    principal_usd : float
        Face value, issued at par [USD], 0 or more.
    coupon_frac_per_year : float
        Coupon, half of it paid every six months [1/year], 0 to 1.
    tenor_months : int
        Months to maturity [months]: a multiple of six.
    premium_frac : float
        Conversion price over the share price at issue, less 1 [-], 0 or more.
    equity_beta : float
        Proxy of the share price: it moves as the coin price to this power [-], 0 to 5. No share
        price is modelled; regress the share's log returns on the coin's for a figure.
    issue_month : int
        Month of issue, 0 or more.

    Examples
    --------
    >>> note = ConvertibleNote(principal_usd=5e8, coupon_frac_per_year=0.0075, tenor_months=60,
    ...                        premium_frac=0.325, equity_beta=1.0)
    >>> note.maturity_month
    60
    """

    principal_usd: float
    coupon_frac_per_year: float
    tenor_months: int
    premium_frac: float
    equity_beta: float
    issue_month: int = 0

    def __post_init__(self) -> None:
        require_between(self.principal_usd, 0.0, 1e12, "principal_usd")
        require_between(self.coupon_frac_per_year, 0.0, 1.0, "coupon_frac_per_year")
        require_between(self.premium_frac, 0.0, 10.0, "premium_frac")
        require_between(self.equity_beta, 0.0, 5.0, "equity_beta")
        require_between(self.issue_month, 0, 600, "issue_month")
        require(
            self.tenor_months in range(COUPON_MONTHS, 601, COUPON_MONTHS),
            "tenor_months",
            given=self.tenor_months,
            allowed="a multiple of 6 from 6 to 600",
            cure="Coupons are paid every six months; round the tenor.",
        )

    @property
    def maturity_month(self) -> int:
        """Month in which the note is redeemed or converted."""
        return self.issue_month + self.tenor_months


@dataclass(frozen=True, kw_only=True)
class ConvertibleSchedule:
    """A note through time; all shapes (scenario, month) [USD].

    Parameters
    ----------
    issued_usd : FloatArray
        Money received.
    interest_usd : FloatArray
        Interest accrued over the month before.
    coupon_usd : FloatArray
        Coupons paid in cash.
    redeemed_usd : FloatArray
        Face value paid back in cash.
    converted_usd : FloatArray
        Face value that became shares.
    dilution_usd : FloatArray
        Value of the shares handed over, at least the face value converted: what conversion costs
        the owners of before.
    balance_usd : FloatArray
        Face value and accrued coupon outstanding at the end of the month.
    """

    issued_usd: FloatArray
    interest_usd: FloatArray
    coupon_usd: FloatArray
    redeemed_usd: FloatArray
    converted_usd: FloatArray
    dilution_usd: FloatArray
    balance_usd: FloatArray


def convertible_schedule(note: ConvertibleNote, equity_index: ArrayLike) -> ConvertibleSchedule:
    """Return a note's cash, conversion and balance on paths of the share price.

    Parameters
    ----------
    note : ConvertibleNote
        Terms.
    equity_index : array_like
        Share price in any unit, above 0, shape (scenario, month); only its ratio to the month of
        issue counts. `equity_proxy` makes one from coin prices.

    Notes
    -----
    At maturity holders take the larger of face value F and conversion value F S / (S_0 (1 + p)).
    A study that ends before maturity settles the note in its last month by the same rule: that
    leaves out the time value of the option, so an early end understates its cost to the owners.
    No call, put, make-whole or capped call; coupons accrue by the month.

    Examples
    --------
    >>> note = ConvertibleNote(principal_usd=100.0, coupon_frac_per_year=0.02, tenor_months=6,
    ...                        premium_frac=0.25, equity_beta=1.0)
    >>> up = [[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0]]
    >>> plan = convertible_schedule(note, up)
    >>> plan.converted_usd.sum(), plan.dilution_usd.sum(), plan.coupon_usd.sum().round(9)
    (np.float64(100.0), np.float64(160.0), np.float64(1.0))
    """
    index = as_finite(equity_index, "equity_index", ndim=2)
    require(
        bool((index > 0.0).all()),
        "equity_index",
        given=index.min(initial=math.inf),
        allowed="above 0",
    )
    months = index.shape[1]
    parts = [np.zeros(index.shape) for _ in range(6)]
    issued, interest, coupon, redeemed, converted, dilution = parts
    start, end = note.issue_month, min(note.maturity_month, months - 1)
    if start < end:
        face, accrual = note.principal_usd, note.principal_usd * note.coupon_frac_per_year / 12.0
        issued[:, start] = face
        interest[:, start + 1 : end + 1] = accrual
        # Whole halves on their dates; what has accrued since, with the settlement.
        paid_on = np.unique([*range(start + COUPON_MONTHS, end + 1, COUPON_MONTHS), end])
        coupon[:, paid_on] = accrual * np.diff(paid_on, prepend=start)
        value = face * index[:, end] / (index[:, start] * (1.0 + note.premium_frac))
        converts = value >= face
        redeemed[:, end] = np.where(converts, 0.0, face)
        converted[:, end] = np.where(converts, face, 0.0)
        dilution[:, end] = np.where(converts, value, 0.0)
    return ConvertibleSchedule(
        issued_usd=issued,
        interest_usd=interest,
        coupon_usd=coupon,
        redeemed_usd=redeemed,
        converted_usd=converted,
        dilution_usd=dilution,
        balance_usd=np.cumsum(issued + interest - coupon - redeemed - converted, axis=1),
    )


def equity_proxy(coin_price_usd: ArrayLike, *, beta: float) -> FloatArray:
    """Return the stated proxy of a miner's share price: the coin price to the power beta.

    Parameters
    ----------
    coin_price_usd : array_like
        Price of a coin [USD], above 0, shape (scenario, month).
    beta : float
        Elasticity [-].

    Examples
    --------
    >>> equity_proxy([[50_000.0, 100_000.0]], beta=1.5).round(3).tolist()
    [[1.0, 2.828]]
    """
    price = as_finite(coin_price_usd, "coin_price_usd", ndim=2)
    require_between(beta, 0.0, 5.0, "beta")
    require(bool((price > 0.0).all()), "coin_price_usd", given=price.min(), allowed="above 0")
    return np.asarray((price / price[:, :1]) ** beta)
