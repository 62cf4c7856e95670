"""What temperatures known so far say of an hour's chance to set the month's peak."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.desk_peaks import Hours, summer_month
from rerack.dispatch.desk_trailing import delayed, highest_of_month, trailing_max, trailing_mean
from rerack.dispatch.desk_weather import SystemWeather

#: Signals of `weather_signals`, in the order of its columns.
WEATHER_SIGNALS = ("warmth_against_30_days", "warmth_against_month", "degrees_3_days")

_DAY, _THREE_DAYS, _MONTH = 24, 72, 720
#: Warmth above this base cools buildings: 65 °F, as degree days of cooling are counted.
_BASE_C = 18.3


def weather_signals(weather: SystemWeather, hours: Hours, *, lead_hours: int) -> FloatArray:
    """Return what a desk knows of the weather `lead_hours` before each hour.

    Parameters
    ----------
    weather : SystemWeather
        Air temperature.
    hours : ndarray of datetime64[h]
        Consecutive hours, UTC, shape (hour,).
    lead_hours : int
        Hours between the last temperature known and the hour judged.

    Returns
    -------
    ndarray
        Columns as in `WEATHER_SIGNALS`, shape (hour, 3). Meaningful in summers of
        `SystemWeather.summers`, whose windows hold known hours only.

    Notes
    -----
    With F_h = T_(h-24) + T_(h-lead) - T_(h-lead-24), yesterday's course at today's level: F_h less
    the warmest hour known of the last 30 days [K]; F_h less the warmest of the month so far, or
    of the last day where that is warmer [K]; mean over the last three days known of the degrees
    above 18.3 °C [K]. No forecast of a weather service enters: none was to be had for past years.
    """
    known_c = weather.over(hours)
    # Unknown hours stand in no window of a whole summer, so their value does not matter.
    warmth = np.where(np.isnan(known_c), 0.0, known_c)
    known = delayed(warmth, lead_hours)
    forecast = delayed(warmth, _DAY) + known - delayed(warmth, _DAY + lead_hours)
    so_far = highest_of_month(known, summer_month(hours), lead_hours)
    degrees = np.maximum(known - _BASE_C, 0.0)
    columns = (
        forecast - trailing_max(known, _MONTH),
        forecast - np.maximum(so_far, trailing_max(known, _DAY)),
        trailing_mean(degrees, _THREE_DAYS),
    )
    return np.stack(columns, axis=1)
