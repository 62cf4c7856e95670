"""What a dollar of each kind in each month is worth to the owner today, after tax and debt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require
from rerack.base.timegrid import MonthGrid
from rerack.finance import TermLoan, depreciation_schedule, discount_factors, loan_schedule
from rerack.planning.term_parts import CONVERSION, RIGS, SERVERS
from rerack.planning.terms import FinanceTerms


@dataclass(frozen=True, kw_only=True, eq=False)
class ValueWeights:
    """Present value of one dollar by month, all shape (month,) [USD/USD].

    Parameters
    ----------
    operating_frac : ndarray
        Of operating cash, less the tax on it.
    rigs_frac, building_frac, servers_frac : ndarray
        Cost of one dollar of purchases, less the tax saved by depreciation, with the draw, interest
        and repayment of the loan that funds it, if one does.
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

    Raises
    ------
    InputError
        Terms that are not linear in each hall's cash, by key.
    """
    refused = terms.not_linear()
    require(
        not refused,
        "finance",
        given=", ".join(refused),
        allowed="terms linear in each hall's cash: a term loan, equipment finance, one tax",
        cure="Leave these keys out to search for a policy, then evaluate its plan with them.",
    )
    now = discount_factors(grid.months, terms.discount_rate_frac_per_year)
    at_tax = now[_tax_month(grid)]
    cost = {
        name: now - _tax_shield(terms, shares, grid, now)
        for name, shares in terms.tax_shares_frac().items()
    }
    for name in cost:
        loan = _loan_on(terms, name)
        if loan is not None:
            cost[name] = cost[name] - _loan_value(terms, loan, grid, now, at_tax)
    return ValueWeights(
        operating_frac=now - terms.income_tax_frac * at_tax,
        rigs_frac=cost[RIGS],
        building_frac=cost[CONVERSION],
        servers_frac=cost[SERVERS],
    )


def _loan_on(terms: FinanceTerms, kind: str) -> TermLoan | None:
    """Return the loan that funds an asset class, if one does."""
    if terms.equipment is not None and kind in terms.equipment.covers:
        return terms.equipment.loan
    if kind == RIGS or not isinstance(terms.loan, TermLoan):
        return None
    return terms.loan


def _tax_month(grid: MonthGrid) -> IntArray:
    """Return the last month in the grid of each month's calendar year, shape (month,)."""
    last: IntArray = np.searchsorted(grid.year, grid.year, side="right") - 1
    return last


def _tax_shield(
    terms: FinanceTerms, shares_frac: FloatArray, grid: MonthGrid, now: FloatArray
) -> FloatArray:
    """Return the present value of tax saved by depreciating a dollar bought in each month."""
    first, position = np.unique(grid.year, return_inverse=True)
    last_month = np.searchsorted(grid.year, first, side="right") - 1
    expense = depreciation_schedule(np.eye(first.size), shares_frac).expense_usd
    by_year = expense @ now[last_month]
    shield: FloatArray = terms.income_tax_frac * by_year[position]
    return shield


def _loan_value(
    terms: FinanceTerms, loan: TermLoan, grid: MonthGrid, now: FloatArray, at_tax: FloatArray
) -> FloatArray:
    """Return the present value to the owner of the debt on a dollar spent in each month."""
    # Row m is the schedule of a dollar spent in month m: a loan is proportional to what it funds.
    plan = loan_schedule(loan, np.eye(grid.months))
    value: FloatArray = plan.cashflow_usd @ now + terms.income_tax_frac * (
        plan.interest_usd @ at_tax
    )
    return value
