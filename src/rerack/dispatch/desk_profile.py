"""Output of sun and wind over capacity: by the hours dispatched, or as one year for any year."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require, require_between
from rerack.dispatch.desk_cooled import of_year
from rerack.markets.files import HourlySeries
from rerack.markets.hourly_column import check_intervals, finite_values, label, refuse
from rerack.markets.hourly_file import read_column

#: Hours of a year without its 29 February, and the first hour of that day.
_YEAR_HOURS, _LEAP_DAY_HOUR = 8760, 59 * 24


@dataclass(frozen=True, kw_only=True)
class RenewableUnit:
    """Sun or wind.

    Parameters
    ----------
    name : str
        Name, unique in the site.
    capacity_mw : float
        Installed power at the site's bus [MW utility].
    year_frac : tuple of float or None
        Available output over capacity in the 8,760 hours of a year from 1 January 00:00 UTC,
        without a 29 February; None where it comes with the hours dispatched.

    Examples
    --------
    >>> sun = RenewableUnit(name="sun", capacity_mw=5.0,
    ...                     year_frac=tuple(h / 8760 for h in range(8760)))
    >>> day = HourlySeries(name="p", start=np.datetime64("2027-01-02T00"),
    ...                    prices_usd_per_mwh=np.full(2, 30.0))
    >>> (8760 * sun.over(day)).round().tolist()
    [24.0, 25.0]
    """

    name: str
    capacity_mw: float
    year_frac: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        here = f"renewable {self.name}"
        require_between(self.capacity_mw, 0.0, 1e5, f"{here}: capacity_mw")
        if self.year_frac is None:
            return
        year = as_finite(self.year_frac, f"{here}: year_frac", ndim=1)
        require(
            year.size == _YEAR_HOURS and bool(((year >= 0.0) & (year <= 1.0)).all()),
            f"{here}: year_frac",
            given=f"{year.size} hours of {year.min(initial=0.0):g} to {year.max(initial=0.0):g}",
            allowed=f"{_YEAR_HOURS} hours of 0 to 1",
        )

    def over(self, series: HourlySeries) -> FloatArray:
        """Return the profile of the year in the hours of a series, shape (hour,).

        Parameters
        ----------
        series : HourlySeries
            Any hours; those of a 29 February take the day before.
        """
        assert self.year_frac is not None
        return np.asarray(self.year_frac)[of_year(series, _YEAR_HOURS)]


def read_shares(path: Path | str, *, column: str | None = None) -> HourlySeries:
    """Read available output over capacity, 0 to 1, by hour.

    Parameters
    ----------
    path : Path or str
        CSV or Parquet file, laid out as a price file.
    column : str or None
        Column; needed where there are several.

    Raises
    ------
    DataError
        As `read_column`; a gap; a share that is none.
    """
    found = read_column(path, column=column, what="output")
    by_hour = check_intervals(found)
    values = finite_values(found)
    outside = (values < 0.0) | (values > 1.0)
    if outside.any():
        at = int(outside.argmax())
        refuse(
            found.file,
            at=f"row {at + found.first_row} ({label(found.quarters[at])})",
            given=f"{values[at]:g} in {found.name!r}",
            allowed="available output over capacity, 0 to 1",
            cure="Divide the output by the capacity of the site file.",
        )
    return HourlySeries(
        name=f"{found.file.name}:{found.name}",
        start=np.datetime64(int(found.quarters[0]) // 4, "h"),
        prices_usd_per_mwh=values if by_hour else values.reshape(-1, 4).mean(axis=1),
    )


def read_year_shares(path: Path | str) -> tuple[float, ...]:
    """Read the shares of one whole year, its 29 February left out.

    Parameters
    ----------
    path : Path or str
        As in `read_shares`: the hours from 1 January 00:00 to 31 December 23:00 UTC of one year.

    Returns
    -------
    tuple of float
        8,760 shares.

    Raises
    ------
    DataError
        As `read_shares`, or other hours than those of one year.
    """
    shares = read_shares(path)
    first, end = shares.start.astype("datetime64[Y]"), shares.end
    whole = shares.start == first.astype("datetime64[h]")
    if not whole or end + np.timedelta64(1, "h") != (first + 1).astype("datetime64[h]"):
        refuse(
            Path(path),
            given=f"hours {shares.start}:00Z to {end}:00Z",
            allowed="one whole year, 1 January 00:00 to 31 December 23:00 UTC",
            cure="Cut or complete the year; it stands for every year of a plan.",
        )
    values = shares.prices_usd_per_mwh
    if values.size > _YEAR_HOURS:
        values = np.delete(values, slice(_LEAP_DAY_HOUR, _LEAP_DAY_HOUR + 24))
    return tuple(values.tolist())
