"""Rules on what keeps an offer's load running, and on the credits for when it does not."""

from __future__ import annotations

from collections.abc import Iterator

from rerack.reliability import presets
from rerack.reliability.credits import CREDIT_SCHEDULES
from rerack.scenario.draft import Draft
from rerack.scenario.problems import nearest, shorten
from rerack.scenario.rules.contradiction import Contradiction
from rerack.scenario.topology.files import names_file


def availability_said_twice(draft: Draft) -> Iterator[Contradiction]:
    """Refuse an availability beside the topology that gives it."""
    for name, offer in draft.offers.items():
        if offer.topology is not None and "availability" in offer.model_fields_set:
            yield Contradiction(
                path=("offers", name, "availability"),
                given="`availability` beside `topology`",
                allowed="one of the two",
                cure="Remove one: a topology gives the availability.",
                at_key=True,
            )


def unknown_topology(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a word that is neither a preset nor the name of a topology file."""
    for name, offer in draft.offers.items():
        word = offer.topology
        if not isinstance(word, str) or names_file(word):
            continue
        known = [p.name for p in presets()]
        if word not in known:
            cure = nearest(word, known)
            yield Contradiction(
                path=("offers", name, "topology"),
                given=f"{shorten(word)!r}, which is no preset",
                allowed=f"{', '.join(known)}, or a topology file such as hall.yaml",
                cure=cure if cure.startswith("Did") else "`rerack design --presets` lists them.",
            )


def cooling_in_topology(draft: Draft) -> Iterator[Contradiction]:
    """Refuse the cooling of a topology within an offer: the conversion says it."""
    for name, offer in draft.offers.items():
        written = offer.topology
        if written is None or isinstance(written, str) or written.cooling is None:
            continue
        yield Contradiction(
            path=("offers", name, "topology", "cooling"),
            given="`cooling` in the topology of an offer",
            allowed="`conversion.cooling`, or `conversion.pue_mean`",
            cure="Move it there: PUE belongs to the conversion.",
            at_key=True,
        )


def credits_said_twice(draft: Draft) -> Iterator[Contradiction]:
    """Refuse credits in steps beside credits in proportion."""
    for name, offer in draft.offers.items():
        if getattr(offer, "sla_credits", None) is None:
            continue
        for other in ("credit_months_per_pp", "credit_cap"):
            if other in offer.model_fields_set:
                yield Contradiction(
                    path=("offers", name, other),
                    given=f"`{other}` beside `sla_credits`",
                    allowed="one schedule of credits",
                    cure="Remove one of them; `sla_credits` has a `cap` of its own.",
                    at_key=True,
                )


def credits_without_topology(draft: Draft) -> Iterator[Contradiction]:
    """Refuse credits in steps where nothing says how long outages last."""
    for name, offer in draft.offers.items():
        if getattr(offer, "sla_credits", None) is not None and offer.topology is None:
            yield Contradiction(
                path=("offers", name, "sla_credits"),
                given="credits by time down, and no topology that says how long outages last",
                allowed="`topology` beside it",
                cure="Add `topology`, such as tier-3, or use `credit_months_per_pp`.",
                at_key=True,
            )


def unknown_schedule(draft: Draft) -> Iterator[Contradiction]:
    """Refuse a schedule of credits that is not known."""
    for name, offer in draft.offers.items():
        word = getattr(offer, "sla_credits", None)
        if not isinstance(word, str):
            continue
        if word not in CREDIT_SCHEDULES:
            yield Contradiction(
                path=("offers", name, "sla_credits"),
                given=f"{shorten(word)!r}, which is no schedule of credits",
                allowed=f"{', '.join(CREDIT_SCHEDULES)}, or terms of your own",
                cure=nearest(word, CREDIT_SCHEDULES),
            )
