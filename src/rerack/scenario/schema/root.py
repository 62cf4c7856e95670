"""The whole scenario file."""

from __future__ import annotations

from pydantic import Field

from rerack.scenario.quantities import Name
from rerack.scenario.schema.base import Section, key, section
from rerack.scenario.schema.finance import FinanceSection
from rerack.scenario.schema.market import MarketSection
from rerack.scenario.schema.offers import Offer
from rerack.scenario.schema.plans import PlanSection
from rerack.scenario.schema.site import SiteSection
from rerack.scenario.schema.study import StudySection


class ScenarioFile(Section):
    """One power site, its offers and plans, and the market they meet."""

    study: StudySection = key("What is run.")
    market: MarketSection = key("What is outside the owner's control.")
    site: SiteSection = key("The interconnect, its tariff and its halls.")
    offers: dict[Name, Offer] = Field(
        default_factory=dict, description="What a hall could be converted to, by name."
    )
    plans: dict[Name, PlanSection] = Field(
        default_factory=dict,
        description="Plans to compare with keep mining and convert everything now, by name.",
    )
    finance: FinanceSection = section(FinanceSection, "Tax, depreciation, debt and overhead.")
