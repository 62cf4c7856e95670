"""Power prices from the cache of live data: found by name, checked, never passed for fresh."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from rerack.base.errors import DataError

#: What stands before the name of a cached series in a site file.
PREFIX = "data:"


@dataclass(frozen=True, kw_only=True)
class LiveSeries:
    """What is said of a cached series that a study takes its prices from.

    Parameters
    ----------
    source : str
        Whence it comes and how old it was when the study was loaded.
    as_of : str
        Day of the last observation.
    note : str
        The same for the user's eye.
    """

    source: str
    as_of: str
    note: str


def cached_file(value: str) -> Path:
    """Return the file that ``data:NAME`` stands for: in the folder `RERACK_DATA`, or `data` here.

    Examples
    --------
    >>> cached_file("data:ercot_north").name
    'ercot_north.csv'
    """
    name = value.removeprefix(PREFIX).strip()
    return Path(os.environ.get("RERACK_DATA", "data")) / f"{name}.csv"


def live_series(file: Path, *, named: bool, fill: str) -> LiveSeries | None:
    """Return what is known of a price file that `rerack data` keeps; None for any other file.

    Parameters
    ----------
    file : Path
        The file.
    named : bool
        Whether it was given as ``data:NAME``: then it must be one.
    fill : str
        The rule for gaps that the site file chose.

    Raises
    ------
    DataError
        No such series, a damaged file, no hourly USD/MWh, or gaps that no rule fills.
    """
    from rerack.livedata import age_of, cache, filled_by

    # A copy under another name is a price file like any other.
    if not named and cache.stated_name(file) != file.stem:
        return None
    record, seen = cache.read(file.parent, file.stem)
    if (record.step, record.unit) != ("hour", "USD/MWh"):
        raise DataError.of(
            record.name,
            given=f"{record.unit} by {record.step}",
            allowed="hourly prices in USD/MWh",
            cure="Name another series; other currencies and steps are not converted.",
        )
    filled_by(cache.spec_of_record(record), seen, fill)
    now = np.datetime64(datetime.now(UTC).replace(tzinfo=None, microsecond=0), "s")
    age = age_of(record, seen, now)
    whence = f"live series {record.name} of {record.source} ({record.origin})"
    return LiveSeries(
        source=f"{whence}, {age.words} on {str(now)[:10]}",
        as_of=str(seen.times[-1])[:10],
        note=f"{record.name}: {age.words}",
    )
