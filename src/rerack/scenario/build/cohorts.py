"""Section ``market.network`` to a world of cohorts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rerack.network import CohortNetwork
from rerack.scenario.model import InputRow
from rerack.scenario.schema import ScenarioFile

#: World where a file names none: the newest of the catalogue.
DEFAULT_WORLD = "2025-12"


def build_cohorts(
    file: ScenarioFile, world_file: Path | None
) -> tuple[CohortNetwork, tuple[InputRow, ...]]:
    """Return the world that a site file names, fitted to its start, and the world's assumptions.

    Parameters
    ----------
    file : ScenarioFile
        The whole file: the world meets its price, fees and inflation.
    world_file : Path or None
        The network file it names, if it names one.

    Notes
    -----
    Costs of all miners grow with the inflation of the study, whatever the world says.
    """
    # The network file builds on this package.
    from rerack.scenario.network_file.loading import world_at

    network = file.market.network
    world, fixed, rows = world_at(
        network.world or DEFAULT_WORLD,
        world_file,
        date=file.study.start,
        height=network.height,
        difficulty=network.difficulty,
        price_usd=file.market.bitcoin.price,
        fees_btc=file.market.fees.level,
    )
    behaviour = replace(world.behaviour, inflation_frac_per_year=file.study.inflation)
    return CohortNetwork(world=replace(world, behaviour=behaviour), fixed=fixed), rows
