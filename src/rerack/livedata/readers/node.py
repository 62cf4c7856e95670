"""A Bitcoin node of your own, by JSON-RPC: blocks of whole days, told by the headers' times."""

from __future__ import annotations

from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.livedata.observations import TimeArray
from rerack.livedata.readers.request import Request, number_of, part

#: Calls in one batch.
BATCH = 100
_HASHES_PER_DIFFICULTY = 2.0**32
_SAT = 1e-8


def read(request: Request) -> tuple[TimeArray, FloatArray]:
    """Return days and values since the start of the request.

    Notes
    -----
    Hashrate of a day is the expected work of its blocks, ``sum(difficulty) 2**32 / 86,400 s``;
    with 144 blocks its error is 8 %. The day of the tip's median time is not whole yet and is left
    out. A day without a block has no hashrate and no difficulty: that is a gap.
    """
    height, last = _tip(request)
    first = request.start.astype("datetime64[D]")
    days = np.arange(first, last)
    want_fees = request.spec.name == "node_fees"
    times, values = _walk(request, height, first, fees=want_fees)
    place = times.astype("datetime64[s]").astype("datetime64[D]")
    sums = np.array([values[place == day].sum() for day in days])
    counts = np.array([(place == day).sum() for day in days], dtype=np.float64)
    if want_fees or request.spec.name == "node_blocks":
        return days.astype("datetime64[s]"), sums * _SAT if want_fees else counts
    found = counts > 0
    if request.spec.name == "node_difficulty":
        per_day = sums[found] / counts[found]
    else:
        per_day = sums[found] * _HASHES_PER_DIFFICULTY / 86_400.0 / 1e18
    return days[found].astype("datetime64[s]"), per_day


def call(request: Request, calls: list[tuple[str, list[Any]]]) -> list[Any]:
    """Return the results of a batch of calls, in order; any error of the node is refused."""
    client = request.client
    body = [
        {"jsonrpc": "1.0", "id": i, "method": method, "params": params}
        for i, (method, params) in enumerate(calls)
    ]
    user, password = (request.secrets.get(name, "") for name in request.source.credentials)
    answer = client.post_json("/", body=body, credentials=(user, password))
    if not isinstance(answer, list) or len(answer) != len(calls):
        raise client.failed(f"no batch of {len(calls)} results")
    by_id = {r.get("id"): r for r in answer if isinstance(r, dict)}
    results = []
    for i, (method, _) in enumerate(calls):
        error = part(client, by_id.get(i), "error")
        if error is not None:
            said = error.get("message") if isinstance(error, dict) else error
            raise client.failed(f"{method}: {said}")
        results.append(part(client, by_id[i], "result"))
    return results


def _tip(request: Request) -> tuple[int, np.datetime64]:
    """Return the tip's height and the first day that is not whole yet."""
    client = request.client
    (info,) = call(request, [("getblockchaininfo", [])])
    blocks = int(number_of(client, part(client, info, "blocks"), "blocks"))
    headers = int(number_of(client, part(client, info, "headers"), "headers"))
    if part(client, info, "initialblockdownload") is not False or blocks < headers:
        raise client.failed(f"a node that is still catching up ({blocks} of {headers} blocks)")
    median = int(number_of(client, part(client, info, "mediantime"), "mediantime"))
    return blocks, np.datetime64(median, "s").astype("datetime64[D]")


def _walk(
    request: Request, height: int, first: np.datetime64, *, fees: bool
) -> tuple[IntArray, FloatArray]:
    """Return times [s] and difficulties or fees [sat] of the blocks since `first`, from the tip."""
    # A header's time may lie two hours before its parent's: walk a little further.
    enough = int(first.astype("datetime64[s]").astype(np.int64)) - 4 * 3600
    times: list[int] = []
    values: list[float] = []
    top = height
    while top >= 0:
        heights = range(top, max(top - BATCH, -1), -1)
        rows = _fee_rows(request, heights) if fees else _header_rows(request, heights)
        times += [t for t, _ in rows]
        values += [v for _, v in rows]
        top -= BATCH
        if max(t for t, _ in rows) < enough:
            break
    return np.asarray(times, dtype=np.int64), np.asarray(values, dtype=np.float64)


def _header_rows(request: Request, heights: range) -> list[tuple[int, float]]:
    hashes = call(request, [("getblockhash", [h]) for h in heights])
    rows = call(request, [("getblockheader", [name]) for name in hashes])
    return [_row(request, row, "difficulty") for row in rows]


def _fee_rows(request: Request, heights: range) -> list[tuple[int, float]]:
    # The genesis block has no statistics; it has no fees either.
    known = [h for h in heights if h > 0]
    wanted = ["time", "totalfee"]
    rows = call(request, [("getblockstats", [h, wanted]) for h in known]) if known else []
    return [_row(request, row, "totalfee") for row in rows] or [(0, 0.0)]


def _row(request: Request, row: Any, key: str) -> tuple[int, float]:
    client = request.client
    moment = number_of(client, part(client, row, "time"), "time")
    return int(moment), number_of(client, part(client, row, key), key)
