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
from rerack.planning.plans import FixedPlan, ThresholdPlan
from rerack.planning.shedding import hours_per_month, shed_saving_usd_per_mw
from rerack.planning.threshold import threshold_months
from rerack.planning.windows import open_months


@dataclass(frozen=True, kw_only=True, eq=False)
class Decisions:
    """When each hall is decided, and for which offer, scenario by scenario.

    Parameters
    ----------
    offers : tuple of str
        Offers that the plan may take, in the order of `use`.
    month : dict of str to ndarray of int
        Decision month of each hall that the plan may convert, shape (scenario,); `NEVER` where it
        stays with mining.
    use : dict of str to ndarray of int
        Position in `offers` of what the hall becomes, shape (scenario,); -1 where it stays.
    known_at_start : bool
        Whether the months are known when the study starts, so that no rigs are bought that could
        not pay back before a hall's end. A rule's are not, however they fall.
    """

    offers: tuple[str, ...]
    month: dict[str, IntArray]
    use: dict[str, IntArray]
    known_at_start: bool

    def taken(self, hall: str) -> list[tuple[str, IntArray]]:
        """Return (offer, decision month or `NEVER`) of each offer that a hall takes somewhere.

        Examples
        --------
        >>> import numpy as np
        >>> decided = Decisions(
        ...     offers=("shell", "cloud"),
        ...     month={"B": np.array([3, 10_000, 6])},
        ...     use={"B": np.array([1, -1, 1])},
        ...     known_at_start=False,
        ... )
        >>> [(offer, month.tolist()) for offer, month in decided.taken("B")]
        [('cloud', [3, 10000, 6])]
        """
        if hall not in self.month:
            return []
        use = self.use[hall]
        return [
            (offer, np.where(use == k, self.month[hall], NEVER))
            for k, offer in enumerate(self.offers)
            if bool((use == k).any())
        ]


def fixed_decisions(plan: FixedPlan, scenarios: int) -> Decisions:
    """Return a fixed plan's dates, the same in every scenario."""
    offers = tuple(dict.fromkeys(a.use for a in plan.assignments))

    def everywhere(value: int) -> IntArray:
        return np.full(scenarios, value, dtype=np.int64)

    return Decisions(
        offers=offers,
        month={a.hall: everywhere(a.decide_month) for a in plan.assignments},
        use={a.hall: everywhere(offers.index(a.use)) for a in plan.assignments},
        known_at_start=True,
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
        open_=open_months(use, outlook),
    )
    months = np.where(months < usable, months, NEVER)
    return Decisions(
        offers=(plan.use,),
        month={hall: months[:, i] for i, hall in enumerate(plan.halls)},
        use={
            hall: np.where(months[:, i] < NEVER, 0, -1).astype(np.int64)
            for i, hall in enumerate(plan.halls)
        },
        known_at_start=False,
    )


def signing_margin_usd_per_mw(
    use: AiUse, outlook: Outlook, meter: Meter, inflation_frac_per_year: float
) -> FloatArray:
    r"""Return the monthly AI margin per utility MW if signed in each month, before capex.

    Returns
    -------
    ndarray, shape (scenario, month)
        Rent or GPU sales less operations, owner-paid power, expected credits and expected default
        [USD/MW utility and month].

    Notes
    -----
    Of a contract's terms those enter that change every month: SLA credits in expectation, the
    discount for flexibility, the power that shedding saves, sales lost by it, and default:

    .. math:: h\,\max(v\,R - S, 0)

    with h the chance that the tenant fails in a month, v the months of vacancy, R the rent and S
    deposit, letters of credit and guarantee: the next tenant is taken to pay the same rent. Left
    out is what is paid once, as capex is: prepayment, delay and its damages, fees of exit.
    """
    months = meter.grid.months
    opex = use.opex_usd_per_kw_month * growth_path(inflation_frac_per_year, months)
    power = np.zeros_like(outlook.lease_index)
    if isinstance(use, Lease):
        kept = (1.0 - use.sla_credit_frac) * (1.0 - use.discount_frac) - _default_cost_frac(use)
        per_kw = use.rate_usd_per_kw_month * outlook.lease_index * kept
    else:
        sold = use.utilisation_frac if use.contract is None else use.contract.committed_frac
        hours = meter.grid.hours * sold * use.availability_frac
        if use.flexibility is not None:
            shed = np.minimum(hours_per_month(use) / meter.grid.hours, 1.0)
            hours = hours * (1.0 - use.flexibility.depth_frac * shed)
        per_kw = np.broadcast_to(use.price_usd_per_gpu_hour * hours / use.kw_per_gpu, power.shape)
    owner_pays = use.owner_power_frac if isinstance(use, Lease) else 1.0
    if owner_pays > 0.0:
        pue = use.conversion.pue_of(meter.grid.month_of_year)
        kwh = use.load_factor_frac * pue * meter.grid.hours * owner_pays
        power = meter.mean_usd_per_mwh() / 1e3 * kwh
    margin: FloatArray = (per_kw - opex - power) * 1e3 / use.conversion.pue_design
    saved = shed_saving_usd_per_mw(use, meter, np.ones_like(margin))
    return margin if saved is None else margin + saved


def _default_cost_frac(lease: Lease) -> float:
    """Return the cost of default expected in a month, as a share of rent."""
    credit = lease.credit
    if credit is None:
        return 0.0
    months = lease.contract_value_usd(1.0) / 1e3 / max(lease.rate_usd_per_kw_month, 1e-300)
    secured = credit.deposit_months + credit.letter_months + credit.guarantee_frac * months
    return credit.default_frac_per_month * max(lease.vacancy_months - secured, 0.0)
