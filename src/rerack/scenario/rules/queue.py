"""Rules on offers that wait for power: one distribution, in the study, before the offer expires."""

from __future__ import annotations

from collections.abc import Iterator

from rerack.base.timegrid import MonthGrid
from rerack.scenario.draft import Draft
from rerack.scenario.rules.cases import wrong_cases
from rerack.scenario.rules.contradiction import Contradiction, grid_of, span_text
from rerack.scenario.schema.offer_terms import QueueSection
from rerack.scenario.schema.offers import OfferSection
from rerack.scenario.schema.plans import StagedPlanSection


def queue_said_wrongly(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a queue with more than one of a number, a mean and cases, or with none."""
    for name, offer in draft.offers.items():
        queue = offer.queue
        if queue is None:
            continue
        said = {
            "months": queue.months is not None,
            "mean": queue.mean is not None,
            "cases": bool(queue.cases),
        }
        given = [key for key, found in said.items() if found]
        if len(given) != 1:
            yield Contradiction(
                path=("offers", name, "queue"),
                given=" and ".join(given) if given else "a queue of no length",
                allowed="one of `months`, `mean` and `cases`",
                cure="Keep one of them." if given else "Add one, such as {months: 24 months}.",
                at_key=True,
            )
            continue
        cases = [(case.months, case.chance) for case in queue.cases.values()]
        yield from wrong_cases(("offers", name, "queue", "cases"), cases)


def power_comes_too_late(draft: Draft) -> Iterator[Contradiction]:
    """Refuse an offer whose power comes after the study, or after it can still be signed."""
    if draft.study is None:
        return
    grid = grid_of(draft.study)
    for name, offer in draft.offers.items():
        if offer.queue is None:
            continue
        earliest = _earliest(offer.queue)
        path = ("offers", name, "queue")
        if earliest >= grid.months:
            yield Contradiction(
                path=path,
                given=f"power after {earliest} months at the earliest, after the study",
                allowed=span_text(grid),
                cure="Shorten the queue, remove the offer, or lengthen `study.horizon`.",
                at_key=True,
            )
        elif _gone_before_power(offer, grid):
            yield Contradiction(
                path=path,
                given=f"power in {grid.labels[earliest]} at the earliest, for an offer that "
                f"expires in {offer.expires} and takes {offer.conversion.lead_time} months",
                allowed="power within the lead time after the offer's last month",
                cure="Shorten the queue, or correct `expires`.",
                at_key=True,
            )


def decided_before_power(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a dated decision whose building would be done before any power can be there."""
    if draft.study is None:
        return
    grid = grid_of(draft.study)
    for name, plan in draft.plans.items():
        if not isinstance(plan, StagedPlanSection):
            continue
        for hall, step in plan.halls.items():
            offer = draft.offers.get(step.use)
            # An offer that is gone by then is refused where it stands.
            if offer is None or offer.queue is None or _gone_before_power(offer, grid):
                continue
            earliest, lead = _earliest(offer.queue), offer.conversion.lead_time
            month = grid.index_of(step.decide)
            if 0 <= month < earliest - lead and earliest < grid.months:
                yield Contradiction(
                    path=("plans", name, "halls", hall, "decide"),
                    given=f"{step.decide}, built {lead} months later, before the power of "
                    f"{step.use!r} can be there ({grid.labels[earliest]})",
                    allowed=f"{grid.labels[earliest - lead]} or later: until then the hall mines",
                    cure=f"Decide later, or correct `queue` of offers.{step.use}.",
                )


def _gone_before_power(offer: OfferSection, grid: MonthGrid) -> bool:
    """Return whether an offer expires before it could be signed for its earliest power."""
    if offer.expires is None or offer.queue is None:
        return False
    last = grid.index_of(offer.expires)
    return 0 <= last < _earliest(offer.queue) - offer.conversion.lead_time


def _earliest(queue: QueueSection) -> int:
    """Return the first month in which the power may be there."""
    if queue.months is not None:
        return queue.months
    return min((case.months for case in queue.cases.values()), default=0)
