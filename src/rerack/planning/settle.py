"""Debt and tax of a site together: each depends on the other where cash sweeps a loan."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import SolverError
from rerack.base.timegrid import MonthGrid
from rerack.finance import SculptedLoan, TermLoan, WaterfallSchedule, apply_waterfall
from rerack.planning.site_debt import TERM_LOAN, SiteDebt
from rerack.planning.site_tax import SiteTax, site_tax
from rerack.planning.term_parts import CONVERSION
from rerack.planning.terms import FinanceTerms

#: Tax that moves by less between two passes is settled [USD]: a thousandth of a cent.
SETTLED_USD = 1e-5


@dataclass(frozen=True, kw_only=True, eq=False)
class Settled:
    """Debt and tax that agree.

    Parameters
    ----------
    debt : SiteDebt
        Schedules as paid.
    tax : SiteTax
        Tax on what is left.
    fall : WaterfallSchedule or None
        Reserve and sweep of the term loan.
    in_cost_usd : ndarray, shape (scenario, month)
        Interest added to the cost of the conversion [USD].
    """

    debt: SiteDebt
    tax: SiteTax
    fall: WaterfallSchedule | None
    in_cost_usd: FloatArray


def settle(
    terms: FinanceTerms,
    grid: MonthGrid,
    *,
    debt: SiteDebt,
    ebitda_usd: FloatArray,
    claims_usd: FloatArray,
    bought_usd: dict[str, FloatArray],
) -> Settled:
    """Return debt and tax of a site once a reserve and a sweep have had their effect.

    Parameters
    ----------
    terms : FinanceTerms
        Terms.
    grid : MonthGrid
        Months.
    debt : SiteDebt
        Schedules without reserve and sweep.
    ebitda_usd, claims_usd : ndarray, shape (scenario, month)
        Operating earnings; cash effect of receivables and payables [USD].
    bought_usd : dict of str to ndarray
        Purchases by asset class [USD].

    Raises
    ------
    SolverError
        The passes do not settle.

    Notes
    -----
    A sweep is made of cash after tax, tax depends on interest, and interest on earlier sweeps. Tax
    of a year depends on sweeps before its last month only, so each pass settles one more year for
    good; in practice a handful settle all.
    """
    now = _taxed(terms, grid, debt, None, ebitda_usd, bought_usd)
    if not terms.waterfall.active or TERM_LOAN not in debt.loans:
        return now
    for _ in range(now.tax.losses_usd.shape[1] + 2):
        fall = _waterfall(terms, debt, ebitda_usd + claims_usd - now.tax.paid_usd, bought_usd)
        loans = {**debt.loans, TERM_LOAN: fall.loan}
        paid = replace(debt, loans=loans, swept_usd=fall.swept_usd)
        after = _taxed(terms, grid, paid, fall, ebitda_usd, bought_usd)
        moved = float(np.abs(after.tax.paid_usd - now.tax.paid_usd).max())
        now = after
        if moved < SETTLED_USD:
            return now
    raise SolverError(
        f"sweep and tax: still {moved:.3g} USD apart after a pass for every year; "
        "please report the scenario file."
    )


def _taxed(
    terms: FinanceTerms,
    grid: MonthGrid,
    debt: SiteDebt,
    fall: WaterfallSchedule | None,
    ebitda_usd: FloatArray,
    bought_usd: dict[str, FloatArray],
) -> Settled:
    in_cost = np.zeros_like(ebitda_usd)
    interest = debt.interest_usd(ebitda_usd)
    if terms.book.interest_in_cost and TERM_LOAN in debt.loans:
        in_cost = debt.loans[TERM_LOAN].capitalised_usd
        interest = np.maximum(interest - in_cost, 0.0)
        bought_usd = {**bought_usd, CONVERSION: bought_usd[CONVERSION] + in_cost}
    tax = site_tax(terms, grid, ebitda_usd=ebitda_usd, interest_usd=interest, bought_usd=bought_usd)
    return Settled(debt=debt, tax=tax, fall=fall, in_cost_usd=in_cost)


def _waterfall(
    terms: FinanceTerms,
    debt: SiteDebt,
    cash_usd: FloatArray,
    bought_usd: dict[str, FloatArray],
) -> WaterfallSchedule:
    loan = terms.loan
    assert isinstance(loan, TermLoan | SculptedLoan)  # a term loan was scheduled from it
    spent = sum(bought_usd.values(), start=np.zeros_like(cash_usd))
    drawn = sum((one.draw_usd for one in debt.loans.values()), start=np.zeros_like(cash_usd))
    before_loan = debt.service_usd(cash_usd, leave_out=TERM_LOAN)
    if debt.note is not None:
        before_loan = before_loan + debt.note.coupon_usd
    return apply_waterfall(
        terms.waterfall,
        debt.loans[TERM_LOAN],
        annual_rate_frac=loan.annual_rate_frac,
        cash_available_usd=cash_usd - before_loan,
        owner_capex_usd=np.maximum(spent - drawn, 0.0),
    )
