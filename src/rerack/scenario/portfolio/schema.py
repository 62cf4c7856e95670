"""Sections of a portfolio file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rerack.scenario.quantities import (
    Count,
    Month,
    Name,
    PositiveMonths,
    Text,
    number,
    quantity,
)
from rerack.scenario.schema.base import Section, default, key, optional, section

Usd = Annotated[float, quantity("usd", low=0.0, high=1e14, example="500 MUSD")]
CriticalMw = Annotated[float, quantity("mw", basis="critical", low=0.0, high=1e6)]
Scenarios = Annotated[int, number(low=64, high=1_000_000, integer=True)]
Branches = Annotated[int, number(low=1, high=8, integer=True)]
Stages = Annotated[int, number(low=1, high=12, integer=True)]
Seed = Annotated[int, number(low=0, integer=True)]


class PortfolioStudySection(Section):
    """What is run."""

    name: Name = key("Name of the study.")
    seed: Seed = default(7, "Seed of all random draws.", "any")
    scenarios: Scenarios = default(2048, "Scenarios that the tree is made from.", "32 a leaf")
    check: Scenarios = default(
        1024, "Further scenarios on which the policy is valued.", "an honest value needs new ones"
    )


class StagesSection(Section):
    """When decisions are taken."""

    every: PositiveMonths = default(12, "Months between decisions.", "budgets are yearly")
    count: Stages = default(4, "Number of decision dates, the first at the start.", "four years")


class BranchesSection(Section):
    """How finely scenarios are told apart from one date to the next."""

    hashprice: Branches = default(2, "Parts of equal chance by hashprice.", "high and low")
    lease: Branches = default(2, "Parts of each by the market rent of AI halls.", "high and low")


class CapitalSection(Section):
    """Capital that becomes free at a date; what is not spent is kept."""

    available: Month = key("Month from which it may be spent.")
    amount: Usd = key("Owner's conversion and server cost that it covers, debt included.")


class PortfolioSiteSection(Section):
    """One site of a company."""

    file: Text = key("Site file, its path relative to this file.")
    interconnect: Month | None = optional(
        "Month from which AI halls may draw power; at once if left out."
    )


class CompanySection(Section):
    """What the sites of a company share."""

    capital: list[CapitalSection] = Field(
        default_factory=list, description="Budget by date; none listed is no limit."
    )
    crews: Count | None = optional("Halls under conversion at once; no limit if left out.")
    sites: dict[Name, PortfolioSiteSection] = Field(min_length=1, description="Sites, by name.")


class SharedOfferSection(Section):
    """An offer that several sites compete for."""

    critical: CriticalMw = key("Critical MW that the tenant takes in all.")


class PortfolioFile(Section):
    """Several sites and companies, what they share, and when they decide."""

    study: PortfolioStudySection = key("What is run.")
    stages: StagesSection = section(StagesSection, "When decisions are taken.")
    branches: BranchesSection = section(BranchesSection, "How scenarios are told apart.")
    common: list[Text] = Field(
        default_factory=list,
        description="Overrides of every site file, each key=value, so that all meet one market.",
    )
    companies: dict[Name, CompanySection] = Field(min_length=1, description="Companies, by name.")
    offers: dict[Name, SharedOfferSection] = Field(
        default_factory=dict, description="Offers with a limit over all sites, by their name there."
    )
