"""Powered shell, colocation and GPU cloud as uses of a megawatt: monthly money of one hall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import AiUse, GpuCloud, Lease
from rerack.base.checks import FloatArray, IntArray
from rerack.markets import Outlook
from rerack.planning.deal_events import NEVER as NEVER
from rerack.planning.deal_events import DealEvents
from rerack.planning.deal_money import (
    DealMoney,
    Tenancy,
    cloud_money,
    lease_money,
    served_share,
)
from rerack.planning.deal_rent import rent_path, walk_month
from rerack.planning.hosting_lines import HOSTING_LINES as HOSTING_LINES
from rerack.planning.hosting_lines import HostingCash as HostingCash
from rerack.planning.inflation import growth_path
from rerack.planning.meter import Meter
from rerack.planning.shedding import hours_per_month, shed_saving_usd_per_mw


def hosting_cash(
    use: AiUse,
    *,
    decide_month: IntArray,
    outlook: Outlook,
    meter: Meter,
    inflation_frac_per_year: float,
    events: DealEvents | None = None,
) -> HostingCash:
    """Return the money of a utility MW converted to `use`.

    Parameters
    ----------
    use : Lease or GpuCloud
        The offer taken.
    decide_month : ndarray of int, shape (scenario,)
        Decision month of each scenario; `NEVER` where the hall keeps mining.
    outlook : Outlook
        Lease rate and GPU price indices.
    meter : Meter
        Price at the meter.
    inflation_frac_per_year : float
        Growth of operating and construction cost.
    events : DealEvents or None
        What chance does to the contract (`draw_events`); None for one performed as written.

    Notes
    -----
    A utility MW carries ``1 / pue_design`` critical MW. Capex is spread evenly over the lead time
    and dated by construction inflation; a delay costs time, not more capex. Rent starts when the
    lead time and the delay end and the power is there, and ramps linearly or by milestones. An
    empty hall costs its operation all the same.
    """
    from rerack.planning.hosting_kernel import hosting_costs

    months = meter.grid.months
    growth = growth_path(inflation_frac_per_year, months)
    kw = use.conversion.critical_mw(1.0) * 1e3
    late = (
        None if events is None or (use.delay is None and use.queue is None) else events.late_months
    )
    due = decide_month + use.conversion.lead_months
    lines = np.empty((len(HOSTING_LINES), due.size, months))
    fitted_out = use.conversion.tenant_capex_usd_per_mw > 0.0
    tenant = np.empty((due.size if fitted_out else 0, months))
    if isinstance(use, Lease):
        let = _let(use, decide_month, outlook, events, lines)
    else:
        age = np.arange(months)[None, :] - (due if late is None else due + late)[:, None]
        let = _sold(use, decide_month, age, outlook, meter, events, lines)
    pue = use.conversion.pue_of(meter.grid.month_of_year)
    load = use.load_factor_frac * pue * let.owner_power_frac
    hosting_costs(
        let.served,
        let.staffed,
        due,
        use.conversion.lead_months,
        meter.mean_usd_per_mwh(),
        kw / 1e3 * load * meter.grid.hours,
        use.opex_usd_per_kw_month * kw * growth,
        growth,
        kw / 1e3,
        use.conversion.owner_capex_usd_per_mw,
        use.conversion.tenant_capex_usd_per_mw,
        lines,
        tenant,
    )
    return HostingCash(
        lines_usd_per_mw=lines,
        tenant_usd_per_mw=tenant if fitted_out else None,
        served_frac=let.served,
        late_months=late,
        curtailment_usd_per_mw=shed_saving_usd_per_mw(use, meter, let.served),
        money=let.money,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Let:
    """What leases and clouds have in common once rented out; shapes (scenario, month)."""

    served: FloatArray
    staffed: FloatArray
    owner_power_frac: float
    money: DealMoney


def _let(
    lease: Lease,
    decide_month: IntArray,
    outlook: Outlook,
    events: DealEvents | None,
    lines_usd_per_mw: FloatArray,
) -> _Let:
    """Let the hall; fill revenue and credits of `lines_usd_per_mw`."""
    from rerack.planning.hosting_kernel import let_hall

    path = rent_path(lease, decide_month, outlook.lease_index, events)
    months = path.rent_usd_per_kw.shape[1]
    served, staffed = np.empty((2, *path.rent_usd_per_kw.shape))
    let_hall(
        path.rent_usd_per_kw,
        np.zeros((0, months), dtype=np.bool_) if path.vacant is None else path.vacant,
        path.opens_month,
        served_share(np.arange(months), lease),
        lease.conversion.critical_mw(1.0) * 1e3,
        1.0 - lease.discount_frac,
        lease.sla_credit_frac,
        served,
        staffed,
        lines_usd_per_mw[0],
        lines_usd_per_mw[3],
    )
    lines_usd_per_mw[5] = 0.0
    return _Let(
        served=served,
        staffed=staffed,
        owner_power_frac=lease.owner_power_frac,
        money=lease_money(
            lease, decide_month, path, events, revenue_usd_per_mw=lines_usd_per_mw[0]
        ),
    )


def _sold(
    cloud: GpuCloud,
    decide_month: IntArray,
    age: IntArray,
    outlook: Outlook,
    meter: Meter,
    events: DealEvents | None,
    lines_usd_per_mw: FloatArray,
) -> _Let:
    """Sell GPU-hours, under contract or on the market; fill revenue and servers."""
    months = meter.grid.months
    kw = cloud.conversion.critical_mw(1.0) * 1e3
    served = served_share(age, cloud)
    bought = _generation_bought(age, cloud.gpu_life_months)
    kept = kw * served
    if cloud.flexibility is not None:
        shed = np.minimum(hours_per_month(cloud) / meter.grid.hours, 1.0)
        kept = kept * (1.0 - cloud.flexibility.depth_frac * shed)
    revenue = _gpu_sales_usd_per_kw(cloud, bought, outlook, meter) * kept
    tenancy = _tenancy(cloud, decide_month, events)
    due = np.zeros_like(revenue)
    if cloud.contract is not None:
        month = np.arange(months)[None, :]
        due = _contract_usd_per_kw(cloud, meter) * kept
        due *= (month >= tenancy.opens_month[:, None]) & (month < tenancy.term_end_month[:, None])
        revenue = np.where(month < tenancy.end_month[:, None], due, revenue)
    lines_usd_per_mw[0], lines_usd_per_mw[3] = revenue, 0.0
    lines_usd_per_mw[5] = (bought == np.arange(months)[None, :]) * cloud.gpu_usd_per_mw * kw / 1e3
    return _Let(
        served=served,
        staffed=served,
        owner_power_frac=1.0,
        money=cloud_money(
            cloud,
            decide_month,
            tenancy,
            events,
            due_usd_per_mw=due,
            received_usd_per_mw=revenue,
        ),
    )


def _tenancy(cloud: GpuCloud, decide_month: IntArray, events: DealEvents | None) -> Tenancy:
    """Return the months of the customer's contract; without one it never ends."""
    late = 0 if events is None else events.late_months
    opens: IntArray = decide_month + cloud.conversion.lead_months + late
    if cloud.contract is None:
        never = np.full(decide_month.shape, NEVER, dtype=np.int64)
        return Tenancy(opens, never, never)
    term_end = opens + cloud.contract.term_months
    if events is None:
        return Tenancy(opens, term_end, term_end)
    early = np.minimum(events.default_month, walk_month(cloud, decide_month, events))
    return Tenancy(opens, term_end, np.minimum(term_end, early))


def _contract_usd_per_kw(cloud: GpuCloud, meter: Meter) -> FloatArray:
    """Return what the customer pays per critical kW, shape (month,): used or not."""
    assert cloud.contract is not None
    hours = meter.grid.hours * cloud.contract.committed_frac * cloud.availability_frac
    paid: FloatArray = cloud.price_usd_per_gpu_hour * hours / cloud.kw_per_gpu
    return paid


def _gpu_sales_usd_per_kw(
    cloud: GpuCloud, bought: IntArray, outlook: Outlook, meter: Meter
) -> FloatArray:
    """Sales per critical kW and month; a generation's price falls from its purchase on."""
    index = outlook.gpu_index
    at_purchase = np.take_along_axis(index, np.clip(bought, 0, meter.grid.months - 1), axis=1)
    resale = 1.0 if cloud.contract is None else cloud.contract.resale_frac
    price = cloud.price_usd_per_gpu_hour * resale * index / at_purchase
    sold_hours = meter.grid.hours * cloud.utilisation_frac * cloud.availability_frac
    return price * sold_hours / cloud.kw_per_gpu


def _generation_bought(age: IntArray, life_months: int) -> IntArray:
    """Month in which the servers running in each month were bought, shape of `age`.

    The first generation is bought in the month before service. A replacement that would serve less
    than half its life inside the horizon is not bought: the old servers run on.
    """
    months = age.shape[1]
    now = np.arange(months)[None, :]
    start = now - age
    generation = np.maximum(age + 1, 0) // life_months
    bought = start - 1 + generation * life_months
    too_late = (generation > 0) & (months - bought < life_months / 2)
    kept: IntArray = np.where(too_late, bought - life_months, bought)
    return kept
