"""ERCOT's public API: day-ahead settlement point prices, hour-ending in Texas' clock time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from rerack.base.checks import FloatArray
from rerack.livedata.observations import TimeArray
from rerack.livedata.readers.request import Request, number_of, part, rows_of

_FIELDS: Final = ("deliveryDate", "hourEnding", "settlementPoint", "settlementPointPrice")
_ZONE: Final = ZoneInfo("America/Chicago")
_PAGE: Final = 10_000
_MOST_PAGES: Final = 100


def read(request: Request) -> tuple[TimeArray, FloatArray]:
    """Return interval starts (UTC) and prices.

    Notes
    -----
    An hour ending 01:00 starts at midnight, Central Prevailing Time. When clocks go back, the hour
    that starts at 01:00 comes twice and ``DSTFlag`` marks the second; when they go forward, the
    hour that starts at 02:00 is absent.
    """
    client, spec = request.client, request.spec
    headers = _headers(request)
    zone_days = (request.start, request.now + np.timedelta64(2, "D"))
    query = {
        "deliveryDateFrom": str((zone_days[0] - np.timedelta64(1, "D")).astype("datetime64[D]")),
        "deliveryDateTo": str(zone_days[1].astype("datetime64[D]")),
        "settlementPoint": spec.query["point"],
        "size": str(_PAGE),
    }
    seen: list[tuple[np.datetime64, float]] = []
    for page in range(1, _MOST_PAGES + 1):
        asked = {**query, "page": str(page)}
        body = client.get_json(f"/{spec.query['report']}", query=asked, headers=headers)
        columns = _columns(request, body)
        seen += [_row(request, row, columns) for row in rows_of(client, body, "data")]
        pages = number_of(client, part(client, body, "_meta", "totalPages"), "totalPages")
        if page >= pages:
            break
    else:
        raise client.failed(f"more than {_MOST_PAGES} pages")
    # The interface promises no order of rows; repeats are refused later.
    seen.sort(key=lambda row: row[0])
    times = np.array([t for t, _ in seen], dtype="datetime64[s]")
    values = np.array([v for _, v in seen], dtype=np.float64)
    kept = times >= request.start
    return times[kept], values[kept]


def _headers(request: Request) -> dict[str, str]:
    """Ask for a token and return the headers of a request."""
    key, user, password = (request.secrets[name] for name in request.source.credentials)
    client_id = request.source.login_client
    login = request.login
    assert login is not None, "the source names where tokens are given"
    answer = login.post_form(
        "",
        {
            "username": user,
            "password": password,
            "grant_type": "password",
            "scope": f"openid {client_id} offline_access",
            "client_id": client_id,
            "response_type": "id_token",
        },
    )
    token = part(login, answer, "id_token")
    if not isinstance(token, str) or not token:
        raise login.failed("an empty id_token")
    request.client.secrets = (*request.client.secrets, token)
    return {"authorization": f"Bearer {token}", "ocp-apim-subscription-key": key}


def _columns(request: Request, body: Any) -> dict[str, int]:
    client = request.client
    names = [part(client, f, "name") for f in rows_of(client, body, "fields")]
    absent = [name for name in _FIELDS if name not in names]
    if absent:
        raise client.failed(f"an answer without the field {', '.join(absent)}")
    return {name: i for i, name in enumerate(names)}


def _row(request: Request, row: Any, columns: dict[str, int]) -> tuple[np.datetime64, float]:
    client = request.client
    if not isinstance(row, list) or len(row) != len(columns):
        raise client.failed(f"a row of other than {len(columns)} cells")
    day, ending, point, price = (row[columns[name]] for name in _FIELDS)
    if point != request.spec.query["point"]:
        raise client.failed(f"a row of settlement point {point!r}")
    again = "DSTFlag" in columns and row[columns["DSTFlag"]] is True
    start = _utc(request, day, ending, again=again)
    return start, number_of(client, price, "settlementPointPrice")


def _utc(request: Request, day: Any, ending: Any, *, again: bool) -> np.datetime64:
    """Return the start of an hour in UTC."""
    try:
        hour = int(str(ending).split(":", maxsplit=1)[0])
        midnight = datetime.combine(date.fromisoformat(str(day)), datetime.min.time())
        if not 1 <= hour <= 24:
            raise ValueError(ending)
    except ValueError:
        raise request.client.failed(f"delivery {day!r} hour {ending!r}") from None
    local = (midnight + timedelta(hours=hour - 1)).replace(tzinfo=_ZONE, fold=int(again))
    offset = local.utcoffset()
    assert offset is not None
    return np.datetime64(local.replace(tzinfo=None) - offset, "s")
