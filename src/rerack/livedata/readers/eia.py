"""US Energy Information Administration, API v2: a monthly series, 5,000 rows an answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray
from rerack.livedata.observations import TimeArray
from rerack.livedata.readers.request import Request, moment_of, number_of, part, rows_of

_PAGE = 5_000
_MOST_PAGES = 40


def read(request: Request) -> tuple[TimeArray, FloatArray]:
    """Return months and values; a month without a value is missing."""
    client, query = request.client, request.spec.query
    asked = _asked(request)
    times: list[np.datetime64] = []
    values: list[float] = []
    seen = 0
    for _ in range(_MOST_PAGES):
        body = client.get_json(f"/{query['route']}", query={**asked, "offset": str(seen)})
        rows = rows_of(client, body, "response", "data")
        for row in rows:
            _check(request, row)
            moment = moment_of(client, part(client, row, "period"), "period")
            given = part(client, row, query["column"])
            if given is not None:
                times.append(moment)
                values.append(number_of(client, given, query["column"]) * query["factor"])
        seen += len(rows)
        total = number_of(client, part(client, body, "response", "total"), "total")
        if seen >= total:
            return np.array(times, dtype="datetime64[s]"), np.array(values, dtype=np.float64)
        if not rows:
            raise client.failed(f"{seen} rows of {total:.0f}, then none")
    raise client.failed(f"more than {_MOST_PAGES} pages")


def _asked(request: Request) -> dict[str, str]:
    query = request.spec.query
    (key_name,) = request.source.credentials
    return {
        "api_key": request.secrets[key_name],
        "frequency": query["frequency"],
        "data[0]": query["column"],
        "start": str(request.start.astype("datetime64[M]")),
        "sort[0][column]": "period",
        "sort[0][direction]": "asc",
        "length": str(_PAGE),
        **{f"facets[{name}][]": value for name, value in query["facets"].items()},
    }


def _check(request: Request, row: Any) -> None:
    """Refuse a row in another unit or of another place."""
    client, query = request.client, request.spec.query
    if not isinstance(row, dict):
        raise client.failed("a row that is no object")
    unit = row.get(f"{query['column']}-units", row.get("units"))
    if unit != query["stated_unit"]:
        raise client.failed(f"unit {unit!r} where {query['stated_unit']!r} was known")
    for name, value in query["facets"].items():
        if row.get(name) != value:
            raise client.failed(f"a row of {name} {row.get(name)!r}")
