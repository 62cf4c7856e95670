"""Sections ``cooling`` of a site file to PUE by hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rerack.base.checks import require
from rerack.scenario.build.placed import Placed
from rerack.scenario.model import InputRow
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

    @property
    def pue_by_month(self) -> tuple[float, ...]:
        """Mean PUE of each calendar month, January first; months in UTC.

        Raises
        ------
        InputError
            If a month has no hour, or hours without time stamps are not whole years.
        """
        pue, leap = self.year.pue, self.year.pue.size == 8784
        require(
            self.start is not None or leap or pue.size % 8760 == 0,
            "cooling: weather",
            given=f"{pue.size:,} hours without time stamps",
            allowed="whole years of 8,760 hours, or one of 8,784",
            cure="Add a column ts_utc, or give whole years.",
        )
        hour = np.arange(pue.size) if self.start is not None or leap else np.arange(pue.size) % 8760
        first = np.datetime64("2024-01-01" if leap else "2023-01-01", "h")
        hours = (first if self.start is None else self.start) + hour.astype("timedelta64[h]")
        month = hours.astype("datetime64[M]").astype(np.int64) % 12
        count = np.bincount(month, minlength=12)
        require(
            bool((count > 0).all()),
            "cooling: weather",
            given=f"no hour of month {int(count.argmin()) + 1}",
            allowed="hours of all twelve months",
            cure="Give weather of a whole year.",
        )
        return tuple((np.bincount(month, weights=pue, minlength=12) / count).tolist())

    def row(self, path: YamlPath) -> InputRow:
        """Return the row of the inputs table that says what was derived.

        Parameters
        ----------
        path : YamlPath
            Where the section stands.
        """
        months = self.pue_by_month
        return InputRow(
            path=f"{dotted(path)}.pue",
            value=f"{self.year.pue_mean:.3f} in the mean, {min(months):.3f} to {max(months):.3f} "
            f"by month, {self.year.pue_design:.3f} in the worst hour",
            canonical=None,
            unit="",
            source="derived from cooling and weather; types of plant are estimated",
            status="derived",
            as_of="",
            where=self.name,
        )


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
    made: list[BuiltCooling] = []
    with placed.at(*here):
        weather = read_weather(placed.folder(here) / section.weather)
        year = pue_by_hour(
            cooling_plant(section.type),
            dry_bulb_c=weather.dry_bulb_c,
            wet_bulb_c=weather.wet_bulb_c,
        )
        where = place.file if place.line == 0 else f"{place.file}:{place.line}"
        name = f"{where} ({dotted(here)})"
        made.append(BuiltCooling(year=year, start=weather.start, name=name))
    return made[0] if made else None
