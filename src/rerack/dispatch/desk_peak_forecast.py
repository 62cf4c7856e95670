"""Chance of every hour to set its month's peak, each summer judged by earlier ones only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, frozen_array, require
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_peak_model import fit_peak_model
from rerack.dispatch.desk_peaks import (
    PEAKS_A_YEAR,
    coincident_peaks,
    peak_signals,
    summer_month,
)
from rerack.dispatch.desk_weather import SystemWeather
from rerack.dispatch.desk_weather_signals import weather_signals


@dataclass(frozen=True, kw_only=True)
class JudgedSummer:
    """The rule that judged one summer.

    Parameters
    ----------
    year : int
        The summer.
    weather : bool
        Whether temperatures entered beside loads.
    learnt_years : tuple of int
        Summers that the rule was learnt on, ascending, all earlier.
    """

    year: int
    weather: bool
    learnt_years: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class PeakForecast:
    """Chances by hour and the rules behind them.

    Parameters
    ----------
    chance_frac : ndarray
        Chance that the hour sets its month's peak, 0 outside June to September and in summers
        with no complete earlier one, shape (hour,).
    summers : tuple of JudgedSummer
        Summers that were judged, ascending.
    """

    chance_frac: FloatArray
    summers: tuple[JudgedSummer, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "chance_frac", frozen_array(self.chance_frac))

    @property
    def years(self) -> tuple[int, ...]:
        """Summers that were judged, ascending."""
        return tuple(summer.year for summer in self.summers)


def peak_chances(
    load: SystemLoad, *, lead_hours: int, weather: SystemWeather | None = None
) -> PeakForecast:
    """Return the chance of every hour, each summer judged by a rule learnt on earlier ones only.

    Parameters
    ----------
    load : SystemLoad
        Load of the system, earlier summers included.
    lead_hours : int
        Hours between the last load and temperature known and the hour judged, 1 to 12.
    weather : SystemWeather or None
        Air temperature, for some or all of the summers.

    Returns
    -------
    PeakForecast
        Chances, and by which signals each summer was judged.

    Raises
    ------
    InputError
        If the weather holds no whole summer of the load.

    Notes
    -----
    A summer counts as complete when all four of its months are in the load. Weather enters where
    it is known from May to September in the summer judged *and* in an earlier complete one; the
    rule then learns on earlier summers with weather alone, otherwise on loads of all earlier ones.
    Nothing of the summer judged, or later, enters its rule: changing the future changes no chance
    before it.
    """
    month = summer_month(load.hours)
    year = np.where(month >= 0, month // 12 + 1970, -1)
    signals = peak_signals(load, lead_hours=lead_hours)
    peaks = coincident_peaks(load)
    is_peak = np.zeros(load.system_mw.size)
    is_peak[peaks] = 1.0
    years, counts = np.unique(year[peaks], return_counts=True)
    complete = [int(y) for y in years[counts == PEAKS_A_YEAR]]
    summers = [int(y) for y in np.unique(year[month >= 0])]
    warm: set[int] = set()
    beside = signals
    if weather is not None:
        warm = _warm_summers(weather, summers, load)
        more = weather_signals(weather, load.hours, lead_hours=lead_hours)
        beside = np.concatenate([signals, more], axis=1)
    chance, judged = np.zeros(load.system_mw.size), []
    for wanted in summers:
        rule = _rule_of(wanted, complete, warm)
        if not rule.learnt_years:
            continue
        columns = beside if rule.weather else signals
        earlier, here = np.isin(year, rule.learnt_years), year == wanted
        model = fit_peak_model(columns[earlier], is_peak[earlier])
        chance[here] = model.chance_frac(columns[here])
        judged.append(rule)
    return PeakForecast(chance_frac=chance, summers=tuple(judged))


def _rule_of(wanted: int, complete: Iterable[int], warm: set[int]) -> JudgedSummer:
    earlier = tuple(year for year in complete if year < wanted)
    with_weather = tuple(year for year in earlier if year in warm)
    if wanted in warm and with_weather:
        return JudgedSummer(year=wanted, weather=True, learnt_years=with_weather)
    return JudgedSummer(year=wanted, weather=False, learnt_years=earlier)


def _warm_summers(weather: SystemWeather, summers: list[int], load: SystemLoad) -> set[int]:
    """Return the summers of the load whose weather is known."""
    warm = set(weather.summers) & set(summers)
    require(
        bool(warm),
        weather.name,
        given=f"hours of {weather.hours[0]}:00Z to {weather.hours[-1]}:00Z, with the whole summers "
        f"{', '.join(map(str, weather.summers)) or '(none)'}",
        allowed="one whole summer of the load or more, 1 May to 30 September: "
        f"{', '.join(map(str, summers)) or '(none)'} in {load.name}",
        cure="Give temperatures of the summers that the load has, or leave the weather out.",
    )
    return warm
