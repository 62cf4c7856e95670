"""Every reader against answers served on loopback in the form that its source documents."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from rerack.base.errors import InputError, SourceError
from rerack.livedata import Limits, cache, series_specs, sources, update

pytest.importorskip("httpx", reason="the extra `live` is not installed")

NOW = np.datetime64("2026-03-10T12:00:00")
SECRET = "s3cret-value"
Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Served:
    """A server on loopback: answers by a function, remembers what it was asked."""

    address: str = ""
    answer: Callable[[str, dict[str, list[str]], bytes, Any], Reply] | None = None
    asked: list[tuple[str, dict[str, list[str]], dict[str, str]]] = field(default_factory=list)
    truncate: bool = False


class Clock:
    """A clock that only moves when someone sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, wait_s: float) -> None:
        self.slept.append(wait_s)
        self.now += wait_s

    def timing(self) -> dict[str, Any]:
        return {"sleep": self.sleep, "clock": lambda: self.now, "draw": lambda: 1.0}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served() -> Iterator[Served]:
    state = Served()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            pass

        def _do(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            state.asked.append((parts.path, query, dict(self.headers.items())))
            assert state.answer is not None
            status, headers, out = state.answer(parts.path, query, body, self)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(out) + (100 if state.truncate else 0)))
            self.end_headers()
            self.wfile.write(out)

        do_GET = _do  # noqa: N815
        do_POST = _do  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join(5)


def good(body: Any) -> Reply:
    text = body if isinstance(body, str) else json.dumps(body)
    return 200, {"content-type": "application/json"}, text.encode()


def credentials_of(name: str) -> tuple[str, ...]:
    return sources()[series_specs()[name].source].credentials


def fetch(
    name: str, served: Served, folder: Path, clock: Clock, start: str = "2026-03-01", **limits: Any
) -> Any:
    source = series_specs()[name].source.upper()
    environment = {
        f"RERACK_{source}_URL": served.address,
        "RERACK_ERCOT_LOGIN_URL": served.address + "/login",
        **dict.fromkeys(credentials_of(name), SECRET),
    }
    return update(
        name,
        folder,
        now=NOW,
        environment=environment,
        start=np.datetime64(start),
        limits=Limits(**limits),
        **clock.timing(),
    )


# Coin Metrics -------------------------------------------------------------------------------------


def metric_rows(first: str, values: list[str | None], metric: str = "PriceUSD") -> list[Any]:
    days = np.datetime64(first) + np.arange(len(values))
    return [
        {"asset": "btc", "time": f"{day}T00:00:00.000000000Z", metric: value}
        for day, value in zip(days, values, strict=True)
    ]


def test_coin_metrics_follows_pages_by_token(served: Served, tmp_path: Path, clock: Clock) -> None:
    def answer(path: str, query: dict[str, list[str]], body: bytes, handler: Any) -> Reply:
        assert path == "/timeseries/asset-metrics"
        assert query["metrics"] == ["PriceUSD"]
        if "next_page_token" in query:
            return good({"data": metric_rows("2026-03-03", ["68000.5"])})
        rows = metric_rows("2026-03-01", ["66000", "67000"])
        other = "http://elsewhere.invalid/steal"
        return good({"data": rows, "next_page_token": "0.MjAx", "next_page_url": other})

    served.answer = answer
    done = fetch("coinmetrics_price", served, tmp_path, clock)
    assert done.seen.values.tolist() == [66000.0, 67000.0, 68000.5]
    assert str(done.seen.times[0]) == "2026-03-01T00:00:00"
    assert [q.get("next_page_token") for _, q, _ in served.asked] == [None, ["0.MjAx"]]
    assert done.record.licence.startswith("CC BY-NC")


def test_coin_metrics_hashrate_is_in_exahashes(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    rows = metric_rows("2026-03-01", ["850000000.0"], "HashRate")
    served.answer = lambda *_: good({"data": rows})
    done = fetch("coinmetrics_hashrate", served, tmp_path, clock)
    assert done.seen.values.tolist() == [850.0]


def test_a_null_is_a_gap_and_named(served: Served, tmp_path: Path, clock: Clock) -> None:
    from rerack.livedata import gaps

    served.answer = lambda *_: good({"data": metric_rows("2026-03-01", ["1", None, None, "4"])})
    done = fetch("coinmetrics_price", served, tmp_path, clock)
    assert gaps(series_specs()["coinmetrics_price"], done.seen) == (("2026-03-02", 2),)


def test_a_second_update_merges_and_counts_revisions(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    served.answer = lambda *_: good({"data": metric_rows("2026-03-01", ["1", "2"])})
    fetch("coinmetrics_price", served, tmp_path, clock)
    served.answer = lambda *_: good({"data": metric_rows("2026-03-02", ["2.5", "3"])})
    done = fetch("coinmetrics_price", served, tmp_path, clock)
    assert done.seen.values.tolist() == [1.0, 2.5, 3.0]
    assert (done.added, done.revised) == (1, 1)
    assert cache.read(tmp_path, "coinmetrics_price")[1].values.tolist() == [1.0, 2.5, 3.0]


WRONG = {
    "not JSON": "<html>maintenance</html>",
    "no data": {"error": {"type": "x", "message": "y"}},
    "data is no list": {"data": {}},
    "a row is a number": {"data": [3]},
    "another asset": {"data": [{**metric_rows("2026-03-01", ["1"])[0], "asset": "eth"}]},
    "text for a number": {"data": metric_rows("2026-03-01", ["n/a"])},
    "true for a number": {"data": metric_rows("2026-03-01", [True])},  # type: ignore[list-item]
    "NaN": '{"data": [{"asset": "btc", "time": "2026-03-01T00:00:00Z", "PriceUSD": NaN}]}',
    "nan as text": {"data": metric_rows("2026-03-01", ["nan"])},
    "a time that is none": {"data": [{"asset": "btc", "time": "yesterday", "PriceUSD": "1"}]},
    "NaT": {"data": [{"asset": "btc", "time": "NaT", "PriceUSD": "1"}]},
    "a time off the step": {"data": [{"asset": "btc", "time": "2026-03-01T07:00:00Z",
                                     "PriceUSD": "1"}]},
    "a day twice": {"data": metric_rows("2026-03-01", ["1"]) * 2},
    "days that fall": {"data": metric_rows("2026-03-01", ["1", "2"])[::-1]},
    "another unit": {"data": metric_rows("2026-03-01", ["6600000000000"])},
    "a negative price": {"data": metric_rows("2026-03-01", ["-5"])},
    "nothing": {"data": []},
    "pages for ever": {"data": [], "next_page_token": "x"},
    "a nest": "[" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_answer_is_refused_and_the_cache_unchanged(
    case: str, served: Served, tmp_path: Path, clock: Clock
) -> None:
    served.answer = lambda *_: good({"data": metric_rows("2026-03-01", ["1", "2"])})
    fetch("coinmetrics_price", served, tmp_path, clock)
    before = (tmp_path / "coinmetrics_price.csv").read_bytes()
    served.answer = lambda *_: good(WRONG[case])
    with pytest.raises(SourceError, match="coinmetrics") as caught:
        fetch("coinmetrics_price", served, tmp_path, clock)
    assert caught.value.exit_code == 5
    assert (tmp_path / "coinmetrics_price.csv").read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


# The client --------------------------------------------------------------------------------------


def test_errors_of_the_server_are_tried_again_with_growing_waits(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    def answer(*_: Any) -> Reply:
        if len(served.asked) < 4:
            return (500, 502, 503)[len(served.asked) - 1], {}, b"oops"
        return good({"data": metric_rows("2026-03-01", ["1"])})

    served.answer = answer
    fetch("coinmetrics_price", served, tmp_path, clock)
    assert len(served.asked) == 4
    assert [w for w in clock.slept if w in (1.0, 2.0, 4.0)] == [1.0, 2.0, 4.0]


def test_retry_after_is_honoured(served: Served, tmp_path: Path, clock: Clock) -> None:
    def answer(*_: Any) -> Reply:
        if len(served.asked) == 1:
            return 429, {"retry-after": "37"}, b""
        return good({"data": metric_rows("2026-03-01", ["1"])})

    served.answer = answer
    fetch("coinmetrics_price", served, tmp_path, clock)
    assert 37.0 in clock.slept


def test_after_the_last_try_nothing_is_waited_for(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    served.answer = lambda *_: (503, {"Retry-After": "7"}, b"")
    with pytest.raises(SourceError, match="status 503, 5 times"):
        fetch("coinmetrics_price", served, tmp_path, clock)
    assert len(served.asked) == 5
    assert clock.slept.count(7.0) == 4


def test_a_wait_past_the_whole_time_is_an_error_at_once(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    served.answer = lambda *_: (429, {"retry-after": "86400"}, b"")
    with pytest.raises(SourceError, match="86400 s more would pass 600 s"):
        fetch("coinmetrics_price", served, tmp_path, clock)
    assert len(served.asked) == 1
    assert clock.now == 0.0


def test_tries_are_bounded(served: Served, tmp_path: Path, clock: Clock) -> None:
    served.answer = lambda *_: (503, {}, b"")
    with pytest.raises(SourceError, match="status 503, 5 times"):
        fetch("coinmetrics_price", served, tmp_path, clock)
    assert len(served.asked) == 5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418])
def test_a_refusal_is_not_tried_again(
    status: int, served: Served, tmp_path: Path, clock: Clock
) -> None:
    served.answer = lambda *_: (status, {}, b"")
    with pytest.raises(SourceError, match=f"status {status}"):
        fetch("coinmetrics_price", served, tmp_path, clock)
    assert len(served.asked) == 1


def test_a_truncated_answer_is_tried_again_then_refused(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    served.truncate = True
    served.answer = lambda *_: good({"data": metric_rows("2026-03-01", ["1"])})
    with pytest.raises(SourceError, match="RemoteProtocolError"):
        fetch("coinmetrics_price", served, tmp_path, clock, tries=2)
    assert len(served.asked) == 2


def test_a_slow_answer_is_given_up(served: Served, tmp_path: Path, clock: Clock) -> None:
    stop = threading.Event()

    def answer(*_: Any) -> Reply:
        stop.wait(2.0)
        return good({})

    served.answer = answer
    with pytest.raises(SourceError, match="no answer in time, 2 times"):
        fetch("coinmetrics_price", served, tmp_path, clock, read_s=0.1, tries=2)
    stop.set()


def test_nobody_listening_is_said(served: Served, tmp_path: Path, clock: Clock) -> None:
    served.address = "http://127.0.0.1:1"
    with pytest.raises(SourceError, match="ConnectError"):
        fetch("coinmetrics_price", served, tmp_path, clock, tries=2)


def test_a_huge_answer_is_cut(served: Served, tmp_path: Path, clock: Clock) -> None:
    served.answer = lambda *_: good("x" * 200_000)
    with pytest.raises(SourceError, match="more than 100000 bytes"):
        fetch("coinmetrics_price", served, tmp_path, clock, max_bytes=100_000)


def test_another_host_is_not_followed(served: Served, tmp_path: Path, clock: Clock) -> None:
    served.answer = lambda *_: (302, {"location": "http://127.0.0.2:9/data"}, b"")
    with pytest.raises(SourceError, match=r"another host, 127\.0\.0\.2:9: not followed"):
        fetch("coinmetrics_price", served, tmp_path, clock)
    assert len(served.asked) == 1


def test_the_same_host_is_followed_but_not_in_circles(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    def answer(path: str, *_: Any) -> Reply:
        if path != "/moved":
            return 307, {"location": "/moved"}, b""
        return good({"data": metric_rows("2026-03-01", ["1"])})

    served.answer = answer
    assert len(fetch("coinmetrics_price", served, tmp_path, clock).seen) == 1
    served.answer = lambda *_: (307, {"location": "/again"}, b"")
    with pytest.raises(SourceError, match="circle"):
        fetch("coinmetrics_price", served, tmp_path, clock)


def test_the_rate_is_kept(served: Served, tmp_path: Path, clock: Clock) -> None:
    def answer(path: str, query: dict[str, list[str]], *_: Any) -> Reply:
        token = int(query.get("next_page_token", ["0"])[0]) + 1
        rows = metric_rows(f"2026-03-0{token}", ["1"])
        return good({"data": rows, **({"next_page_token": str(token)} if token < 5 else {})})

    served.answer = answer
    fetch("coinmetrics_price", served, tmp_path, clock)
    assert len(served.asked) == 5
    assert clock.now >= 4 * 60.0 / 60.0


# ERCOT -------------------------------------------------------------------------------------------

FIELDS = ["deliveryDate", "hourEnding", "settlementPoint", "settlementPointPrice", "DSTFlag"]


def ercot_page(rows: list[list[Any]], page: int = 1, pages: int = 1) -> dict[str, Any]:
    return {
        "_meta": {"totalRecords": len(rows), "pageSize": 10000, "totalPages": pages,
                  "currentPage": page},
        "report": {"reportEmilId": "NP4-190-CD"},
        "fields": [{"name": n, "label": n, "dataType": "VARCHAR"} for n in FIELDS],
        "data": rows,
    }  # fmt: skip


def ercot_day(day: str, hours: int = 24) -> list[list[Any]]:
    return [[day, f"{h:02d}:00", "HB_NORTH", 20.0 + h, False] for h in range(1, hours + 1)]


def ercot(served: Served, pages: list[Any]) -> None:
    def answer(path: str, query: dict[str, list[str]], body: bytes, handler: Any) -> Reply:
        if path == "/login":
            assert parse_qs(body.decode())["grant_type"] == ["password"]
            return good({"id_token": "token-of-an-hour", "expires_in": "3600"})
        assert handler.headers["authorization"] == "Bearer token-of-an-hour"
        assert handler.headers["ocp-apim-subscription-key"] == SECRET
        return good(pages[int(query["page"][0]) - 1])

    served.answer = answer


def test_ercot_asks_for_a_token_and_pages_in_any_order(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    first, second = ercot_day("2026-03-03"), ercot_day("2026-03-02")
    ercot(served, [ercot_page(first[::-1], 1, 2), ercot_page(second, 2, 2)])
    done = fetch("ercot_north", served, tmp_path, clock)
    assert len(done.seen) == 48
    # Midnight in Texas in winter is six in the morning, UTC.
    assert str(done.seen.times[0]) == "2026-03-02T06:00:00"
    assert done.seen.values[:2].tolist() == [21.0, 22.0]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2025-11-02", 25)])
def test_ercot_clock_changes_leave_no_gap(
    day: str, hours: int, served: Served, tmp_path: Path, clock: Clock
) -> None:
    from rerack.livedata import gaps

    rows = ercot_day(day)
    if hours == 23:
        del rows[2]
    else:
        rows.insert(2, [day, "02:00", "HB_NORTH", 99.0, True])
    after = str(np.datetime64(day) + 1)
    ercot(served, [ercot_page(rows + ercot_day(after))])
    done = fetch("ercot_north", served, tmp_path, clock, start="2025-10-01")
    assert len(done.seen) == hours + 24
    assert gaps(series_specs()["ercot_north"], done.seen) == ()
    if hours == 25:
        assert done.seen.values[1:3].tolist() == [22.0, 99.0]


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p["fields"].pop(3),
        lambda p: p["data"][0].append(1),
        lambda p: p["data"][0].__setitem__(2, "HB_SOUTH"),
        lambda p: p["data"][0].__setitem__(1, "25:00"),
        lambda p: p["data"][0].__setitem__(1, "00:00"),
        lambda p: p["data"][0].__setitem__(0, "03/02/2026"),
        lambda p: p["data"][0].__setitem__(3, None),
        lambda p: p["data"].append(list(p["data"][0])),
        lambda p: p.pop("_meta"),
        lambda p: p["data"][0].__setitem__(3, 1e6),
    ],
)
def test_ercot_changed_answers_are_refused(
    change: Any, served: Served, tmp_path: Path, clock: Clock
) -> None:
    page = ercot_page(ercot_day("2026-03-02"))
    change(page)
    ercot(served, [page])
    with pytest.raises(SourceError, match="ercot"):
        fetch("ercot_north", served, tmp_path, clock)


# EIA ---------------------------------------------------------------------------------------------


def eia_row(period: str, price: Any) -> dict[str, Any]:
    return {
        "period": period,
        "stateid": "US",
        "sectorid": "IND",
        "price": price,
        "price-units": "cents per kilowatt-hour",
    }


def test_eia_pages_by_offset_and_converts(served: Served, tmp_path: Path, clock: Clock) -> None:
    rows = [eia_row("2025-01", "8.5"), eia_row("2025-02", None), eia_row("2025-03", 8.7)]

    def answer(path: str, query: dict[str, list[str]], *_: Any) -> Reply:
        assert path == "/electricity/retail-sales/data/"
        assert query["api_key"] == [SECRET]
        assert query["facets[sectorid][]"] == ["IND"]
        offset = int(query["offset"][0])
        data = rows[offset : offset + 2]
        return good({"response": {"total": "3", "frequency": "monthly", "data": data}})

    served.answer = answer
    done = fetch("eia_industrial_price", served, tmp_path, clock, start="2025-01-01")
    assert done.seen.values == pytest.approx([85.0, 87.0], rel=1e-12)
    assert len(served.asked) == 2


@pytest.mark.parametrize(
    ("key", "value"),
    [("price-units", "dollars per megawatt-hour"), ("stateid", "TX"), ("period", "2025-13")],
)
def test_eia_other_units_places_and_months_are_refused(
    key: str, value: str, served: Served, tmp_path: Path, clock: Clock
) -> None:
    row = {**eia_row("2025-01", "8.5"), key: value}
    served.answer = lambda *_: good({"response": {"total": 1, "data": [row]}})
    with pytest.raises(SourceError, match="eia"):
        fetch("eia_industrial_price", served, tmp_path, clock)


def test_eia_pages_that_end_early_are_refused(served: Served, tmp_path: Path, clock: Clock) -> None:
    served.answer = lambda *_: good({"response": {"total": 9, "data": []}})
    with pytest.raises(SourceError, match="0 rows of 9"):
        fetch("eia_industrial_price", served, tmp_path, clock)


# ENTSO-E -----------------------------------------------------------------------------------------


SPACE = "urn:iec62325.351:tc57wg16"


def price_document(
    points: dict[int, Any],
    *,
    resolution: str = "PT60M",
    curve: str = "A03",
    currency: str = "EUR",
    span: tuple[str, str] = ("2026-03-01T23:00Z", "2026-03-02T23:00Z"),
    sequence: int | None = 1,
) -> str:
    inside = "".join(
        f"<Point><position>{p}</position><price.amount>{v}</price.amount></Point>"
        for p, v in points.items()
    )
    place = "classificationSequence_AttributeInstanceComponent.position"
    mark = f"<{place}>{sequence}</{place}>" if sequence else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<Publication_MarketDocument xmlns="{SPACE}:451-3:publicationdocument:7:3">'
        "<mRID>1</mRID><type>A44</type><TimeSeries><mRID>1</mRID><auction.type>A01</auction.type>"
        f"{mark}<currency_Unit.name>{currency}</currency_Unit.name>"
        "<price_Measure_Unit.name>MWH</price_Measure_Unit.name>"
        f"<curveType>{curve}</curveType><Period><timeInterval><start>{span[0]}</start>"
        f"<end>{span[1]}</end></timeInterval><resolution>{resolution}</resolution>{inside}"
        "</Period></TimeSeries></Publication_MarketDocument>"
    )


NO_DATA = (
    f'<Acknowledgement_MarketDocument xmlns="{SPACE}:451-1:acknowledgementdocument:7:0">'
    "<mRID>x</mRID><Reason><code>999</code><text>No matching data found for Data item</text>"
    "</Reason></Acknowledgement_MarketDocument>"
)


def test_entsoe_repeats_where_the_curve_type_says_so(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    served.answer = lambda *_: good(price_document({1: 50.0, 4: 60.0, 24: -5.5}))
    done = fetch("entsoe_nl", served, tmp_path, clock)
    assert len(done.seen) == 24
    assert done.seen.values[[0, 2, 3, 22, 23]].tolist() == [50.0, 50.0, 60.0, 60.0, -5.5]
    _, query, _ = served.asked[0]
    assert query["periodStart"] == ["202603010000"]
    assert query["securityToken"] == [SECRET]
    assert done.record.unit == "EUR/MWh"


def test_entsoe_without_repeats_leaves_a_gap(served: Served, tmp_path: Path, clock: Clock) -> None:
    served.answer = lambda *_: good(price_document({1: 50.0, 4: 60.0}, curve="A01"))
    done = fetch("entsoe_nl", served, tmp_path, clock)
    assert len(done.seen) == 2


def test_entsoe_quarters_are_averaged_to_whole_hours(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    quarters = {i: float(i) for i in range(1, 7)}
    document = price_document(quarters, resolution="PT15M", curve="A01")
    served.answer = lambda *_: good(document)
    done = fetch("entsoe_nl", served, tmp_path, clock)
    assert done.seen.values.tolist() == [2.5]


def test_entsoe_asks_year_by_year_and_knows_no_data(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    def answer(path: str, query: dict[str, list[str]], *_: Any) -> Reply:
        newest = query["periodStart"][0].startswith("2025")
        return good(price_document({1: 1.0}) if newest else NO_DATA)

    served.answer = answer
    done = fetch("entsoe_nl", served, tmp_path, clock, start="2024-04-01")
    assert len(served.asked) == 2
    assert len(done.seen) == 24


def test_entsoe_takes_the_market_day_across_two_requests_once(
    served: Served, tmp_path: Path, clock: Clock
) -> None:
    # 360 days from 1 April 2024 end within the market day of 27 March 2025.
    span = ("2025-03-26T23:00Z", "2025-03-27T23:00Z")
    served.answer = lambda *_: good(price_document({1: 50.0, 4: 60.0}, span=span))
    done = fetch("entsoe_nl", served, tmp_path, clock, start="2024-04-01")
    assert len(served.asked) == 2
    assert done.seen.times[0] == np.datetime64("2025-03-26T23:00")
    assert done.seen.values.tolist() == [50.0] * 3 + [60.0] * 21


@pytest.mark.parametrize(
    "document",
    [
        "<not closed>",
        "{}",
        price_document({1: 1.0}, currency="PLN"),
        price_document({1: 1.0}, resolution="P1D"),
        price_document({25: 1.0}),
        price_document({0: 1.0}),
        price_document({1: "much"}),
        price_document({1: 1.0}, span=("today", "tomorrow")),
        price_document({1: 1.0}, sequence=2),
        '<!DOCTYPE x [<!ENTITY a "b">]>' + price_document({1: 1.0}),
        "<Other/>",
        NO_DATA.replace("No matching data found", "Unauthorized"),
        NO_DATA,
    ],
)
def test_entsoe_changed_documents_are_refused(
    document: str, served: Served, tmp_path: Path, clock: Clock
) -> None:
    served.answer = lambda *_: good(document)
    with pytest.raises(SourceError, match="entsoe"):
        fetch("entsoe_nl", served, tmp_path, clock)


# mempool -----------------------------------------------------------------------------------------


def test_mempool_days_and_snapshots(served: Served, tmp_path: Path, clock: Clock) -> None:
    day = int(np.datetime64("2026-03-08", "s").astype(int))
    answers = {
        "/api/v1/mining/hashrate/3m": {
            "hashrates": [
                {"timestamp": day, "avgHashrate": 9.1e20},
                {"timestamp": day + 86400, "avgHashrate": 9.2e20},
                {"timestamp": day + 2 * 86400, "avgHashrate": 1.0e20},
            ],
            "difficulty": [],
            "currentHashrate": 9.3e20,
            "currentDifficulty": 1.2e14,
        },
        "/api/v1/difficulty-adjustment": {"progressPercent": 40.2, "difficultyChange": -1.8},
        "/api/v1/fees/recommended": {"fastestFee": 4, "halfHourFee": 3, "hourFee": 2},
        "/api/blocks/tip/height": 940_000,
    }
    served.answer = lambda path, *_: good(answers[path])
    # The day under way is not whole: it is left out.
    assert fetch("mempool_hashrate", served, tmp_path, clock).seen.values.tolist() == [910.0, 920.0]
    for name, value in (("difficulty_change", -1.8), ("fee_rate", 3.0), ("height", 940_000.0)):
        done = fetch(f"mempool_{name}", served, tmp_path, clock)
        assert done.seen.values.tolist() == [value]
        assert done.seen.times[0] == NOW


# A node ------------------------------------------------------------------------------------------


def node(served: Served, blocks: int = 300, **info: Any) -> None:
    """Serve a chain of one block an hour that ends at NOW, as Bitcoin Core's RPC does."""
    end = int(NOW.astype("datetime64[s]").astype(int))

    def result(method: str, params: list[Any]) -> Any:
        if method == "getblockchaininfo":
            return {"chain": "main", "blocks": blocks, "headers": blocks, "mediantime": end - 18000,
                    "initialblockdownload": False, **info}  # fmt: skip
        if method == "getblockhash":
            return f"{params[0]:064x}"
        height = int(params[0], 16) if method == "getblockheader" else params[0]
        row = {"time": end - 3600 * (blocks - height), "height": height}
        return {**row, "difficulty": 2.0e12} if method == "getblockheader" else {
            **row, "totalfee": 1_000_000}  # fmt: skip

    def answer(path: str, query: Any, body: bytes, handler: Any) -> Reply:
        if not handler.headers["authorization"].startswith("Basic "):
            return 401, {}, b""
        calls = json.loads(body)
        return good([
            {"result": result(c["method"], c["params"]), "error": None, "id": c["id"]}
            for c in calls
        ])  # fmt: skip

    served.answer = answer


def test_node_days_are_whole(served: Served, tmp_path: Path, clock: Clock) -> None:
    node(served)
    blocks = fetch("node_blocks", served, tmp_path, clock)
    assert blocks.seen.values.tolist() == [24.0] * 9
    assert str(blocks.seen.times[-1]) == "2026-03-09T00:00:00"
    rate = fetch("node_hashrate", served, tmp_path, clock)
    assert rate.seen.values == pytest.approx([24 * 2.0e12 * 2**32 / 86400 / 1e18] * 9)
    assert fetch("node_fees", served, tmp_path, clock).seen.values == pytest.approx([0.24] * 9)
    found = fetch("node_difficulty", served, tmp_path, clock).seen.values
    assert found == pytest.approx([2.0e12] * 9)


@pytest.mark.parametrize(
    "info", [{"initialblockdownload": True}, {"headers": 400}, {"mediantime": None}]
)
def test_a_node_that_is_not_ready_is_refused(
    info: dict[str, Any], served: Served, tmp_path: Path, clock: Clock
) -> None:
    node(served, **info)
    with pytest.raises(SourceError, match="node"):
        fetch("node_blocks", served, tmp_path, clock)


def test_an_error_of_the_node_is_told(served: Served, tmp_path: Path, clock: Clock) -> None:
    error = {"code": -1, "message": "Block not available (pruned data)"}
    served.answer = lambda p, q, body, h: good(
        [{"result": None, "error": error, "id": c["id"]} for c in json.loads(body)]
    )
    with pytest.raises(SourceError, match="pruned data"):
        fetch("node_fees", served, tmp_path, clock)


# Secrets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ercot_north", "eia_henry_hub", "entsoe_fi", "node_blocks"])
def test_secrets_are_in_no_message_and_no_file(
    name: str, served: Served, tmp_path: Path, clock: Clock
) -> None:
    denied = NO_DATA.replace("No matching data found", SECRET) if "entsoe" in name else SECRET
    served.answer = lambda *_: good(denied)
    with pytest.raises(SourceError) as caught:
        fetch(name, served, tmp_path, clock)
    assert SECRET not in str(caught.value)
    assert "***" in str(caught.value)
    assert all(SECRET not in p.read_text() for p in tmp_path.iterdir() if p.is_file())


@pytest.mark.parametrize("name", ["ercot_north", "eia_henry_hub", "entsoe_fi", "node_blocks"])
def test_missing_credentials_are_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="RERACK_"):
        update(name, tmp_path, now=NOW, environment={})


def test_a_password_does_not_travel_unencrypted(tmp_path: Path) -> None:
    environment = {"RERACK_EIA_KEY": SECRET, "RERACK_EIA_URL": "http://api.example.org/v2"}
    with pytest.raises(InputError, match="unencrypted"):
        update("eia_henry_hub", tmp_path, now=NOW, environment=environment)


@pytest.mark.parametrize("address", ["", "ftp://x", "api.example.org", "file:///etc/passwd"])
def test_addresses_are_checked(address: str, tmp_path: Path) -> None:
    environment = {"RERACK_MEMPOOL_URL": address or "nonsense"}
    with pytest.raises(InputError, match="address of mempool"):
        update("mempool_height", tmp_path, now=NOW, environment=environment)
