"""Any plan to decision months on the scenarios of a world."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import InputError
from rerack.planning.decisions import Decisions, fixed_decisions, threshold_decisions
from rerack.planning.plans import FixedPlan, Plan, PolicyPlan, ThresholdPlan
from rerack.planning.policy.policy_plan import FittedPlan, policy_decisions
from rerack.planning.world import World


def decide(plan: Plan | FittedPlan, world: World) -> Decisions:
    """Return when each hall is decided, and for what, in each scenario of `world`.

    Parameters
    ----------
    plan : FixedPlan, ThresholdPlan or FittedPlan
        The plan; a `PolicyPlan` is fitted first (`rerack.planning.policy.fit_plan`).
    world : World
        The scenarios. A month depends on its own scenario's past alone.

    Raises
    ------
    InputError
        A policy plan that has not been fitted.
    """
    if isinstance(plan, FixedPlan):
        return fixed_decisions(plan, world.shape[0])
    if isinstance(plan, ThresholdPlan):
        return threshold_decisions(
            plan,
            offers=world.offers,
            outlook=world.outlook,
            meter=world.meter,
            mining_margin_usd_per_mw=_queue_margin(plan, world),
            inflation_frac_per_year=world.terms.inflation_frac_per_year,
        )
    if isinstance(plan, PolicyPlan):
        raise InputError.of(
            f"plan {plan.name}",
            given="a policy plan without its rules",
            allowed="a fitted plan",
            cure="Fit it with rerack.planning.policy.fit_plan, or run the study.",
        )
    return policy_decisions(plan, world)


def _queue_margin(plan: ThresholdPlan, world: World) -> FloatArray:
    """MW-weighted mining margin per MW of the halls that a threshold rule may convert."""
    scenarios, months = world.shape
    margin = np.zeros((scenarios, months))
    halls = [world.site.hall(name) for name in plan.halls]
    total_mw = sum(h.utility_mw for h in halls)
    for hall in halls:
        if hall.rigs is not None and total_mw > 0.0:
            mining = world.mining(hall.rigs, months, hall.name)
            margin += mining.margin_usd_per_mw() * (hall.utility_mw / total_mw)
    return margin
