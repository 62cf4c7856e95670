"""Coincident peaks of a backtest: what was, what the desk could expect, and by what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require
from rerack.dispatch.backtest_result import PEAK_JUDGES
from rerack.dispatch.desk_account import Mask
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_peak_forecast import PeakForecast, peak_chances
from rerack.dispatch.desk_peaks import Hours, coincident_peaks, summer_month
from rerack.dispatch.desk_weather import SystemWeather
from rerack.markets.files import HourlySeries


@dataclass(frozen=True, kw_only=True, eq=False)
class DeskPeaks:
    """Chance and fact of a peak in every hour settled.

    Parameters
    ----------
    chance_frac : ndarray
        Chance that the hour sets its month's peak, shape (hour,).
    is_peak : ndarray of bool
        Whether it did, shape (hour,).
    judge : ndarray of int
        What the chance was judged by, a place in `PEAK_JUDGES`, shape (hour,).
    notes : tuple of str
        What the reader must know.
    """

    chance_frac: FloatArray
    is_peak: Mask
    judge: IntArray
    notes: tuple[str, ...]


def peaks_of(
    load: SystemLoad | None,
    weather: SystemWeather | None,
    settled: HourlySeries,
    *,
    lead_hours: int,
) -> DeskPeaks:
    """Return the peaks of the hours settled.

    Parameters
    ----------
    load : SystemLoad or None
        System load; None leaves peaks out.
    weather : SystemWeather or None
        Air temperature.
    settled : HourlySeries
        The hours.
    lead_hours : int
        Age of the last load and temperature known.

    Raises
    ------
    InputError
        If load has no hour settled, or weather no summer of the load.
    """
    hours = settled.prices_usd_per_mwh.size
    chance, is_peak = np.zeros(hours), np.zeros(hours, dtype=np.bool_)
    summer = summer_month(settled.hours) >= 0
    judge = np.where(summer, PEAK_JUDGES.index("no load"), 0)
    if load is None:
        missing = ("no system load: coincident peaks are left out",)
        return DeskPeaks(chance_frac=chance, is_peak=is_peak, judge=judge, notes=missing)
    first = int((settled.start - load.start).astype(np.int64))
    place = np.arange(hours) + first
    inside = (place >= 0) & (place < load.system_mw.size)
    require(
        bool(inside.any()),
        load.name,
        given=f"hours {load.hours[0]}:00Z to {load.hours[-1]}:00Z",
        allowed=f"hours of {settled.start}:00Z to {settled.end}:00Z among them",
        cure="Give load of the same years, and of earlier ones.",
    )
    forecast = peak_chances(load, lead_hours=lead_hours, weather=weather)
    chance[inside] = forecast.chance_frac[place[inside]]
    peaks = coincident_peaks(load) - first
    is_peak[peaks[(peaks >= 0) & (peaks < hours)]] = True
    judge[summer & inside] = _judges(settled.hours[summer & inside], forecast)
    known_by = (
        "by quarter-hour" if load.quarter_mw is not None else "hourly load stands for quarters"
    )
    notes = (
        f"peaks known for {int(is_peak.sum())} summer months; {known_by}",
        *_notes(settled.hours, is_peak, judge, forecast, weather),
    )
    return DeskPeaks(chance_frac=chance, is_peak=is_peak, judge=judge, notes=notes)


def _judges(hours: Hours, forecast: PeakForecast) -> IntArray:
    """Return by what each summer hour with load was judged."""
    years = _years(hours)
    judge = np.full(years.shape, PEAK_JUDGES.index("no earlier summer"))
    for summer in forecast.summers:
        judge[years == summer.year] = PEAK_JUDGES.index(
            "load, weather" if summer.weather else "load"
        )
    return judge


def _notes(
    hours: Hours,
    is_peak: Mask,
    judge: IntArray,
    forecast: PeakForecast,
    weather: SystemWeather | None,
) -> tuple[str, ...]:
    years = np.unique(_years(hours[is_peak]))
    blind = [year for year in years if year not in forecast.years]
    notes: list[str] = []
    by_load = np.unique(_years(hours[judge == PEAK_JUDGES.index("load")]))
    if weather is None and by_load.size:
        notes.append(f"no weather: peaks of {spans(by_load)} judged by load only")
    if weather is not None:
        notes.extend(_weather_notes(hours, by_load, forecast, weather))
    if blind:
        notes.append(
            f"no complete earlier summer to learn from: no peak forecast in {spans(blind)}"
        )
    return tuple(notes)


def _weather_notes(
    hours: Hours, by_load: IntArray, forecast: PeakForecast, weather: SystemWeather
) -> list[str]:
    here = set(np.unique(_years(hours)).tolist())
    notes = [
        f"peaks of {summer.year} judged by load and weather, learnt on {spans(summer.learnt_years)}"
        for summer in forecast.summers
        if summer.weather and summer.year in here
    ]
    without = [year for year in by_load if year not in weather.summers]
    alone = [year for year in by_load if year in weather.summers]
    if without:
        notes.append(f"no weather of the whole summer: {spans(without)} judged by load only")
    if alone:
        notes.append(
            f"no earlier summer with weather to learn from: {spans(alone)} judged by load only"
        )
    return notes


def spans(years: Iterable[int]) -> str:
    """Return years in words, those that follow one another drawn together.

    Parameters
    ----------
    years : iterable of int
        Years, ascending.

    Examples
    --------
    >>> spans([2017, 2021, 2022, 2023])
    '2017, 2021 to 2023'
    """
    runs: list[list[int]] = []
    for year in map(int, years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _years(hours: Hours) -> IntArray:
    return np.asarray(hours.astype("datetime64[Y]").astype(np.int64) + 1970)
