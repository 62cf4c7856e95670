"""Sections of a topology file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from rerack.base.errors import InputError
from rerack.base.units import parse_quantity
from rerack.scenario.quantities import Name, Rule, Share, Text, number, quantity, refusal
from rerack.scenario.schema.base import Section, default, key, optional
from rerack.scenario.schema.cooling import CoolingSection

_HOURS_PER_YEAR = 8760.0
_LONGEST = 80
_RATE_ALLOWED = "a rate of 0 or more, such as '0.01 /year', '5.9e-6 /h' or '1/170000 h'"


def _read_rate(given: Any) -> float:
    """Return failures per year from a rate or from one over a mean time between failures."""
    cure = "Write a number per time; one over a mean time between failures will do."
    text = str(given).strip()
    if isinstance(given, bool) or not isinstance(given, str) or len(text) > _LONGEST:
        raise refusal(_RATE_ALLOWED, cure)
    head, slash, tail = text.partition("/")
    try:
        if slash and head.strip() == "1" and tail.strip()[:1].isdigit():
            hours = parse_quantity(tail.strip(), "hours").value
            rate = _HOURS_PER_YEAR / hours if hours > 0.0 else -1.0
        else:
            rate = parse_quantity(text, "frac_per_year").value
    except InputError:
        raise refusal(_RATE_ALLOWED, cure) from None
    if not 0.0 <= rate <= 1e6:
        raise refusal(_RATE_ALLOWED, "A rate cannot be negative or beyond a million a year.")
    return rate


Rate = Annotated[
    float,
    Rule(
        read=_read_rate,
        schema=(("type", "string"), ("examples", ["0.01 /year", "1/170000 h"])),
        written_unit="/year",
    ),
]
CriticalMw = Annotated[float, quantity("mw", basis="critical", low=1e-6, high=1e5)]
Hours = Annotated[float, quantity("hours", low=0.0, high=1e5, example="2 h")]
HoursPerYear = Annotated[float, quantity("hours", low=0.0, high=_HOURS_PER_YEAR, example="24 h")]
Usd = Annotated[float, quantity("usd", low=0.0, high=1e12, example="1.2 MUSD")]
Downtime = Annotated[float, quantity("hours", low=0.0, high=1e4, example="30 min")]
Availability = Annotated[float, quantity("frac", low=0.0, high=1.0, example="99.99 %")]
UsdPerCriticalKwMonth = Annotated[
    float, quantity("usd_per_kw_month", basis="critical", low=0.0, high=1e5)
]
Units = Annotated[int, number(low=1, high=200, integer=True)]


class TopologySection(Section):
    """The load and what feeds it."""

    name: Name = key("Name of the topology.")
    critical: CriticalMw = key("Critical load.")
    fed_by: Name | None = optional("Block or component that the load hangs on.")
    preset: Text | None = optional("A ready topology instead of blocks: `rerack design --presets`.")
    description: Text = default("", "One sentence.", "none given")


class ComponentSection(Section):
    """One piece of equipment; the catalogue fills gaps where its kind is named."""

    equipment: Text | None = optional("Kind of the catalogue (`rerack catalog equipment`).")
    estimate: Text | None = optional("Estimate of the catalogue, instead of the standard one.")
    failure_rate: Rate | None = optional("Failures while up; in reserve, those found waiting.")
    repair: Hours | None = optional("Mean time from failure to service.")
    fail_to_start: Share | None = optional("Chance of not answering a call.")
    fail_to_run: Rate | None = optional("Failures while running on a call.")
    maintenance: HoursPerYear = default(0.0, "Planned hours out of service in a year.", "none")
    capacity: CriticalMw | None = optional(
        "Critical load that it can carry; unlimited if left out."
    )
    cost: Usd | None = optional("Installed cost; the catalogue's by capacity if left out.")


class SeriesSection(Section):
    """Everything is needed."""

    type: Literal["series"] = key("series")
    of: list[Name] = Field(min_length=1, description="Blocks or components, by name.")


class ParallelSection(Section):
    """Any one suffices."""

    type: Literal["parallel"] = key("parallel")
    of: list[Name] = Field(min_length=1, description="Blocks or components, by name.")
    copies: Units | None = optional("So many copies of the only one named, everything in it new.")
    beta: Share = key("Share of failures that hit all; 0 has to be written.")


class KofNSection(Section):
    """Some of several are needed."""

    type: Literal["k_of_n"] = key("k_of_n")
    need: Units = key("How many are needed.")
    of: list[Name] = Field(min_length=1, description="Blocks or components, by name.")
    copies: Units | None = optional("So many copies of the only one named, everything in it new.")
    beta: Share = key("Share of failures that hit all; 0 has to be written.")


class OutageSection(Section):
    """One kind of outage of a supply."""

    share: Share = key("Share of all outages.")
    mean: Hours = key("Mean length.")


class StandbySection(Section):
    """A supply with generators, a battery or both behind it."""

    type: Literal["standby"] = key("standby")
    primary: Name = key("Block or component that carries the load while it can.")
    beta: Share = key("Share of failures that hit all generators; 0 has to be written.")
    generator: Name | None = optional("Component that is one generator.")
    installed: Units | None = optional("Generators installed.")
    needed: Units | None = optional("Generators that carry the load.")
    start: Hours = default(1.0 / 60.0, "From loss of supply to generators carrying.", "estimated")
    fuel: Hours | None = optional("Running time of the fuel on site; unlimited if left out.")
    battery: Name | None = optional("Component that is the battery.")
    ride_through: Hours | None = optional("How long the battery carries the load.")
    outages: list[OutageSection] | None = optional(
        "Kinds of outage by length; exponential if left out."
    )


BlockSection = Annotated[
    SeriesSection | ParallelSection | KofNSection | StandbySection,
    Field(discriminator="type"),
]


class CreditsSection(Section):
    """Credits on the monthly fee by time down in the month."""

    step: Downtime = key("Time down that earns one credit.")
    credit: Share = key("Credit for each full step, as a share of the month's fee.")
    allowed: Downtime = default(0.0, "Time down a month that earns none.", "none")
    cap: Share = default(1.0, "Highest credit of a month.", "the fee")
    exit: Downtime | None = optional("Time down in a month from which the tenant may leave.")


class SlaSection(Section):
    """What was promised."""

    availability: Availability = key("Promised availability.")
    confidence: Share = default(0.9, "Share of years that have to keep it.", "estimated: 9 of 10")
    planned_counts: bool = default(False, "Whether planned outages count.", "usual terms")
    fee: UsdPerCriticalKwMonth | None = optional("Fee that credits are a share of.")
    schedule: Text | None = optional("A known schedule of credits, by name.")
    credits: CreditsSection | None = optional("Terms of your own.")


class TopologyFile(Section):
    """What keeps one critical load running."""

    topology: TopologySection = key("The load and what feeds it.")
    components: dict[Name, ComponentSection] = Field(
        default_factory=dict, description="Equipment, by name."
    )
    blocks: dict[Name, BlockSection] = Field(
        default_factory=dict, description="How equipment depends on equipment, by name."
    )
    sla: SlaSection | None = optional("What was promised.")
    cooling: CoolingSection | None = optional("PUE by hour from weather.")
