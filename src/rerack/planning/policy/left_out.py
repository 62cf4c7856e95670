"""What the ledger books and a rule does not see, or sees otherwise, by key of the site file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rerack.assets import AiUse
from rerack.planning.world import World

#: Key of the site file -> what becomes of it in the value that the rule maximises.
LeftOut = dict[str, str]


def left_out(world: World, offers: Mapping[str, AiUse]) -> LeftOut:
    """Return by key of the site file what the rule leaves out of a study, or takes otherwise.

    Parameters
    ----------
    world : World
        Any scenarios of the study.
    offers : mapping of str to AiUse
        What the rule chooses among.

    Notes
    -----
    Terms that tie halls together through debt, tax limits or coins are refused instead
    (`FinanceTerms.not_linear`). What is named here is in the ledger's tables, so the plan's NPV
    counts it; the rule's choice, its bounds and the values of rights do not.
    """
    return {
        **dict(_of_site(world)),
        **dict(_of_finance(world)),
        **{key: how for use in offers.values() for key, how in _of_offer(use)},
    }


def _of_site(world: World) -> Iterator[tuple[str, str]]:
    power = world.power
    shared = "depends on what all halls draw together: in the ledger, not in the rule"
    if power.battery is not None:
        yield "site.battery", shared
    if power.engines:
        yield "site.generation", shared
    if power.response is not None:
        yield "site.programmes", f"demand response {shared}"
    if world.meter.tariff.minimum_take is not None:
        yield "site.power.minimum_take", shared
    if world.network.lease_left_frac is not None:
        yield (
            "market.network",
            "renewals are expected as if conversions elsewhere took no more of the rent",
        )


def _of_finance(world: World) -> Iterator[tuple[str, str]]:
    if world.terms.income_tax_frac > 0.0:
        yield "finance.tax", "a loss saves its tax at once; in the ledger it waits for profits"


def _of_offer(use: AiUse) -> Iterator[tuple[str, str]]:
    key = f"offers.{use.name}"
    if use.flexibility is not None:
        yield f"{key}.flexibility", "what shedding saves follows the mean price of the month"
    if use.credit is not None:
        yield f"{key}.credit", "security is drawn at the market rent of the study's start"
    if use.queue is not None and len(use.queue.late_months) > 1:
        yield f"{key}.queue", "the rule knows the chances of the queue, not how it moves"
