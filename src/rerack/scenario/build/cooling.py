"""Sections ``cooling`` of a site file to PUE by hour."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rerack.scenario.build.placed import Placed
from rerack.scenario.places import YamlPath, dotted
from rerack.scenario.schema.cooling import CoolingSection

if TYPE_CHECKING:
    from rerack.reliability.cooling import PueYear


@dataclass(frozen=True, kw_only=True, eq=False)
class BuiltCooling:
    """PUE by hour, and the hours.

    Parameters
    ----------
    year : PueYear
        PUE in the weather.
    start : numpy.datetime64 or None
        First hour of the weather, UTC; None where the file does not say.
    name : str
        Place and key that name the weather, for messages.
    """

    year: PueYear
    start: np.datetime64 | None
    name: str


def build_cooling(section: CoolingSection, path: YamlPath, placed: Placed) -> BuiltCooling | None:
    """Return the PUE of the weather that a section names; None where it was refused.

    Parameters
    ----------
    section : CoolingSection
        The validated section.
    path : YamlPath
        Where it stands.
    placed : Placed
        Collects what is refused, at the key of the weather.

    Notes
    -----
    The file is found relative to the file that names it.
    """
    from rerack.reliability.cooling import cooling_plant, pue_by_hour
    from rerack.scenario.topology.weather import read_weather

    here = (*path, "weather")
    place = placed.index.value_place(here)
    folder = Path() if place.line == 0 else Path(place.file).parent
    made: list[BuiltCooling] = []
    with placed.at(*here):
        weather = read_weather(folder / section.weather)
        year = pue_by_hour(
            cooling_plant(section.type),
            dry_bulb_c=weather.dry_bulb_c,
            wet_bulb_c=weather.wet_bulb_c,
        )
        where = place.file if place.line == 0 else f"{place.file}:{place.line}"
        name = f"{where} ({dotted(here)})"
        made.append(BuiltCooling(year=year, start=weather.start, name=name))
    return made[0] if made else None
