"""One block of scenarios: from market draws to every plan's cash."""

from __future__ import annotations

from dataclasses import dataclass

from rerack.base.streams import Streams
from rerack.dispatch import PriceDuration
from rerack.markets import PriceLibrary, build_outlook
from rerack.network import network_path
from rerack.planning import Meter, Plan, PlanBlock, World, evaluate
from rerack.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What every block of a study shares.

    Parameters
    ----------
    scenario : Scenario
        The study.
    streams : Streams
        Random streams of its seed.
    library : PriceLibrary
        Hourly weather years.
    duration : PriceDuration
        The library, sorted and prefix-summed once.
    """

    scenario: Scenario
    streams: Streams
    library: PriceLibrary
    duration: PriceDuration


def build_world(prepared: Prepared, first: int, count: int) -> World:
    """Draw scenarios ``first .. first+count-1`` and set the site in them."""
    scenario = prepared.scenario
    outlook = build_outlook(
        scenario.market,
        scenario.grid,
        prepared.streams,
        paths=count,
        first_path=first,
        library=prepared.library,
    )
    return World(
        site=scenario.site,
        offers=scenario.offers,
        outlook=outlook,
        network=network_path(scenario.network, outlook),
        meter=Meter(
            grid=scenario.grid,
            tariff=scenario.site.tariff,
            power=outlook.power,
            duration=prepared.duration,
        ),
        terms=scenario.finance,
    )


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block's world and its evaluated plans."""

    world: World
    plans: tuple[PlanBlock, ...]


def run_block(prepared: Prepared, plans: tuple[Plan, ...], first: int, count: int) -> Block:
    """Evaluate every plan on the same scenarios: common random numbers."""
    world = build_world(prepared, first, count)
    return Block(world=world, plans=tuple(evaluate(plan, world) for plan in plans))
