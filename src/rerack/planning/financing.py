"""From operating cash to the owner's cash: depreciation, tax, the term loan, coverage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.base.timegrid import MonthGrid
from rerack.finance import (
    calendar_year_totals,
    debt_service_coverage,
    depreciation_schedule,
    income_tax,
    loan_schedule,
)
from rerack.planning.depreciation import depreciation_rates
from rerack.planning.ledger import OPERATING_LINES, SITE_ROW, Ledger
from rerack.planning.terms import FinanceTerms


@dataclass(frozen=True, kw_only=True)
class Financed:
    """What financing adds to a plan, per scenario.

    Parameters
    ----------
    capex_usd, tenant_capex_usd : ndarray, shape (scenario,)
        Owner's undiscounted spend on conversion, servers and rigs; tenant's fit-out [USD].
    worst_dscr : ndarray, shape (scenario,)
        Smallest trailing-year DSCR; inf where there is no debt service.
    worst_dscr_month : ndarray of int, shape (scenario,)
        Month of the worst DSCR; -1 where there is none.
    """

    capex_usd: FloatArray
    tenant_capex_usd: FloatArray
    worst_dscr: FloatArray
    worst_dscr_month: IntArray


def finance_site(
    ledger: Ledger, terms: FinanceTerms, grid: MonthGrid, *, tenant_capex_usd: FloatArray
) -> Financed:
    """Post loan, interest and tax to `ledger` and return coverage.

    Notes
    -----
    The loan funds a share of conversion capex and GPU servers. Taxable income of a calendar year is
    EBITDA less depreciation less interest; losses carry forward. Tax is paid in the last month of
    the year. Rigs that stand at the start are sunk and are not depreciated. DSCR is trailing-year
    EBITDA less tax over debt service.
    """
    building = -ledger.total("conversion capex")
    servers = -ledger.total("GPU servers")
    rigs = -ledger.total("rigs")
    interest = np.zeros_like(building)
    service = np.zeros_like(building)
    if terms.loan is not None:
        loan = loan_schedule(terms.loan, building + servers)
        ledger.post(SITE_ROW, "loan drawn", loan.draw_usd)
        ledger.post(SITE_ROW, "interest", -loan.interest_paid_usd)
        ledger.post(SITE_ROW, "principal", -loan.principal_usd)
        interest = loan.interest_usd
        service = loan.scheduled_service_usd
    ebitda = ledger.total(*OPERATING_LINES)
    tax = _tax_by_month(ebitda - interest, (rigs, building, servers), terms, grid)
    ledger.post(SITE_ROW, "tax", -tax)
    window = min(12, grid.months)
    coverage = debt_service_coverage(ebitda - tax, service, window_months=window)
    return Financed(
        capex_usd=(building + servers + rigs).sum(axis=1),
        tenant_capex_usd=tenant_capex_usd.sum(axis=1),
        worst_dscr=coverage.worst,
        worst_dscr_month=np.where(np.isfinite(coverage.worst), coverage.worst_month, -1),
    )


def _tax_by_month(
    profit_before_depreciation_usd: FloatArray,
    purchases_usd: tuple[FloatArray, FloatArray, FloatArray],
    terms: FinanceTerms,
    grid: MonthGrid,
) -> FloatArray:
    """Return income tax paid in each month, shape (scenario, month)."""
    methods = (terms.rig_depreciation, terms.building_depreciation, terms.gpu_depreciation)
    taxable = calendar_year_totals(profit_before_depreciation_usd, grid)
    for bought, method in zip(purchases_usd, methods, strict=True):
        yearly = calendar_year_totals(bought, grid)
        taxable = taxable - depreciation_schedule(yearly, depreciation_rates(method)).expense_usd
    due = income_tax(taxable, rate_frac=terms.tax_rate_frac)
    last_months = np.flatnonzero(np.diff(grid.year, append=grid.year[-1] + 1))
    tax = np.zeros_like(profit_before_depreciation_usd)
    tax[:, last_months] = due.tax_usd
    return tax
