"""Offers whose power comes sooner: what months saved in time to power are measured by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rerack.assets import AiUse
from rerack.base.checks import require_between
from rerack.planning.world import World


def with_offers(world: World, change: Callable[[AiUse], AiUse]) -> World:
    """Return the world in which every offer is changed."""
    offers = {name: change(use) for name, use in world.offers.items()}
    return replace(world, offers=offers, _hosting={})


def sooner(use: AiUse, months: int) -> AiUse:
    """Return an offer that is built and has its power so much sooner; building takes a month."""
    require_between(months, 0, 600, "months saved")
    conversion = use.conversion
    lead = max(conversion.lead_months - months, 1)
    dark = min(conversion.dark_months, lead)
    shorter = replace(use, conversion=replace(conversion, lead_months=lead, dark_months=dark))
    return with_shorter_queue(shorter, months)


def with_shorter_queue(use: AiUse, months: int) -> AiUse:
    """Return an offer whose power comes so much sooner; one that does not wait as it is."""
    return use if use.queue is None else replace(use, queue=use.queue.sooner(months))


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to have power sooner: its name, what changes in an offer, and that in words."""

    name: str
    change: Callable[..., AiUse]
    meaning: str


#: Building and power both sooner.
BOTH = Way(
    name="saved",
    change=sooner,
    meaning="every lead time so much shorter, a month at least, and power so much sooner",
)
#: Power alone sooner.
QUEUE = Way(
    name="less in the queue",
    change=with_shorter_queue,
    meaning="power so much sooner and lead times as they are",
)
