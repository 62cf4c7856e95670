"""When a hall should leave mining, and for what: regression Monte Carlo with both bounds.

Names that compute are loaded on first use, so that reading a scenario file does not load numba.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.planning.policy.hall_policy import best_policy
    from rerack.planning.policy.hall_problem import PolicyDates
    from rerack.planning.policy.joint import SiteLimits, SitePolicy, site_policy
    from rerack.planning.policy.policy_plan import (
        FittedPlan,
        PolicyPlan,
        fit_plan,
        policy_decisions,
    )
    from rerack.planning.policy.region import ExerciseRegion
    from rerack.planning.policy.result import Estimate, HallRule, PolicyResult

_HOME = {
    "Estimate": "result",
    "ExerciseRegion": "region",
    "FittedPlan": "policy_plan",
    "HallRule": "result",
    "PolicyDates": "hall_problem",
    "PolicyPlan": "policy_plan",
    "PolicyResult": "result",
    "SiteLimits": "joint",
    "SitePolicy": "joint",
    "best_policy": "hall_policy",
    "fit_plan": "policy_plan",
    "policy_decisions": "policy_plan",
    "site_policy": "joint",
}

__all__ = [
    "Estimate",
    "ExerciseRegion",
    "FittedPlan",
    "HallRule",
    "PolicyDates",
    "PolicyPlan",
    "PolicyResult",
    "SiteLimits",
    "SitePolicy",
    "best_policy",
    "fit_plan",
    "policy_decisions",
    "site_policy",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
