"""Live data: small readers of public sources and own files, with a cache that tells its age."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.livedata.cache import Record
    from rerack.livedata.catalogue import SeriesSpec, Source, series_specs, sources
    from rerack.livedata.client import Limits
    from rerack.livedata.fetching import Updated, bring_in, update
    from rerack.livedata.freshness import Age, age_of
    from rerack.livedata.observations import Observations, filled_by, gaps

_HOMES = {
    "Age": "freshness",
    "Limits": "client",
    "Observations": "observations",
    "Record": "cache",
    "SeriesSpec": "catalogue",
    "Source": "catalogue",
    "Updated": "fetching",
    "age_of": "freshness",
    "bring_in": "fetching",
    "filled_by": "observations",
    "gaps": "observations",
    "series_specs": "catalogue",
    "sources": "catalogue",
    "update": "fetching",
}

__all__ = [
    "Age",
    "Limits",
    "Observations",
    "Record",
    "SeriesSpec",
    "Source",
    "Updated",
    "age_of",
    "bring_in",
    "filled_by",
    "gaps",
    "series_specs",
    "sources",
    "update",
]


def __getattr__(name: str) -> Any:
    """Import on first use: nothing here is needed by a study."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rerack.livedata' has no attribute {name!r}")
    return getattr(import_module(f"rerack.livedata.{_HOMES[name]}"), name)
