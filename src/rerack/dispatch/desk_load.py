"""Load of the whole system, and the forecast of it that needs nothing but the past."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array, require, require_between
from rerack.markets.files import read_price_file

_DAY = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class SystemLoad:
    """Load of a power system without a gap.

    Parameters
    ----------
    name : str
        File and column that it came from.
    start : numpy.datetime64
        First hour, UTC, interval-beginning.
    system_mw : ndarray
        Load of the system, mean of the hour, above 0 [MW], shape (hour,); stored read-only.
    quarter_mw : ndarray or None
        The same by quarter-hour [MW], shape (hour, 4), where it is known: coincident peaks are
        then those of quarter-hours.

    Examples
    --------
    >>> load = SystemLoad(name="d", start=np.datetime64("2024-06-01T05"),
    ...                   system_mw=np.full(3, 6e4))
    >>> load.hours.astype(str).tolist()
    ['2024-06-01T05', '2024-06-01T06', '2024-06-01T07']
    """

    name: str
    start: np.datetime64
    system_mw: FloatArray
    quarter_mw: FloatArray | None = None

    def __post_init__(self) -> None:
        load = as_finite(self.system_mw, f"{self.name} load", ndim=1)
        lowest = load.min(initial=np.inf)
        require(load.size >= 1, self.name, given="no hour", allowed="1 hour or more")
        require(
            lowest > 0.0,
            f"{self.name} load",
            given=f"{lowest:g} MW",
            allowed="above 0 MW in every hour",
            cure="Give the load of the whole system, not the net load of a zone.",
        )
        object.__setattr__(self, "system_mw", frozen_array(load))
        if self.quarter_mw is not None:
            quarters = as_finite(self.quarter_mw, f"{self.name} load", ndim=2)
            require(
                quarters.shape == (load.size, 4) and bool((quarters > 0.0).all()),
                f"{self.name} load",
                given=f"quarter-hours of shape {quarters.shape}, least {quarters.min():g} MW",
                allowed=f"({load.size} hours, 4), all above 0 MW",
            )
            object.__setattr__(self, "quarter_mw", frozen_array(quarters))
        object.__setattr__(self, "start", self.start.astype("datetime64[h]"))

    @property
    def hours(self) -> np.ndarray[Any, np.dtype[np.datetime64]]:
        """All hours, datetime64[h], shape (hour,)."""
        return self.start + np.arange(self.system_mw.size).astype("timedelta64[h]")


def read_load_file(path: Path | str, *, column: str | None = None) -> SystemLoad:
    """Read system load [MW], by hour or quarter-hour, from a file laid out as price files are.

    Parameters
    ----------
    path : Path or str
        The file: one column of UTC interval starts, one or more of load.
    column : str or None
        Load column; needed where the file has several.

    Returns
    -------
    SystemLoad
        Consecutive hours.

    Raises
    ------
    DataError
        As `rerack.markets.files.read_price_file`: gaps, local time, several columns, no number.
    InputError
        If a load is not above 0.
    """
    series = read_price_file(path, column=column)
    return SystemLoad(
        name=series.name,
        start=series.start,
        system_mw=series.prices_usd_per_mwh,
        quarter_mw=series.quarters_usd_per_mwh,
    )


def load_forecast_mw(system_mw: FloatArray, *, lead_hours: int) -> FloatArray:
    """Forecast the load of every hour from loads that are at least `lead_hours` old.

    Parameters
    ----------
    system_mw : ndarray
        Load [MW], shape (hour,).
    lead_hours : int
        Hours between the last load known and the hour forecast, 1 to 12.

    Returns
    -------
    ndarray
        Forecast [MW], shape (hour,). The first ``24 + lead_hours`` hours have too little past and
        repeat the oldest load.

    Notes
    -----
    ``F_h = L_(h-24) * L_(h-lead) / L_(h-lead-24)``: yesterday's shape at today's level. Weather
    enters as far as today's load so far shows it. A system operator's own forecast is better,
    most of all over many hours and when a front comes in.

    Examples
    --------
    >>> load = np.tile([50.0, 60.0, 80.0, 60.0], 14)
    >>> bool(np.allclose(load_forecast_mw(load, lead_hours=2)[26:], load[26:]))
    True
    """
    require_between(lead_hours, 1, 12, "lead_hours")
    load = as_finite(system_mw, "system_mw", ndim=1)
    forecast = np.full(load.shape, load[:1])
    known = _DAY + lead_hours
    if load.size > known:
        level = load[_DAY:-lead_hours] / load[:-known]
        forecast[known:] = load[lead_hours:-_DAY] * level
    return forecast
