"""Section ``plans`` to plans, with the two that are always compared in front."""

from __future__ import annotations

from typing import Any

from rerack.assets import Site
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
    sections: dict[str, Any], offer_names: tuple[str, ...], site: Site, grid: MonthGrid
) -> tuple[Plan, ...]:
    """Return keep mining, convert everything now (if there are offers), then the file's plans."""
    plans: list[Plan] = [keep_mining()]
    now = [s.use for s in sections.values() if isinstance(s, NowPlanSection)]
    if offer_names:
        plans.append(convert_now(site, (now or list(offer_names))[0]))
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
