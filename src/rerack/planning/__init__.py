"""Which hall becomes what, when: plans, uses of a megawatt, and the owner's cash."""

from rerack.planning.evaluate import PlanBlock, evaluate
from rerack.planning.halls import USES
from rerack.planning.hosting import NEVER, HostingCash, hosting_cash
from rerack.planning.ledger import HALL_LINES, LINES, OPERATING_LINES, SITE_LINES, SITE_ROW, Ledger
from rerack.planning.meter import Meter
from rerack.planning.mining import MiningCash, mining_cash
from rerack.planning.plans import (
    Assignment,
    FixedPlan,
    Plan,
    ThresholdPlan,
    convert_now,
    keep_mining,
)
from rerack.planning.terms import FinanceTerms
from rerack.planning.threshold import threshold_months
from rerack.planning.world import World

__all__ = [
    "HALL_LINES",
    "LINES",
    "NEVER",
    "OPERATING_LINES",
    "SITE_LINES",
    "SITE_ROW",
    "USES",
    "Assignment",
    "FinanceTerms",
    "FixedPlan",
    "HostingCash",
    "Ledger",
    "Meter",
    "MiningCash",
    "Plan",
    "PlanBlock",
    "ThresholdPlan",
    "World",
    "convert_now",
    "evaluate",
    "hosting_cash",
    "keep_mining",
    "mining_cash",
    "threshold_months",
]
