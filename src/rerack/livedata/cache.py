"""The cache: one file a series, written aside and renamed, checked by its checksum when read.

A file is a CSV with one comment line before it, so it is a price file too: other commands read it
as it stands.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from rerack.base.errors import DataError, InputError, StoreError
from rerack.livedata.catalogue import SeriesSpec, series_specs
from rerack.livedata.observations import Observations

_MARK = "# rerack-data "
_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is known about a cached series beside its values.

    Parameters
    ----------
    name, unit, step, summary : str
        As in the catalogue of series.
    source : str
        Source by name.
    origin : str
        Host or file that it came from.
    licence : str
        Terms of use, as of the fetch.
    fetched_at : str
        Moment of the last fetch, ISO, UTC.
    fresh_hours, update_hours : float
        When it grows stale, and how often the source updates [h].
    revised : int
        Earlier values that the last fetch changed.
    """

    name: str
    unit: str
    step: str
    summary: str
    source: str
    origin: str
    licence: str
    fetched_at: str
    fresh_hours: float
    update_hours: float
    revised: int = 0


def column_of(record: Record) -> str:
    """Return the name of the value column: kind and unit, as the other files have it."""
    kind = "price_" if "USD" in record.unit or "EUR" in record.unit else ""
    unit = record.unit.lower().replace("/", "_per_").replace("%", "percent")
    return kind + re.sub(r"[^a-z0-9_]+", "_", unit)


def path_of(folder: Path, name: str) -> Path:
    """Return the file of a series; a name that is no plain word is refused."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name):
        raise InputError.of(
            "series",
            given=repr(name),
            allowed="small letters, digits and _, a letter first",
            cure="Choose such a name.",
        )
    return folder / f"{name}.csv"


def write(folder: Path, record: Record, seen: Observations) -> Path:
    """Write a series aside, flush it to the disk and rename it over what was there.

    Parameters
    ----------
    folder : Path
        The cache; made if absent.
    record : Record
        Facts.
    seen : Observations
        All observations, the earlier ones included.
    """
    path = path_of(folder, record.name)
    body = _body(record, seen)
    facts = {"format": _FORMAT, **asdict(record), "rows": len(seen)}
    head = {**facts, "sha256": _digest(facts, body)}
    text = _MARK + json.dumps(head, sort_keys=True) + "\n" + body
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=folder, prefix=f".{record.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            Path(aside).chmod(0o644)
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(
            f"{path}: cannot write ({error.strerror}). What was there is unchanged. "
            "Free some space or choose another --folder."
        ) from error
    return path


def read(folder: Path, name: str) -> tuple[Record, Observations]:
    """Return a cached series.

    Raises
    ------
    DataError
        It is not there, or its checksum does not agree: the message names file and cure.
    """
    path = path_of(folder, name)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError.of(
            str(path),
            given="no such series in the cache",
            allowed=", ".join(names(folder)) or "a series that was fetched",
            cure=f"Fetch it with `rerack data update {name}`.",
        ) from None
    except (OSError, UnicodeDecodeError) as reason:
        raise _damaged(path, str(reason)) from None
    first, _, body = text.partition("\n")
    try:
        head = json.loads(first.removeprefix(_MARK))
        stated = head.pop("sha256")
        if head["format"] != _FORMAT:
            raise ValueError(f"format {head['format']}")
        if stated != _digest(head, body):
            raise ValueError("the checksum does not agree with the content")
        rows = head.pop("rows")
        head.pop("format")
        record = Record(**head)
        seen = _parse(body)
        if rows != len(seen) or record.name != name:
            raise ValueError("other rows or another name than stated")
    except (ValueError, KeyError, TypeError, AttributeError) as reason:
        raise _damaged(path, str(reason)) from None
    return record, seen


def names(folder: Path) -> tuple[str, ...]:
    """Return the names of the series in a cache, sorted."""
    return tuple(sorted(p.stem for p in folder.glob("*.csv") if _is_ours(p)))


@contextmanager
def held(folder: Path, name: str) -> Iterator[None]:
    """Hold a series, so that two processes do not merge into it at once."""
    path_of(folder, name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / f".{name}.lock").open("w")
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot write ({error.strerror}). Choose another --folder."
        ) from error
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def spec_of_record(record: Record) -> SeriesSpec:
    """Return the catalogue's series, or what a record says of one's own."""
    if record.name in series_specs():
        return series_specs()[record.name]
    return SeriesSpec(
        name=record.name,
        source=record.source,
        summary=record.summary,
        unit=record.unit,
        step=record.step,
        first="1990-01-01",
        least=float("-inf"),
        most=float("inf"),
        fresh_hours=record.fresh_hours,
        update_hours=record.update_hours,
    )


def stated_name(path: Path) -> str:
    """Return the series that a file says it holds; empty where it is no file of a cache."""
    if not _is_ours(path):
        return ""
    try:
        with path.open(encoding="utf-8") as stream:
            head = json.loads(stream.readline().removeprefix(_MARK))
        return str(head.get("name", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(len(_MARK)) == _MARK.encode()
    except OSError:
        return False


def _body(record: Record, seen: Observations) -> str:
    marked = bool(seen.filled.any())
    lines = [f"ts_utc,{column_of(record)}" + (",filled" if marked else "")]
    for time, value, made_up in zip(seen.times, seen.values, seen.filled, strict=True):
        lines.append(f"{time}Z,{float(value)!r}" + (f",{int(made_up)}" if marked else ""))
    return "\n".join(lines) + "\n"


def text_of(record: Record, seen: Observations) -> str:
    """Return a series as CSV without its comment line, filled values marked."""
    return _body(record, seen)


def _parse(body: str) -> Observations:
    rows = [line.split(",") for line in body.splitlines()[1:]]
    times = np.array([row[0].removesuffix("Z") for row in rows], dtype="datetime64[s]")
    filled = np.array([len(row) > 2 and row[2] == "1" for row in rows], dtype=np.bool_)
    return Observations(
        times=times, values=np.array([float(row[1]) for row in rows]), filled=filled
    )


def _digest(facts: dict[str, object], body: str) -> str:
    text = json.dumps(facts, sort_keys=True) + "\n" + body
    return hashlib.sha256(text.encode()).hexdigest()


def _damaged(path: Path, reason: str) -> InputError:
    return DataError.of(
        str(path),
        given=f"a damaged or edited file ({reason})",
        allowed="a file as `rerack data update` writes it",
        cure=f"Delete it and run `rerack data update {path.stem}` (or import it again).",
    )
