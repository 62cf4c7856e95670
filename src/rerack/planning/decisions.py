"""Turn a plan into decision months, scenario by scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import AiUse, Lease
from rerack.base.checks import FloatArray, IntArray
from rerack.markets import Outlook
from rerack.planning.hosting import NEVER
from rerack.planning.inflation import growth_path
from rerack.planning.meter import Meter
from rerack.planning.plans import FixedPlan, Plan, ThresholdPlan
from rerack.planning.threshold import threshold_months


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """When each hall is decided, and for which offer.

    Parameters
    ----------
    use : dict of str to str
        Offer name of each hall that the plan may convert.
    month : dict of str to ndarray
        Decision month of each such hall, shape (scenario,); `NEVER` where it stays with mining.
    """

    use: dict[str, str]
    month: dict[str, IntArray]


def fixed_decisions(plan: FixedPlan, scenarios: int) -> Decisions:
    """Return a fixed plan's dates, the same in every scenario."""
    return Decisions(
        use={a.hall: a.use for a in plan.assignments},
        month={
            a.hall: np.full(scenarios, a.decide_month, dtype=np.int64) for a in plan.assignments
        },
    )


def threshold_decisions(
    plan: ThresholdPlan,
    *,
    offers: dict[str, AiUse],
    outlook: Outlook,
    meter: Meter,
    mining_margin_usd_per_mw: FloatArray,
    inflation_frac_per_year: float,
) -> Decisions:
    """Run the threshold rule on each scenario's own margins."""
    use = offers[plan.use]
    ai_margin = signing_margin_usd_per_mw(use, outlook, meter, inflation_frac_per_year)
    # A decision that could not open before the horizon ends would be capex without income.
    usable = outlook.lease_index.shape[1] - use.conversion.lead_months
    months = threshold_months(
        ai_margin,
        mining_margin_usd_per_mw,
        halls=len(plan.halls),
        ratio=plan.ratio,
        months=plan.months,
    )
    months = np.where(months < usable, months, NEVER)
    return Decisions(
        use=dict.fromkeys(plan.halls, plan.use),
        month={hall: months[:, i] for i, hall in enumerate(plan.halls)},
    )


def signing_margin_usd_per_mw(
    use: AiUse, outlook: Outlook, meter: Meter, inflation_frac_per_year: float
) -> FloatArray:
    """Return the monthly AI margin per utility MW if signed in each month, before capex.

    Returns
    -------
    ndarray, shape (scenario, month)
        Rent or GPU sales less operations, owner-paid power and expected credits
        [USD/MW utility and month].
    """
    months = meter.grid.months
    opex = use.opex_usd_per_kw_month * growth_path(inflation_frac_per_year, months)
    power = np.zeros_like(outlook.lease_index)
    if isinstance(use, Lease):
        per_kw = use.rate_usd_per_kw_month * outlook.lease_index * (1.0 - use.sla_credit_frac)
        owner_pays = use.power_payer == "owner"
    else:
        hours = meter.grid.hours * use.utilisation_frac * use.availability_frac
        per_kw = np.broadcast_to(use.price_usd_per_gpu_hour * hours / use.kw_per_gpu, power.shape)
        owner_pays = True
    if owner_pays:
        kwh = use.load_factor_frac * use.conversion.pue_mean * meter.grid.hours
        power = meter.mean_usd_per_mwh() / 1e3 * kwh
    return (per_kw - opex - power) * 1e3 / use.conversion.pue_design


def decide(
    plan: Plan,
    *,
    offers: dict[str, AiUse],
    outlook: Outlook,
    meter: Meter,
    mining_margin_usd_per_mw: FloatArray,
    inflation_frac_per_year: float,
) -> Decisions:
    """Return the decision months of any plan on the given scenarios."""
    if isinstance(plan, FixedPlan):
        return fixed_decisions(plan, outlook.lease_index.shape[0])
    return threshold_decisions(
        plan,
        offers=offers,
        outlook=outlook,
        meter=meter,
        mining_margin_usd_per_mw=mining_margin_usd_per_mw,
        inflation_frac_per_year=inflation_frac_per_year,
    )
