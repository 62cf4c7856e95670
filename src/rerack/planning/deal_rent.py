"""The rent of a hall through its tenants: first term, renewals, vacancies and next tenants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import AiUse, Lease
from rerack.base.checks import BoolArray, FloatArray, IntArray, frozen_array
from rerack.planning.deal_events import NEVER, DealEvents


@dataclass(frozen=True, kw_only=True, eq=False)
class RentPath:
    """Rent by month, and how the first tenancy ends.

    Parameters
    ----------
    rent_usd_per_kw : ndarray, shape (row, month)
        Rent of whoever is in the hall [USD/kW critical and month]; 0 where nobody is.
    vacant : ndarray of bool, shape (row, month), or None
        Months between two tenants; None where there are none.
    priced_month : ndarray of int, shape (row, month), or None
        Month whose market set the rent; -1 in the first tenancy. None without events.
    opens_month, term_end_month, end_month : ndarray of int, shape (row,)
        First service, end of the base term, and month in which the first tenancy really ends.
    signed_usd_per_kw_month : float
        Rent that was signed.
    escalator_frac_per_year : float
        Its contractual growth.
    """

    rent_usd_per_kw: FloatArray
    vacant: BoolArray | None
    priced_month: IntArray | None
    opens_month: IntArray
    term_end_month: IntArray
    end_month: IntArray
    signed_usd_per_kw_month: float
    escalator_frac_per_year: float

    def due_usd_per_kw(self) -> FloatArray:
        """Return what the first tenant owes if it performs to the end, shape (row, month)."""
        month = np.arange(self.rent_usd_per_kw.shape[1])[None, :]
        base = (month >= self.opens_month[:, None]) & (month < self.term_end_month[:, None])
        return np.where(base, self.signed_at(month - self.opens_month[:, None]), 0.0)

    def signed_at(self, age: IntArray) -> FloatArray:
        """Return the signed rent at an age of the service [months], shape of `age`."""
        return self.signed_usd_per_kw_month * escalated(self.escalator_frac_per_year, age)


def escalated(escalator_frac_per_year: float, age: IntArray) -> FloatArray:
    """Return the growth of a rent at an age [months]: a step a year."""
    if escalator_frac_per_year == 0.0:
        return np.ones(age.shape)
    growth: FloatArray = (1.0 + escalator_frac_per_year) ** (np.maximum(age, 0) // 12)
    return growth


def rent_path(
    lease: Lease, decide_month: IntArray, lease_index: FloatArray, events: DealEvents | None
) -> RentPath:
    """Return the rent of a critical kW from signing to the horizon.

    Parameters
    ----------
    lease : Lease
        The contract.
    decide_month : ndarray of int, shape (row,)
        Decision months; `NEVER` where it is not signed.
    lease_index : ndarray, shape (row, month)
        Market rent relative to the study start.
    events : DealEvents or None
        What chance does; None for a contract that is performed as written.

    Notes
    -----
    A tenancy ends with its term, or the first one earlier by default, exit or long stop. A tenant
    that stays past its term pays `renewal_frac` of the market rent of that month; a tenant that
    comes after a vacancy pays `relet_frac` of it. Each new rent escalates as the first and runs
    for a term as long.
    """
    from rerack.planning.deal_rent_kernel import (
        LeaseNumbers,
        walk_tenancies,
    )

    rows, months = lease_index.shape
    opens = decide_month + lease.conversion.lead_months
    if events is not None:
        opens = opens + events.late_months
    ends = _first_end(lease, decide_month, opens, events)
    chance = rows if events is not None else 0
    uniform = None if events is None else events.renewal_uniform
    rent = np.zeros((rows, months))
    vacant = np.zeros((chance, months), dtype=np.bool_)
    priced = np.full((chance, months), -1, dtype=np.int64)
    walk_tenancies(
        opens,
        ends,
        frozen_array(np.ascontiguousarray(lease_index)),
        np.ones((0, 0)) if uniform is None else uniform,
        escalated(lease.escalator_frac_per_year, np.arange(months)),
        LeaseNumbers(
            lease.rate_usd_per_kw_month,
            lease.term_months,
            lease.vacancy_months,
            lease.renewal_chance_frac,
            lease.renewal_frac,
            lease.relet_frac,
        ),
        rent,
        vacant,
        priced,
    )
    return RentPath(
        rent_usd_per_kw=rent,
        vacant=vacant if chance else None,
        priced_month=priced if chance else None,
        opens_month=opens,
        term_end_month=opens + lease.term_months,
        end_month=ends,
        signed_usd_per_kw_month=lease.rate_usd_per_kw_month,
        escalator_frac_per_year=lease.escalator_frac_per_year,
    )


def exit_month(lease: Lease, opens: IntArray, events: DealEvents) -> IntArray:
    """Return the month in which the tenant uses its right to leave, shape (row,)."""
    if lease.exit_option is None:
        return np.full(opens.shape, NEVER, dtype=np.int64)
    return np.where(events.exits, opens + lease.exit_option.after_months, NEVER)


def walk_month(use: AiUse, decide_month: IntArray, events: DealEvents) -> IntArray:
    """Return the month in which a tenant gives up waiting for service, shape (row,)."""
    stop = None if use.damages is None else use.damages.long_stop_months
    if stop is None:
        return np.full(decide_month.shape, NEVER, dtype=np.int64)
    planned = decide_month + use.conversion.lead_months
    return np.where(events.late_months > stop, planned + stop, NEVER)


def _first_end(
    lease: Lease, decide_month: IntArray, opens: IntArray, events: DealEvents | None
) -> IntArray:
    term_end = opens + lease.term_months
    if events is None:
        return term_end
    early = np.minimum(events.default_month, exit_month(lease, opens, events))
    return np.minimum(term_end, np.minimum(early, walk_month(lease, decide_month, events)))
