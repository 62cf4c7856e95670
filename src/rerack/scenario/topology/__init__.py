"""The topology file: what keeps a critical load running, and what was promised about it.

Names are loaded on first use: the schema needs no compiler, domain objects do.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.scenario.topology.loading import TopologyStudy, load_topology

_HOME = {"TopologyStudy": "loading", "load_topology": "loading"}

__all__ = ["TopologyStudy", "load_topology"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
