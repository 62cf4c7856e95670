"""What can be fetched: series and their sources, as dated facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from rerack.base.checks import require
from rerack.base.errors import InputError

#: Lengths between two observations; a snapshot is worth what it was when it was taken.
STEPS = ("hour", "day", "month", "snapshot")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Who gives a series, on what terms.

    Parameters
    ----------
    name : str
        Short name.
    title : str
        What people call it.
    address : str
        Default address; empty for files.
    address_variable : str
        Environment variable that names another address.
    credentials : tuple of str
        Environment variables that hold user names, passwords or keys; never stored.
    credentials_needed : bool
        Whether nothing is answered without them.
    licence : str
        Terms of use, in one line.
    limits : str
        Limits that the source states.
    requests_per_minute : float
        Rate kept by rerack.
    documentation : str
        Where the format is written down.
    as_of : str
        Date of the facts above.
    status : str
        How far they were checked: ``verified`` against the real thing, or ``secondary``.
    login_address, login_address_variable, login_client : str
        Where a token is given, and the public client id it is asked with; empty where none.
    """

    name: str
    title: str
    address: str
    address_variable: str
    credentials: tuple[str, ...]
    credentials_needed: bool
    licence: str
    limits: str
    requests_per_minute: float
    documentation: str
    as_of: str
    status: str
    login_address: str = ""
    login_address_variable: str = ""
    login_client: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "credentials", tuple(self.credentials))


@dataclass(frozen=True, kw_only=True)
class SeriesSpec:
    """One series: what it is, and what would be wrong with it.

    Parameters
    ----------
    name : str
        Name, as the command line takes it.
    source : str
        Name of its source.
    summary : str
        What it is, in one line.
    unit : str
        Unit of its values.
    step : str
        ``hour``, ``day``, ``month`` or ``snapshot``.
    first : str
        Earliest date that is asked for, ISO.
    least, most : float
        Values beyond these are refused: a changed unit shows here.
    fresh_hours : float
        Age of the last observation's start beyond which the series is stale [h].
    update_hours : float
        How often the source updates [h]; a fetch older than twice that is stale.
    query : mapping
        What the reader asks for.
    """

    name: str
    source: str
    summary: str
    unit: str
    step: str
    first: str
    least: float
    most: float
    fresh_hours: float
    update_hours: float
    query: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(self.step in STEPS, f"{self.name}.step", given=self.step, allowed=", ".join(STEPS))
        object.__setattr__(self, "query", MappingProxyType(dict(self.query)))


@cache
def sources() -> Mapping[str, Source]:
    """Return the sources by name, read once.

    Examples
    --------
    >>> sources()["coinmetrics"].licence[:12]
    'CC BY-NC 4.0'
    """
    return MappingProxyType({n: Source(name=n, **body) for n, body in _facts("sources").items()})


@cache
def series_specs() -> Mapping[str, SeriesSpec]:
    """Return the series that can be fetched, by name, read once.

    Examples
    --------
    >>> series_specs()["ercot_north"].unit
    'USD/MWh'
    """
    return MappingProxyType({n: SeriesSpec(name=n, **body) for n, body in _facts("series").items()})


def spec_of(name: str) -> SeriesSpec:
    """Return a series by name; an unknown one is refused with the names there are."""
    if name not in series_specs():
        raise InputError.of(
            "series",
            given=repr(name),
            allowed=", ".join(series_specs()),
            cure="Name one of them, or bring in a file of your own with `rerack data import`.",
        )
    return series_specs()[name]


def _facts(name: str) -> dict[str, dict[str, Any]]:
    text = files("rerack.livedata").joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    body: dict[str, dict[str, Any]] = json.loads(text)
    return body
