"""Sections of a network file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rerack.scenario.quantities import (
    Count,
    Difficulty,
    GrowthPerYear,
    JoulePerTh,
    Month,
    Name,
    Share,
    UtilityMw,
    Volatility,
    number,
    quantity,
)
from rerack.scenario.schema.base import Section, default, key, optional, section
from rerack.scenario.schema.market import (
    BitcoinSection,
    FeesSection,
    Height,
    LeaseMarketSection,
    Progress,
)
from rerack.scenario.schema.study import HorizonMonths, ScenarioCount

Owner = Literal["listed", "private", "hosted", "state"]
EhS = Annotated[float, quantity("eh_s", low=0.0, high=1e9, example="20 EH/s")]
PowerPrice = Annotated[float, quantity("usd_per_mwh", low=0.01, high=1e4, example="4.5 c/kWh")]
Spread = Annotated[float, quantity("frac", low=1e-4, high=3.0, example="25 %")]
UsdPerTh = Annotated[float, quantity("usd_per_th", low=0.0, high=1e4, example="3 USD/TH")]
LeastPrice = Annotated[float, quantity("usd_per_th", low=1e-3, high=1e4, example="9 USD/TH")]
UsdPerUtilityMw = Annotated[
    float,
    quantity("usd_per_mw", basis="utility", low=0.0, high=1e8, example="0.35 MUSD/MW utility"),
]
UsdPerUtilityMwYear = Annotated[
    float, quantity("usd_per_mw_year", basis="utility", low=0.0, high=1e9)
]
DelayMonths = Annotated[int, quantity("months", low=1, high=24, whole=True, example="3 months")]
SpanMonths = Annotated[int, quantity("months", low=1, high=240, whole=True, example="12 months")]
HalfLife = Annotated[float, quantity("months", low=0.5, high=1e6, example="24 months")]
Years = Annotated[float, quantity("years", low=0.1, high=30.0, example="5 years")]
YearlyRate = Annotated[float, quantity("frac_per_year", low=1e-3, high=2.0)]
YearlyGrowth = Annotated[float, quantity("frac_per_year", low=-0.9, high=2.0)]
Elasticity = Annotated[float, number(low=0.0, high=10.0)]


class NetworkStudySection(Section):
    """What is run."""

    name: Name = key("Name of the study.")
    start: Month | None = optional("First month; the month of the preset if left out.")
    horizon: HorizonMonths = default(240, "Length of the study.", "twenty years")
    scenarios: ScenarioCount = default(500, "Number of scenarios.", "standard errors near 2 %")
    seed: Count = default(7, "Seed of all random streams.", "any integer replays the study")


class NetworkMarketSection(Section):
    """What the world meets."""

    bitcoin: BitcoinSection = key("Bitcoin's price.")
    fees: FeesSection = section(FeesSection, "Transaction fees.")
    lease: LeaseMarketSection = section(LeaseMarketSection, "Rents that AI pays, before supply.")


class RegionSection(Section):
    """A region, new or of the preset."""

    limit: UtilityMw | None = optional("Most mining load that it will ever bear.")
    build: UtilityMw | None = optional("Most load that is added in a month.")
    power: PowerPrice | None = optional("Mean power price of all its cohorts.")
    hashrate: EhS | None = optional("All rigs in place there, divided as in the preset.")


class GenerationSection(Section):
    """A class of rigs of your own."""

    release: Month = key("First month of sale.")


class CohortSection(Section):
    """Rigs of one generation, in one region, of one kind of owner."""

    region: Name = key("Where they stand.")
    generation: Name = key("Class of rig.")
    owner: Owner = key("Whose they are.")
    hashrate: EhS = key("Rigs in place, online or not.")
    efficiency: JoulePerTh = key("Energy per work at the meter.")
    power: PowerPrice = key("Mean power price of their sites.")
    spread: Spread = default(0.25, "Standard deviation of log power price.", "estimated")
    arriving: EhS = default(0.0, "Ordered before the start.", "none")
    convertible: Share = default(0.0, "Share of the sites that AI could take.", "none")
    floor: EhS = default(0.0, "What runs at any hashprice and is replaced.", "none")


class OwnerSection(Section):
    """A kind of owner, in all regions of the preset."""

    convertible: Share = key("Share of their sites that AI could take.")


class StateSection(Section):
    """The state miners of a region."""

    floor: EhS = key("What they run at any hashprice, and replace as it wears out.")


class RelocationSection(Section):
    """A way for rigs from one region to another."""

    origin: Name = key("From where.")
    destination: Name = key("To where.")
    cost: UsdPerTh = default(3.0, "Freight, duty, dismantling and the new place.", "estimated")
    delay: DelayMonths = default(3, "From the old socket to the new one.", "estimated")
    limit: Share = default(0.1, "Most of the idle rigs that leave in a month.", "estimated")


class BehaviourSection(Section):
    """How owners decide; what is left out is as in the preset."""

    pool_fee: Share | None = optional("Share of income that pools keep.")
    stop_band: Share | None = optional("Half-width of the band within which nobody switches.")
    scrap_half_life: HalfLife | None = optional("Time in which half of the idle rigs is scrapped.")
    wear: Progress | None = optional("Share of all rigs that dies in a year.")
    entry_delay: DelayMonths | None = optional("From order to power.")
    site: UsdPerUtilityMw | None = optional("Cost of a new place for rigs.")
    discount: YearlyRate | None = optional("Rate at which buyers discount.")
    decline: YearlyRate | None = optional("Rate at which they believe that hashprice falls.")
    life: Years | None = optional("Longest life that they count with.")
    foundry: UtilityMw | None = optional("Load of the rigs that can be made in a month.")
    foundry_growth: YearlyGrowth | None = optional("Growth of that while rigs sell at their least.")
    foundry_response: Elasticity | None = optional("Elasticity of that growth to the rig price.")
    rig_floor: LeastPrice | None = optional("Least price of a new rig at the start.")
    progress: Progress | None = optional("Yearly fall of that price, real.")
    inflation: GrowthPerYear | None = optional("Growth of power prices and other costs.")
    power_error: Volatility | None = optional("What is not known about all power prices (log sd).")
    foundry_error: Volatility | None = optional("The same about what is made.")


class AiSection(Section):
    """What AI pays for sites; what is left out is as in the preset."""

    rule: Literal["margin", "announced", "nobody"] = default(
        "margin",
        "Sites turn to AI where it pays more than mining and where announced; only where "
        "announced; not at all, as if nothing had been announced.",
        "owners follow money",
    )
    rent: UsdPerUtilityMwYear | None = optional("Rent before anything has converted.")
    capex: UsdPerUtilityMw | None = optional("Cost of converting.")
    charge: Progress | None = optional("Yearly charge on that: return and depreciation.")
    depth: UtilityMw | None = optional("Converted load that matters to rents.")
    elasticity: Elasticity | None = optional("Rent falls as (1 + converted / depth)^-elasticity.")
    premium: Volatility | None = optional("AI must beat mining by this share.")
    speed: Share | None = optional("Most of the convertible sites that converts in a month.")
    limit: UtilityMw | None = optional("Most that converts in a month, all over the world.")


class ConversionSection(Section):
    """A conversion to AI that happens on its date, whatever it earns."""

    region: Name = key("Where.")
    owner: Owner = key("Kind of owner.")
    power: UtilityMw = key("Load that leaves mining.")
    month: Month = key("First month in which some of it no longer mines.")
    over: SpanMonths = default(1, "It leaves in equal parts over so many months.", "at once")


class WorldSection(Section):
    """The world's hashrate at the start: a dated preset with changes, or all your own."""

    preset: Month | None = optional("Dated world to begin with: 2021-01, 2024-04 or 2025-12.")
    coming: Annotated[int, number(low=0, high=20, integer=True)] = default(
        10, "Generations to come, one every two years.", "twenty years"
    )
    height: Height | None = optional("Height of the next block at the start.")
    difficulty: Difficulty | None = optional("Difficulty at that height.")
    regions: dict[Name, RegionSection] = Field(
        default_factory=dict, description="Regions, by name."
    )
    generations: dict[Name, GenerationSection] = Field(
        default_factory=dict, description="Classes of rigs, by name."
    )
    owners: dict[Owner, OwnerSection] = Field(
        default_factory=dict, description="Kinds of owner, by name."
    )
    cohorts: dict[Name, CohortSection] = Field(
        default_factory=dict, description="Cohorts added or replaced, by a name of your own."
    )
    states: dict[Name, StateSection] = Field(
        default_factory=dict, description="State miners, by region."
    )
    ways: Literal["preset and listed", "listed"] = default(
        "preset and listed", "Which relocations are possible.", "as the preset assumes"
    )
    relocations: dict[Name, RelocationSection] = Field(
        default_factory=dict, description="Ways for rigs, by a name of your own."
    )
    behaviour: BehaviourSection = section(BehaviourSection, "How owners decide.")
    ai: AiSection = section(AiSection, "What AI pays for sites.")
    conversions: dict[Name, ConversionSection] = Field(
        default_factory=dict, description="Announced conversions, by name."
    )


class NetworkFile(Section):
    """The world's hashrate and the market that it meets."""

    study: NetworkStudySection = key("What is run.")
    market: NetworkMarketSection = key("Bitcoin, fees and rents.")
    world: WorldSection = key("Who mines where, with what, at which power price.")


class WorldFile(Section):
    """A world by itself, for `market.network.world` of a site file."""

    world: WorldSection = key("Who mines where, with what, at which power price.")


#: Keys of `BehaviourSection` and the fields of `Behaviour` that they set.
BEHAVIOUR_FIELDS = {
    "pool_fee": "pool_fee_frac",
    "stop_band": "stop_band_frac",
    "scrap_half_life": "scrap_half_life_months",
    "wear": "wear_frac_per_year",
    "entry_delay": "entry_delay_months",
    "site": "site_usd_per_mw",
    "discount": "discount_frac_per_year",
    "decline": "decline_frac_per_year",
    "life": "life_years",
    "foundry": "foundry_mw_per_month",
    "foundry_growth": "foundry_growth_frac_per_year",
    "foundry_response": "foundry_response_per_year",
    "rig_floor": "rig_floor_usd_per_th",
    "progress": "progress_frac_per_year",
    "inflation": "inflation_frac_per_year",
    "power_error": "power_error_frac",
    "foundry_error": "foundry_error_frac",
}
#: The same for `AiSection` and `AiDemand`.
AI_FIELDS = {
    "rent": "rent_usd_per_mw_year",
    "capex": "capex_usd_per_mw",
    "charge": "charge_frac_per_year",
    "depth": "depth_mw",
    "elasticity": "elasticity",
    "premium": "premium_frac",
    "speed": "convert_frac_per_month",
    "limit": "limit_mw_per_month",
}
