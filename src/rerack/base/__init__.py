"""Units, time grid, random streams, exceptions, labelled arrays: what every layer stands on."""

from rerack.base.errors import (
    DataError,
    InputError,
    Problem,
    RerackError,
    ScenarioError,
    SolverError,
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
    "StoreError",
    "Streams",
    "parse_quantity",
]
