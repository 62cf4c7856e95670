"""Terms of a contract in section ``offers``: each may be left out, and then costs nothing."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rerack.scenario.quantities import (
    DurationMonths,
    Name,
    PositiveMonths,
    Share,
    Text,
    UsdPerCriticalKwMonth,
    UsdPerCriticalMw,
    number,
    quantity,
)
from rerack.scenario.schema.base import Section, default, key, optional

MeanMonths = Annotated[float, quantity("months", low=0.0, high=60.0, example="3 months")]
QueueMonths = Annotated[int, quantity("months", low=0, high=240, whole=True, example="24 months")]
ChancePerYear = Annotated[
    float, quantity("frac_per_year", low=0.0, high=1.0, example="0.56 %/year")
]
RentMonths = Annotated[float, number(low=0.0, high=600.0)]
ResaleShare = Annotated[float, quantity("frac", low=0.0, high=10.0)]
HoursPerYear = Annotated[float, quantity("hours", low=0.0, high=8760.0, example="200 hours")]
NoticeHours = Annotated[int, quantity("hours", low=0, high=168, whole=True, example="2 hours")]


class PhaseSection(Section):
    """A milestone of delivery."""

    after: DurationMonths = key("Months from first service; the first milestone is at 0 months.")
    share: Share = key("Share of the critical MW in service from then on; the last is 100 %.")


class DelayCaseSection(Section):
    """One way in which it may turn out."""

    late: DurationMonths = key("Delay of first service.")
    chance: Share = key("Probability.")


class DelaySection(Section):
    """How late first service may be: a mean, or cases."""

    mean: MeanMonths | None = optional("Mean of a memoryless (geometric) delay.")
    cases: dict[Name, DelayCaseSection] = Field(
        default_factory=dict, description="Possible delays by name; chances sum to 100 %."
    )


class QueueCaseSection(Section):
    """One way in which it may turn out."""

    months: QueueMonths = key("Months from the study's start until the power is there.")
    chance: Share = key("Probability.")


class QueueSection(Section):
    """Months from the study's start until the power is there: a number, a mean, or cases."""

    months: QueueMonths | None = optional("A date that is sure.")
    mean: MeanMonths | None = optional("Mean of a memoryless (geometric) wait.")
    cases: dict[Name, QueueCaseSection] = Field(
        default_factory=dict, description="Possible waits by name; chances sum to 100 %."
    )


class DamagesSection(Section):
    """What a delay costs the owner."""

    rate: UsdPerCriticalKwMonth = default(
        0.0, "Owed per critical MW and day (or kW and month) that is late.", "none agreed"
    )
    months_of_rent: RentMonths = default(
        0.0, "Owed besides per month late, in months of first rent.", "none agreed"
    )
    grace: DurationMonths = default(0, "Delay that costs nothing.", "none agreed")
    cap: UsdPerCriticalMw | None = optional("Most that is ever owed per critical MW.")
    long_stop: PositiveMonths | None = optional(
        "Delay after which the tenant walks away and gets its money back."
    )


class PrepaymentSection(Section):
    """Rent paid at signing and credited later."""

    amount: UsdPerCriticalMw | None = optional("Paid at signing per critical MW.")
    months_of_rent: RentMonths | None = optional("Paid at signing, in months of first rent.")
    share: Share | None = optional("Paid at signing, as a share of the rent of the base term.")
    credit_after: DurationMonths = default(
        0, "Age of the service at which crediting begins.", "from the first rent"
    )
    credit_over: PositiveMonths = key("Time over which it is credited evenly.")


class CreditSection(Section):
    """How the tenant may fail, and what secures its rent."""

    grade: Text | None = optional("Credit grade; its default rate stands in the catalogue.")
    default_rate: ChancePerYear | None = optional("Probability of default in a year.")
    deposit: RentMonths = default(0.0, "Cash held from signing, in months of rent.", "none")
    letters: RentMonths = default(0.0, "Letters of credit, in months of rent.", "none")
    guarantee: Share = default(
        0.0, "Share of the base-term rent that a guarantor stands behind.", "none"
    )


class ExitSection(Section):
    """The tenant's right to leave early for a fee."""

    after: PositiveMonths = key("Age of the service at which it may leave.")
    fee: RentMonths = key("Fee in months of the rent of that day.")
    chance: Share = key("Probability that it does.")


class FlexibilitySection(Section):
    """Hours in which the load may be shed."""

    hours: HoursPerYear = key("Hours of full-depth curtailment a year; a twelfth in each month.")
    depth: Share = key("Share of the load that is shed.")
    notice: NoticeHours = default(0, "Time between the call and the curtailment.", "none agreed")
    discount: Share = default(0.0, "Taken off the rent in return.", "none agreed")
    owner: Share = default(
        1.0, "Share of the power cost avoided that the owner keeps.", "the discount buys it"
    )


class ContractSection(Section):
    """A customer of a GPU cloud at a fixed price, take or pay."""

    term: PositiveMonths = key("Length from first service.")
    committed: Share = default(
        1.0, "Share of available GPU-hours paid for, used or not.", "all of them"
    )
    resale: ResaleShare = default(
        1.0,
        "Market price of the study start over the price signed; it is sold at after the term, and "
        "when the customer has failed.",
        "signed at the market",
    )


class ArrivalSection(Section):
    """Offers that arrive by chance instead of lying on the table."""

    chance: Share = key("Probability that such an offer arrives in a month.")
    open: PositiveMonths = default(6, "For how long it may then be signed.", "estimated")
