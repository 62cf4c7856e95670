"""The study behind panels: prepared once, with inputs moved, and its world of cohorts."""

from __future__ import annotations

import shlex
from dataclasses import replace

from rerack.network import CohortNetwork
from rerack.network.world import NetworkSimulation, World
from rerack.report.format import printable
from rerack.scenario import Scenario
from rerack.study.change import overrides_of
from rerack.study.simulate import Prepared
from rerack.web.panel import Asking

#: Scenarios and longest span of worlds of cohorts [months].
WORLD_SCENARIOS, WORLD_MONTHS = 16, 120
_KEPT = 8


def prepared_of(asking: Asking) -> Prepared:
    """Return the study with inputs moved, ready to draw scenarios."""
    return asking.server.live.prepared(asking.change)


def world_of(asking: Asking) -> NetworkSimulation:
    """Return the world of cohorts along a few scenarios of the study, simulated once a change.

    Raises
    ------
    InputError
        The study begins before the catalogue's first world, or too long after the last before it.
    """
    from rerack.network.world import simulate
    from rerack.study.simulate import draw_outlook

    kept = asking.server.panel_study.worlds
    if asking.change in kept:
        kept.move_to_end(asking.change)
        return kept[asking.change]
    prepared = prepared_of(asking)
    scenario = prepared.scenario
    asking.step("drawing scenarios")
    months = min(scenario.grid.months, WORLD_MONTHS)
    world = start_world(scenario)
    outlook = draw_outlook(prepared, 0, min(WORLD_SCENARIOS, scenario.scenarios))
    asking.step("simulating the world's hashrate")
    found = simulate(world, outlook, months=months, seed=scenario.seed, workers=2)
    kept[asking.change] = found
    if len(kept) > _KEPT:
        kept.popitem(last=False)
    return found


def start_world(scenario: Scenario) -> World:
    """Return the study's own world, or the catalogue's last one before the study, carried to it."""
    from rerack.scenario.network_file.loading import world_at
    from rerack.scenario.network_file.rules import preset_dates

    network = scenario.network
    if isinstance(network, CohortNetwork):
        return network.world
    start = scenario.grid.labels[0]
    dates = preset_dates()
    named = max((date for date in dates if date <= start), default=min(dates))
    world, _, _ = world_at(
        named,
        None,
        date=start,
        height=network.start_height,
        difficulty=network.start_difficulty,
        price_usd=scenario.market.bitcoin.price_usd,
        fees_btc=scenario.market.fees.level_btc_per_block,
    )
    inflation = network.inflation_frac_per_year
    behaviour = replace(world.behaviour, inflation_frac_per_year=inflation)
    return replace(world, behaviour=behaviour)


def options_of(asking: Asking) -> str:
    """Return the ``--set`` options that a command needs for the same inputs."""
    moved = overrides_of(asking.server.live.scenario, asking.change)
    return "".join(f" --set {shlex.quote(printable(text))}" for text in moved)


def file_of(asking: Asking) -> str:
    """Return the file's name as a command takes it."""
    return shlex.quote(printable(asking.server.settings.file.name))


def months_of(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """Return the months of a study as choices."""
    return tuple((label, label) for label in scenario.grid.labels)
