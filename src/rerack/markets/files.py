"""The user's own price file, read strictly: what is not certain is refused, never repaired.

A file is CSV or Parquet with one UTC timestamp column (interval-beginning) and one or more price
columns, by hour or by quarter-hour. Time is certain where the header says ``utc`` or every
timestamp carries its offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array, require
from rerack.base.errors import InputError
from rerack.base.units import parse_quantity
from rerack.markets.hourly_column import (
    FileColumn,
    check_intervals,
    finite_values,
    interval,
    refuse,
    words,
)
from rerack.markets.hourly_file import read_column
from rerack.numerics.gaps import FILL_RULES, fill_gaps

#: Longest gap that a rule may fill: a line over more than a day is no price.
LONGEST_GAP_HOURS = 24

_CURRENCIES = {"eur", "gbp", "sek", "nok", "dkk", "cad", "aud", "jpy", "cny", "pln", "chf"}


@dataclass(frozen=True, kw_only=True, eq=False)
class HourlySeries:
    """Hourly prices without a gap.

    Parameters
    ----------
    name : str
        File and column that they came from.
    start : numpy.datetime64
        First hour, UTC, interval-beginning.
    prices_usd_per_mwh : ndarray
        Prices, means of the hour where they were given by quarter-hour [USD/MWh], shape (hour,);
        stored read-only.
    quarters_usd_per_mwh : ndarray or None
        Those quarter-hours [USD/MWh], shape (hour, 4); None where the file is hourly.

    Examples
    --------
    >>> day = HourlySeries(name="d", start=np.datetime64("2024-02-28T23"),
    ...                    prices_usd_per_mwh=np.full(24, 30.0))
    >>> str(day.end)
    '2024-02-29T22'
    """

    name: str
    start: np.datetime64
    prices_usd_per_mwh: FloatArray
    quarters_usd_per_mwh: FloatArray | None = None

    def __post_init__(self) -> None:
        prices = as_finite(self.prices_usd_per_mwh, f"{self.name} prices", ndim=1)
        require(len(prices) >= 1, self.name, given="no hour", allowed="1 hour or more")
        object.__setattr__(self, "prices_usd_per_mwh", frozen_array(prices))
        if self.quarters_usd_per_mwh is not None:
            quarters = as_finite(self.quarters_usd_per_mwh, f"{self.name} quarter-hours", ndim=2)
            require(
                quarters.shape == (len(prices), 4),
                self.name,
                given=f"quarter-hours of shape {quarters.shape}",
                allowed=f"({len(prices)} hours, 4)",
            )
            object.__setattr__(self, "quarters_usd_per_mwh", frozen_array(quarters))
        object.__setattr__(self, "start", self.start.astype("datetime64[h]"))

    @property
    def end(self) -> np.datetime64:
        """Last hour, UTC."""
        last: np.datetime64 = self.hours[-1]
        return last

    @property
    def hours(self) -> np.ndarray[Any, np.dtype[np.datetime64]]:
        """All hours, datetime64[h], shape (hour,)."""
        return self.start + np.arange(len(self.prices_usd_per_mwh)).astype("timedelta64[h]")


def read_price_file(
    path: Path | str, *, column: str | None = None, unit: str = "USD/MWh", fill: str = "none"
) -> HourlySeries:
    """Read prices by hour or by quarter-hour from a CSV or Parquet file.

    Parameters
    ----------
    path : Path or str
        The file.
    column : str or None
        Price column; needed where the file has several.
    unit : str
        Unit of the prices, anything that converts to USD/MWh, such as ``USD/kWh`` or ``c/kWh``. A
        unit in the column's name must agree with it.
    fill : str
        Rule for gaps of up to a day: ``none`` refuses them, ``linear`` draws a line over them,
        ``previous`` repeats the price before. The series' name says how many were filled.

    Returns
    -------
    HourlySeries
        Prices in USD/MWh, consecutive hours; quarter-hours are kept beside their means.

    Raises
    ------
    DataError
        Missing or unreadable file, no or several candidate columns, local time, gaps, repeated or
        unsorted hours, missing or non-numeric prices, another unit or currency, too large. The
        message names the file, the row and the cure.
    """
    factor = _unit_factor(Path(path), unit)
    found = read_column(path, column=column, what="price")
    _check_header_unit(found, unit)
    require(fill in FILL_RULES, "fill", given=repr(fill), allowed=", ".join(FILL_RULES))
    gap_hours = 0 if fill == "none" else LONGEST_GAP_HOURS
    by_hour = check_intervals(found, longest_gap_hours=gap_hours)
    values = finite_values(found) * factor
    file, quarters = found.file, found.quarters
    if np.abs(values).max() < 2.0:
        refuse(
            file,
            given=f"no price above {np.abs(values).max():.3g} USD/MWh in {found.name!r}",
            allowed="wholesale prices in the unit stated",
            cure="If they are in USD/kWh or c/kWh, state that unit.",
        )
    start, title = np.datetime64(int(quarters[0]) // 4, "h"), f"{file.name}:{found.name}"
    if fill != "none":
        _, values, made_up = fill_gaps(quarters // (4 if by_hour else 1), values, fill)
        title += f", {int(made_up.sum())} {interval(by_hour)}s filled by rule {fill}"
    if by_hour:
        return HourlySeries(name=title, start=start, prices_usd_per_mwh=values)
    return HourlySeries(
        name=f"{title}, means of quarter-hours",
        start=start,
        prices_usd_per_mwh=values.reshape(-1, 4).mean(axis=1),
        quarters_usd_per_mwh=values.reshape(-1, 4),
    )


def _unit_factor(file: Path, unit: str) -> float:
    try:
        return parse_quantity(f"1 {unit}", "usd_per_mwh").value
    except InputError:
        refuse(
            file,
            at="unit",
            given=repr(unit),
            allowed="USD/MWh, USD/kWh or c/kWh",
            cure="Convert the prices to US dollars first; no exchange rate is guessed.",
        )


def _check_header_unit(found: FileColumn, unit: str) -> None:
    """Refuse a price column whose name states another currency or energy unit than `unit`."""
    file, name = found.file, found.name
    said = words(name)
    foreign = said & _CURRENCIES
    if foreign:
        refuse(
            file,
            at=f"column {name!r}",
            given=f"prices in {foreign.pop().upper()}",
            allowed="US dollars",
            cure="Convert them to US dollars first; no exchange rate is guessed.",
        )
    stated, wanted = said & {"mwh", "kwh", "gwh"}, words(unit) & {"mwh", "kwh", "gwh"}
    cents, wants_cents = said & {"c", "cent", "cents", "ct"}, words(unit) & {"c", "cent", "cents"}
    disagree = (stated and stated != wanted) or (stated and bool(cents) != bool(wants_cents))
    if disagree:
        refuse(
            file,
            at=f"column {name!r}",
            given=f"unit {unit} for a column whose name says otherwise",
            allowed="one and the same unit",
            cure="State the column's unit.",
        )
