"""Hashprice by hour from the built-in monthly history."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import InputError
from rerack.markets.files import HourlySeries
from rerack.markets.history import network_history


def hashprice_by_hour(series: HourlySeries) -> FloatArray:
    """Return the mean hashprice of the calendar month of every hour of a series.

    Parameters
    ----------
    series : HourlySeries
        The hours wanted, UTC.

    Returns
    -------
    ndarray
        Hashprice [USD/PH/s/day], shape (hour,).

    Raises
    ------
    InputError
        If an hour lies outside the history.

    Notes
    -----
    The figure of a month is its miner revenue over its sum of daily hashrates, in US dollars of
    the day. A desk knows the hashprice of the moment, which differs from the month's mean by some
    10 % within months of fast price moves, and more on single days of high fees.

    Reference: see `rerack.markets.history.SOURCE`.

    Examples
    --------
    >>> may = HourlySeries(name="d", start=np.datetime64("2024-05-31T23"),
    ...                    prices_usd_per_mwh=np.zeros(2))
    >>> hashprice_by_hour(may).tolist()
    [51.97, 55.27]
    """
    history = network_history()
    first = np.datetime64(history.labels[0], "M")
    month = (series.hours.astype("datetime64[M]") - first).astype(np.int64)
    outside = np.flatnonzero((month < 0) | (month >= len(history.labels)))
    if outside.size:
        raise InputError.of(
            f"{series.name}: hour {series.hours[outside[0]]}:00Z",
            given=f"no hashprice for {outside.size} hours",
            allowed=f"hours of {history.labels[0]} to {history.labels[-1]}, the built-in history",
            cure='Give one yourself, such as --hashprice "35 USD/PH/day", or fewer hours.',
        )
    return history.hashprice_usd_per_ph_day[month]
