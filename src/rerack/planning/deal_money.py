"""Money that passes between owner and tenant besides rent: held, recovered, owed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rerack.assets import AiUse, GpuCloud, Lease
from rerack.base.checks import BoolArray, FloatArray, IntArray
from rerack.planning.deal_events import DealEvents
from rerack.planning.deal_rent import RentPath, exit_month


@dataclass(frozen=True, kw_only=True, eq=False)
class DealMoney:
    """Monthly amounts per utility MW, shape (row, month) [USD/MW]; None where there are none.

    Parameters
    ----------
    held_usd_per_mw : ndarray or None
        Tenant's money: in at signing, out as it is credited, returned or applied. Sums to 0.
    recoveries_usd_per_mw : ndarray or None
        What security makes good of rent lost by default.
    fees_usd_per_mw : ndarray or None
        Fees of tenants that leave early.
    damages_usd_per_mw : ndarray or None
        Delay damages owed to the tenant, positive.
    """

    held_usd_per_mw: FloatArray | None = None
    recoveries_usd_per_mw: FloatArray | None = None
    fees_usd_per_mw: FloatArray | None = None
    damages_usd_per_mw: FloatArray | None = None


def lease_money(
    lease: Lease,
    decide_month: IntArray,
    path: RentPath,
    events: DealEvents | None,
    *,
    revenue_usd_per_mw: FloatArray,
) -> DealMoney:
    r"""Return what a lease moves besides rent.

    Parameters
    ----------
    lease : Lease
        The contract.
    decide_month : ndarray of int, shape (row,)
        Month of signing; `NEVER` where it is not signed.
    path : RentPath
        Its rent and its end.
    events : DealEvents or None
        What chance does.
    revenue_usd_per_mw : ndarray, shape (row, month)
        Rent received per utility MW [USD/MW].

    Notes
    -----
    From default in month d on, the loss of month m is
    :math:`L_m = \max(\text{rent due}_m - \text{rent received}_m, 0)` to the end of the base term.
    What is held (deposit and prepayment not yet credited) makes it good first, then letters of
    credit and the guarantee, each to its limit:
    :math:`\sum_{u \le m} \text{recovered}_u = \min(\sum_{u \le m} L_u, \text{security})`.
    What is left of the tenant's money goes back to it when the base term would have ended. In the
    last month of the horizon everything still held is returned, so that no money is made by ending
    a study early.
    """
    kw = lease.conversion.critical_mw(1.0) * 1e3
    months = path.rent_usd_per_kw.shape[1]
    due: FloatArray | None = None
    if events is not None and lease.credit is not None:
        share = served_share(np.arange(months)[None, :] - path.opens_month[:, None], lease)
        due = path.due_usd_per_kw() * share * (kw * (1.0 - lease.discount_frac))
    held, recoveries = _secured(
        lease,
        decide_month,
        Tenancy(path.opens_month, path.term_end_month, path.end_month),
        events,
        due_usd_per_mw=due,
        received_usd_per_mw=revenue_usd_per_mw,
    )
    return DealMoney(
        held_usd_per_mw=held,
        recoveries_usd_per_mw=recoveries,
        fees_usd_per_mw=_exit_fee(lease, path, events, kw),
        damages_usd_per_mw=delay_damages(lease, decide_month, events, path.end_month, months),
    )


def cloud_money(
    cloud: GpuCloud,
    decide_month: IntArray,
    tenancy: Tenancy,
    events: DealEvents | None,
    *,
    due_usd_per_mw: FloatArray,
    received_usd_per_mw: FloatArray,
) -> DealMoney:
    """Return what a GPU cloud's contract moves besides sales.

    Parameters
    ----------
    cloud : GpuCloud
        The cloud.
    decide_month : ndarray of int, shape (row,)
        Month of signing; `NEVER` where it is not signed.
    tenancy : Tenancy
        First service and end of the contract.
    events : DealEvents or None
        What chance does.
    due_usd_per_mw, received_usd_per_mw : ndarray, shape (row, month)
        What the customer owes if it performs to the end, and what is sold, to it or on the market
        [USD/MW].

    Notes
    -----
    As for a lease (`lease_money`), with the contract's payments in the place of rent.
    """
    held, recoveries = _secured(
        cloud,
        decide_month,
        tenancy,
        events,
        due_usd_per_mw=due_usd_per_mw,
        received_usd_per_mw=received_usd_per_mw,
    )
    months = received_usd_per_mw.shape[1]
    return DealMoney(
        held_usd_per_mw=held,
        recoveries_usd_per_mw=recoveries,
        damages_usd_per_mw=delay_damages(cloud, decide_month, events, tenancy.end_month, months),
    )


class Tenancy(NamedTuple):
    """Months of a first tenancy, each of shape (row,): service, end of the term, and real end."""

    opens_month: IntArray
    term_end_month: IntArray
    end_month: IntArray


def _secured(
    use: AiUse,
    decide_month: IntArray,
    tenancy: Tenancy,
    events: DealEvents | None,
    *,
    due_usd_per_mw: FloatArray | None,
    received_usd_per_mw: FloatArray,
) -> tuple[FloatArray | None, FloatArray | None]:
    """Return the tenant's money held and what security recovers, shape (row, month) each.

    What is due matters where the tenant may fail and has given security.
    """
    kw = use.conversion.critical_mw(1.0) * 1e3
    opens, term_end, end = tenancy
    months = received_usd_per_mw.shape[1]
    held_at_end, flow = _held(use, decide_month, opens, end, kw, months)
    fails = np.zeros(decide_month.shape, dtype=np.bool_)
    recoveries: FloatArray | None = None
    applied: FloatArray | None = None
    if events is not None and use.credit is not None and due_usd_per_mw is not None:
        fails = (events.default_month == end) & (end < term_end)
        lost = _loss(due_usd_per_mw, received_usd_per_mw, fails, tenancy)
        applied = _drawn(lost, held_at_end)
        recoveries = _drawn(lost, held_at_end + _security_usd_per_mw(use, kw))
    if flow is not None:
        if applied is not None:
            flow -= applied
        back = np.where(fails, term_end, end)
        returned = -flow.sum(axis=1)
        flow[np.arange(flow.shape[0]), np.minimum(back, months - 1)] += returned
    return flow, recoveries


def delay_damages(
    use: AiUse,
    decide_month: IntArray,
    events: DealEvents | None,
    end_month: IntArray,
    months: int,
) -> FloatArray | None:
    """Return delay damages per utility MW, shape (row, month), or None where none can be owed.

    Notes
    -----
    In each month the damages are the rate times the share that should have been in service
    `grace_months` after its date and is not, until service or the end of the contract, and in sum
    no more than the cap.
    """
    terms = use.damages
    if terms is None or events is None or terms.at(use.rent_usd_per_kw_month) == 0.0:
        return None
    planned = np.arange(months)[None, :] - (decide_month + use.conversion.lead_months)[:, None]
    late = served_share(planned - terms.grace_months, use)
    late -= served_share(planned - events.late_months[:, None], use)
    np.maximum(late, 0.0, out=late)
    late *= np.arange(months)[None, :] < end_month[:, None]
    kw = use.conversion.critical_mw(1.0) * 1e3
    rate = terms.at(use.rent_usd_per_kw_month)
    owed = np.minimum(np.cumsum(late, axis=1) * rate, terms.cap_usd_per_kw)
    return np.diff(owed, axis=1, prepend=0.0) * kw


def served_share(age: IntArray, use: AiUse) -> FloatArray:
    """Return the share in service at an age [months]: by milestone, or linear over the ramp."""
    conversion = use.conversion
    if conversion.phases:
        share = np.zeros(age.shape)
        for phase in conversion.phases:
            share[age >= phase.after_months] = phase.share_frac
        return share
    ramped = (age + 1.0) / max(conversion.ramp_months, 1)
    return np.where(age < 0, 0.0, np.minimum(ramped, 1.0))


def _held(
    use: AiUse,
    decide_month: IntArray,
    opens: IntArray,
    ends: IntArray,
    kw: float,
    months: int,
) -> tuple[FloatArray, FloatArray | None]:
    """Return what is held when the tenancy ends, and the flows up to then, per utility MW."""
    signed = decide_month < months
    deposit = 0.0
    if use.credit is not None:
        deposit = use.credit.deposit_months * use.rent_usd_per_kw_month * kw
    prepaid = 0.0
    if use.prepayment is not None:
        prepaid = use.prepayment.at(use.rent_usd_per_kw_month) * kw
    if deposit + prepaid == 0.0:
        return np.zeros(decide_month.shape), None
    month = np.arange(months)[None, :]
    flow = (month == decide_month[:, None]) * (deposit + prepaid)
    if use.prepayment is not None:
        begins = (opens + use.prepayment.credit_after_months)[:, None]
        over = use.prepayment.credit_over_months
        credited = (month >= begins) & (month < begins + over) & (month < ends[:, None])
        flow -= credited * (prepaid / over)
    return np.where(signed, flow.sum(axis=1), 0.0), flow


def _security_usd_per_mw(use: AiUse, kw: float) -> float:
    """Return what letters of credit and the guarantor pay at most, per utility MW."""
    assert use.credit is not None
    letters = use.credit.letter_months * use.rent_usd_per_kw_month
    guarantee = use.credit.guarantee_frac * use.contract_value_usd(1.0) / 1e3
    return (letters + guarantee) * kw


def _loss(due: FloatArray, received: FloatArray, fails: BoolArray, tenancy: Tenancy) -> FloatArray:
    """Return what default takes in each month, per utility MW, shape (row, month)."""
    month = np.arange(received.shape[1])[None, :]
    after = fails[:, None] & (month >= tenancy.end_month[:, None])
    after &= month < tenancy.term_end_month[:, None]
    return np.where(after, np.maximum(due - received, 0.0), 0.0)


def _drawn(lost: FloatArray, limit: FloatArray | float) -> FloatArray:
    """Return what of `lost` is made good month by month until `limit` (row,) is used up."""
    made_good = np.minimum(np.cumsum(lost, axis=1), np.broadcast_to(limit, lost.shape[:1])[:, None])
    return np.diff(made_good, axis=1, prepend=0.0)


def _exit_fee(
    lease: Lease, path: RentPath, events: DealEvents | None, kw: float
) -> FloatArray | None:
    if events is None or lease.exit_option is None:
        return None
    leaves = exit_month(lease, path.opens_month, events)
    first = (leaves == path.end_month) & (leaves != events.default_month)
    month = np.arange(path.rent_usd_per_kw.shape[1])[None, :]
    rent = path.signed_at(np.full((1, 1), lease.exit_option.after_months))
    fee = float(rent[0, 0]) * (1.0 - lease.discount_frac) * lease.exit_option.fee_months * kw
    return np.where(first[:, None] & (month == leaves[:, None]), fee, 0.0)
