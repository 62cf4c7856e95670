"""The network file: a world of cohorts, what is changed in it, and the market that it meets.

Names are loaded on first use: the schema needs no compiler, domain objects do.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.scenario.network_file.loading import NetworkStudy, load_network

_HOME = {"NetworkStudy": "loading", "load_network": "loading"}

__all__ = ["NetworkStudy", "load_network"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
