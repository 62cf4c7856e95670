"""The rule that a loan can be served: a lender's first look, on one megawatt, without chance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from rerack.scenario.draft import Draft
from rerack.scenario.rules.contradiction import Contradiction
from rerack.scenario.schema.finance import LoanSection
from rerack.scenario.schema.plans import (
    NowPlanSection,
    PolicyPlanSection,
    StagedPlanSection,
    ThresholdPlanSection,
)

_YEAR_HOURS = 8760.0


def loan_not_served(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a loan whose service exceeds what the converted megawatt itself earns.

    Base case: first full year of repayment, full load, today's rent with its escalator, or today's
    price of the GPU-hours that are sold or committed, less operating cost and the power that the
    owner pays, before tax. Mining in other halls may help a loan in need; it does not make it one.
    """
    finance = draft.finance
    loan = finance.loan if finance is not None else None
    if finance is None or loan is None or loan.sculpt is not None or loan.grace >= loan.tenor:
        return
    servers_apart = finance.equipment is not None and finance.equipment.covers != "rigs"
    for name in _used(draft):
        offer = draft.offers.get(name)
        if offer is None:
            continue
        service = _service_usd(loan, _cost_usd(offer, servers_apart))
        earned = _earned_usd(draft, offer, loan)
        if earned is None or service <= earned or service <= 0.0:
            continue
        share = loan.share_of_capex * max(earned, 0.0) / service
        yield Contradiction(
            path=("finance", "loan", "share_of_capex"),
            given=f"{loan.share_of_capex:.0%}, whose service of {service / 1e6:,.2f} MUSD a year "
            f"and MW critical of {name!r} exceeds the {earned / 1e6:,.2f} MUSD that it earns "
            f"(DSCR {earned / service:.2f})",
            allowed="a loan that the megawatt it builds can serve: DSCR 1.00 or more",
            cure=f"Lower it to {math.floor(share * 100.0)} % or less, lengthen `tenor`, or let "
            "cash size the loan with `sculpt`.",
        )


def _used(draft: Draft) -> list[str]:
    """Return the offers that some plan takes, in file order."""
    used: set[str] = set()
    now = [p.use for p in draft.plans.values() if isinstance(p, NowPlanSection)]
    used.update(now or draft.offer_names[:1])
    for plan in draft.plans.values():
        if isinstance(plan, StagedPlanSection):
            used.update(step.use for step in plan.halls.values())
        elif isinstance(plan, ThresholdPlanSection):
            used.add(plan.use)
        elif isinstance(plan, PolicyPlanSection):
            used.update(plan.uses)
    return [name for name in draft.offer_names if name in used]


def _cost_usd(offer: Any, servers_apart: bool) -> float:
    """Return what the loan is drawn on, per critical MW."""
    cost = sum(item.cost * item.owner for item in offer.conversion.capex.values())
    servers = 0.0 if servers_apart or offer.type != "gpu_cloud" else offer.gpu_cost
    return float(cost + servers)


def _service_usd(loan: LoanSection, cost_usd: float) -> float:
    """Return the first full year's level payments on a loan that grew over its grace."""
    i = loan.rate / 12.0
    payments = loan.tenor - loan.grace
    owed = loan.share_of_capex * cost_usd * (1.0 + i) ** loan.grace
    level = owed / payments if i == 0.0 else owed * i / -math.expm1(-payments * math.log1p(i))
    return level * min(12, payments)


def _earned_usd(draft: Draft, offer: Any, loan: LoanSection) -> float | None:
    """Return what a critical MW earns in that year before debt and tax; None if not known yet."""
    hours = _YEAR_HOURS
    if offer.type == "gpu_cloud":
        # A topology is not evaluated here: the most there can be, as only what fails is refused.
        up = 1.0 if offer.topology is not None else offer.availability
        paid = offer.utilisation if offer.contract is None else offer.contract.committed
        sold = hours * paid * up
        revenue, owner_pays = offer.price * sold / offer.kw_per_gpu * 1e3, True
    else:
        years = max(loan.grace - offer.conversion.lead_time, 0) // 12
        rent = offer.rate * (1.0 + offer.escalator) ** years
        revenue, owner_pays = rent * 12.0 * 1e3, offer.power_payer == "owner"
    power = 0.0
    if owner_pays:
        price = _power_usd_per_mwh(draft)
        if price is None:
            return None
        # Where weather gives the mean, the least there can be: only what surely fails is refused.
        pue = offer.conversion.pue_mean or 1.0
        power = price * offer.load_factor * pue * hours
    return float(revenue - offer.opex * 12.0 * 1e3 - power)


def _power_usd_per_mwh(draft: Draft) -> float | None:
    """Return the mean price at the meter as the file gives it; None where a series decides."""
    tariff, market = draft.tariff, draft.market
    if tariff is None or market is None:
        return None
    if tariff.fixed is not None:
        return float(tariff.fixed)
    if market.power.level is None:
        return None
    return float(market.power.level + (tariff.adder or 0.0))
