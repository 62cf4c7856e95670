"""Rules on contracts: windows that never open, deals that do not fit, terms that contradict."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from rerack.base.errors import InputError
from rerack.catalog import find
from rerack.scenario.draft import Draft
from rerack.scenario.rules.cases import wrong_cases
from rerack.scenario.rules.contradiction import Contradiction, grid_of, span_text
from rerack.scenario.schema.offers import CloudOffer, LeaseOffer
from rerack.scenario.schema.plans import (
    PolicyPlanSection,
    StagedPlanSection,
    ThresholdPlanSection,
)

#: Share by which halls may miss the critical MW of a deal: halls come in whole megawatts.
_FIT = 0.01


def offer_opens_too_late(draft: Draft) -> Iterator[Contradiction]:
    """Refuse an offer that opens after the study, or after it has expired."""
    if draft.study is None:
        return
    grid = grid_of(draft.study)
    for name, offer in draft.offers.items():
        if offer.available_from is None:
            continue
        opens = grid.index_of(offer.available_from)
        if opens >= grid.months:
            yield Contradiction(
                path=("offers", name, "available_from"),
                given=f"an offer that opens in {offer.available_from}, after the study",
                allowed=span_text(grid),
                cure="Correct the month, remove the offer, or lengthen `study.horizon`.",
            )
        elif offer.expires is not None and grid.index_of(offer.expires) < opens:
            yield Contradiction(
                path=("offers", name, "expires"),
                given=f"an offer that expires in {offer.expires}, before it opens",
                allowed=f"{offer.available_from} or later",
                cure="Correct `expires` or `available_from`.",
            )


def decided_outside_window(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a dated decision for an offer that is not open then."""
    if draft.study is None:
        return
    grid = grid_of(draft.study)
    for name, plan in draft.plans.items():
        if not isinstance(plan, StagedPlanSection):
            continue
        for hall, step in plan.halls.items():
            offer = draft.offers.get(step.use)
            if offer is None:
                continue
            month = grid.index_of(step.decide)
            first, last = offer.available_from, offer.expires
            # An offer that expired before the study, or comes after it, is refused where it stands.
            early = first is not None and month < grid.index_of(first) < grid.months
            late = last is not None and month > grid.index_of(last) >= 0
            if early or late:
                yield Contradiction(
                    path=("plans", name, "halls", hall, "decide"),
                    given=f"{step.decide}, when {step.use!r} cannot be signed",
                    allowed=_window_text(first, last),
                    cure="Decide within the offer's window, or correct `available_from` and "
                    f"`expires` of offers.{step.use}.",
                )


def _window_text(first: str | None, last: str | None) -> str:
    if first is None:
        return f"{last} or earlier"
    return f"{first} or later" if last is None else f"{first} to {last}"


def policy_on_chance(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a policy plan for an offer that arrives by chance: its rule does not see arrivals."""
    for name, plan in draft.plans.items():
        if not isinstance(plan, PolicyPlanSection):
            continue
        for position, use in enumerate(plan.uses):
            offer = draft.offers.get(use)
            if offer is not None and offer.arrival is not None:
                yield Contradiction(
                    path=("plans", name, "uses", position),
                    given=f"{use!r}, an offer that arrives by chance",
                    allowed="offers whose window is known",
                    cure=f"Give offers.{use} `available_from` and `expires` instead of `arrival`, "
                    "or plan it with kind threshold.",
                )


def deal_does_not_fit(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a deal bigger than the halls, and a dated plan that lets another size than agreed."""
    if not draft.halls_complete:
        return
    site_mw = sum(h.power for h in draft.halls.values())
    for name, offer in draft.offers.items():
        if offer.critical is None:
            continue
        if _too_big(offer, site_mw):
            carried = site_mw / offer.conversion.pue_design
            yield Contradiction(
                path=("offers", name, "critical"),
                given=f"a deal of {offer.critical:,g} MW critical",
                allowed=f"at most {carried:,.4g} MW critical, what halls of {site_mw:,g} MW "
                f"utility carry at pue_design {offer.conversion.pue_design:g}",
                cure="Lower `critical`, or add halls.",
            )
    for plan_name, plan in draft.plans.items():
        if isinstance(plan, StagedPlanSection):
            yield from _staged_misfits(draft, plan_name, plan, site_mw)
        elif isinstance(plan, ThresholdPlanSection | PolicyPlanSection):
            yield from _queue_misfits(draft, plan_name, plan)


def _too_big(offer: Any, utility_mw: float) -> bool:
    carried: float = utility_mw / offer.conversion.pue_design
    return bool(offer.critical > carried * (1.0 + _FIT))


def _staged_misfits(
    draft: Draft, plan_name: str, plan: StagedPlanSection, site_mw: float
) -> Iterator[Contradiction]:
    utility: dict[str, float] = {}
    last: dict[str, str] = {}
    for hall, step in plan.halls.items():
        if hall in draft.halls:
            utility[step.use] = utility.get(step.use, 0.0) + draft.halls[hall].power
            last[step.use] = hall
    for use, mw in utility.items():
        offer = draft.offers.get(use)
        # A deal bigger than the whole site is refused where it stands.
        if offer is None or offer.critical is None or _too_big(offer, site_mw):
            continue
        carried = mw / offer.conversion.pue_design
        if abs(carried - offer.critical) > _FIT * offer.critical:
            size = "bigger" if carried < offer.critical else "smaller"
            yield Contradiction(
                path=("plans", plan_name, "halls", last[use], "use"),
                given=f"halls of {carried:,.4g} MW critical for {use!r}, a deal {size} than them",
                allowed=f"halls that carry {offer.critical:,g} MW critical, within {_FIT:.0%}",
                cure=f"Give the deal other halls, or correct `critical` of offers.{use}.",
            )


def _queue_misfits(
    draft: Draft, plan_name: str, plan: ThresholdPlanSection | PolicyPlanSection
) -> Iterator[Contradiction]:
    """Refuse a rule that could let more megawatts than a deal takes."""
    queue_mw = sum(draft.halls[hall].power for hall in plan.halls if hall in draft.halls)
    uses = plan.uses if isinstance(plan, PolicyPlanSection) else [plan.use]
    if isinstance(plan, PolicyPlanSection) and plan.ai is not None:
        queue_mw = min(queue_mw, plan.ai)
    for use in uses:
        offer = draft.offers.get(use)
        if offer is None or offer.critical is None:
            continue
        carried = queue_mw / offer.conversion.pue_design
        if carried > offer.critical * (1.0 + _FIT):
            yield Contradiction(
                path=("plans", plan_name, "halls"),
                given=f"halls of {carried:,.4g} MW critical that may all go to {use!r}",
                allowed=f"halls that carry {offer.critical:,g} MW critical, what the deal takes",
                cure=f"Name fewer halls, or correct `critical` of offers.{use}.",
                at_key=True,
            )


def delay_said_wrongly(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a delay with both a mean and cases, with neither, or whose chances do not add up."""
    for name, offer in draft.offers.items():
        delay = offer.delay
        if delay is None:
            continue
        if (delay.mean is None) == (not delay.cases):
            yield Contradiction(
                path=("offers", name, "delay"),
                given="both a mean and cases" if delay.cases else "a delay without a distribution",
                allowed="either `mean` or `cases`",
                cure="Keep one of them.",
                at_key=True,
            )
            continue
        cases = [(case.late, case.chance) for case in delay.cases.values()]
        yield from wrong_cases(("offers", name, "delay", "cases"), cases)


def damages_without_delay(draft: Draft) -> Iterator[Contradiction]:
    """Refuse damages where nothing can be late: they would never be owed."""
    for name, offer in draft.offers.items():
        if offer.damages is not None and offer.delay is None and offer.queue is None:
            yield Contradiction(
                path=("offers", name, "damages"),
                given="damages for a delay that cannot happen",
                allowed="`damages` beside `delay` or `queue`",
                cure="Add `delay`, such as {mean: 3 months}, or remove `damages`.",
                at_key=True,
            )


def credit_said_wrongly(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a tenant with no chance of default or two, or of a grade that nobody knows."""
    for name, offer in draft.offers.items():
        if offer.credit is None:
            continue
        credit = offer.credit
        if (credit.grade is None) == (credit.default_rate is None):
            yield Contradiction(
                path=("offers", name, "credit"),
                given="both a grade and a default rate"
                if credit.grade is not None
                else "a tenant without a chance of default",
                allowed="either `grade` or `default_rate`",
                cure="Keep one of them.",
                at_key=True,
            )
        elif credit.grade is not None:
            try:
                find("credit_grades", grade=credit.grade)
            except InputError as error:
                problem = error.problems[0]
                yield Contradiction(
                    path=("offers", name, "credit", "grade"),
                    given=f"the grade {credit.grade!r}, which the catalogue has not",
                    allowed=problem.allowed,
                    cure="Name a grade, or give `default_rate` instead.",
                )


def beyond_the_term(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a prepayment credited, or an exit allowed, after the term has ended."""
    for name, offer in draft.offers.items():
        paid, term = offer.prepayment, _term_of(offer)
        if paid is not None and term is not None and paid.credit_after + paid.credit_over > term:
            yield _after_term(
                ("offers", name, "prepayment", "credit_over"),
                f"crediting until month {paid.credit_after + paid.credit_over} of the service",
                term,
            )
        if not isinstance(offer, LeaseOffer):
            continue
        if offer.exit is not None and offer.exit.after >= offer.term:
            yield _after_term(
                ("offers", name, "exit", "after"),
                f"an exit in month {offer.exit.after} of the service",
                offer.term,
            )


def _term_of(offer: LeaseOffer | CloudOffer) -> int | None:
    if isinstance(offer, LeaseOffer):
        return offer.term
    return None if offer.contract is None else offer.contract.term


def prepayment_said_wrongly(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a prepayment without a size, or with two."""
    for name, offer in draft.offers.items():
        paid = offer.prepayment
        if paid is None:
            continue
        keys = ("amount", "months_of_rent", "share")
        given = [key for key in keys if getattr(paid, key) is not None]
        if len(given) != 1:
            yield Contradiction(
                path=("offers", name, "prepayment"),
                given=" and ".join(given) if given else "a prepayment without a size",
                allowed="one of `amount`, `months_of_rent` and `share`",
                cure="Keep one of them." if given else "Add one, such as {share: 20 %}.",
                at_key=True,
            )


def terms_without_contract(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a failing customer, or sums in months of its rent, where a GPU cloud has none."""
    for name, offer in draft.offers.items():
        if not isinstance(offer, CloudOffer) or offer.contract is not None:
            continue
        paid, owed = offer.prepayment, offer.damages
        found = {
            "credit": offer.credit is not None,
            "prepayment": paid is not None and paid.amount is None,
            "damages": owed is not None and owed.months_of_rent > 0.0,
        }
        for term in (key for key, wrong in found.items() if wrong):
            yield Contradiction(
                path=("offers", name, term),
                given=f"`{term}` of a customer, or in its rent, for GPU-hours sold on the market",
                allowed=f"`{term}` beside `contract`",
                cure="Add `contract`, such as {term: 5 years}, or give sums in USD.",
                at_key=True,
            )


def _after_term(path: Any, given: str, term: int) -> Contradiction:
    return Contradiction(
        path=path,
        given=given,
        allowed=f"within the term of {term} months",
        cure="Correct it, or `term`.",
    )


def phases_that_do_not_add_up(draft: Draft) -> Iterator[Contradiction]:
    """Refuse milestones that do not begin with service, rise, and end at everything."""
    for name, offer in draft.offers.items():
        steps = [(p.after, p.share) for p in offer.conversion.phases.values()]
        if not steps:
            continue
        rising = all(a < b and x < y for (a, x), (b, y) in pairwise(steps))
        if not rising or steps[0][0] != 0 or steps[-1][1] != 1.0:
            yield Contradiction(
                path=("offers", name, "conversion", "phases"),
                given=", ".join(f"{share:.0%} after {after} months" for after, share in steps),
                allowed="milestones that begin at 0 months, rise, and end at 100 %",
                cure="First service is the first milestone; give the last one 100 %.",
                at_key=True,
            )
