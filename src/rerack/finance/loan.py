"""A construction and term loan: drawn with capex, interest first capitalised, then an annuity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require, require_between


@dataclass(frozen=True, kw_only=True)
class TermLoan:
    """Terms of a delayed-draw term loan.

    Parameters
    ----------
    loan_to_cost_frac : float
        Share of each capex payment that is drawn [-], 0 to 1.
    annual_rate_frac : float
        Nominal annual interest rate, compounded monthly [1/year], 0 or more.
    tenor_months : int
        Months from a draw to its last payment [months].
    grace_months : int
        First months of a draw, in which interest is added to the debt [months]; less than tenor.

    Examples
    --------
    >>> TermLoan(loan_to_cost_frac=0.7, annual_rate_frac=0.09, tenor_months=84, grace_months=18)
    TermLoan(loan_to_cost_frac=0.7, annual_rate_frac=0.09, tenor_months=84, grace_months=18)
    """

    loan_to_cost_frac: float
    annual_rate_frac: float
    tenor_months: int
    grace_months: int = 0

    def __post_init__(self) -> None:
        require_between(self.loan_to_cost_frac, 0.0, 1.0, "loan_to_cost_frac")
        require_between(
            self.annual_rate_frac, 0.0, 1.0, "annual_rate_frac", cure="Give 9 % as 0.09."
        )
        require_between(self.tenor_months, 1, 600, "tenor_months")
        require_between(
            self.grace_months,
            0,
            self.tenor_months - 1,
            "grace_months",
            cure="Leave at least one month of the tenor to repay.",
        )


@dataclass(frozen=True, kw_only=True)
class LoanSchedule:
    """What a loan does to the owner's cash, month by month; all shapes (scenario, month) [USD].

    Parameters
    ----------
    capex_usd : FloatArray
        Uses: the capex that is financed.
    draw_usd : FloatArray
        Debt drawn.
    interest_usd : FloatArray
        Interest accrued over the month before.
    capitalised_usd : FloatArray
        The part of the interest that is added to the debt instead of paid.
    principal_usd : FloatArray
        Debt repaid, the balloon included.
    balance_usd : FloatArray
        Debt after the month's payments and draw.
    balloon_usd : FloatArray
        The part of the last month's principal that prepays what is not yet due, shape (scenario,).
    """

    capex_usd: FloatArray
    draw_usd: FloatArray
    interest_usd: FloatArray
    capitalised_usd: FloatArray
    principal_usd: FloatArray
    balance_usd: FloatArray
    balloon_usd: FloatArray

    @property
    def interest_paid_usd(self) -> FloatArray:
        """Interest paid in cash [USD], shape (scenario, month)."""
        return self.interest_usd - self.capitalised_usd

    @property
    def equity_usd(self) -> FloatArray:
        """Capex paid by the owner [USD], so that sources equal uses, shape (scenario, month)."""
        return self.capex_usd - self.draw_usd

    @property
    def scheduled_service_usd(self) -> FloatArray:
        """Interest paid and principal due, without the balloon [USD], shape (scenario, month).

        This is the denominator of a coverage ratio: the balloon comes from the end of the study,
        not from the loan's terms.
        """
        service = self.interest_paid_usd + self.principal_usd
        service[:, -1] -= self.balloon_usd
        return service

    @property
    def cashflow_usd(self) -> FloatArray:
        """Draws less all payments, owner's sign [USD], shape (scenario, month)."""
        return self.draw_usd - self.interest_paid_usd - self.principal_usd


def loan_schedule(loan: TermLoan, capex_usd: ArrayLike) -> LoanSchedule:
    """Return draws, interest, repayment and balance of a loan over a capex plan.

    Parameters
    ----------
    loan : TermLoan
        Terms.
    capex_usd : array_like
        Capex paid at the beginning of each month [USD], 0 or more, shape (scenario, month).

    Returns
    -------
    LoanSchedule
        Balances to the cent: balance = balance before + draw + capitalised - principal.

    Notes
    -----
    Each draw is a tranche of its own, so the schedule is linear in capex and every tranche ends at
    exactly zero. A draw D in month m with i = rate / 12, grace g and tenor n::

        age 1 .. g       interest i B is added to B
        age g+1 .. n     level payment D (1+i)^g i / (1 - (1+i)^-(n-g))

    Payments are in arrears: interest of a month falls due when the next begins. Whatever is
    outstanding in the last month of the horizon is prepaid there, at par: see `balloon_usd`.

    Real facilities often convert all draws to a term loan on one date; give the months from the
    average draw to that date as grace. Sculpted repayment, floating rates and fees are not
    modelled.

    Examples
    --------
    >>> loan = TermLoan(loan_to_cost_frac=0.5, annual_rate_frac=0.12, tenor_months=3)
    >>> plan = loan_schedule(loan, [[200.0, 0.0, 0.0, 0.0]])
    >>> plan.scheduled_service_usd.round(4).tolist()
    [[0.0, 34.0022, 34.0022, 34.0022]]
    >>> plan.balance_usd.round(4).tolist()
    [[100.0, 66.9978, 33.6656, 0.0]]
    """
    capex = as_finite(capex_usd, "capex_usd", ndim=2)
    require(capex.shape[1] >= 1, "capex_usd", given="no month", allowed="one month or more")
    require(
        bool((capex >= 0.0).all()),
        "capex_usd",
        given=capex.min(initial=0.0),
        allowed="0 or more",
        cure="Give capex as positive uses of money.",
    )
    from rerack.finance.loan_kernel import add_tranches

    draw = np.ascontiguousarray(loan.loan_to_cost_frac * capex)
    schedule = np.zeros((draw.shape[0], 4, draw.shape[1]))
    ages = min(draw.shape[1], loan.tenor_months + 1)
    add_tranches(draw, unit_tranche(loan, ages), schedule)
    interest, capitalised, principal, balance = (schedule[:, k] for k in range(4))
    balloon = balance[:, -1].copy()
    principal[:, -1] += balloon
    balance[:, -1] = 0.0
    return LoanSchedule(
        capex_usd=capex,
        draw_usd=draw,
        interest_usd=interest,
        capitalised_usd=capitalised,
        principal_usd=principal,
        balance_usd=balance,
        balloon_usd=balloon,
    )


@lru_cache(maxsize=64)
def unit_tranche(loan: TermLoan, months: int) -> FloatArray:
    """Return interest, capitalised interest, principal and balance of one dollar by age.

    Parameters
    ----------
    loan : TermLoan
        Terms.
    months : int
        Ages 0 to `months` - 1.

    Returns
    -------
    FloatArray
        USD per USD drawn, shape (4, months).
    """
    i = loan.annual_rate_frac / 12.0
    payments = loan.tenor_months - loan.grace_months
    start = (1.0 + i) ** loan.grace_months
    payment = start / payments if i == 0.0 else start * i / -np.expm1(-payments * np.log1p(i))
    out = np.zeros((4, loan.tenor_months + 1))
    out[3, 0] = balance = 1.0
    for age in range(1, loan.tenor_months + 1):
        interest = i * balance
        in_grace = age <= loan.grace_months
        last = age == loan.tenor_months
        capitalised = interest if in_grace else 0.0
        principal = 0.0 if in_grace else (balance if last else payment - interest)
        balance = 0.0 if last else balance + capitalised - principal
        out[:, age] = interest, capitalised, principal, balance
    padded = np.zeros((4, months))
    kept = min(months, loan.tenor_months + 1)
    padded[:, :kept] = out[:, :kept]
    padded.flags.writeable = False
    return padded
