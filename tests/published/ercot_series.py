"""The real ERCOT series of several years joined, for tests."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from rerack.dispatch.desk_load import SystemLoad

#: Central time to UTC for the file that gives local hours: first and last day of daylight time.
_DAYLIGHT = {2021: ("03-14", "11-07"), 2022: ("03-13", "11-06"), 2023: ("03-12", "11-05")}


def query(path: Path, columns: str) -> tuple[np.ndarray, ...]:
    """Return columns of a Parquet file, the first as UTC hours."""
    with duckdb.connect() as link:
        link.execute("SET TimeZone = 'UTC'")
        found = link.execute(f"SELECT {columns} FROM read_parquet(?)", [str(path)]).fetchnumpy()
    first, *rest = (np.ma.filled(v, np.nan) if np.ma.isMA(v) else v for v in found.values())
    return first.astype("datetime64[h]"), *rest


def gapless(hours: np.ndarray, values: np.ndarray) -> tuple[np.datetime64, np.ndarray]:
    """Fill missing hours on a straight line; they are few (see the page)."""
    good = np.isfinite(values)
    hours, values = hours[good], values[good]
    every = np.arange(hours[0], hours[-1] + 1)
    filled = np.interp(every.astype(np.int64), hours.astype(np.int64), values)
    return every[0], filled


def ercot_load(shared_data: Path) -> SystemLoad:
    """Native load to 2021, system load to 2023, then total generation of 2024."""
    a = query(shared_data / "ercot_native_load_2016_2021.parquet", "ts_utc, ERCOT")
    local, fold, mw = query(
        shared_data / "ercot_load_wind_solar_2021_2023.parquet", "ts_local, fold, load_mw"
    )
    b = (_utc(local, fold), mw)
    c = query(shared_data / "ercot_generation_2024.parquet", "ts_utc, total_gen_mw")
    hours, values = a
    for more, load_mw in (b, c):
        new = more > hours[-1]
        hours, values = np.append(hours, more[new]), np.append(values, load_mw[new])
    start, filled = gapless(hours, values)
    return SystemLoad(name="ERCOT", start=start, system_mw=filled)


def _utc(local: np.ndarray, fold: np.ndarray) -> np.ndarray:
    offset = np.full(local.size, 6)
    for year, (first, last) in _DAYLIGHT.items():
        begins = np.datetime64(f"{year}-{first}T02", "h")
        ends = np.datetime64(f"{year}-{last}T02", "h")
        offset[(local >= begins) & (local < ends) & (fold == 0)] = 5
    return local + offset.astype("timedelta64[h]")
