"""The best policy as a plan: from a fitted rule to decision months for the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.markets import MarketSpec
from rerack.planning.decisions import Decisions
from rerack.planning.plans import PolicyPlan
from rerack.planning.policy.hall_problem import PolicyDates
from rerack.planning.policy.joint import FittedSite, fit_site, site_decisions
from rerack.planning.policy.limits import SiteLimits
from rerack.planning.world import World


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedPlan:
    """A policy plan with the rules that it follows.

    Parameters
    ----------
    plan : PolicyPlan
        The plan.
    site : FittedSite
        Rules of its halls.
    """

    plan: PolicyPlan
    site: FittedSite


def fit_plan(plan: PolicyPlan, world: World, market: MarketSpec, *, threads: int = 1) -> FittedPlan:
    """Fit the rules of a plan, once a study.

    Parameters
    ----------
    plan : PolicyPlan
        The plan.
    world : World
        Scenarios that the study does not show, ``plan.paths`` of them.
    market : MarketSpec
        What they were drawn with.
    threads : int
        Halls that are fitted at once; the result does not depend on it.
    """
    site = fit_site(
        world,
        market=market,
        halls=plan.halls,
        offers=plan.uses,
        dates=PolicyDates(every_months=plan.every_months),
        limits=SiteLimits(crews=plan.crews, ai_mw=plan.ai_mw),
        threads=threads,
    )
    return FittedPlan(plan=plan, site=site)


def policy_decisions(fitted: FittedPlan, world: World) -> Decisions:
    """Return when each hall is decided, and for what, in each scenario of `world`.

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
    month, use = site_decisions(fitted.site, world)
    halls = fitted.plan.halls
    return Decisions(
        offers=fitted.site.offers,
        month={name: month[:, h] for h, name in enumerate(halls)},
        use={name: use[:, h] for h, name in enumerate(halls)},
        known_at_start=False,
    )
