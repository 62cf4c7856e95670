"""What a desk may believe an hour's price to be, from what it knows when it decides."""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require
from rerack.markets.files import HourlySeries

Signal = Literal["day_ahead", "last_hour"]
SIGNAL_NAMES: Final[tuple[str, ...]] = get_args(Signal)


def believed_price(
    settled_usd_per_mwh: FloatArray, day_ahead_usd_per_mwh: FloatArray, *, signal: Signal
) -> FloatArray:
    """Return the price that a desk reckons with in every hour.

    Parameters
    ----------
    settled_usd_per_mwh : ndarray
        Price at which the hour is settled, known only after it [USD/MWh], shape (hour,).
    day_ahead_usd_per_mwh : ndarray
        Day-ahead price of the hour, known the day before [USD/MWh], shape (hour,).
    signal : {"day_ahead", "last_hour"}
        The day-ahead price alone; or that, corrected by what the last hour turned out to cost.

    Returns
    -------
    ndarray
        Price believed [USD/MWh], shape (hour,).

    Raises
    ------
    InputError
        If a price is NaN or infinite, shapes disagree, or the signal is unknown.

    Notes
    -----
    With spread s = settled - day-ahead, "last_hour" is ``day_ahead_h + phi_h * s_(h-1)``, where
    ``phi_h = sum s_j s_(j-1) / sum s_(j-1)^2`` over j < h, kept within 0 and 1: least squares on
    nothing but the past. Settled prices of hour h and later never enter the belief of hour h.
    A desk that sees five-minute prices knows more than either.

    Examples
    --------
    >>> settled, ahead = np.array([30.0, 130.0, 130.0, 130.0]), np.full(4, 30.0)
    >>> believed_price(settled, ahead, signal="day_ahead").tolist()
    [30.0, 30.0, 30.0, 30.0]
    >>> believed_price(settled, ahead, signal="last_hour").tolist()
    [30.0, 30.0, 30.0, 130.0]
    """
    require(
        signal in SIGNAL_NAMES,
        "signal",
        given=repr(signal),
        allowed=" or ".join(SIGNAL_NAMES),
    )
    settled = as_finite(settled_usd_per_mwh, "settled_usd_per_mwh", ndim=1)
    ahead = as_finite(day_ahead_usd_per_mwh, "day_ahead_usd_per_mwh", ndim=1)
    require(
        settled.shape == ahead.shape,
        "day_ahead_usd_per_mwh",
        given=f"{ahead.size} hours",
        allowed=f"{settled.size} hours, as many as are settled",
    )
    if signal == "day_ahead" or ahead.size < 2:
        return ahead.copy()
    spread = settled - ahead
    cross = np.cumsum(np.append(0.0, spread[1:] * spread[:-1]))
    square = np.cumsum(np.append(0.0, spread[:-1] ** 2))
    phi = np.clip(np.divide(cross, square, out=np.zeros_like(cross), where=square > 0.0), 0.0, 1.0)
    believed = ahead.copy()
    believed[1:] += phi[:-1] * spread[:-1]
    return believed


def over_hours(series: HourlySeries, like: HourlySeries) -> FloatArray:
    """Return the prices of `series` in the hours of `like` [USD/MWh], shape (hour,).

    Parameters
    ----------
    series : HourlySeries
        Prices, all hours of `like` among them.
    like : HourlySeries
        The hours wanted.

    Raises
    ------
    InputError
        If an hour is not in `series`.
    """
    return series.prices_usd_per_mwh[_place(series, like)]


def quarters_over(series: HourlySeries, like: HourlySeries) -> FloatArray | None:
    """Return the quarter-hours of `series` in the hours of `like`, (hour, 4); None without.

    Parameters
    ----------
    series, like : HourlySeries
        As in `over_hours`.
    """
    if series.quarters_usd_per_mwh is None:
        return None
    return series.quarters_usd_per_mwh[_place(series, like)]


def _place(series: HourlySeries, like: HourlySeries) -> slice:
    first = int((like.start - series.start).astype(np.int64))
    hours = like.prices_usd_per_mwh.size
    require(
        first >= 0 and first + hours <= series.prices_usd_per_mwh.size,
        series.name,
        given=f"hours {series.start}:00Z to {series.end}:00Z",
        allowed=f"every hour from {like.start}:00Z to {like.end}:00Z, as in {like.name}",
        cure="Give a file that covers them, or choose hours that both files have.",
    )
    return slice(first, first + hours)


def between(series: HourlySeries, first: str | None, last: str | None) -> HourlySeries:
    """Return the hours of a series from day `first` to the end of day `last`, UTC.

    Parameters
    ----------
    series : HourlySeries
        Prices.
    first, last : str or None
        Days such as ``2024-06-01``; months such as ``2024-06`` and years stand for their first
        and last day; None leaves that end as it is.

    Returns
    -------
    HourlySeries
        The hours asked for.

    Raises
    ------
    InputError
        If a date cannot be read, or the series lacks an hour asked for.

    Examples
    --------
    >>> year = HourlySeries(name="d", start=np.datetime64("2024-01-01T00"),
    ...                     prices_usd_per_mwh=np.zeros(8784))
    >>> june = between(year, "2024-06", "2024-06")
    >>> str(june.start), str(june.end)
    ('2024-06-01T00', '2024-06-30T23')
    """
    start = series.start if first is None else _date(first, "--from").astype("datetime64[h]")
    end = series.end
    if last is not None:
        end = (_date(last, "--to") + 1).astype("datetime64[h]") - np.timedelta64(1, "h")
    require(
        bool(series.start <= start <= end <= series.end),
        "--from, --to",
        given=f"{start}:00Z to {end}:00Z",
        allowed=f"hours from {series.start}:00Z to {series.end}:00Z, those of {series.name}",
        cure="Choose days that the price file has.",
    )
    at = int((start - series.start).astype(np.int64))
    count = int((end - start).astype(np.int64)) + 1
    quarters = series.quarters_usd_per_mwh
    return HourlySeries(
        name=series.name,
        start=start,
        prices_usd_per_mwh=series.prices_usd_per_mwh[at : at + count],
        quarters_usd_per_mwh=None if quarters is None else quarters[at : at + count],
    )


def _date(text: str, where: str) -> np.datetime64:
    """Return a year, month or day in its own unit, so that adding 1 leads to its end."""
    try:
        date = np.datetime64(text)
        known = np.datetime_data(date.dtype)[0] in ("Y", "M", "D") and not np.isnat(date)
    except ValueError:
        known = False
    require(
        known,
        where,
        given=repr(text),
        allowed="a day such as 2024-06-01, a month such as 2024-06, or a year",
        cure="Write YYYY-MM-DD.",
    )
    return np.datetime64(text)
