"""One column of a file by hour or by quarter-hour, read strictly: nothing is repaired.

A file is CSV or Parquet with one UTC timestamp column (interval-beginning) and one or more columns
of numbers. Time is certain where the header says ``utc`` or every timestamp carries its offset.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import numpy as np

from rerack.base.checks import IntArray
from rerack.markets.hourly_column import FileColumn, refuse, words

#: Bounds on what is read at all: 28 years of quarter-hours, and room for wide files of them.
MAX_ROWS = 1_000_000
MAX_BYTES = 256 * 1024 * 1024

_TIME_WORDS = {"ts", "utc", "time", "timestamp", "datetime", "date", "hour", "local"}


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    column: str | None
    what: str
    usual: str


def read_column(path: Path | str, *, column: str | None, what: str, usual: str = "") -> FileColumn:
    """Read the time and one column of a CSV or Parquet file.

    Parameters
    ----------
    path : Path or str
        The file.
    column : str or None
        Head of the column; needed where the file has several.
    what : str
        What the column holds, in one word, for messages: ``price``.
    usual : str
        Column to take where the file has several and none is named.

    Raises
    ------
    DataError
        Missing, unreadable or too large file, no or several candidate columns, local time, a cell
        that is no number. The message names the file, the row and the cure.
    """
    file = Path(path)
    head = _open_head(file, what)
    wanted = _Wanted(column=column, what=what, usual=usual)
    if head == b"PAR1":
        return _read_parquet(file, wanted)
    if file.suffix.lower() in (".parquet", ".pq"):
        refuse(file, given="a file that does not start as Parquet does", allowed="a Parquet file")
    return _read_csv(file, wanted)


def _open_head(file: Path, what: str) -> bytes:
    """Return the first four bytes, having refused what is not a readable file of fair size."""
    allowed = f"a CSV or Parquet file of one {what} an hour"
    if file.is_dir():
        refuse(file, given="a folder", allowed=allowed, cure="Name the file itself.")
    try:
        size = file.stat().st_size
        with file.open("rb") as handle:
            head = handle.read(4)
    except (OSError, ValueError) as reason:
        text = str(getattr(reason, "strerror", None) or reason)
        text = "no such file" if isinstance(reason, FileNotFoundError) else text
        refuse(file, given=text, allowed=allowed, cure="Check the path.")
    if size > MAX_BYTES:
        refuse(
            file,
            given=f"{size / 2**20:.0f} MiB",
            allowed=f"up to {MAX_BYTES // 2**20} MiB",
            cure=f"Keep only the time column and one {what} column.",
        )
    return head


def _pick_columns(file: Path, header: Sequence[str], wanted: _Wanted) -> tuple[int, int]:
    """Return the positions of the time and of the column wanted."""
    times = [i for i, h in enumerate(header) if words(h) & _TIME_WORDS]
    certain = [i for i in times if "utc" in words(header[i])]
    chosen = certain or times
    if len(chosen) != 1:
        refuse(
            file,
            at="header",
            given=f"{len(chosen)} time columns among {', '.join(header[:12])}",
            allowed="one time column, such as ts_utc",
            cure="Name the column of UTC interval starts ts_utc.",
        )
    # A column of marks, beside prices that `rerack data show --fill` filled, is no price.
    others = [i for i in range(len(header)) if i not in times and header[i] != "filled"]
    column = wanted.column
    if column is not None:
        if header.count(column) != 1:
            refuse(
                file,
                at="header",
                given=f"column {column!r}, which occurs {header.count(column)} times",
                allowed=", ".join(header[i] for i in others[:40]),
                cure="Name one of these columns.",
            )
        return chosen[0], header.index(column)
    if header.count(wanted.usual) == 1:
        return chosen[0], header.index(wanted.usual)
    if len(others) != 1:
        names = ", ".join(header[i] for i in others[:12])
        refuse(
            file,
            at="header",
            given=f"{len(others)} {wanted.what} columns: {names}",
            allowed="one, or the name of the one to use",
            cure="Say which (--column, --load-column or --weather-column on the command line).",
        )
    return chosen[0], others[0]


def _read_csv(file: Path, wanted: _Wanted) -> FileColumn:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as reason:
        refuse(file, given=f"bytes that are not text ({reason.reason})", allowed="CSV in UTF-8")
    if "\0" in text:
        refuse(file, given="binary content", allowed="CSV in UTF-8, or Parquet")
    comments, body = _without_comments(text)
    hours: list[int] = []
    values: list[float] = []
    try:
        rows = csv.reader(io.StringIO(body), strict=True)
        header = [h.strip() for h in next(rows, [])]
        time_at, value_at = _pick_columns(file, header, wanted)
        says_utc = "utc" in words(header[time_at])
        for number, row in enumerate(rows, start=2 + comments):
            if number > MAX_ROWS + 1 + comments:
                refuse(file, given=f"over {MAX_ROWS} rows", allowed=f"up to {MAX_ROWS} rows")
            if len(row) != len(header):
                refuse(
                    file,
                    at=f"row {number}",
                    given=f"{len(row)} cells",
                    allowed=f"{len(header)} cells, as in the header",
                )
            hours.append(_parse_quarter(file, number, row[time_at].strip(), says_utc))
            values.append(_parse_number(file, number, row[value_at].strip(), header[value_at]))
    except csv.Error as reason:
        refuse(file, given=f"broken CSV: {reason}", allowed="comma-separated rows")
    if not hours:
        refuse(file, given="no rows", allowed="a header and one row an interval")
    return FileColumn(
        file=file,
        name=header[value_at],
        what=wanted.what,
        quarters=np.asarray(hours, dtype=np.int64),
        values=np.asarray(values),
        first_row=2 + comments,
    )


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
        refuse(
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
        refuse(
            file,
            at=f"row {number}",
            given=f"timestamp {text!r}",
            allowed="whole hours or quarter-hours",
            cure="Average shorter intervals first.",
        )
    return int(quarter)


def _refuse_local(file: Path, at: str, text: str) -> NoReturn:
    refuse(
        file,
        at=at,
        given=f"timestamp {text!r} without a zone, in a column not named UTC",
        allowed="UTC (a column named ts_utc), or timestamps with their offset",
        cure="Local hours repeat and skip at clock changes: convert them to UTC.",
    )


def _parse_number(file: Path, number: int, text: str, name: str) -> float:
    try:
        # Python reads 4_2 as 42; a spreadsheet means something else, or is broken.
        if "_" in text:
            raise ValueError(text)
        return float(text) if text else float("nan")
    except ValueError:
        refuse(
            file,
            at=f"row {number}",
            given=f"{text!r} in {name!r}",
            allowed="a plain number with a decimal point",
        )


def _read_parquet(file: Path, wanted: _Wanted) -> FileColumn:
    import duckdb

    source = "read_parquet(?)"
    # A path is data, not a pattern: duckdb would expand these.
    if any(sign in str(file) for sign in "*?["):
        refuse(file, given="* ? or [ in the path", allowed="a plain path", cure="Rename the file.")
    with duckdb.connect() as link:
        try:
            described = link.execute(f"DESCRIBE SELECT * FROM {source}", [str(file)]).fetchall()
            header = [str(row[0]) for row in described]
            time_at, value_at = _pick_columns(file, header, wanted)
            kind = str(described[time_at][1])
            if not kind.startswith("TIMESTAMP"):
                refuse(file, at=f"column {header[time_at]!r}", given=kind, allowed="TIMESTAMP")
            if "TIME ZONE" not in kind and "TZ" not in kind and "utc" not in words(header[time_at]):
                _refuse_local(file, f"column {header[time_at]!r}", kind)
            # Nanoseconds have no epoch in duckdb; intervals are told apart by far less.
            kind_us = "TIMESTAMPTZ" if "TZ" in kind or "TIME ZONE" in kind else "TIMESTAMP"
            names = ['"' + header[i].replace('"', '""') + '"' for i in (time_at, value_at)]
            query = (
                f"SELECT epoch_us(CAST({names[0]} AS {kind_us})) AS moment, "
                f"CAST({names[1]} AS DOUBLE) AS number "
                f"FROM {source} LIMIT {MAX_ROWS + 1}"
            )
            table = link.execute(query, [str(file)]).fetchnumpy()
        except duckdb.Error as reason:
            first = str(reason).splitlines()[0]
            refuse(file, given=f"unreadable Parquet: {first}", allowed="a whole Parquet file")
    moments = np.ma.asarray(table["moment"])
    values = np.ma.filled(np.ma.asarray(table["number"], dtype=np.float64), np.nan)
    if not 1 <= len(values) <= MAX_ROWS:
        refuse(file, given=f"{len(values)} rows", allowed=f"1 to {MAX_ROWS} rows")
    uneven = np.flatnonzero(np.ma.getmaskarray(moments) | (moments.filled(1) % 900_000_000 != 0))
    if uneven.size:
        refuse(
            file,
            at=f"row {uneven[0] + 1}",
            given="no whole quarter-hour",
            allowed="whole hours or quarter-hours",
        )
    quarters: IntArray = moments.filled(0).astype(np.int64) // 900_000_000
    return FileColumn(
        file=file,
        name=header[value_at],
        what=wanted.what,
        quarters=quarters,
        values=values,
        first_row=1,
    )
