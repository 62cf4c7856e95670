"""The reserves file: miners with coins and debts, the market's depth, the price they meet."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.scenario.reserves.loading import ReserveStudy, load_reserves

_HOME = {"ReserveStudy": "loading", "load_reserves": "loading"}

__all__ = ["ReserveStudy", "load_reserves"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
