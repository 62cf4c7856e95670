"""When the system peaks: the coincident peaks of a summer, and what announces them."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.desk_load import SystemLoad, load_forecast_mw
from rerack.dispatch.desk_trailing import delayed, highest_of_month, trailing_max

#: ERCOT's four coincident peaks fall in these months of Central Daylight Time, UTC - 5 h.
PEAK_MONTHS = (6, 7, 8, 9)
UTC_OFFSET_HOURS = -5
PEAKS_A_YEAR = len(PEAK_MONTHS)

#: Signals of `peak_signals`, in the order of its columns.
SIGNALS = ("against_30_days", "against_month", "month_left", "yesterday_shape")

_DAY, _MONTH = 24, 720

Hours = np.ndarray[Any, np.dtype[np.datetime64]]


def summer_month(hours: Hours) -> IntArray:
    """Return the local month of every hour as months since 1970, and -1 outside the peak months.

    Parameters
    ----------
    hours : ndarray of datetime64[h]
        Hours, UTC, shape (hour,).

    Examples
    --------
    >>> summer_month(np.array(["2024-06-01T04", "2024-06-01T05"], dtype="datetime64[h]")).tolist()
    [-1, 653]
    """
    local = hours + np.timedelta64(UTC_OFFSET_HOURS, "h")
    month = local.astype("datetime64[M]").astype(np.int64)
    return np.where(np.isin(month % 12 + 1, PEAK_MONTHS), month, -1)


def coincident_peaks(load: SystemLoad) -> IntArray:
    """Return the hour that holds the peak of each summer month that the load covers whole.

    Parameters
    ----------
    load : SystemLoad
        Load of the system.

    Returns
    -------
    ndarray of int
        Positions in `load`, ascending, one a month.

    Notes
    -----
    ERCOT takes the highest *quarter-hour* of each of June to September; so does this where the
    load is known by quarter-hour. Else the highest hour stands for it, which nearly always holds
    it. A site that stops for that hour stops for the quarter.

    Reference: 16 Texas Administrative Code § 25.192, transmission rates by 4CP (from memory).
    """
    month = summer_month(load.hours)
    highest = load.system_mw if load.quarter_mw is None else load.quarter_mw.max(axis=1)
    found = []
    for wanted in np.unique(month[month >= 0]):
        at = np.flatnonzero(month == wanted)
        if at.size == _hours_of(int(wanted)):
            found.append(at[np.argmax(highest[at])])
    return np.array(found, dtype=np.int64)


def peak_signals(load: SystemLoad, *, lead_hours: int) -> FloatArray:
    """Return what a desk knows of an hour's chance to be the month's peak, `lead_hours` ahead.

    Parameters
    ----------
    load : SystemLoad
        Load of the system.
    lead_hours : int
        Hours between the last load known and the hour judged, 1 to 12.

    Returns
    -------
    ndarray
        Columns as in `SIGNALS`, shape (hour, 4): log of the load forecast over the highest load
        known of the last 30 days; the same over the month so far (over the last day, if higher);
        share of the month that is left; log of the same hour yesterday over the highest within 11
        hours of it. All from loads of hour ``h - lead_hours`` and before.
    """
    system = load.system_mw
    forecast = load_forecast_mw(system, lead_hours=lead_hours)
    known = delayed(system, lead_hours)
    month = summer_month(load.hours)
    so_far = np.maximum(highest_of_month(known, month, lead_hours), trailing_max(known, _DAY))
    around = trailing_max(delayed(system, _DAY - 11), 23)
    columns = (
        np.log(forecast / trailing_max(known, _MONTH)),
        np.log(forecast / so_far),
        _month_left_frac(load.hours),
        np.log(delayed(system, _DAY) / around),
    )
    return np.stack(columns, axis=1)


def _hours_of(month: int) -> int:
    start = np.datetime64(month, "M")
    return int(((start + 1).astype("datetime64[h]") - start.astype("datetime64[h]")).astype(int))


def _month_left_frac(hours: Hours) -> FloatArray:
    local = hours + np.timedelta64(UTC_OFFSET_HOURS, "h")
    month = local.astype("datetime64[M]")
    start, stop = month.astype("datetime64[h]"), (month + 1).astype("datetime64[h]")
    left: FloatArray = (stop - local).astype(np.float64) / (stop - start).astype(np.float64)
    return left
