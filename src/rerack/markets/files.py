"""The user's own price file, read strictly: what is not certain is refused, never repaired.

A file is CSV or Parquet with one UTC timestamp column (interval-beginning) and one or more price
columns, by hour or by quarter-hour. Time is certain where the header says ``utc`` or every
timestamp carries its offset.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from rerack.base.checks import FloatArray, IntArray, as_finite, frozen_array, require
from rerack.base.errors import DataError, InputError
from rerack.base.units import parse_quantity
from rerack.numerics.gaps import FILL_RULES, fill_gaps

#: Bounds on what is read at all: 28 years of quarter-hours, and room for wide files of them.
MAX_ROWS = 1_000_000
MAX_BYTES = 256 * 1024 * 1024

#: Longest gap that a rule may fill: a line over more than a day is no price.
LONGEST_GAP_HOURS = 24

_TIME_WORDS = {"ts", "utc", "time", "timestamp", "datetime", "date", "hour", "local"}
_CURRENCIES = {"eur", "gbp", "sek", "nok", "dkk", "cad", "aud", "jpy", "cny", "pln", "chf"}
_SIGNS = {"€": " eur ", "£": " gbp ", "$": " usd ", "¢": " cents "}


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
    file = Path(path)
    head = _open_head(file)
    factor = _unit_factor(file, unit)
    if head == b"PAR1":
        first_row = 1
        quarters, prices, name = _read_parquet(file, column)
    elif file.suffix.lower() in (".parquet", ".pq"):
        _refuse(file, given="a file that does not start as Parquet does", allowed="a Parquet file")
    else:
        quarters, prices, name, first_row = _read_csv(file, column)
    _check_header_unit(file, name, unit)
    require(fill in FILL_RULES, "fill", given=repr(fill), allowed=", ".join(FILL_RULES))
    by_hour = _check_intervals(file, quarters, first_row, fill)
    bad = np.flatnonzero(~np.isfinite(prices))
    if bad.size:
        _refuse(
            file,
            at=f"row {bad[0] + first_row} ({_label(quarters[bad[0]])})",
            given=f"no finite price in {name!r} ({bad.size} such rows)",
            allowed="a number in every row",
            cure="Fill the missing ones yourself, by a rule you can defend.",
        )
    values = prices * factor
    if np.abs(values).max() < 2.0:
        _refuse(
            file,
            given=f"no price above {np.abs(values).max():.3g} USD/MWh in {name!r}",
            allowed="wholesale prices in the unit stated",
            cure="If they are in USD/kWh or c/kWh, state that unit.",
        )
    start, title = np.datetime64(int(quarters[0]) // 4, "h"), f"{file.name}:{name}"
    if fill != "none":
        _, values, made_up = fill_gaps(quarters // (4 if by_hour else 1), values, fill)
        title += f", {int(made_up.sum())} {_interval(by_hour)}s filled by rule {fill}"
    if by_hour:
        return HourlySeries(name=title, start=start, prices_usd_per_mwh=values)
    return HourlySeries(
        name=f"{title}, means of quarter-hours",
        start=start,
        prices_usd_per_mwh=values.reshape(-1, 4).mean(axis=1),
        quarters_usd_per_mwh=values.reshape(-1, 4),
    )


def _refuse(
    file: Path, *, given: str, allowed: str, at: str = "", cure: str = "Correct the file."
) -> NoReturn:
    where = f"{file}: {at}" if at else str(file)
    raise DataError.of(where, given=given, allowed=allowed, cure=cure)


def _open_head(file: Path) -> bytes:
    """Return the first four bytes, having refused what is not a readable file of fair size."""
    allowed = "a CSV or Parquet file of hourly prices"
    try:
        if file.is_dir():
            _refuse(file, given="a directory", allowed=allowed, cure="Name the file itself.")
        size = file.stat().st_size
        with file.open("rb") as handle:
            head = handle.read(4)
    except (OSError, ValueError) as reason:
        text = getattr(reason, "strerror", None) or str(reason)
        _refuse(file, given=text, allowed=allowed, cure="Check the path.")
    if size > MAX_BYTES:
        _refuse(
            file,
            given=f"{size / 2**20:.0f} MiB",
            allowed=f"up to {MAX_BYTES // 2**20} MiB",
            cure="Keep only the time column and one price column.",
        )
    return head


def _unit_factor(file: Path, unit: str) -> float:
    try:
        return parse_quantity(f"1 {unit}", "usd_per_mwh").value
    except InputError:
        _refuse(
            file,
            at="unit",
            given=repr(unit),
            allowed="USD/MWh, USD/kWh or c/kWh",
            cure="Convert the prices to US dollars first; no exchange rate is guessed.",
        )


def _words(header: str) -> set[str]:
    text = header.lower()
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    return set(re.split(r"[^a-z]+", text))


def _check_header_unit(file: Path, name: str, unit: str) -> None:
    """Refuse a price column whose name states another currency or energy unit than `unit`."""
    words = _words(name)
    foreign = words & _CURRENCIES
    if foreign:
        _refuse(
            file,
            at=f"column {name!r}",
            given=f"prices in {foreign.pop().upper()}",
            allowed="US dollars",
            cure="Convert them to US dollars first; no exchange rate is guessed.",
        )
    stated, wanted = words & {"mwh", "kwh", "gwh"}, _words(unit) & {"mwh", "kwh", "gwh"}
    cents, wants_cents = words & {"c", "cent", "cents", "ct"}, _words(unit) & {"c", "cent", "cents"}
    disagree = (stated and stated != wanted) or (stated and bool(cents) != bool(wants_cents))
    if disagree:
        _refuse(
            file,
            at=f"column {name!r}",
            given=f"unit {unit} for a column whose name says otherwise",
            allowed="one and the same unit",
            cure="State the column's unit.",
        )


def _pick_columns(file: Path, header: Sequence[str], column: str | None) -> tuple[int, int]:
    """Return the positions of the time and the price column."""
    times = [i for i, h in enumerate(header) if _words(h) & _TIME_WORDS]
    certain = [i for i in times if "utc" in _words(header[i])]
    chosen = certain or times
    if len(chosen) != 1:
        _refuse(
            file,
            at="header",
            given=f"{len(chosen)} time columns among {', '.join(header[:12])}",
            allowed="one time column, such as ts_utc",
            cure="Name the column of UTC interval starts ts_utc.",
        )
    # A column of marks, beside prices that `rerack data show --fill` filled, is no price.
    prices = [i for i in range(len(header)) if i not in times and header[i] != "filled"]
    if column is not None:
        if header.count(column) != 1:
            _refuse(
                file,
                at="header",
                given=f"column {column!r}, which occurs {header.count(column)} times",
                allowed=", ".join(header[i] for i in prices[:40]),
                cure="Name one of these columns.",
            )
        return chosen[0], header.index(column)
    if len(prices) != 1:
        _refuse(
            file,
            at="header",
            given=f"{len(prices)} price columns: {', '.join(header[i] for i in prices[:12])}",
            allowed="one, or the name of the one to use",
            cure="Say which with column (--column on the command line).",
        )
    return chosen[0], prices[0]


def _read_csv(file: Path, column: str | None) -> tuple[IntArray, FloatArray, str, int]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as reason:
        _refuse(file, given=f"bytes that are not text ({reason.reason})", allowed="CSV in UTF-8")
    if "\0" in text:
        _refuse(file, given="binary content", allowed="CSV in UTF-8, or Parquet")
    comments, body = _without_comments(text)
    hours: list[int] = []
    prices: list[float] = []
    try:
        rows = csv.reader(io.StringIO(body), strict=True)
        header = [h.strip() for h in next(rows, [])]
        time_at, price_at = _pick_columns(file, header, column)
        says_utc = "utc" in _words(header[time_at])
        for number, row in enumerate(rows, start=2 + comments):
            if number > MAX_ROWS + 1 + comments:
                _refuse(file, given=f"over {MAX_ROWS} rows", allowed=f"up to {MAX_ROWS} rows")
            if len(row) != len(header):
                _refuse(
                    file,
                    at=f"row {number}",
                    given=f"{len(row)} cells",
                    allowed=f"{len(header)} cells, as in the header",
                )
            hours.append(_parse_quarter(file, number, row[time_at].strip(), says_utc))
            prices.append(_parse_price(file, number, row[price_at].strip(), header[price_at]))
    except csv.Error as reason:
        _refuse(file, given=f"broken CSV: {reason}", allowed="comma-separated rows")
    if not hours:
        _refuse(file, given="no rows", allowed="a header and one row an interval")
    found = np.asarray(hours, dtype=np.int64), np.asarray(prices)
    return *found, header[price_at], 2 + comments


def _without_comments(text: str) -> tuple[int, str]:
    """Return how many comment lines come first, as in a cache of live data, and the rest."""
    count = 0
    while text.startswith("#"):
        text = text.partition("\n")[2]
        count += 1
    return count, text


def _parse_quarter(file: Path, number: int, text: str, says_utc: bool) -> int:
    """Return the quarter-hours since 1970 of an ISO timestamp."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _refuse(
            file,
            at=f"row {number}",
            given=f"timestamp {text!r}",
            allowed="ISO time such as 2024-01-31T05:00:00Z",
        )
    if moment.tzinfo is None and not says_utc:
        _refuse_local(file, f"row {number}", text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    quarter, rest = divmod(moment.timestamp(), 900.0)
    if rest:
        _refuse(
            file,
            at=f"row {number}",
            given=f"timestamp {text!r}",
            allowed="whole hours or quarter-hours",
            cure="Average shorter intervals first.",
        )
    return int(quarter)


def _refuse_local(file: Path, at: str, text: str) -> NoReturn:
    _refuse(
        file,
        at=at,
        given=f"timestamp {text!r} without a zone, in a column not named UTC",
        allowed="UTC (a column named ts_utc), or timestamps with their offset",
        cure="Local hours repeat and skip at clock changes: convert them to UTC.",
    )


def _parse_price(file: Path, number: int, text: str, name: str) -> float:
    try:
        return float(text) if text else float("nan")
    except ValueError:
        _refuse(
            file,
            at=f"row {number}",
            given=f"{text!r} in {name!r}",
            allowed="a plain number with a decimal point",
        )


def _read_parquet(file: Path, column: str | None) -> tuple[IntArray, FloatArray, str]:
    import duckdb

    source = "read_parquet(?)"
    # A path is data, not a pattern: duckdb would expand these.
    if any(sign in str(file) for sign in "*?["):
        _refuse(file, given="* ? or [ in the path", allowed="a plain path", cure="Rename the file.")
    with duckdb.connect() as link:
        try:
            described = link.execute(f"DESCRIBE SELECT * FROM {source}", [str(file)]).fetchall()
            header = [str(row[0]) for row in described]
            time_at, price_at = _pick_columns(file, header, column)
            kind = str(described[time_at][1])
            if not kind.startswith("TIMESTAMP"):
                _refuse(file, at=f"column {header[time_at]!r}", given=kind, allowed="TIMESTAMP")
            if (
                "TIME ZONE" not in kind
                and "TZ" not in kind
                and "utc" not in _words(header[time_at])
            ):
                _refuse_local(file, f"column {header[time_at]!r}", kind)
            # Nanoseconds have no epoch in duckdb; intervals are told apart by far less.
            kind_us = "TIMESTAMPTZ" if "TZ" in kind or "TIME ZONE" in kind else "TIMESTAMP"
            names = ['"' + header[i].replace('"', '""') + '"' for i in (time_at, price_at)]
            query = (
                f"SELECT epoch_us(CAST({names[0]} AS {kind_us})) AS moment, "
                f"CAST({names[1]} AS DOUBLE) AS price "
                f"FROM {source} LIMIT {MAX_ROWS + 1}"
            )
            table = link.execute(query, [str(file)]).fetchnumpy()
        except duckdb.Error as reason:
            first = str(reason).splitlines()[0]
            _refuse(file, given=f"unreadable Parquet: {first}", allowed="a whole Parquet file")
    moments = np.ma.asarray(table["moment"])
    prices = np.ma.filled(np.ma.asarray(table["price"], dtype=np.float64), np.nan)
    if not 1 <= len(prices) <= MAX_ROWS:
        _refuse(file, given=f"{len(prices)} rows", allowed=f"1 to {MAX_ROWS} rows")
    uneven = np.flatnonzero(np.ma.getmaskarray(moments) | (moments.filled(1) % 900_000_000 != 0))
    if uneven.size:
        _refuse(
            file,
            at=f"row {uneven[0] + 1}",
            given="no whole quarter-hour",
            allowed="whole hours or quarter-hours",
        )
    quarters: IntArray = moments.filled(0).astype(np.int64) // 900_000_000
    return quarters, prices, header[price_at]


def _interval(by_hour: bool) -> str:
    return "hour" if by_hour else "quarter-hour"


def _check_intervals(file: Path, quarters: IntArray, first_row: int, fill: str) -> bool:
    """Refuse repeated, unsorted or missing rows; return whether they are whole hours."""
    by_hour = not (quarters % 4).any()
    length, word = 4 if by_hour else 1, _interval(by_hour)
    one = f"{'an' if by_hour else 'a'} {word}"
    steps = np.diff(quarters) // length
    longest = 1 if fill == "none" else 1 + LONGEST_GAP_HOURS * 4 // length
    wrong = np.flatnonzero((steps < 1) | (steps > longest))
    if wrong.size:
        at = int(wrong[0])
        if steps[at] == 0:
            repeats = int((steps == 0).sum())
            given = f"{one} that occurs twice ({repeats} repeats)"
            cure = f"Keep one row {one}; if these are local times, convert them to UTC."
        elif (steps < 0).any():
            given, cure = f"{one} earlier than the row before", "Sort the rows by time."
        else:
            missing, first = int((steps - 1).sum()), _label(quarters[at] + length)
            given = f"a gap: first missing {word} {first}, {missing} missing in all"
            cure = "Fill the missing hours yourself, by a rule you can defend."
        _refuse(
            file,
            at=f"row {at + first_row + 1} ({_label(quarters[at + 1])})",
            given=given,
            allowed=f"every {word} once, in order",
            cure=cure,
        )
    if not by_hour and (quarters[0] % 4 or (quarters[-1] + 1) % 4):
        _refuse(
            file,
            given=f"quarter-hours from {_label(quarters[0])} to {_label(quarters[-1])}",
            allowed="whole hours: from :00 to :45",
            cure="Leave out the quarter-hours of the first or last hour that is not whole.",
        )
    return by_hour


def _label(quarter: int) -> str:
    return f"{np.datetime64(int(quarter) * 15, 'm')}Z"
