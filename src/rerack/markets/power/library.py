"""Weather years of hourly power prices: what dispatch runs against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array, require, require_between

#: Hours of each UTC calendar month in a library year; the leap day is dropped.
MONTH_HOURS = (744, 672, 744, 720, 744, 720, 744, 744, 720, 744, 720, 744)
YEAR_HOURS = sum(MONTH_HOURS)


@dataclass(frozen=True, kw_only=True, eq=False)
class PriceLibrary:
    """Equally likely years of hourly index prices at base level.

    Parameters
    ----------
    name : str
        Parameter set or file that the library came from.
    source : str
        Where the prices or parameters were measured, in one line.
    hourly_usd_per_mwh : tuple of 12 ndarray
        Index price [USD/MWh], nominal of the sample, one array a calendar month (January first),
        each (library_year, hour of that UTC month), interval-beginning; February has 672 hours.
        Stored read-only.
    mean_usd_per_mwh : float
        Mean over all library years and hours [USD/MWh].

    Examples
    --------
    >>> flat = PriceLibrary.from_years("flat", "example", np.full((2, 8760), 40.0))
    >>> flat.library_years, flat.mean_usd_per_mwh, flat.hourly_usd_per_mwh[1].shape
    (2, 40.0, (2, 672))
    """

    name: str
    source: str
    hourly_usd_per_mwh: tuple[FloatArray, ...]
    mean_usd_per_mwh: float

    def __post_init__(self) -> None:
        where = f"price library {self.name!r}"
        months = self.hourly_usd_per_mwh
        require(len(months) == 12, where, given=f"{len(months)} months", allowed="12 months")
        checked = [
            frozen_array(as_finite(prices, f"{where} month {m + 1}", ndim=2).copy())
            for m, prices in enumerate(months)
        ]
        years = checked[0].shape[0]
        require(years >= 1, where, given="no library year", allowed="1 or more")
        for prices, hours in zip(checked, MONTH_HOURS, strict=True):
            require(
                prices.shape == (years, hours),
                where,
                given=f"shape {prices.shape}",
                allowed=f"({years}, {hours}): library years by hours of the month",
            )
        mean = sum(float(prices.sum()) for prices in checked) / (years * YEAR_HOURS)
        require_between(
            self.mean_usd_per_mwh,
            mean - 1e-6 * (1 + abs(mean)),
            mean + 1e-6 * (1 + abs(mean)),
            f"{where} mean_usd_per_mwh",
            cure="Build it with PriceLibrary.from_years, which computes the mean.",
        )
        object.__setattr__(self, "hourly_usd_per_mwh", tuple(checked))

    @classmethod
    def from_years(cls, name: str, source: str, years_usd_per_mwh: FloatArray) -> PriceLibrary:
        """Cut whole 8,760-hour years into the twelve months.

        Parameters
        ----------
        name, source : str
            As for the class.
        years_usd_per_mwh : ndarray
            Hourly prices [USD/MWh], shape (library_year, 8760), 1 January 00:00 UTC first, no
            leap day.
        """
        require(
            years_usd_per_mwh.ndim == 2 and years_usd_per_mwh.shape[1] == YEAR_HOURS,
            f"price library {name!r}",
            given=f"shape {years_usd_per_mwh.shape}",
            allowed=f"(library_year, {YEAR_HOURS})",
        )
        cuts = np.cumsum(MONTH_HOURS)[:-1]
        months: Sequence[FloatArray] = np.split(years_usd_per_mwh, cuts, axis=1)
        return cls(
            name=name,
            source=source,
            hourly_usd_per_mwh=tuple(months),
            mean_usd_per_mwh=float(years_usd_per_mwh.mean()),
        )

    @property
    def library_years(self) -> int:
        """Number of library years."""
        return int(self.hourly_usd_per_mwh[0].shape[0])

    def years_usd_per_mwh(self) -> FloatArray:
        """Return the months joined to years, shape (library_year, 8760) [USD/MWh]."""
        return np.concatenate(self.hourly_usd_per_mwh, axis=1)
