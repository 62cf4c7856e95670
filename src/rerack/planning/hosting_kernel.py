"""Compiled money of a hosted hall per MW: one pass over scenarios instead of one for each step."""

from __future__ import annotations

from rerack.base.checks import BoolArray, FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def let_hall(
    rent: FloatArray,
    vacant: BoolArray,
    opens: IntArray,
    ramp: FloatArray,
    kw: float,
    kept_frac: float,
    credit_frac: float,
    served: FloatArray,
    staffed: FloatArray,
    revenue: FloatArray,
    credits: FloatArray,
) -> None:
    """Fill what is in service and staffed, rent received and SLA credits expected.

    Parameters
    ----------
    rent : ndarray, shape (row, month)
        [USD/kW critical and month].
    vacant : ndarray of bool, shape (row, month)
        Months between two tenants; of no row where there are none.
    opens : ndarray of int, shape (row,)
        Month of first service.
    ramp : ndarray, shape (month,)
        Share in service by age.
    kw, kept_frac, credit_frac : float
        Critical kW per utility MW; share of rent after a discount; credits over rent.
    served, staffed : ndarray, shape (row, month)
        Share of the contract in service, and share whose operation is paid for.
    revenue, credits : ndarray, shape (row, month)
        [USD/MW].
    """
    rows, months = rent.shape
    for r in range(rows):
        for m in range(min(opens[r], months)):
            served[r, m] = staffed[r, m] = revenue[r, m] = credits[r, m] = 0.0
        for m in range(opens[r], months):
            let, share = rent[r, m] > 0.0, ramp[m - opens[r]]
            empty = vacant.size > 0 and vacant[r, m]
            served[r, m] = share if let else 0.0
            staffed[r, m] = share if let or empty else 0.0
            revenue[r, m] = rent[r, m] * kw * served[r, m] * kept_frac
            credits[r, m] = revenue[r, m] * credit_frac


@kernel
def hosting_costs(
    served: FloatArray,
    staffed: FloatArray,
    due_months: IntArray,
    lead_months: int,
    mean_price: FloatArray,
    energy_mwh: FloatArray,
    operations: FloatArray,
    growth: FloatArray,
    critical_mw: float,
    owner_capex: float,
    tenant_capex: float,
    lines: FloatArray,
    tenant: FloatArray,
) -> None:
    """Fill power, operations and construction of a hall.

    Parameters
    ----------
    served, staffed : ndarray, shape (row, month)
        As `let_hall` fills them.
    due_months : ndarray of int, shape (row,)
        Month in which the lead time ends.
    lead_months : int
        Months over which construction is paid evenly.
    mean_price : ndarray, shape (row, month)
        At the meter [USD/MWh].
    energy_mwh, operations, growth : ndarray, shape (month,)
        Owner-paid energy [MWh/MW] and operations [USD/MW] of a hall in full service; inflation of
        construction.
    critical_mw : float
        Critical MW per utility MW.
    owner_capex, tenant_capex : float
        [USD/MW critical].
    lines : ndarray, shape (6, row, month)
        Lines 1, 2 and 4 are filled: power, operations, conversion [USD/MW].
    tenant : ndarray, shape (row, month)
        What the tenant pays for fit-out [USD/MW]; of no row where that is nothing.
    """
    rows, months = served.shape
    for r in range(rows):
        for m in range(months):
            lines[1, r, m] = mean_price[r, m] * energy_mwh[m] * served[r, m]
            lines[2, r, m] = operations[m] * staffed[r, m]
            lines[4, r, m] = 0.0
            if tenant.size > 0:
                tenant[r, m] = 0.0
        for m in range(max(due_months[r] - lead_months, 0), min(due_months[r], months)):
            built = 1.0 / lead_months * growth[m] * critical_mw
            lines[4, r, m] = built * owner_capex
            if tenant.size > 0:
                tenant[r, m] = built * tenant_capex
