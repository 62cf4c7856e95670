"""The world's hashrate along every scenario, and the hashprice and rig price that follow."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rerack.network.outlook import NetworkOutlook
from rerack.network.path import network_path
from rerack.network.spec import NetworkSpec

if TYPE_CHECKING:
    from rerack.network.cohort_network import CohortNetwork
    from rerack.network.world.clearing import equilibrium
    from rerack.network.world.simulation import simulate
    from rerack.network.world.state import World

__all__ = [
    "CohortNetwork",
    "NetworkOutlook",
    "NetworkSpec",
    "World",
    "equilibrium",
    "network_path",
    "simulate",
]

_HOMES = {
    "CohortNetwork": "cohort_network",
    "World": "world.state",
    "equilibrium": "world.clearing",
    "simulate": "world.simulation",
}


def __getattr__(name: str) -> Any:
    """Import cohorts on first use: the exogenous path needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rerack.network' has no attribute {name!r}")
    return getattr(import_module(f"rerack.network.{_HOMES[name]}"), name)
