"""Units, time grid, random streams, exceptions, labelled arrays: what every layer stands on."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rerack.base.errors import (
        DataError,
        InputError,
        Problem,
        RerackError,
        ScenarioError,
        SolverError,
        SourceError,
        StoreError,
    )
    from rerack.base.labelled import Labelled
    from rerack.base.streams import Streams
    from rerack.base.timegrid import MonthGrid
    from rerack.base.units import KINDS, Quantity, parse_quantity

__all__ = [
    "KINDS",
    "DataError",
    "InputError",
    "Labelled",
    "MonthGrid",
    "Problem",
    "Quantity",
    "RerackError",
    "ScenarioError",
    "SolverError",
    "SourceError",
    "StoreError",
    "Streams",
    "parse_quantity",
]

_HOMES = {
    "Labelled": "labelled",
    "Streams": "streams",
    "MonthGrid": "timegrid",
    "KINDS": "units",
    "Quantity": "units",
    "parse_quantity": "units",
}


def __getattr__(name: str) -> Any:
    """Import on first use: the errors alone must not load NumPy when `--help` is asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'rerack.base' has no attribute {name!r}")
    return getattr(import_module(f"rerack.base.{_HOMES.get(name, 'errors')}"), name)
