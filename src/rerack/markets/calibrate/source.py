"""Reader of the daily Bitcoin file that calibrations start from."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import DataError, Problem

#: Name of the file inside the folder given to `calibrate_markets`.
FILE_NAME: Final = "btc_daily_coinmetrics.csv"
_COLUMNS: Final = ("date", "price_usd", "blocks", "fees_btc")


@dataclass(frozen=True, kw_only=True, eq=False)
class DailyBitcoin:
    """Daily facts, consecutive days, arrays (day,).

    Parameters
    ----------
    labels : tuple of str
        ISO dates.
    price_usd : array
        Price [USD/BTC].
    blocks : array
        Blocks found.
    fees_btc : array
        Fees of the day [BTC].
    """

    labels: tuple[str, ...]
    price_usd: FloatArray
    blocks: FloatArray
    fees_btc: FloatArray


def read_daily(folder: Path, *, start: str = "2014-12-01") -> DailyBitcoin:
    """Read the daily file of a folder.

    Parameters
    ----------
    folder : Path
        Holds ``btc_daily_coinmetrics.csv`` with columns date, price_usd, blocks, fees_btc.
    start : str
        First date kept.

    Returns
    -------
    DailyBitcoin
        Every day from `start` to the last whole month.

    Raises
    ------
    DataError
        The file or a column is missing, a number does not parse or is not above 0, or a day is
        missing.
    """
    path = folder / FILE_NAME
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            absent = [c for c in _COLUMNS if c not in (reader.fieldnames or ())]
            if absent:
                raise _refuse(path, f"no column {', '.join(absent)}")
            rows = [row for row in reader if str(row["date"]) >= start]
    except (OSError, UnicodeDecodeError) as reason:
        raise _refuse(path, f"an unreadable file: {reason}") from None
    labels = [row["date"] for row in rows]
    numbers = np.array([[_number(path, row, c) for c in _COLUMNS[1:]] for row in rows])
    _refuse_gaps(path, labels)
    whole = _whole_months(labels)
    return DailyBitcoin(
        labels=tuple(labels[:whole]),
        price_usd=numbers[:whole, 0],
        blocks=numbers[:whole, 1],
        fees_btc=numbers[:whole, 2],
    )


def monthly_fees(daily: DailyBitcoin) -> tuple[tuple[str, ...], FloatArray, FloatArray]:
    """Return months, fees per block [BTC] and mean price [USD/BTC], each shape (month,)."""
    months = np.array([label[:7] for label in daily.labels])
    names = sorted(set(months.tolist()))
    fees = np.array(
        [daily.fees_btc[months == m].sum() / daily.blocks[months == m].sum() for m in names]
    )
    price = np.array([daily.price_usd[months == m].mean() for m in names])
    return tuple(names), fees, price


def _number(path: Path, row: dict[str, str], column: str) -> float:
    try:
        value = float(row[column])
    except (TypeError, ValueError):
        value = float("nan")
    if not 0.0 < value < float("inf"):
        raise _refuse(path, f"{column} {row[column]!r} on {row['date']}")
    return value


def _refuse_gaps(path: Path, labels: list[str]) -> None:
    if not labels:
        raise _refuse(path, "no rows")
    try:
        days = [date.fromisoformat(label) for label in labels]
    except ValueError as reason:
        raise _refuse(path, str(reason)) from None
    for before, after in pairwise(days):
        if after - before != timedelta(days=1):
            raise _refuse(path, f"{after} after {before}")


def _whole_months(labels: list[str]) -> int:
    last = date.fromisoformat(labels[-1])
    if (last + timedelta(days=1)).month != last.month:
        return len(labels)
    return sum(label[:7] < labels[-1][:7] for label in labels)


def _refuse(path: Path, given: str) -> DataError:
    problem = Problem(
        where=str(path),
        given=given,
        allowed="one row a day with " + ", ".join(_COLUMNS) + ", numbers above 0",
        cure="Export the daily series again, without gaps.",
    )
    return DataError(problem)
