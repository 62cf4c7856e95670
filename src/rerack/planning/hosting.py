"""Powered shell, colocation and GPU cloud as uses of a megawatt: monthly money of one hall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import AiUse, Conversion, GpuCloud, Lease
from rerack.base.checks import FloatArray, IntArray
from rerack.markets import Outlook
from rerack.planning.inflation import growth_path
from rerack.planning.meter import Meter

#: Decision month of a hall that is never converted; beyond any grid.
NEVER = 10_000


@dataclass(frozen=True, kw_only=True)
class HostingCash:
    """Monthly amounts per utility MW converted, all shape (scenario, month), costs positive.

    Parameters
    ----------
    revenue_usd_per_mw, power_usd_per_mw, operations_usd_per_mw, credits_usd_per_mw : ndarray
        Gross rent or GPU sales, owner-paid energy, operating cost, expected SLA credits [USD/MW].
    conversion_usd_per_mw, servers_usd_per_mw, tenant_usd_per_mw : ndarray
        Owner's building cost, owner's GPU servers, what the tenant pays for fit-out [USD/MW].
    served_frac : ndarray
        Share of the contracted critical MW in service, 0 to 1.
    """

    revenue_usd_per_mw: FloatArray
    power_usd_per_mw: FloatArray
    operations_usd_per_mw: FloatArray
    credits_usd_per_mw: FloatArray
    conversion_usd_per_mw: FloatArray
    servers_usd_per_mw: FloatArray
    tenant_usd_per_mw: FloatArray
    served_frac: FloatArray


def hosting_cash(
    use: AiUse,
    *,
    decide_month: IntArray,
    outlook: Outlook,
    meter: Meter,
    inflation_frac_per_year: float,
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

    Notes
    -----
    A utility MW carries ``1 / pue_design`` critical MW. Capex is spread evenly over the lead time
    and dated by
    construction inflation. Rent starts when the lead time ends and ramps linearly.
    """
    months = meter.grid.months
    growth = growth_path(inflation_frac_per_year, months)
    conversion = use.conversion
    critical_kw = conversion.critical_mw(1.0) * 1e3
    age = np.arange(months)[None, :] - (decide_month + conversion.lead_months)[:, None]
    served = _served(age, conversion.ramp_months)
    if isinstance(use, Lease):
        rent_per_kw = _rent_usd_per_kw(use, age, decide_month, outlook)
        served = served * (rent_per_kw > 0.0)
        revenue = rent_per_kw * critical_kw * served
        credits = revenue * use.sla_credit_frac
        servers = np.zeros_like(served)
        owner_pays_power = use.power_payer == "owner"
    else:
        bought = _generation_bought(age, use.gpu_life_months)
        revenue = _gpu_sales_usd_per_kw(use, bought, outlook, meter) * critical_kw * served
        credits = np.zeros_like(served)
        servers = (bought == np.arange(months)[None, :]) * use.gpu_usd_per_mw * critical_kw / 1e3
        owner_pays_power = True
    power = np.zeros_like(served)
    if owner_pays_power:
        mwh = critical_kw / 1e3 * use.load_factor_frac * conversion.pue_mean * meter.grid.hours
        power = meter.mean_usd_per_mwh() * mwh * served
    building = _building_share(age, conversion) * growth * (critical_kw / 1e3)
    return HostingCash(
        revenue_usd_per_mw=revenue,
        power_usd_per_mw=power,
        operations_usd_per_mw=use.opex_usd_per_kw_month * critical_kw * growth * served,
        credits_usd_per_mw=credits,
        conversion_usd_per_mw=building * conversion.owner_capex_usd_per_mw,
        servers_usd_per_mw=servers,
        tenant_usd_per_mw=building * conversion.tenant_capex_usd_per_mw,
        served_frac=served,
    )


def _served(age: IntArray, ramp_months: int) -> FloatArray:
    """Share in service: 0 before the start, then linear over the ramp, then 1."""
    ramped = (age + 1.0) / max(ramp_months, 1)
    return np.where(age < 0, 0.0, np.minimum(ramped, 1.0))


def _building_share(age: IntArray, conversion: Conversion) -> FloatArray:
    """Even spread of the building cost over the months of the lead time."""
    building = (age < 0) & (age >= -conversion.lead_months)
    return building / conversion.lead_months


def _rent_usd_per_kw(
    lease: Lease, age: IntArray, decide_month: IntArray, outlook: Outlook
) -> FloatArray:
    """Rent per critical kW and month: signed rate with escalator, then renewals at market."""
    index = outlook.lease_index
    scenarios, months = index.shape
    rows = np.arange(scenarios)
    signed = np.minimum(decide_month, months - 1)
    market_at_signing = lease.rate_usd_per_kw_month * index[rows, signed]
    still_open = lease.expires_month is None or decide_month <= lease.expires_month
    rate = np.where(still_open, lease.rate_usd_per_kw_month, market_at_signing)[:, None]
    term = lease.term_months
    years = np.maximum(age, 0) % term // 12
    escalated = (1.0 + lease.escalator_frac_per_year) ** years
    renewals = np.maximum(age, 0) // term
    # A renewal is priced at the market of the month in which it begins.
    begins = (decide_month + lease.conversion.lead_months)[:, None] + renewals * term
    market = lease.rate_usd_per_kw_month * np.take_along_axis(
        index, np.clip(begins, 0, months - 1), axis=1
    )
    rate = np.where(renewals == 0, rate, market * lease.renewal_frac)
    return np.where(age < 0, 0.0, rate * escalated)


def _gpu_sales_usd_per_kw(
    cloud: GpuCloud, bought: IntArray, outlook: Outlook, meter: Meter
) -> FloatArray:
    """Sales per critical kW and month; a generation's price falls from its purchase on."""
    index = outlook.gpu_index
    at_purchase = np.take_along_axis(index, np.clip(bought, 0, meter.grid.months - 1), axis=1)
    price = cloud.price_usd_per_gpu_hour * index / at_purchase
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
