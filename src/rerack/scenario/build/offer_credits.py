"""The credits of an offer whose topology is known: stated once, by the offer or its topology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rerack.assets import AiUse
from rerack.base.checks import require
from rerack.reliability.credits import CREDIT_SCHEDULES, CreditSchedule, ProportionalCredits
from rerack.scenario.schema.offers import LeaseOffer, OfferSection

if TYPE_CHECKING:
    from rerack.scenario.topology.loading import SlaTerms


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """Credits of a contract.

    Parameters
    ----------
    schedule : CreditSchedule or ProportionalCredits or None
        Terms; None where none are agreed.
    words : str
        The same in words.
    """

    schedule: CreditSchedule | ProportionalCredits | None
    words: str


def agreed_credits(offer: OfferSection, use: AiUse, sla: SlaTerms | None) -> Agreed:
    """Return the credits that the offer agrees, or the topology for it; exactly one of them.

    Parameters
    ----------
    offer : OfferSection
        The validated section.
    use : AiUse
        The offer as built.
    sla : SlaTerms or None
        What the topology says was promised.

    Raises
    ------
    InputError
        Two schedules of credits, or a lease with none.
    """
    # Loaded here: the files of topologies are built with what this package gives.
    from rerack.scenario.topology.loading import own_schedule

    if not isinstance(offer, LeaseOffer):
        return Agreed(schedule=None, words="none: hours lost are not sold")
    terms, other = offer.sla_credits, None if sla is None else sla.schedule
    proportional = "credit_months_per_pp" in offer.model_fields_set
    require(
        other is None or not (proportional or terms is not None),
        "topology: credits",
        given="credits in the offer and under `sla` of its topology",
        allowed="one schedule of credits",
        cure="Remove one of them.",
    )
    if isinstance(terms, str):
        return Agreed(schedule=CREDIT_SCHEDULES[terms], words=terms)
    if terms is not None:
        return Agreed(
            schedule=own_schedule(terms, source="stated in the scenario file"),
            words=f"{100.0 * terms.credit:g} % per {60.0 * terms.step:g} min",
        )
    if proportional and offer.credit_months_per_pp == 0.0:
        return Agreed(schedule=None, words="none agreed")
    if proportional:
        schedule = ProportionalCredits(
            promised_frac=use.sla_frac,
            credit_months_per_pp=offer.credit_months_per_pp,
            cap_frac=offer.credit_cap,
        )
        return Agreed(
            schedule=schedule, words=f"{schedule.credit_months_per_pp:g} months per point missed"
        )
    require(
        other is not None,
        "topology: credits",
        given="a lease with a topology and no schedule of credits",
        allowed=f"sla_credits ({', '.join(CREDIT_SCHEDULES)}, or terms of your own), "
        "credit_months_per_pp, or credits under `sla` of the topology",
        cure="Add `sla_credits: day per hour`, or `credit_months_per_pp: 0` if none are agreed.",
    )
    assert other is not None
    return Agreed(schedule=other, words=other.name)


def require_one_promise(sla: SlaTerms | None, use: AiUse) -> None:
    """Raise `InputError` unless the topology promises what the offer does, or nothing."""
    require(
        sla is None or abs(sla.availability_frac - use.sla_frac) < 1e-12,
        "topology: sla: availability",
        given=f"a topology that promises {100.0 * (sla.availability_frac if sla else 1.0):.7g} %",
        allowed=f"the {100.0 * use.sla_frac:.7g} % that the offer promises as `sla`",
        cure="Make the two equal, or take `sla` out of the topology.",
    )
