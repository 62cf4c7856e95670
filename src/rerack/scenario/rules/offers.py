"""Rules on offers: promises missing, dates past, times that do not fit."""

from __future__ import annotations

from collections.abc import Iterator

from rerack.scenario.draft import Draft
from rerack.scenario.rules.contradiction import Contradiction, grid_of
from rerack.scenario.schema.offers import LeaseOffer


def offer_without_sla(draft: Draft) -> Iterator[Contradiction]:
    """Refuse an offer without an availability: that is what an AI tenant buys."""
    for name, offer in draft.offers.items():
        if offer.sla is None:
            yield Contradiction(
                path=("offers", name),
                given="an AI use without an SLA",
                allowed="the key 'sla', such as 99.999 %",
                cure="Add the availability that the contract promises.",
                at_key=True,
            )


def offer_expired(draft: Draft) -> Iterator[Contradiction]:
    """Refuse an offer that ended before the start: it cannot be signed."""
    for name, offer in draft.offers.items():
        if offer.expires is None or draft.study is None:
            continue
        if grid_of(draft.study).index_of(offer.expires) < 0:
            yield Contradiction(
                path=("offers", name, "expires"),
                given=f"an offer that expired in {offer.expires}, before the study starts",
                allowed=f"{draft.study.start} or later",
                cure="Remove the offer, or correct the month.",
            )


def lead_time_beyond_horizon(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a conversion longer than the study: it is all cost and no income."""
    for name, offer in draft.offers.items():
        lead = offer.conversion.lead_time
        if draft.study is not None and lead >= draft.study.horizon:
            yield Contradiction(
                path=("offers", name, "conversion", "lead_time"),
                given=f"a lead time of {lead} months",
                allowed=f"less than the horizon of {draft.study.horizon} months",
                cure="Shorten the lead time or lengthen `study.horizon`.",
            )


def dark_over_lead(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a hall that stands dark for longer than its conversion takes."""
    for name, offer in draft.offers.items():
        conversion = offer.conversion
        if conversion.dark > conversion.lead_time:
            yield Contradiction(
                path=("offers", name, "conversion", "dark"),
                given=f"{conversion.dark} dark months",
                allowed=f"at most the lead time of {conversion.lead_time} months",
                cure="Shorten `dark` or lengthen `lead_time`.",
            )


def mean_pue_over_design(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a mean hour that needs more power than the worst hour."""
    for name, offer in draft.offers.items():
        conversion = offer.conversion
        if conversion.pue_mean is not None and conversion.pue_mean > conversion.pue_design:
            yield Contradiction(
                path=("offers", name, "conversion", "pue_mean"),
                given=f"{conversion.pue_mean:g}, above pue_design",
                allowed=f"1 to pue_design, {conversion.pue_design:g}",
                cure="Correct one of the two.",
            )


def mean_pue_said_once(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a conversion with neither a mean PUE nor cooling in weather, or with both."""
    for name, offer in draft.offers.items():
        conversion = offer.conversion
        if (conversion.pue_mean is None) == (conversion.cooling is None):
            both = conversion.cooling is not None
            yield Contradiction(
                path=("offers", name, "conversion"),
                given="`pue_mean` beside `cooling`" if both else "no `pue_mean` and no `cooling`",
                allowed="one of the two",
                cure="Remove one: cooling gives the PUE of each month."
                if both
                else "Add `pue_mean`, such as 1.2, or `cooling` with weather.",
                at_key=True,
            )


def cap_without_payer(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a cap on the power that a tenant pays for where it pays for none."""
    for name, offer in draft.offers.items():
        if not isinstance(offer, LeaseOffer) or offer.pue_cap is None:
            continue
        if offer.power_payer == "owner":
            yield Contradiction(
                path=("offers", name, "pue_cap"),
                given="a `pue_cap` where the owner pays for all power",
                allowed="`pue_cap` with `power_payer: tenant`",
                cure="Remove it, or let the tenant pay.",
                at_key=True,
            )
