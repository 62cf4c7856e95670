"""Coin Metrics community API v4: one metric of Bitcoin by day, page after page."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.livedata.observations import TimeArray
from rerack.livedata.readers.request import Request, moment_of, number_of, part, rows_of

_PAGE = 10_000
_MOST_PAGES = 20


def read(request: Request) -> tuple[TimeArray, FloatArray]:
    """Return days and values; a day whose metric is null is missing."""
    client, spec = request.client, request.spec
    metric = spec.query["metric"]
    query = {
        "assets": spec.query["asset"],
        "metrics": metric,
        "frequency": "1d",
        "start_time": str(request.start.astype("datetime64[D]")),
        "page_size": str(_PAGE),
        "paging_from": "start",
    }
    times: list[np.datetime64] = []
    values: list[float] = []
    for _ in range(_MOST_PAGES):
        body = client.get_json("/timeseries/asset-metrics", query=query)
        for row in rows_of(client, body, "data"):
            if part(client, row, "asset") != spec.query["asset"]:
                raise client.failed(f"a row of asset {row['asset']!r}")
            moment = moment_of(client, part(client, row, "time"), "time")
            if row.get(metric) is not None:
                times.append(moment)
                values.append(number_of(client, row[metric], metric) * spec.query["factor"])
        token = body.get("next_page_token")
        if not token:
            return np.array(times, dtype="datetime64[s]"), np.array(values, dtype=np.float64)
        # The token goes back to the address asked, whatever host next_page_url names.
        query = {**query, "next_page_token": str(token)}
    raise client.failed(f"more than {_MOST_PAGES} pages")
