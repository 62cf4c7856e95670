"""Section ``plans`` to plans, with the two that are always compared in front."""

from __future__ import annotations

import math
from typing import Any

from rerack.assets import AiUse, Site
from rerack.base.timegrid import MonthGrid
from rerack.planning.plans import (
    Assignment,
    FixedPlan,
    Plan,
    PolicyPlan,
    ThresholdPlan,
    convert_now,
    keep_mining,
)
from rerack.scenario.schema.plans import NowPlanSection, PolicyPlanSection, StagedPlanSection


def build_plans(
    sections: dict[str, Any], offers: dict[str, AiUse], site: Site, grid: MonthGrid
) -> tuple[Plan, ...]:
    """Return keep mining, convert everything now (if there are offers), then the file's plans."""
    plans: list[Plan] = [keep_mining()]
    now = [s.use for s in sections.values() if isinstance(s, NowPlanSection)]
    if offers:
        plans.append(_now((now or list(offers))[0], offers, site))
    for name, section in sections.items():
        if isinstance(section, NowPlanSection):
            continue
        if isinstance(section, StagedPlanSection):
            plans.append(_staged(name, section, grid))
        elif isinstance(section, PolicyPlanSection):
            plans.append(_policy(name, section))
        else:
            plans.append(
                ThresholdPlan(
                    name=name,
                    use=section.use,
                    halls=tuple(section.halls),
                    ratio=section.ratio,
                    months=section.months,
                )
            )
    return tuple(plans)


def _now(use: str, offers: dict[str, AiUse], site: Site) -> FixedPlan:
    """Return the plan that converts what the offer takes, as soon as it may be signed."""
    offer = offers[use]
    # Halls come in whole megawatts: a deal is filled to within a hundredth, as the rules allow.
    most = math.inf
    if offer.contract_mw is not None:
        most = 1.01 * offer.contract_mw * offer.conversion.pue_design
    return convert_now(site, use, decide_month=offer.window.from_month, most_mw=most)


def _staged(name: str, section: StagedPlanSection, grid: MonthGrid) -> FixedPlan:
    return FixedPlan(
        name=name,
        kind="staged",
        assignments=tuple(
            Assignment(hall=hall, use=step.use, decide_month=grid.index_of(step.decide))
            for hall, step in section.halls.items()
        ),
    )


def _policy(name: str, section: PolicyPlanSection) -> PolicyPlan:
    return PolicyPlan(
        name=name,
        uses=tuple(section.uses),
        halls=tuple(section.halls),
        every_months=section.every,
        crews=section.crews,
        ai_mw=section.ai,
        paths=section.paths,
    )
