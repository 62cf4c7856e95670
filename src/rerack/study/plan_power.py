"""The power terms of a scenario, ready for the plans; refusals at their place in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rerack.assets import Tariff
from rerack.base.errors import InputError
from rerack.markets import PriceLibrary
from rerack.planning.power.hours import flat_library
from rerack.planning.power.rates import RatedDuration
from rerack.planning.power.terms import PlanPower, plan_power
from rerack.scenario import Scenario


def prepared_power(scenario: Scenario, library: PriceLibrary) -> dict[str, Any]:
    """Return the fields of `Prepared` that power terms fill.

    Parameters
    ----------
    scenario : Scenario
        The study.
    library : PriceLibrary
        Its weather years.

    Raises
    ------
    InputError
        For every term that plans cannot value, with file and line.
    """
    if not scenario.desk.keys:
        return {}
    power, tariff = valued_power(scenario)
    hourly = power.couples_site or tariff.minimum_take is not None
    return {
        "power": power,
        "tariff": tariff,
        "rated": None
        if tariff.time_of_use is None
        else RatedDuration.build(
            library.hourly_usd_per_mwh, tariff.time_of_use, scenario.grid, power.zone
        ),
        "flat_usd_per_mwh": flat_library(library.hourly_usd_per_mwh) if hourly else None,
    }


def valued_power(scenario: Scenario) -> tuple[PlanPower, Tariff]:
    """Return the power terms of a scenario that plans value, and the whole tariff.

    Raises
    ------
    InputError
        For every term that plans cannot value, with file and line.
    """
    desk = scenario.desk
    tariff = desk.site(scenario.site).tariff
    try:
        return plan_power(desk, tariff), tariff
    except InputError as error:
        placed = [
            replace(problem, where=_place(scenario, problem.where)) for problem in error.problems
        ]
        raise InputError(*placed) from None


def _place(scenario: Scenario, key: str) -> str:
    """Return file and line of the first input under a key, and the key."""
    path = key.partition(" ")[0]
    for row in scenario.inputs:
        if (row.path == path or row.path.startswith(f"{path}.")) and row.where != "default":
            return f"{row.where}: {key}"
    return key
