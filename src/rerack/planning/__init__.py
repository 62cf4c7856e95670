"""Which hall becomes what, when: plans, uses of a megawatt, and the owner's cash.

Names that compute are loaded on first use, so that reading a scenario file does not load numba.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rerack.planning.ledger import HALL_LINES, LINES, OPERATING_LINES, SITE_LINES, SITE_ROW, Ledger
from rerack.planning.plans import (
    Assignment,
    FixedPlan,
    Plan,
    PolicyPlan,
    ThresholdPlan,
    convert_now,
    keep_mining,
)
from rerack.planning.terms import FinanceTerms

if TYPE_CHECKING:
    from rerack.planning.halls import USES
    from rerack.planning.hosting import NEVER, HostingCash, hosting_cash
    from rerack.planning.meter import Meter
    from rerack.planning.mining import MiningCash, mining_cash
    from rerack.planning.plan_cash import PlanBlock, evaluate
    from rerack.planning.threshold import threshold_months
    from rerack.planning.world import World

_HOME = {
    "HostingCash": "hosting",
    "Meter": "meter",
    "MiningCash": "mining",
    "NEVER": "hosting",
    "PlanBlock": "plan_cash",
    "USES": "halls",
    "World": "world",
    "evaluate": "plan_cash",
    "hosting_cash": "hosting",
    "mining_cash": "mining",
    "threshold_months": "threshold",
}

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
    "PolicyPlan",
    "ThresholdPlan",
    "World",
    "convert_now",
    "evaluate",
    "hosting_cash",
    "keep_mining",
    "mining_cash",
    "threshold_months",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
