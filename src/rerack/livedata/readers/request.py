"""What every reader is given, and how it refuses an answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rerack.livedata.catalogue import SeriesSpec, Source
from rerack.livedata.client import Client


@dataclass(frozen=True, kw_only=True)
class Request:
    """One series over one window, and the means to ask for it.

    Parameters
    ----------
    spec : SeriesSpec
        The series.
    source : Source
        Its source.
    client : Client
        Connection to the source.
    start : numpy.datetime64
        First moment wanted, UTC.
    now : numpy.datetime64
        The moment of the request, UTC.
    secrets : mapping
        Credentials by environment variable.
    login : Client or None
        Connection to the place that gives tokens, where there is one.
    """

    spec: SeriesSpec
    source: Source
    client: Client
    start: np.datetime64
    now: np.datetime64
    secrets: Mapping[str, str] = field(default_factory=dict)
    login: Client | None = None


def part(client: Client, body: Any, *path: str) -> Any:
    """Return what lies at a path of a JSON answer, or refuse the answer by that path."""
    found = body
    for key in path:
        if not isinstance(found, dict) or key not in found:
            raise client.failed(f"an answer without {'.'.join(path)}")
        found = found[key]
    return found


def rows_of(client: Client, body: Any, *path: str) -> list[Any]:
    """Return the list at a path of a JSON answer."""
    found = part(client, body, *path)
    if not isinstance(found, list):
        raise client.failed(f"{'.'.join(path)} that is no list")
    return found


def number_of(client: Client, value: Any, what: str) -> float:
    """Return a finite number given as a JSON number or as its text."""
    try:
        number = math.nan if isinstance(value, bool | None) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise client.failed(f"{what} {value!r}, which is no number")
    return number


def moment_of(client: Client, text: Any, what: str) -> np.datetime64:
    """Return an ISO moment that says UTC or a plain date, as datetime64[s]."""
    try:
        if not isinstance(text, str) or "+" in text:
            raise ValueError(text)
        moment = np.datetime64(text.removesuffix("Z"), "s")
        if np.isnat(moment):
            raise ValueError(text)
    except ValueError:
        raise client.failed(f"{what} {text!r}, which is no UTC time") from None
    return moment
