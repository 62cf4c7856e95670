"""The weather years of a study; a price file that does not do is named with its line."""

from __future__ import annotations

from dataclasses import replace

from rerack.base.errors import DataError, InputError
from rerack.base.streams import Streams
from rerack.markets import PriceLibrary, power_library
from rerack.scenario import Scenario

_KEY = "market.power.file"


def price_library(scenario: Scenario, streams: Streams) -> PriceLibrary:
    """Return the hourly weather years that a scenario asks for.

    Parameters
    ----------
    scenario : Scenario
        The study.
    streams : Streams
        Random streams of its seed.

    Raises
    ------
    DataError
        If the price file lacks hours that the study needs or cannot be read; the line of the
        scenario file that names it stands first.
    """
    try:
        return power_library(scenario.market.power, scenario.grid, streams)
    except InputError as error:
        lines = [row.where for row in scenario.inputs if row.path == _KEY]
        if not lines:
            raise
        here = f"{lines[0]} {_KEY}"
        raise DataError(
            *(replace(p, where=f"{here}: {p.where}") for p in error.problems)
        ) from error


def require_prices(scenario: Scenario) -> None:
    """Refuse a price file of the user's own that a run of the scenario would refuse.

    Parameters
    ----------
    scenario : Scenario
        The study; without a price file nothing is read.

    Raises
    ------
    DataError
        As `price_library`.
    """
    if scenario.market.power.price_file is not None:
        price_library(scenario, Streams(scenario.seed))
