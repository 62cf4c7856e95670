"""Miners' coins: who holds, who must sell, and what the sale does to the price."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.network.reserves.depth import CoinMarket
    from rerack.network.reserves.miner import POLICIES, CashCall, Miner
    from rerack.network.reserves.result import ReserveSimulation
    from rerack.network.reserves.simulation import run_reserves

_HOMES = {
    "CashCall": "miner",
    "CoinMarket": "depth",
    "Miner": "miner",
    "POLICIES": "miner",
    "ReserveSimulation": "result",
    "run_reserves": "simulation",
}

__all__ = [
    "POLICIES",
    "CashCall",
    "CoinMarket",
    "Miner",
    "ReserveSimulation",
    "run_reserves",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rerack.network.reserves' has no attribute {name!r}")
    return getattr(import_module(f"rerack.network.reserves.{_HOMES[name]}"), name)
