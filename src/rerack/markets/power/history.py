"""Libraries made from the user's own hourly prices: replayed as they are, or resampled by days."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray, require_between
from rerack.base.errors import DataError
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets.files import HourlySeries
from rerack.markets.power.days import MarketDays, cut_days
from rerack.markets.power.library import MONTH_HOURS, YEAR_HOURS, PriceLibrary

#: Days of a block: long enough to keep a heat wave's run of evenings, short enough to mix.
SHORTEST_BLOCK_DAYS, LONGEST_BLOCK_DAYS = 3, 7


def as_is_library(series: HourlySeries, grid: MonthGrid) -> PriceLibrary:
    """Return the file's own years, one library year for each calendar year of the study.

    Parameters
    ----------
    series : HourlySeries
        Gap-free hourly prices.
    grid : MonthGrid
        Months of the study; the file must cover every calendar year that the grid touches, whole.

    Returns
    -------
    PriceLibrary
        Row 0 is the grid's first calendar year. 29 February is dropped.

    Raises
    ------
    DataError
        Months of those years are missing from the file; the message names them.
    """
    first, last = int(grid.year[0]), int(grid.year[-1])
    missing = [
        f"{year}-{month:02d}"
        for year in range(first, last + 1)
        for month in range(1, 13)
        if not _covers(series, np.datetime64(f"{year}-{month:02d}", "M"))
    ]
    if missing:
        shown = ", ".join(missing[:6]) + (
            f" and {len(missing) - 6} more" if len(missing) > 6 else ""
        )
        raise DataError.of(
            series.name,
            given=f"hours {series.start} to {series.end}, without {shown}",
            allowed=f"every hour of the calendar years {first} to {last}",
            cure='Give a file that covers them, or use treatment "bootstrap".',
        )
    rows = np.empty((last - first + 1, YEAR_HOURS))
    for i, year in enumerate(range(first, last + 1)):
        rows[i] = _calendar_year(series, year)
    source = f"user file {series.name}, {first} to {last}, as is, leap days dropped"
    return PriceLibrary.from_years(series.name, source, rows)


def bootstrap_library(series: HourlySeries, *, years: int, streams: Streams) -> PriceLibrary:
    """Return library years of day blocks drawn from the file, month by calendar month.

    Blocks of 3 to 7 consecutive market days are drawn with replacement from the days of the same
    calendar month over all years of the file, so a spike keeps its size, its hours and its run of
    days, and January stays January. The market day starts at the UTC hour of lowest mean price, so
    that no block cuts an evening peak.

    Parameters
    ----------
    series : HourlySeries
        Gap-free hourly prices with at least 7 days of each calendar month.
    years : int
        Library years to draw, 1 or more.
    streams : Streams
        Uses ``power.bootstrap``, one block a library year, so that year i never depends on
        `years`.

    Returns
    -------
    PriceLibrary
        Resampled years; every price of it is a price of the file.

    References
    ----------
    Künsch (1989), The jackknife and the bootstrap for general stationary observations,
    doi:10.1214/aos/1176347265 (moving blocks).

    Notes
    -----
    Do not use it where runs over a month's end or longer than a week matter, or where weekdays do:
    blocks are not aligned to the week. It can show nothing worse than the file has seen.
    """
    require_between(years, 1, 4096, "years")
    days = cut_days(series)
    pools = [np.flatnonzero(days.month == month) for month in range(12)]
    short = [f"month {m + 1} ({len(p)} days)" for m, p in enumerate(pools) if len(p) < 7]
    if short:
        raise DataError.of(
            series.name,
            given=f"too few days in {', '.join(short)}",
            allowed="7 days or more of each calendar month",
            cure="Give a file of at least a whole year.",
        )
    rows = np.empty((years, YEAR_HOURS))
    for year in range(years):
        generator = streams.generator("power.bootstrap", year)
        rows[year] = _resampled_year(days, pools, generator)
    source = (
        f"user file {series.name}, {series.start} to {series.end}, blocks of "
        f"{SHORTEST_BLOCK_DAYS} to {LONGEST_BLOCK_DAYS} days by calendar month"
    )
    return PriceLibrary.from_years(series.name, source, rows)


def _covers(series: HourlySeries, month: np.datetime64) -> bool:
    last_hour = (month + 1).astype("datetime64[h]") - np.timedelta64(1, "h")
    return bool(series.start <= month.astype("datetime64[h]") and last_hour <= series.end)


def _calendar_year(series: HourlySeries, year: int) -> FloatArray:
    start = np.datetime64(f"{year}-01-01", "h")
    stop = np.datetime64(f"{year + 1}-01-01", "h")
    first = int((start - series.start).astype(np.int64))
    prices = series.prices_usd_per_mwh[first : first + int((stop - start).astype(np.int64))]
    leap_day = slice((31 + 28) * 24, (31 + 29) * 24)
    return prices if len(prices) == YEAR_HOURS else np.delete(prices, leap_day)


def _resampled_year(
    days: MarketDays, pools: list[IntArray], generator: np.random.Generator
) -> FloatArray:
    # One day more in front: with a market day that starts at h, the year's first h hours belong
    # to the market day of 31 December.
    lengths = [hours // 24 for hours in MONTH_HOURS]
    picked: list[IntArray] = [_draw_days(pools[11], 1, generator)]
    picked += [_draw_days(pools[m], lengths[m], generator) for m in range(12)]
    hours = days.prices_usd_per_mwh[np.concatenate(picked)].ravel()
    lead = 24 - days.start_hour
    return hours[lead : lead + YEAR_HOURS]


def _draw_days(pool: IntArray, count: int, generator: np.random.Generator) -> IntArray:
    """Return `count` day numbers in blocks of consecutive days of `pool`."""
    year_of = np.cumsum(np.diff(pool, prepend=pool[0] - 1) != 1)
    picked: list[int] = []
    while len(picked) < count:
        length = int(generator.integers(SHORTEST_BLOCK_DAYS, LONGEST_BLOCK_DAYS + 1))
        start = int(generator.integers(len(pool)))
        same = pool[year_of == year_of[start]]
        # Circular within the month of that year, so that every day is drawn equally often
        # (Politis and Romano 1992); a plain block would starve the month's first days.
        places = (int(pool[start] - same[0]) + np.arange(length)) % len(same)
        picked.extend(int(d) for d in same[places])
    return np.asarray(picked[:count], dtype=np.int64)
