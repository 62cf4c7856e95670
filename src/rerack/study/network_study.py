"""Running a network file: draws from its seed, then the world."""

from __future__ import annotations

from rerack.base.streams import Streams
from rerack.markets import build_outlook
from rerack.network.world.result import NetworkSimulation
from rerack.network.world.simulation import simulate
from rerack.scenario.network_file import NetworkStudy


def run_network(study: NetworkStudy, *, workers: int = 2) -> NetworkSimulation:
    """Return the world of a network file along its scenarios.

    Parameters
    ----------
    study : NetworkStudy
        From `rerack.scenario.network_file.load_network`.
    workers : int
        Threads; the result does not depend on them.
    """
    outlook = build_outlook(study.market, study.grid, Streams(study.seed), paths=study.scenarios)
    return simulate(
        study.world, outlook, months=study.grid.months, seed=study.seed, workers=workers
    )
