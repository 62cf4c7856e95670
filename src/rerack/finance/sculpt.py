"""Debt sized and repaid in proportion to the cash that a lender counts on, under caps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require, require_between
from rerack.finance.loan import LoanSchedule


@dataclass(frozen=True, kw_only=True)
class SculptedLoan:
    """Terms of a loan whose service follows the lender's cash.

    Parameters
    ----------
    loan_to_cost_frac : float
        Largest share of each capex payment that is drawn [-], 0 to 1.
    target_dscr : float
        Lender's cash over debt service that sizes the loan [-], 1 or more.
    annual_rate_frac : float
        Nominal annual interest rate [1/year], 0 to 1.
    tenor_months : int
        Periods from the first draw to the last payment [months].
    debt_cap_usd : float
        Largest sum of draws [USD]; infinite for none.
    periods_per_year : int
        12 for months; 1 where the arrays are yearly.
    """

    loan_to_cost_frac: float
    target_dscr: float
    annual_rate_frac: float
    tenor_months: int
    debt_cap_usd: float = math.inf
    periods_per_year: int = 12

    def __post_init__(self) -> None:
        require_between(self.loan_to_cost_frac, 0.0, 1.0, "loan_to_cost_frac")
        require_between(self.target_dscr, 1.0, 20.0, "target_dscr")
        require_between(
            self.annual_rate_frac, 0.0, 1.0, "annual_rate_frac", cure="Give 9 % as 0.09."
        )
        require_between(self.tenor_months, 1, 600, "tenor_months")
        require_between(self.debt_cap_usd, 0.0, math.inf, "debt_cap_usd")
        require_between(self.periods_per_year, 1, 12, "periods_per_year")


@dataclass(frozen=True, kw_only=True)
class SculptedSchedule:
    """A sculpted loan's schedule, and which limit set its size.

    Parameters
    ----------
    loan : LoanSchedule
        Draws, interest, repayment and balance; the balloon is zero.
    drawn_frac : FloatArray
        Share of the cost that is drawn [-], at most the cap, shape (scenario,).
    service_frac : FloatArray
        Service as a share of the most that the target DSCR allows [-], shape (scenario,): 1 where
        coverage sets the size, less where a cap does.
    """

    loan: LoanSchedule
    drawn_frac: FloatArray
    service_frac: FloatArray

    @property
    def capped(self) -> FloatArray:
        """1 where a cap and not coverage set the size, else 0, shape (scenario,)."""
        return (self.service_frac < 1.0 - 1e-9).astype(np.float64)


def sculpted_schedule(
    loan: SculptedLoan, capex_usd: ArrayLike, lender_cash_usd: ArrayLike
) -> SculptedSchedule:
    """Return the largest loan that the lender's cash repays at the target DSCR, within the caps.

    Parameters
    ----------
    loan : SculptedLoan
        Terms.
    capex_usd : array_like
        Uses that are financed [USD], 0 or more, shape (scenario, month).
    lender_cash_usd : array_like
        Cash that the lender counts on [USD], same shape: contracted, before debt; negative months
        count as none. It must be known when the loan is signed.

    Returns
    -------
    SculptedSchedule
        Schedule and which limit bound.

    Notes
    -----
    With cost c, lender's cash a, target D, rate i a period and balance B, for a share f drawn and
    a share l of the most service::

        pay_t = min(l max(a_t, 0) / D, (1 + i) B_{t-1}),  B_t = (1 + i) B_{t-1} + f c_t - pay_t

    f is the largest share within the caps for which l = 1 repays the loan by the last period (first
    draw plus tenor, or the horizon), and l the smallest share that then repays it. Without late
    draws that is the sum of discounted service (NREL SAM, Singleowner, "debt sizing, DSCR"). Where
    pay is under the interest, the rest is added to the debt: interest during construction.

    Both are found by bisection to 2^-60 of their range, as B rises with f and falls with l; the
    last payment takes the rounding.

    Examples
    --------
    >>> terms = SculptedLoan(loan_to_cost_frac=1.0, target_dscr=1.5, annual_rate_frac=0.0,
    ...                      tenor_months=2)
    >>> plan = sculpted_schedule(terms, [[100.0, 0.0, 0.0]], [[0.0, 75.0, 45.0]])
    >>> plan.loan.draw_usd.tolist(), plan.loan.principal_usd.tolist()
    ([[80.0, 0.0, 0.0]], [[0.0, 50.0, 30.0]])
    """
    capex = np.ascontiguousarray(as_finite(capex_usd, "capex_usd", ndim=2))
    cash = np.ascontiguousarray(as_finite(lender_cash_usd, "lender_cash_usd", ndim=2))
    require(
        cash.shape == capex.shape,
        "lender_cash_usd",
        given=f"shape {cash.shape}",
        allowed=f"the shape of capex_usd, {capex.shape}",
    )
    require(
        bool((capex >= 0.0).all()),
        "capex_usd",
        given=capex.min(initial=0.0),
        allowed="0 or more",
        cure="Give capex as positive uses of money.",
    )
    from rerack.finance.sculpt_kernel import sculpt_all

    rate = loan.annual_rate_frac / loan.periods_per_year
    most_pay = np.maximum(cash, 0.0) / loan.target_dscr
    rows = np.zeros((capex.shape[0], 5, capex.shape[1]))
    shares = np.zeros((capex.shape[0], 2))
    most_drawn = _most_drawn_frac(loan, capex)
    sculpt_all(capex, most_pay, most_drawn, rate, loan.tenor_months, rows, shares)
    draw, interest, capitalised, principal, balance = (rows[:, k] for k in range(5))
    return SculptedSchedule(
        loan=LoanSchedule(
            capex_usd=capex,
            draw_usd=draw,
            interest_usd=interest,
            capitalised_usd=capitalised,
            principal_usd=principal,
            balance_usd=balance,
            balloon_usd=np.zeros(capex.shape[0]),
        ),
        drawn_frac=shares[:, 0],
        service_frac=shares[:, 1],
    )


def _most_drawn_frac(loan: SculptedLoan, capex: FloatArray) -> FloatArray:
    """Return the share of cost that the caps allow, shape (scenario,).

    What is bought once the last payment is due draws nothing, so it takes nothing of the cap.
    """
    periods = np.arange(capex.shape[1])
    last = np.minimum((capex > 0.0).argmax(axis=1) + loan.tenor_months, periods[-1])
    total = np.where(periods < last[:, None], capex, 0.0).sum(axis=1)
    by_cap = np.full(total.shape, np.inf)
    np.divide(loan.debt_cap_usd, total, out=by_cap, where=total > 0.0)
    return np.minimum(loan.loan_to_cost_frac, by_cap)
