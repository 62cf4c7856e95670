"""Terms of a contract in section ``offers`` to domain objects; what is left out stays None."""

from __future__ import annotations

import math
from typing import Any

from rerack.assets import (
    CloudContract,
    Delay,
    DelayDamages,
    ExitOption,
    Flexibility,
    OfferWindow,
    Prepayment,
    TenantCredit,
)
from rerack.base.timegrid import MonthGrid
from rerack.catalog import find
from rerack.scenario.schema.offer_terms import (
    ArrivalSection,
    ContractSection,
    CreditSection,
    DamagesSection,
    DelaySection,
    ExitSection,
    FlexibilitySection,
    QueueSection,
)
from rerack.scenario.schema.offers import CloudOffer, LeaseOffer, OfferSection


def common_terms(offer: OfferSection, grid: MonthGrid) -> dict[str, Any]:
    """Return the terms that leases and GPU clouds share, by field name."""
    return {
        "contract_mw": offer.critical,
        "window": build_window(offer.available_from, offer.expires, offer.arrival, grid),
        "queue": build_queue(offer.queue),
        "delay": build_delay(offer.delay),
        "damages": build_damages(offer.damages),
        "prepayment": build_prepayment(offer),
        "credit": build_credit(offer.credit),
        "flexibility": build_flexibility(offer.flexibility),
    }


def build_window(
    first: str | None, last: str | None, arrival: ArrivalSection | None, grid: MonthGrid
) -> OfferWindow:
    """Return when an offer may be signed; a month before the study counts as its first."""
    months: dict[str, Any] = {
        "from_month": 0 if first is None else max(grid.index_of(first), 0),
        "until_month": None if last is None else grid.index_of(last),
    }
    if arrival is None:
        return OfferWindow(**months)
    return OfferWindow(**months, arrival_frac_per_month=arrival.chance, open_months=arrival.open)


def build_delay(section: DelaySection | None) -> Delay | None:
    """Return the distribution of the delay."""
    if section is None:
        return None
    if section.mean is not None:
        return Delay.geometric(section.mean)
    cases = sorted(section.cases.values(), key=lambda case: case.late)
    return Delay(
        late_months=tuple(case.late for case in cases),
        chance_frac=tuple(case.chance for case in cases),
    )


def build_queue(section: QueueSection | None) -> Delay | None:
    """Return when the power is there."""
    if section is None:
        return None
    if section.months is not None:
        return Delay(late_months=(section.months,), chance_frac=(1.0,))
    if section.mean is not None:
        return Delay.geometric(section.mean)
    cases = sorted(section.cases.values(), key=lambda case: case.months)
    return Delay(
        late_months=tuple(case.months for case in cases),
        chance_frac=tuple(case.chance for case in cases),
    )


def build_damages(section: DamagesSection | None) -> DelayDamages | None:
    """Return delay damages."""
    if section is None:
        return None
    return DelayDamages(
        usd_per_kw_month=section.rate,
        grace_months=section.grace,
        cap_usd_per_kw=math.inf if section.cap is None else section.cap / 1e3,
        long_stop_months=section.long_stop,
        rent_months=section.months_of_rent,
    )


def build_prepayment(offer: OfferSection) -> Prepayment | None:
    """Return the prepayment; a share of the base term's rent is so many months of the first."""
    section = offer.prepayment
    if section is None:
        return None
    return Prepayment(
        usd_per_kw=0.0 if section.amount is None else section.amount / 1e3,
        rent_months=section.months_of_rent or (section.share or 0.0) * _months_of_rent(offer),
        credit_after_months=section.credit_after,
        credit_over_months=section.credit_over,
    )


def _months_of_rent(offer: OfferSection) -> float:
    """Return the rent of the base term, escalated, in months of the first."""
    if isinstance(offer, LeaseOffer):
        return math.fsum((1.0 + offer.escalator) ** (m // 12) for m in range(offer.term))
    assert isinstance(offer, CloudOffer)
    assert offer.contract is not None, "rule terms_without_contract"
    return float(offer.contract.term)


def build_contract(section: ContractSection | None) -> CloudContract | None:
    """Return a GPU cloud's customer."""
    if section is None:
        return None
    return CloudContract(
        term_months=section.term, committed_frac=section.committed, resale_frac=section.resale
    )


def build_flexibility(section: FlexibilitySection | None) -> Flexibility | None:
    """Return the flexibility."""
    if section is None:
        return None
    return Flexibility(
        hours_per_year=section.hours,
        depth_frac=section.depth,
        notice_hours=section.notice,
        discount_frac=section.discount,
        owner_frac=section.owner,
    )


def build_credit(section: CreditSection | None) -> TenantCredit | None:
    """Return the tenant's credit; a grade's default rate comes from the catalogue."""
    if section is None:
        return None
    rate = section.default_rate
    if rate is None:
        rate = find("credit_grades", grade=section.grade or "").number("default_frac_per_year")
    return TenantCredit(
        default_frac_per_year=rate,
        deposit_months=section.deposit,
        letter_months=section.letters,
        guarantee_frac=section.guarantee,
        grade=section.grade or "",
    )


def build_exit(section: ExitSection | None) -> ExitOption | None:
    """Return the right to leave."""
    if section is None:
        return None
    return ExitOption(
        after_months=section.after, fee_months=section.fee, chance_frac=section.chance
    )
