"""The world's hashrate as cohorts: who runs, leaves, moves, converts, and what that pays."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.network.world.announced import Announced
    from rerack.network.world.barrier import FreeEntry, free_entry
    from rerack.network.world.behaviour import AiDemand, Behaviour
    from rerack.network.world.clearing import Equilibrium, equilibrium
    from rerack.network.world.cohort import OWNERS, Cohort, Generation, Region, Relocation
    from rerack.network.world.daa import AdjustmentStudy, adjustment_study
    from rerack.network.world.dated import redated, scaled_to_difficulty
    from rerack.network.world.payback import RigPayback, rig_payback
    from rerack.network.world.preset import world_of
    from rerack.network.world.result import NetworkSimulation
    from rerack.network.world.simulation import simulate
    from rerack.network.world.state import Assumption, World

_HOMES = {
    "AdjustmentStudy": "daa",
    "AiDemand": "behaviour",
    "Announced": "announced",
    "Assumption": "state",
    "Behaviour": "behaviour",
    "Cohort": "cohort",
    "Equilibrium": "clearing",
    "FreeEntry": "barrier",
    "Generation": "cohort",
    "NetworkSimulation": "result",
    "OWNERS": "cohort",
    "Region": "cohort",
    "Relocation": "cohort",
    "RigPayback": "payback",
    "World": "state",
    "adjustment_study": "daa",
    "equilibrium": "clearing",
    "free_entry": "barrier",
    "redated": "dated",
    "rig_payback": "payback",
    "scaled_to_difficulty": "dated",
    "simulate": "simulation",
    "world_of": "preset",
}

__all__ = [
    "OWNERS",
    "AdjustmentStudy",
    "AiDemand",
    "Announced",
    "Assumption",
    "Behaviour",
    "Cohort",
    "Equilibrium",
    "FreeEntry",
    "Generation",
    "NetworkSimulation",
    "Region",
    "Relocation",
    "RigPayback",
    "World",
    "adjustment_study",
    "equilibrium",
    "free_entry",
    "redated",
    "rig_payback",
    "scaled_to_difficulty",
    "simulate",
    "world_of",
]


def __getattr__(name: str) -> Any:
    """Import on first use: naming a world loads neither markets nor kernels."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rerack.network.world' has no attribute {name!r}")
    return getattr(import_module(f"rerack.network.world.{_HOMES[name]}"), name)
