"""Prices of the hours dispatched, and what a tariff makes of them at the meter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rerack.assets import Tariff
from rerack.assets.tariff_terms import CoincidentPeak
from rerack.assets.time_of_use import TimeOfUse
from rerack.base.checks import FloatArray, IntArray, as_finite, frozen_array, require
from rerack.dispatch.tariff_calendar import HourCalendar


@dataclass(frozen=True, kw_only=True, eq=False)
class HourlyPrices:
    """What the market and the weather say about each hour.

    Parameters
    ----------
    calendar : HourCalendar
        The hours.
    index_usd_per_mwh : ndarray
        Index price [USD/MWh], may be negative, shape (hour,).
    capacity_usd_per_mwh : mapping of str to ndarray
        Capacity price of each ancillary service by its name [USD per MW and hour], (hour,).
    system_load_mw : ndarray or None
        Load of the whole system [MW], shape (hour,) or (4 * hour,) for quarter-hours; finds the
        coincident peaks.
    peak_probability_frac : ndarray or None
        Instead of the load: probability that the hour holds its month's system peak, (hour,).
    inlet_c : ndarray or None
        Inlet temperature of the halls [°C], shape (hour,).
    quarter_usd_per_mwh : ndarray or None
        Index price by quarter-hour, of which `index_usd_per_mwh` is the hourly mean [USD/MWh],
        shape (4 * hour,); bills a load that is given by quarter-hour.

    Raises
    ------
    InputError
        If a series is NaN, infinite, or of another length than the calendar.
    """

    calendar: HourCalendar
    index_usd_per_mwh: FloatArray
    capacity_usd_per_mwh: Mapping[str, FloatArray] = field(default_factory=dict)
    system_load_mw: FloatArray | None = None
    peak_probability_frac: FloatArray | None = None
    inlet_c: FloatArray | None = None
    quarter_usd_per_mwh: FloatArray | None = None

    def __post_init__(self) -> None:
        for name in ("index_usd_per_mwh", "peak_probability_frac", "inlet_c"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, self._checked(name, getattr(self, name)))
        capacity = {
            key: self._checked(f"capacity_usd_per_mwh[{key!r}]", values)
            for key, values in self.capacity_usd_per_mwh.items()
        }
        object.__setattr__(self, "capacity_usd_per_mwh", capacity)
        if self.system_load_mw is not None:
            load = self._checked("system_load_mw", self.system_load_mw, per_hour=(1, 4))
            object.__setattr__(self, "system_load_mw", load)
        if self.peak_probability_frac is not None:
            self._check_probability(self.peak_probability_frac)
        if self.quarter_usd_per_mwh is not None:
            self._check_quarters(self.quarter_usd_per_mwh)

    def _checked(
        self, name: str, values: FloatArray, per_hour: tuple[int, ...] = (1,)
    ) -> FloatArray:
        array = as_finite(values, name, ndim=1)
        lengths = [self.calendar.hours * k for k in per_hour]
        require(
            array.size in lengths,
            name,
            given=f"{array.size} values",
            allowed=f"{' or '.join(str(n) for n in lengths)}, as the calendar has hours",
            cure="Give a series that covers the hours dispatched, or shorten the calendar.",
        )
        return frozen_array(array)

    def _check_quarters(self, given: FloatArray) -> None:
        quarters = self._checked("quarter_usd_per_mwh", given, per_hour=(4,))
        means = quarters.reshape(-1, 4).mean(axis=1)
        apart = float(np.abs(means - self.index_usd_per_mwh).max())
        require(
            apart <= 1e-6 * max(float(np.abs(means).max()), 1.0),
            "quarter_usd_per_mwh",
            given=f"quarter-hours whose means differ from the index by up to {apart:g} USD/MWh",
            allowed="quarter-hours of which index_usd_per_mwh is the hourly mean",
        )
        object.__setattr__(self, "quarter_usd_per_mwh", quarters)

    def _check_probability(self, probability: FloatArray) -> None:
        require(
            self.system_load_mw is None,
            "system_load_mw, peak_probability_frac",
            given="both",
            allowed="one of the two",
        )
        total = np.bincount(self.calendar.month, weights=probability)
        require(
            bool((probability >= 0.0).all()) and bool((total <= 1.0 + 1e-9).all()),
            "peak_probability_frac",
            given=f"{probability.min():g} or more, {total.max():g} in one month",
            allowed="0 or more, adding up to at most 1 in each month",
        )


def meter_price_usd_per_mwh(tariff: Tariff, prices: HourlyPrices) -> FloatArray:
    """Return the price of one more MWh at the meter, peaks and minimum take apart.

    Parameters
    ----------
    tariff : Tariff
        The tariff.
    prices : HourlyPrices
        Index and calendar.

    Returns
    -------
    ndarray
        ``index / (1 - losses) + adder + time of use``, or the fixed price plus time of use
        [USD/MWh], shape (hour,).

    Examples
    --------
    >>> hours = HourCalendar(start_utc="2024-01-01T00", hours=2)
    >>> prices = HourlyPrices(calendar=hours, index_usd_per_mwh=np.array([19.0, 38.0]))
    >>> meter_price_usd_per_mwh(Tariff(adder_usd_per_mwh=4.0, losses_frac=0.05), prices).tolist()
    [24.0, 44.0]
    """
    if tariff.fixed_price_usd_per_mwh is not None:
        price = np.full(prices.calendar.hours, tariff.fixed_price_usd_per_mwh)
    else:
        price = prices.index_usd_per_mwh / (1.0 - tariff.losses_frac) + tariff.adder_usd_per_mwh
    if tariff.time_of_use is not None:
        rates = np.array([p.rate_usd_per_mwh for p in tariff.time_of_use.periods])
        price = price + rates[time_of_use_period(tariff.time_of_use, prices.calendar)]
    return price


def peak_price_usd_per_mwh(tariff: Tariff, prices: HourlyPrices) -> FloatArray:
    """Return the coincident peak charge that falls on each hour's import [USD/MWh], (hour,).

    Parameters
    ----------
    tariff : Tariff
        The tariff.
    prices : HourlyPrices
        System load, or the probability of its peak.

    Examples
    --------
    >>> hours = HourCalendar(start_utc="2024-06-01T00", hours=2)
    >>> prices = HourlyPrices(calendar=hours, index_usd_per_mwh=np.zeros(2),
    ...                       system_load_mw=np.array([1.0, 2.0]))
    >>> charged = Tariff(coincident_peak=CoincidentPeak(charge_usd_per_mw_year=6e4))
    >>> peak_price_usd_per_mwh(charged, prices).tolist()
    [0.0, 15000.0]
    """
    term = tariff.coincident_peak
    if term is None:
        return np.zeros(prices.calendar.hours)
    return coincident_weight_frac(term, prices) * term.usd_per_mw


def time_of_use_period(schedule: TimeOfUse, calendar: HourCalendar) -> IntArray:
    """Return the time-of-use period of every hour, an index into its periods.

    Parameters
    ----------
    schedule : TimeOfUse
        The schedule.
    calendar : HourCalendar
        The hours.

    Returns
    -------
    ndarray of int
        Shape (hour,).
    """
    return schedule.table[calendar.month_of_year - 1, calendar.weekday, calendar.hour_of_day]


def coincident_weight_frac(term: CoincidentPeak, prices: HourlyPrices) -> FloatArray:
    """Return how much of its month's coincident peak each hour holds.

    Parameters
    ----------
    term : CoincidentPeak
        Months that have a peak.
    prices : HourlyPrices
        System load by hour or quarter-hour, or the probability of the peak.

    Returns
    -------
    ndarray
        1 in the hour that holds the highest interval of each listed month and 0 elsewhere, or
        the probabilities given, shape (hour,).

    Raises
    ------
    InputError
        If the prices carry neither system load nor probabilities.

    Notes
    -----
    A month that is given in part has the peak of the part. Of equal peaks the first counts.

    Examples
    --------
    >>> hours = HourCalendar(start_utc="2024-06-01T00", hours=2)
    >>> prices = HourlyPrices(calendar=hours, index_usd_per_mwh=np.zeros(2),
    ...                       system_load_mw=np.array([1.0, 1, 1, 1, 1, 2, 9, 3]))
    >>> coincident_weight_frac(CoincidentPeak(charge_usd_per_mw_year=6e4), prices).tolist()
    [0.0, 1.0]
    """
    listed = np.isin(prices.calendar.month_of_year, term.months)
    if prices.peak_probability_frac is not None:
        return np.where(listed, prices.peak_probability_frac, 0.0)
    load = prices.system_load_mw
    if load is None:
        require(
            not listed.any(),
            "system_load_mw",
            given="none, with a coincident peak charge",
            allowed="the system's load by hour or quarter-hour, or peak_probability_frac",
            cure="Give the system load of the hours dispatched.",
        )
        return np.zeros(prices.calendar.hours)
    hourly_peak = load.reshape(prices.calendar.hours, -1).max(axis=1)
    weight = np.zeros(prices.calendar.hours)
    for month in np.unique(prices.calendar.month[listed]):
        hours = np.flatnonzero(prices.calendar.month == month)
        weight[hours[np.argmax(hourly_peak[hours])]] = 1.0
    return weight


def quarter_weight_frac(term: CoincidentPeak, prices: HourlyPrices) -> FloatArray:
    """Return how much of its month's coincident peak each quarter-hour holds, (4 * hour,).

    Parameters
    ----------
    term : CoincidentPeak
        Months that have a peak.
    prices : HourlyPrices
        As in `coincident_weight_frac`; where the load is hourly, or a probability is given, an
        hour's weight is shared by its quarter-hours.

    Examples
    --------
    >>> hours = HourCalendar(start_utc="2024-06-01T00", hours=2)
    >>> prices = HourlyPrices(calendar=hours, index_usd_per_mwh=np.zeros(2),
    ...                       system_load_mw=np.array([1.0, 1, 1, 1, 1, 2, 9, 3]))
    >>> quarter_weight_frac(CoincidentPeak(charge_usd_per_mw_year=6e4), prices).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    """
    weight = coincident_weight_frac(term, prices)
    load = prices.system_load_mw
    if load is None or load.size == weight.size:
        return np.repeat(weight, 4) / 4.0
    within = np.zeros((weight.size, 4))
    within[np.arange(weight.size), load.reshape(-1, 4).argmax(axis=1)] = 1.0
    return (weight[:, np.newaxis] * within).ravel()
