"""Rules on plans: names that do not exist, halls taken twice, dates outside the study."""

from __future__ import annotations

from collections.abc import Iterator

from rerack.planning.plans import keep_mining
from rerack.scenario.draft import Draft
from rerack.scenario.places import YamlPath
from rerack.scenario.problems import nearest
from rerack.scenario.rules.contradiction import Contradiction, grid_of, span_text
from rerack.scenario.schema.plans import (
    NowPlanSection,
    PolicyPlanSection,
    StagedPlanSection,
    ThresholdPlanSection,
)

#: Names of the plans that are always compared.
ALWAYS = (keep_mining().name, "convert everything now")


def unknown_hall(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a plan for a hall that the site has not."""
    for path, hall in _halls(draft):
        if hall not in draft.hall_names:
            yield _unknown(path, "hall", hall, draft.hall_names)


def unknown_offer(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a plan for an offer that the file has not."""
    for path, use in _uses(draft):
        if use not in draft.offer_names:
            yield _unknown(path, "offer", use, draft.offer_names)


def hall_twice(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a hall that stands twice in a plan: a conversion cannot be undone."""
    for name, plan in draft.plans.items():
        if isinstance(plan, ThresholdPlanSection | PolicyPlanSection):
            path: YamlPath = ("plans", name, "halls")
            yield from _twice(path, plan.halls, "hall", "each hall once: a conversion is for good")


def offer_twice(draft: Draft) -> Iterator[Contradiction]:
    """Refuse an offer that stands twice among those that a rule chooses from."""
    for name, plan in draft.plans.items():
        if isinstance(plan, PolicyPlanSection):
            yield from _twice(("plans", name, "uses"), plan.uses, "offer", "each offer once")


def no_hall_fits(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a limit on AI megawatts below every hall of the plan: it could convert nothing."""
    for name, plan in draft.plans.items():
        if not isinstance(plan, PolicyPlanSection) or plan.ai is None:
            continue
        sizes = [draft.halls[hall].power for hall in plan.halls if hall in draft.halls]
        if sizes and len(sizes) == len(plan.halls) and plan.ai < min(sizes):
            yield Contradiction(
                path=("plans", name, "ai"),
                given=f"{plan.ai:g} MW for halls of {min(sizes):g} MW utility or more",
                allowed="at least the smallest hall: a hall is converted whole",
                cure="Raise the limit, or divide the halls.",
            )


def decided_outside_study(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a decision outside the study, or too late to open before its end."""
    if draft.study is None:
        return
    grid = grid_of(draft.study)
    for name, plan in draft.plans.items():
        if not isinstance(plan, StagedPlanSection):
            continue
        for hall, step in plan.halls.items():
            path: YamlPath = ("plans", name, "halls", hall, "decide")
            month = grid.index_of(step.decide)
            offer = draft.offers.get(step.use)
            lead = offer.conversion.lead_time if offer is not None else 0
            if not 0 <= month < grid.months:
                yield Contradiction(
                    path=path,
                    given=f"{step.decide}, outside the study",
                    allowed=span_text(grid),
                    cure="Correct the month, or `study.start` and `study.horizon`.",
                )
            elif lead < grid.months <= month + lead:
                yield Contradiction(
                    path=path,
                    given=f"{step.decide} with a lead time of {lead} months",
                    allowed=f"a conversion that opens by {grid.labels[-1]}",
                    cure="Decide earlier, or lengthen `study.horizon`.",
                )


def reserved_name(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a plan with the name of one that is always compared."""
    for name in draft.plans:
        if name in ALWAYS:
            yield Contradiction(
                path=("plans", name),
                given=f"a plan called {name!r}",
                allowed="a name other than those of the plans that are always compared",
                cure="Rename it.",
                at_key=True,
            )


def now_twice(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a second plan of kind ``now``."""
    named = [n for n, plan in draft.plans.items() if isinstance(plan, NowPlanSection)]
    for name in named[1:]:
        yield Contradiction(
            path=("plans", name),
            given="a second plan of kind 'now'",
            allowed="at most one",
            cure=f"Keep {named[0]!r} or this one.",
            at_key=True,
        )


def _halls(draft: Draft) -> Iterator[tuple[YamlPath, str]]:
    for name, plan in draft.plans.items():
        if isinstance(plan, StagedPlanSection):
            for hall in plan.halls:
                yield ("plans", name, "halls", hall), hall
        elif isinstance(plan, ThresholdPlanSection | PolicyPlanSection):
            for position, hall in enumerate(plan.halls):
                yield ("plans", name, "halls", position), hall


def _uses(draft: Draft) -> Iterator[tuple[YamlPath, str]]:
    for name, plan in draft.plans.items():
        if isinstance(plan, StagedPlanSection):
            for hall, step in plan.halls.items():
                yield ("plans", name, "halls", hall, "use"), step.use
        elif isinstance(plan, PolicyPlanSection):
            for position, use in enumerate(plan.uses):
                yield ("plans", name, "uses", position), use
        else:
            yield ("plans", name, "use"), plan.use


def _twice(path: YamlPath, names: list[str], what: str, allowed: str) -> Iterator[Contradiction]:
    for position, name in enumerate(names):
        if name in names[:position]:
            yield Contradiction(
                path=(*path, position),
                given=f"{what} {name!r} a second time",
                allowed=allowed,
                cure="Remove it.",
            )


def _unknown(path: YamlPath, what: str, name: str, names: tuple[str, ...]) -> Contradiction:
    return Contradiction(
        path=path,
        given=f"the unknown {what} {name!r}",
        allowed=f"the {what}s {', '.join(names)}" if names else f"a file with {what}s",
        cure=nearest(name, names) if names else f"Add the {what} or remove the plan.",
    )
