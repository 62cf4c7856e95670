"""Income tax of one site by calendar year, and what it carries forward."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.timegrid import MonthGrid
from rerack.finance import (
    calendar_year_totals,
    income_tax,
    interest_deduction,
)
from rerack.planning.terms import FinanceTerms


@dataclass(frozen=True, kw_only=True, eq=False)
class SiteTax:
    """Tax of a site.

    Parameters
    ----------
    paid_usd : ndarray, shape (scenario, month)
        Income tax, paid in the last month of each calendar year [USD].
    lasting_usd : ndarray, shape (scenario, month)
        The part that a minimum tax adds [USD].
    losses_usd, disallowed_usd : ndarray, shape (scenario, year)
        Losses and interest carried when each year ends [USD].
    """

    paid_usd: FloatArray
    lasting_usd: FloatArray
    losses_usd: FloatArray
    disallowed_usd: FloatArray


def site_tax(
    terms: FinanceTerms,
    grid: MonthGrid,
    *,
    ebitda_usd: FloatArray,
    interest_usd: FloatArray,
    bought_usd: dict[str, FloatArray],
) -> SiteTax:
    """Return the income tax of a site.

    Parameters
    ----------
    terms : FinanceTerms
        Rates, limits and depreciation.
    grid : MonthGrid
        Months.
    ebitda_usd, interest_usd : ndarray, shape (scenario, month)
        Earnings before interest, tax and depreciation; interest that is expensed [USD].
    bought_usd : dict of str to ndarray
        Purchases by asset class [USD], shape (scenario, month).
    """
    from rerack.finance.depreciation_kernel import deduct_purchases

    rules = terms.tax_rules
    disallowed = np.zeros((ebitda_usd.shape[0], int(grid.year[-1] - grid.year[0]) + 1))
    if rules.interest_limit_frac is None:
        taxable = calendar_year_totals(ebitda_usd - interest_usd, grid)
    else:
        earned = calendar_year_totals(ebitda_usd, grid)
        limited = interest_deduction(
            calendar_year_totals(interest_usd, grid), earned, limit_frac=rules.interest_limit_frac
        )
        taxable, disallowed = earned - limited.deducted_usd, limited.carried_usd
    for name, shares in terms.tax_shares_frac().items():
        deduct_purchases(np.ascontiguousarray(bought_usd[name]), grid.year_starts, shares, taxable)
    due = income_tax(
        taxable,
        rate_frac=terms.income_tax_frac,
        carryforward_limit_frac=rules.loss_limit_frac,
        opening_loss_usd=rules.opening_loss_usd,
        minimum_frac=rules.minimum_frac,
    )
    regular = terms.income_tax_frac * (np.maximum(taxable, 0.0) - due.loss_used_usd)
    return SiteTax(
        paid_usd=_in_last_month(due.tax_usd, grid),
        lasting_usd=_in_last_month(due.tax_usd - regular, grid),
        losses_usd=due.loss_balance_usd,
        disallowed_usd=disallowed,
    )


def _in_last_month(yearly_usd: FloatArray, grid: MonthGrid) -> FloatArray:
    """Return yearly amounts in the last month of each year, shape (scenario, month)."""
    out = np.zeros((yearly_usd.shape[0], grid.months))
    out[:, np.append(grid.year_starts[1:], grid.months) - 1] = yearly_usd
    return out
