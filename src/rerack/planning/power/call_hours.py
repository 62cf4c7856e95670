"""The hours of a study in which demand response may be called."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from rerack.assets.programmes import DemandResponse
from rerack.base.checks import FloatArray, frozen_array
from rerack.dispatch.tariff_calendar import HourCalendar


@lru_cache(maxsize=8)
def call_hours(
    offer: DemandResponse, *, zone: str, labels: tuple[str, ...], hours: tuple[int, ...]
) -> FloatArray:
    """Return 1 where a call is possible and 0 elsewhere, shape (month, hour of the longest month).

    Parameters
    ----------
    offer : DemandResponse
        Its months and hours.
    zone : str
        Time zone of its clock.
    labels : tuple of str
        Months, ``YYYY-MM``.
    hours : tuple of int
        Hours of each in the price library.

    Notes
    -----
    Kept from plan to plan and block to block: reading a local clock for every hour of twenty years
    takes as long as valuing the calls.
    """
    found = np.zeros((len(labels), max(hours)))
    first, end = offer.first_hour, offer.end_hour
    for m, (label, n) in enumerate(zip(labels, hours, strict=True)):
        calendar = HourCalendar(start_utc=f"{label}-01T00", hours=n, zone=zone)
        hour = calendar.hour_of_day
        found[m, :n] = (
            (hour >= first) & (hour < end) & np.isin(calendar.month_of_year, offer.months)
        )
    return frozen_array(found)
