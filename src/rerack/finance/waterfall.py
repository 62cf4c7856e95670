"""What a loan pays when cash is short or ample: debt service reserve and cash sweep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require, require_between
from rerack.finance.loan import LoanSchedule


@dataclass(frozen=True, kw_only=True)
class Waterfall:
    """Terms that make a loan's payments depend on cash.

    Parameters
    ----------
    sweep_frac : float
        Share of the cash left after service, reserve and the owner's capex that prepays the
        loan [-], 0 to 1.
    reserve_months : int
        Months of coming scheduled service that the debt service reserve holds [months], 0 to 24.
    """

    sweep_frac: float = 0.0
    reserve_months: int = 0

    def __post_init__(self) -> None:
        require_between(self.sweep_frac, 0.0, 1.0, "sweep_frac")
        require_between(self.reserve_months, 0, 24, "reserve_months")

    @property
    def active(self) -> bool:
        """Whether payments depend on cash at all."""
        return self.sweep_frac > 0.0 or self.reserve_months > 0


@dataclass(frozen=True, kw_only=True)
class WaterfallSchedule:
    """A loan under a waterfall; all shapes (scenario, month) [USD].

    Parameters
    ----------
    loan : LoanSchedule
        As paid; `principal_usd` includes the sweep.
    swept_usd : FloatArray
        Principal prepaid by the sweep.
    reserve_usd : FloatArray
        Balance of the debt service reserve at the end of the month.
    drawn_from_reserve_usd : FloatArray
        Taken from the reserve to pay service.
    """

    loan: LoanSchedule
    swept_usd: FloatArray
    reserve_usd: FloatArray
    drawn_from_reserve_usd: FloatArray

    @property
    def reserve_change_usd(self) -> FloatArray:
        """Cash put into the reserve, negative where it comes out, shape (scenario, month)."""
        return np.diff(self.reserve_usd, axis=1, prepend=0.0)


def apply_waterfall(
    terms: Waterfall,
    loan: LoanSchedule,
    *,
    annual_rate_frac: float,
    cash_available_usd: ArrayLike,
    owner_capex_usd: ArrayLike,
) -> WaterfallSchedule:
    """Return what a scheduled loan pays under a reserve and a cash sweep.

    Parameters
    ----------
    terms : Waterfall
        Share swept, months reserved.
    loan : LoanSchedule
        The schedule without either.
    annual_rate_frac : float
        The loan's nominal annual rate [1/year].
    cash_available_usd : array_like
        Cash for debt service after tax [USD], shape (scenario, month).
    owner_capex_usd : array_like
        Capex of the month that no loan pays [USD], 0 or more, same shape; it comes before the
        sweep.

    Notes
    -----
    Each month: interest on the balance; the scheduled share of it is added to the debt; scheduled
    principal, at most the balance, so that prepayment shortens the loan (inverse order of
    maturity). A shortfall of service is taken from the reserve, the rest is the owner's. What is
    left refills the reserve, then pays the owner's capex, then is swept. The owner fills the
    reserve until service begins; what it no longer needs returns to the owner. The last month
    repays everything and empties the reserve.
    """
    cash = np.ascontiguousarray(as_finite(cash_available_usd, "cash_available_usd", ndim=2))
    capex = np.ascontiguousarray(as_finite(owner_capex_usd, "owner_capex_usd", ndim=2))
    for name, given in (("cash_available_usd", cash), ("owner_capex_usd", capex)):
        require(
            given.shape == loan.draw_usd.shape,
            name,
            given=f"shape {given.shape}",
            allowed=f"the shape of the loan, {loan.draw_usd.shape}",
        )
    from rerack.finance.waterfall_kernel import pay_down

    due = loan.principal_usd.copy()
    due[:, -1] -= loan.balloon_usd
    service = loan.scheduled_service_usd
    added = np.zeros_like(due)
    np.divide(loan.capitalised_usd, loan.interest_usd, out=added, where=loan.interest_usd > 0.0)
    rows = np.zeros((due.shape[0], 7, due.shape[1]))
    pay_down(
        np.ascontiguousarray(loan.draw_usd),
        due,
        added,
        _reserve_target(service, terms.reserve_months),
        service,
        cash,
        capex,
        annual_rate_frac / 12.0,
        terms.sweep_frac,
        rows,
    )
    interest, capitalised, principal, balance, swept, reserve, drawn = (
        rows[:, k] for k in range(7)
    )
    balloon = balance[:, -1].copy()
    principal[:, -1] += balloon
    balance[:, -1] = 0.0
    return WaterfallSchedule(
        loan=LoanSchedule(
            capex_usd=loan.capex_usd,
            draw_usd=loan.draw_usd,
            interest_usd=interest,
            capitalised_usd=capitalised,
            principal_usd=principal,
            balance_usd=balance,
            balloon_usd=balloon,
        ),
        swept_usd=swept,
        reserve_usd=reserve,
        drawn_from_reserve_usd=drawn,
    )


def _reserve_target(service: FloatArray, months: int) -> FloatArray:
    """Return scheduled service of the next `months` months, shape of `service`; 0 in the last."""
    target = np.zeros_like(service)
    for ahead in range(1, min(months, service.shape[1] - 1) + 1):
        target[:, :-ahead] += service[:, ahead:]
    return target
