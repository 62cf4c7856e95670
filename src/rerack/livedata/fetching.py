"""Fetch a series and merge it into the cache; bring in files of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from rerack.base.errors import DataError, InputError, SourceError
from rerack.livedata import cache
from rerack.livedata.cache import Record
from rerack.livedata.catalogue import SeriesSpec, Source, sources, spec_of
from rerack.livedata.client import Client, Limits
from rerack.livedata.observations import Observations, checked, merged
from rerack.livedata.readers.request import Request

#: Days asked again before the last one kept: sources revise their newest values.
OVERLAP_DAYS = 7
#: Days of a first fetch from a node, which needs 288 calls a day.
NODE_DAYS = 35


@dataclass(frozen=True, kw_only=True, eq=False)
class Updated:
    """What an update did.

    Parameters
    ----------
    record : Record
        Facts of the series as it is now kept.
    seen : Observations
        All of it.
    added, revised : int
        Times that are new, and earlier values that changed.
    """

    record: Record
    seen: Observations
    added: int
    revised: int


def update(
    name: str,
    folder: Path,
    *,
    now: np.datetime64,
    environment: Mapping[str, str],
    start: np.datetime64 | None = None,
    limits: Limits | None = None,
    **timing: Any,
) -> Updated:
    """Fetch a series and merge it into the cache.

    Parameters
    ----------
    name : str
        A series of the catalogue.
    folder : Path
        The cache.
    now : numpy.datetime64
        The moment, UTC.
    environment : mapping
        Environment variables: addresses and credentials.
    start : numpy.datetime64 or None
        First day wanted; None goes on from what is kept, or takes the series' first day.
    limits : Limits or None
        Bounds on waiting, tries and size.
    **timing
        ``sleep``, ``clock`` and ``draw`` of the client.

    Raises
    ------
    SourceError
        The source did not answer, or wrongly; what was kept is unchanged.
    InputError
        A credential or the package httpx is missing.
    """
    spec = spec_of(name)
    source = sources()[spec.source]
    secrets = _secrets(spec, source, environment)
    address = environment.get(source.address_variable) or source.address
    given: dict[str, Any] = {
        "limits": limits or Limits(),
        "requests_per_minute": source.requests_per_minute,
        "secrets": tuple(v for v in secrets.values() if v),
        **timing,
    }
    with cache.held(folder, name):
        before = _kept(folder, name)
        first = start if start is not None else _first(spec, before, now)
        with (
            Client(source=source.name, address=address, **given) as client,
            _login(source, environment, given) as login,
        ):
            request = Request(
                spec=spec,
                source=source,
                client=client,
                start=first.astype("datetime64[D]").astype("datetime64[s]"),
                now=now.astype("datetime64[s]"),
                secrets=secrets,
                login=login,
            )
            read = import_module(f"rerack.livedata.readers.{source.name}").read
            fetched = checked(spec, *read(request))
        if not len(fetched):
            raise SourceError(
                f"{name} ({source.name}): nothing since {first}. What was cached is unchanged; "
                "ask from an earlier day with --from, or later."
            )
        seen, revised = merged(before, fetched)
        record = _record(spec, source, urlsplit(address).netloc, now, revised)
        cache.write(folder, record, seen)
    added = len(seen) - (0 if before is None else len(before))
    return Updated(record=record, seen=seen, added=added, revised=revised)


def bring_in(
    name: str,
    path: Path,
    folder: Path,
    *,
    now: np.datetime64,
    column: str | None = None,
    unit: str = "USD/MWh",
    sheet: str | None = None,
    licence: str = "",
) -> Updated:
    """Keep a file of one's own as a series: hourly prices, or one curve of a spreadsheet.

    Parameters
    ----------
    name : str
        Name of the series; not one of the catalogue.
    path : Path
        CSV or Parquet of hours, or an .xlsx of months.
    folder : Path
        The cache.
    now : numpy.datetime64
        The moment, UTC.
    column, unit, sheet : str or None
        Where the prices are and in what unit.
    licence : str
        Terms of use; empty says "as you hold it".
    """
    from rerack.livedata.catalogue import series_specs
    from rerack.livedata.readers import own_file

    if name in series_specs():
        raise InputError.of(
            "name", given=repr(name), allowed="a name of your own", cure="Choose another name."
        )
    curve = path.suffix.lower() == ".xlsx"
    if curve:
        read = own_file.read_curve(path, sheet=sheet, column=column, unit=unit)
    else:
        read = own_file.read_hourly(path, column=column, unit=unit)
    source = sources()["curve" if curve else "file"]
    spec = SeriesSpec(
        name=name,
        source=source.name,
        summary=f"your own {'curve' if curve else 'prices'}",
        unit="USD/MWh",
        step="month" if curve else "hour",
        first="1990-01-01",
        least=-20_000.0,
        most=20_000.0,
        fresh_hours=30.0 * 24 if curve else 48.0,
        update_hours=720.0 if curve else 24.0,
    )
    try:
        seen = checked(spec, *read)
    except SourceError as reason:
        raise DataError.of(
            str(path), given=str(reason), allowed="rising times", cure="Correct the file."
        ) from None
    with cache.held(folder, name):
        facts = _record(spec, source, path.name, now, 0)
        record = Record(**{**vars(facts), "licence": licence or source.licence})
        cache.write(folder, record, seen)
    return Updated(record=record, seen=seen, added=len(seen), revised=0)


def _secrets(spec: SeriesSpec, source: Source, environment: Mapping[str, str]) -> dict[str, str]:
    absent = [name for name in source.credentials if not environment.get(name)]
    if source.credentials_needed and absent:
        raise InputError.of(
            spec.name,
            given=f"no {' and no '.join(absent)} in the environment",
            allowed=f"the credentials of {source.title}",
            cure="Set them in the environment; rerack neither stores nor prints them.",
        )
    return {name: environment.get(name, "") for name in source.credentials}


def _login(
    source: Source, environment: Mapping[str, str], given: dict[str, Any]
) -> AbstractContextManager[Client | None]:
    """Return the connection that asks for tokens, where the source has one."""
    if not source.login_address:
        return nullcontext()
    address = environment.get(source.login_address_variable) or source.login_address
    return Client(source=f"{source.name} login", address=address, **given)


def _kept(folder: Path, name: str) -> Observations | None:
    if not cache.path_of(folder, name).exists():
        return None
    return cache.read(folder, name)[1]


def _first(spec: SeriesSpec, before: Observations | None, now: np.datetime64) -> np.datetime64:
    if before is not None and len(before):
        back = np.timedelta64(OVERLAP_DAYS if spec.step != "month" else 400, "D")
        last: np.datetime64 = before.times[-1]
        return last - back
    if spec.source == "node":
        return now - np.timedelta64(NODE_DAYS, "D")
    return np.datetime64(spec.first, "D")


def _record(
    spec: SeriesSpec, source: Source, origin: str, now: np.datetime64, revised: int
) -> Record:
    return Record(
        name=spec.name,
        unit=spec.unit,
        step=spec.step,
        summary=spec.summary,
        source=source.name,
        origin=origin.rpartition("@")[2],
        licence=source.licence,
        fetched_at=f"{now.astype('datetime64[s]')}",
        fresh_hours=spec.fresh_hours,
        update_hours=spec.update_hours,
        revised=revised,
    )
