"""The best policy as a plan: from a fitted rule to decision months for the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rerack.base.checks import require, require_between
from rerack.markets import MarketSpec
from rerack.planning.decisions import Decisions
from rerack.planning.hosting import NEVER
from rerack.planning.policy.hall_policy import fit_hall, rule_choices
from rerack.planning.policy.hall_problem import PolicyDates
from rerack.planning.policy.joint import SiteLimits, assign
from rerack.planning.policy.result import HallRule
from rerack.planning.world import World


@dataclass(frozen=True, kw_only=True)
class PolicyPlan:
    """Convert each hall when the fitted rule says so.

    Parameters
    ----------
    name : str
        Name shown to people.
    use : str
        Offer that the halls go to; compare offers by one plan each.
    halls : tuple of str
        Halls that may be converted.
    every_months : int
        Months between decisions.
    crews : int or None
        Halls that may be under conversion at once.
    ai_mw : float or None
        Utility MW that may ever be converted [MW utility].
    paths : int
        Scenarios to fit on.
    """

    name: str
    use: str
    halls: tuple[str, ...]
    every_months: int = 3
    crews: int | None = None
    ai_mw: float | None = None
    paths: int = 4096
    kind: Literal["policy"] = "policy"

    def __post_init__(self) -> None:
        here = f"plan {self.name}"
        require_between(self.every_months, 1, 120, f"{here}: every_months")
        require_between(self.paths, 512, 1_000_000, f"{here}: paths")
        require(
            len(set(self.halls)) == len(self.halls) > 0,
            f"{here}: halls",
            given=self.halls,
            allowed="one or more halls, each once",
        )

    @property
    def limits(self) -> SiteLimits:
        """What the halls share."""
        return SiteLimits(crews=self.crews, ai_mw=self.ai_mw)


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedPlan:
    """A policy plan with the rules that it follows.

    Parameters
    ----------
    plan : PolicyPlan
        The plan.
    market : MarketSpec
        What its scenarios are drawn with.
    rules : dict of str to HallRule
        Rule of each hall.
    """

    plan: PolicyPlan
    market: MarketSpec
    rules: dict[str, HallRule]


def fit_plan(plan: PolicyPlan, world: World, market: MarketSpec) -> FittedPlan:
    """Fit the rules of a plan, once a study.

    Parameters
    ----------
    plan : PolicyPlan
        The plan.
    world : World
        Scenarios that the study does not show, ``plan.paths`` of them.
    market : MarketSpec
        What they were drawn with.
    """
    dates = PolicyDates(every_months=plan.every_months)
    by_rigs: dict[object, HallRule] = {}
    rules: dict[str, HallRule] = {}
    for name in plan.halls:
        hall = world.site.hall(name)
        if hall.rigs not in by_rigs:
            by_rigs[hall.rigs] = fit_hall(world, market, hall, (plan.use,), dates).rule
        rules[name] = by_rigs[hall.rigs]
    return FittedPlan(plan=plan, market=market, rules=rules)


def policy_decisions(fitted: FittedPlan, world: World) -> Decisions:
    """Return when each hall is decided in each scenario of `world`.

    Parameters
    ----------
    fitted : FittedPlan
        From `fit_plan`.
    world : World
        Any block of scenarios of the same study.

    Returns
    -------
    Decisions
        Offer and decision month by hall; a month depends on that scenario's past alone, so it is
        the same whatever the block.
    """
    plan = fitted.plan
    halls = [world.site.hall(name) for name in plan.halls]
    by_rigs = {
        hall.rigs: rule_choices(fitted.rules[hall.name], world, fitted.market, hall)
        for hall in halls
    }
    months = fitted.rules[plan.halls[0]].months
    lead = world.offers[plan.use].conversion.lead_months
    date, _ = assign(
        np.stack([by_rigs[hall.rigs] for hall in halls], axis=3),
        months=months,
        lead_months=np.array([lead]),
        utility_mw=np.array([hall.utility_mw for hall in halls]),
        limits=plan.limits,
    )
    month = np.where(date >= 0, months[np.maximum(date, 0)], NEVER)
    return Decisions(
        use=dict.fromkeys(plan.halls, plan.use),
        month={hall.name: month[:, i] for i, hall in enumerate(halls)},
    )
