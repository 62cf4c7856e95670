"""What a dollar of each kind in each month is worth to the owner today, after tax and debt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.base.timegrid import MonthGrid
from rerack.finance import depreciation_schedule, discount_factors, loan_schedule
from rerack.planning.depreciation import depreciation_rates
from rerack.planning.terms import FinanceTerms


@dataclass(frozen=True, kw_only=True, eq=False)
class ValueWeights:
    """Present value of one dollar by month, all shape (month,) [USD/USD].

    Parameters
    ----------
    operating_frac : ndarray
        Of operating cash, less the tax on it.
    rigs_frac, building_frac, servers_frac : ndarray
        Cost of one dollar of purchases, less the tax saved by depreciation; for buildings and
        servers also with the term loan's draw, interest and repayment.
    """

    operating_frac: FloatArray
    rigs_frac: FloatArray
    building_frac: FloatArray
    servers_frac: FloatArray


def value_weights(terms: FinanceTerms, grid: MonthGrid) -> ValueWeights:
    """Return what a dollar of each month is worth, so that values are sums of cash times weights.

    Parameters
    ----------
    terms : FinanceTerms
        Discount rate, tax, depreciation and loan.
    grid : MonthGrid
        Months of the study.

    Notes
    -----
    The ledger taxes a calendar year's profit in its last month and carries losses forward. Here a
    loss saves tax at once, as it does for an owner with other income: tax is then linear, and a
    hall's value does not depend on its neighbours. With losses that wait, the ledger's value is
    lower. At a tax rate of zero both agree to rounding.
    """
    months = grid.months
    now = discount_factors(months, terms.discount_rate_frac_per_year)
    at_tax = now[_tax_month(grid)]
    loan = _loan_value(terms, grid, now, at_tax)
    return ValueWeights(
        operating_frac=now - terms.tax_rate_frac * at_tax,
        rigs_frac=now - _tax_shield(terms, terms.rig_depreciation, grid, now),
        building_frac=now - _tax_shield(terms, terms.building_depreciation, grid, now) - loan,
        servers_frac=now - _tax_shield(terms, terms.gpu_depreciation, grid, now) - loan,
    )


def _tax_month(grid: MonthGrid) -> IntArray:
    """Return the last month in the grid of each month's calendar year, shape (month,)."""
    last: IntArray = np.searchsorted(grid.year, grid.year, side="right") - 1
    return last


def _tax_shield(terms: FinanceTerms, method: str, grid: MonthGrid, now: FloatArray) -> FloatArray:
    """Return the present value of tax saved by depreciating a dollar bought in each month."""
    first, position = np.unique(grid.year, return_inverse=True)
    last_month = np.searchsorted(grid.year, first, side="right") - 1
    expense = depreciation_schedule(np.eye(first.size), depreciation_rates(method)).expense_usd
    by_year = expense @ now[last_month]
    shield: FloatArray = terms.tax_rate_frac * by_year[position]
    return shield


def _loan_value(
    terms: FinanceTerms, grid: MonthGrid, now: FloatArray, at_tax: FloatArray
) -> FloatArray:
    """Return the present value to the owner of the debt on a dollar spent in each month."""
    if terms.loan is None:
        return np.zeros(grid.months)
    # Row m is the schedule of a dollar spent in month m: a loan is proportional to what it funds.
    loan = loan_schedule(terms.loan, np.eye(grid.months))
    value: FloatArray = loan.cashflow_usd @ now + terms.tax_rate_frac * (loan.interest_usd @ at_tax)
    return value
