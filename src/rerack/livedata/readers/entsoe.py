"""ENTSO-E's transparency platform: day-ahead prices of a bidding zone, as XML."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree

import numpy as np

from rerack.base.checks import FloatArray
from rerack.livedata.observations import TimeArray
from rerack.livedata.readers.request import Request, moment_of, number_of

_MINUTES: Final = {"PT15M": 15, "PT30M": 30, "PT60M": 60}
#: One answer covers a year at most.
_SPAN: Final = np.timedelta64(360, "D")


def read(request: Request) -> tuple[TimeArray, FloatArray]:
    """Return hours (UTC) and prices.

    Notes
    -----
    Quarter and half hours are averaged to hours, which are left out unless complete. In curve
    type A03 a position that is absent repeats the one before it: that is the format, not a fill.
    Where a zone has several auctions a day, the first (sequence 1) counts.
    An answer holds whole market days, which begin at local midnight: the one across the end of a
    request comes with the next request too, so each gives only what was asked of it.
    """
    end = (request.now + np.timedelta64(2, "D")).astype("datetime64[D]").astype("datetime64[s]")
    begin = request.start.astype("datetime64[D]").astype("datetime64[s]")
    points: dict[int, tuple[float, int]] = {}
    while begin < end:
        until = min(begin + _SPAN, end)
        first, after = (int(t.astype("datetime64[m]").astype(np.int64)) for t in (begin, until))
        for minute, price, length in _answer(request, begin, until):
            if not first <= minute < after:
                continue
            if minute in points:
                raise request.client.failed(f"two prices at {_label(minute)}")
            points[minute] = (price, length)
        begin = until
    return _hours(request, points)


def _answer(
    request: Request, begin: np.datetime64, until: np.datetime64
) -> list[tuple[int, float, int]]:
    """Return start [minute], price and length [minute] of every interval of one answer."""
    client = request.client
    (token_name,) = request.source.credentials
    body = client.fetch(
        "GET",
        "",
        query={
            "securityToken": request.secrets[token_name],
            "documentType": "A44",
            "in_Domain": request.spec.query["domain"],
            "out_Domain": request.spec.query["domain"],
            "periodStart": _stamp(begin),
            "periodEnd": _stamp(until),
        },
    )
    # Entities can make a small document huge; the platform uses none.
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise client.failed("a document with a DTD")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as reason:
        raise client.failed(f"an answer that is not XML: {reason}") from None
    kind = _tag(root)
    if kind == "Acknowledgement_MarketDocument":
        said = _text(root, "Reason", "text") or "no reason given"
        if "No matching data" in said:
            return []
        raise client.failed(said)
    if kind != "Publication_MarketDocument":
        raise client.failed(f"a document {kind!r}")
    found = []
    for series in _children(root, "TimeSeries"):
        found += _series(request, series)
    return found


def _series(request: Request, series: ElementTree.Element) -> list[tuple[int, float, int]]:
    client = request.client
    place = "classificationSequence_AttributeInstanceComponent.position"
    if (_text(series, place) or "1") != "1":
        return []
    currency, measure = (
        _text(series, "currency_Unit.name"),
        _text(series, "price_Measure_Unit.name"),
    )
    if (currency, measure) not in (("EUR", "MWH"), ("EUR", "MWh")):
        raise client.failed(f"prices in {currency} per {measure}")
    repeats = _text(series, "curveType") == "A03"
    found = []
    for period in _children(series, "Period"):
        found += _period(request, period, repeats=repeats)
    return found


def _period(
    request: Request, period: ElementTree.Element, *, repeats: bool
) -> list[tuple[int, float, int]]:
    client = request.client
    resolution = _text(period, "resolution")
    if resolution not in _MINUTES:
        raise client.failed(f"resolution {resolution!r}")
    length = _MINUTES[resolution]
    start = moment_of(client, _text(period, "timeInterval", "start"), "start")
    stop = moment_of(client, _text(period, "timeInterval", "end"), "end")
    count = int((stop - start).astype("timedelta64[m]").astype(np.int64)) // length
    prices: list[float | None] = [None] * max(count, 0)
    for point in _children(period, "Point"):
        position = int(number_of(client, _text(point, "position"), "position"))
        if not 1 <= position <= count or prices[position - 1] is not None:
            raise client.failed(f"position {position} of {count}, or twice")
        prices[position - 1] = number_of(client, _text(point, "price.amount"), "price.amount")
    first = int(start.astype("datetime64[m]").astype(np.int64))
    found = []
    last: float | None = None
    for i, price in enumerate(prices):
        last = price if price is not None or not repeats else last
        if last is not None:
            found.append((first + i * length, last, length))
    return found


def _hours(request: Request, points: dict[int, tuple[float, int]]) -> tuple[TimeArray, FloatArray]:
    sums: dict[int, list[float]] = {}
    for minute, (price, length) in points.items():
        total = sums.setdefault(minute // 60, [0.0, 0.0])
        total[0] += price * length
        total[1] += length
    whole = sorted(hour for hour, (_, minutes) in sums.items() if minutes == 60)
    over = [hour for hour, (_, minutes) in sums.items() if minutes > 60]
    if over:
        raise request.client.failed(f"overlapping prices at {_label(over[0] * 60)}")
    times = np.array(whole, dtype=np.int64).astype("datetime64[h]").astype("datetime64[s]")
    kept = times >= request.start
    return times[kept], np.array([sums[h][0] / 60.0 for h in whole])[kept]


def _label(minute: int) -> str:
    return f"{np.datetime64(minute, 'm')}Z"


def _stamp(moment: np.datetime64) -> str:
    return str(moment.astype("datetime64[m]")).translate(str.maketrans("", "", "-T:"))


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for child in element if _tag(child) == name]


def _text(element: ElementTree.Element, *path: str) -> str | None:
    found = element
    for name in path:
        below = _children(found, name)
        if not below:
            return None
        found = below[0]
    return (found.text or "").strip()
