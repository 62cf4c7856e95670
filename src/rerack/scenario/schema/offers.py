"""Section ``offers``: what a hall could be converted to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Tag

from rerack.scenario.quantities import (
    DurationMonths,
    GrowthPerYear,
    KwPerGpu,
    Month,
    Name,
    PositiveMonths,
    Share,
    Text,
    UsdPerCriticalKwMonth,
    UsdPerCriticalMw,
    UsdPerGpuHour,
    number,
    quantity,
)
from rerack.scenario.schema.base import MAP, WORD, WORD_OR_MAP, Section, default, key, optional
from rerack.scenario.schema.cooling import CoolingSection
from rerack.scenario.schema.offer_terms import (
    ArrivalSection,
    ContractSection,
    CreditSection,
    DamagesSection,
    DelaySection,
    ExitSection,
    FlexibilitySection,
    PhaseSection,
    PrepaymentSection,
    QueueSection,
)
from rerack.scenario.topology.schema import CreditsSection, TopologyFile

CriticalMw = Annotated[float, quantity("mw", basis="critical", low=0.0, high=1e5)]
Pue = Annotated[float, number(low=1.0, high=5.0)]
LeadMonths = Annotated[int, quantity("months", low=1, high=240, whole=True)]
RampMonths = Annotated[int, quantity("months", low=0, high=120, whole=True)]
ServerMonths = Annotated[int, quantity("months", low=6, high=600, whole=True, example="5 years")]
CreditMonths = Annotated[float, number(low=0.0, high=100.0)]
#: A preset or a topology file by name, or what such a file says.
OfferTopology = Annotated[
    Annotated[Text, Tag(WORD)] | Annotated[TopologyFile, Tag(MAP)], WORD_OR_MAP
]
#: A known schedule of credits by name, or terms of one's own.
SlaCredits = Annotated[
    Annotated[Text, Tag(WORD)] | Annotated[CreditsSection, Tag(MAP)], WORD_OR_MAP
]
RenewalShare = Annotated[float, quantity("frac", low=0.0, high=10.0)]


class CapexSection(Section):
    """One component of a conversion's cost."""

    cost: UsdPerCriticalMw = key("Cost per critical MW.")
    owner: Share = default(1.0, "Share that the site owner pays.", "the owner pays all")


class ConversionSection(Section):
    """What turning a hall over takes."""

    capex: dict[Name, CapexSection] = Field(description="Components of the cost by name.")
    lead_time: LeadMonths = key("From decision to the first critical MW in service.")
    dark: DurationMonths = key("Last months of the lead time in which the hall does nothing.")
    ramp: RampMonths = default(6, "From first to full load, linear.", "estimated")
    phases: dict[Name, PhaseSection] = Field(
        default_factory=dict, description="Delivery by milestones instead of the linear ramp."
    )
    pue_design: Pue = key("Utility MW reserved per critical MW at the worst hour.")
    pue_mean: Pue | None = optional(
        "Utility MWh used per critical MWh over the year; needed where `cooling` is left out."
    )
    cooling: CoolingSection | None = optional(
        "PUE of each month from weather, instead of `pue_mean`."
    )


class OfferSection(Section):
    """What leases and GPU clouds share."""

    opex: UsdPerCriticalKwMonth = key("Owner's operating cost, power excluded.")
    load_factor: Share = default(0.8, "Mean critical load over critical MW.", "estimated")
    sla: Share | None = optional("Availability promised in the contract; no offer goes without.")
    availability: Share = default(
        0.9999, "Availability that the site is expected to deliver.", "estimated"
    )
    topology: OfferTopology | None = optional(
        "Power and cooling that give the availability: a preset, a topology file, or its keys here."
    )
    conversion: ConversionSection = key("What turning a hall over takes.")
    critical: CriticalMw | None = optional(
        "Critical MW that the customer takes; whatever the halls carry if left out."
    )
    available_from: Month | None = optional(
        "First month in which the offer may be signed; the study's first if left out."
    )
    expires: Month | None = optional(
        "Last month in which the offer may be signed; stays open if left out."
    )
    arrival: ArrivalSection | None = optional("Offers of this kind arrive by chance.")
    queue: QueueSection | None = optional(
        "The offer waits for power that the site has not yet, as in an interconnection queue."
    )
    delay: DelaySection | None = optional("How late first service may be.")
    damages: DamagesSection | None = optional("What a delay costs the owner.")
    prepayment: PrepaymentSection | None = optional("Rent paid at signing and credited later.")
    flexibility: FlexibilitySection | None = optional("Hours in which the load may be shed.")
    credit: CreditSection | None = optional(
        "How tenant or customer may fail, and what secures its rent."
    )


class LeaseOffer(OfferSection):
    """Powered shell or colocation: the tenant rents critical megawatts."""

    type: Literal["powered_shell", "colocation"] = key("Kind of lease.")
    rate: UsdPerCriticalKwMonth = key("Rent at the start of the study.")
    escalator: GrowthPerYear = default(0.0, "Contractual growth of the rent.", "none agreed")
    term: PositiveMonths = key("Length from first service.")
    power_payer: Literal["tenant", "owner"] = default(
        "tenant", "Who bears the energy bill.", "triple net"
    )
    credit_months_per_pp: CreditMonths = default(
        0.0, "Months of rent credited per percentage point of availability missed.", "none agreed"
    )
    renewal: RenewalShare = default(
        1.0, "Rent after the term as a share of the market rent then; 0 % ends it.", "at market"
    )
    credit_cap: Share = default(
        1.0, "Most that is credited in a month, as a share of its rent.", "a month of rent"
    )
    sla_credits: SlaCredits | None = optional(
        "Credits in steps of time down, instead of `credit_months_per_pp`; needs `topology`."
    )
    pue_cap: Pue | None = optional(
        "Highest mean PUE whose power the tenant pays for; the rest is the owner's."
    )
    renewal_chance: Share = default(
        1.0, "Probability that the tenant renews at the end of a term.", "it stays"
    )
    vacancy: DurationMonths = default(
        12, "From a tenant's leaving to the next one's first rent.", "estimated: as a conversion"
    )
    relet: RenewalShare = default(
        1.0, "Rent of a next tenant as a share of the market rent then.", "at market"
    )
    exit: ExitSection | None = optional("The tenant's right to leave early for a fee.")


class CloudOffer(OfferSection):
    """Own GPU cloud: the owner buys the servers and sells GPU-hours."""

    type: Literal["gpu_cloud"] = key("Kind of offer.")
    kw_per_gpu: KwPerGpu = key("Critical kW per GPU with its share of CPU, network and storage.")
    price: UsdPerGpuHour = key("Price of a sold GPU-hour at the start, or as signed.")
    utilisation: Share = key("Share of GPU-hours sold on the market.")
    gpu_cost: UsdPerCriticalMw = key("Servers and network per critical MW.")
    gpu_life: ServerMonths = default(60, "Age at which all servers are replaced.", "estimated")
    contract: ContractSection | None = optional(
        "A customer that takes or pays; all is sold on the market if left out."
    )


Offer = Annotated[LeaseOffer | CloudOffer, Field(discriminator="type")]
