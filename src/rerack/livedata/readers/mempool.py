"""A mempool server's REST interface: hashrate by day, and what the tip says now."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.livedata.observations import TimeArray
from rerack.livedata.readers.request import Request, number_of, part, rows_of


def read(request: Request) -> tuple[TimeArray, FloatArray]:
    """Return days and hashrates [EH/s], or one snapshot at the moment of the request."""
    client, query = request.client, request.spec.query
    body = client.get_json(query["path"])
    if query["kind"] == "hashrate":
        return _daily(request, body)
    given = body if query["kind"] == "plain" else part(client, body, query["field"])
    value = number_of(client, given, query.get("field", "tip height"))
    return np.array([request.now], dtype="datetime64[s]"), np.array([value])


def _daily(request: Request, body: object) -> tuple[TimeArray, FloatArray]:
    client = request.client
    rows = rows_of(client, body, "hashrates")
    moments = [number_of(client, part(client, r, "timestamp"), "timestamp") for r in rows]
    rates = [number_of(client, part(client, r, "avgHashrate"), "avgHashrate") for r in rows]
    times = np.asarray(moments, dtype=np.int64).astype("datetime64[s]")
    days = times.astype("datetime64[D]")
    whole = (days < request.now.astype("datetime64[D]")) & (days >= request.start)
    return days[whole].astype("datetime64[s]"), np.asarray(rates)[whole] / 1e18
