"""When a hall should leave mining, and for what: regression Monte Carlo with both bounds.

Names that compute are loaded on first use, so that reading a scenario file does not load numba.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.planning.policy.hall_policy import best_policy
    from rerack.planning.policy.hall_problem import PolicyDates
    from rerack.planning.policy.joint import (
        FittedSite,
        JudgedSite,
        fit_site,
        judge_site,
    )
    from rerack.planning.policy.joint_policy import SitePolicy, site_policy
    from rerack.planning.policy.limits import SiteLimits
    from rerack.planning.policy.option_values import (
        OptionStudy,
        OptionValue,
        month_value_usd_per_mw,
    )
    from rerack.planning.policy.policy_plan import FittedPlan, fit_plan, policy_decisions
    from rerack.planning.policy.region import ExerciseRegion, exercise_regions
    from rerack.planning.policy.result import Estimate, HallRule, PolicyResult

_HOME = {
    "Estimate": "result",
    "ExerciseRegion": "region",
    "FittedPlan": "policy_plan",
    "FittedSite": "joint",
    "HallRule": "result",
    "JudgedSite": "joint",
    "OptionStudy": "option_values",
    "OptionValue": "option_values",
    "PolicyDates": "hall_problem",
    "PolicyResult": "result",
    "SiteLimits": "limits",
    "SitePolicy": "joint_policy",
    "best_policy": "hall_policy",
    "exercise_regions": "region",
    "fit_plan": "policy_plan",
    "fit_site": "joint",
    "judge_site": "joint",
    "month_value_usd_per_mw": "option_values",
    "policy_decisions": "policy_plan",
    "site_policy": "joint_policy",
}

__all__ = [
    "Estimate",
    "ExerciseRegion",
    "FittedPlan",
    "FittedSite",
    "HallRule",
    "JudgedSite",
    "OptionStudy",
    "OptionValue",
    "PolicyDates",
    "PolicyResult",
    "SiteLimits",
    "SitePolicy",
    "best_policy",
    "exercise_regions",
    "fit_plan",
    "fit_site",
    "judge_site",
    "month_value_usd_per_mw",
    "policy_decisions",
    "site_policy",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
