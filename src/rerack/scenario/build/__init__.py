"""Validated sections to domain objects."""

from rerack.scenario.build.cohorts import build_cohorts
from rerack.scenario.build.finance import build_finance
from rerack.scenario.build.market import build_market, build_network
from rerack.scenario.build.offers import build_offer
from rerack.scenario.build.placed import Placed
from rerack.scenario.build.plans import build_plans
from rerack.scenario.build.power import build_desk
from rerack.scenario.build.site import build_site

__all__ = [
    "Placed",
    "build_cohorts",
    "build_desk",
    "build_finance",
    "build_market",
    "build_network",
    "build_offer",
    "build_plans",
    "build_site",
]
