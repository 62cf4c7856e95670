"""The cache, gaps, ages and `rerack data` as a user meets them; a real node where there is one."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from rerack.base.errors import DataError, InputError, StoreError
from rerack.cli.main import cli
from rerack.livedata import Observations, age_of, bring_in, cache, filled_by, gaps, series_specs
from rerack.livedata.cache import Record
from rerack.markets.files import read_price_file

NOW = np.datetime64("2026-03-10T12:00:00")
POWER = series_specs()["ercot_north"]


def record(name: str = "ercot_north", fetched_at: str = "2026-03-10T06:00:00") -> Record:
    spec = series_specs()[name]
    return Record(
        name=name,
        unit=spec.unit,
        step=spec.step,
        summary=spec.summary,
        source=spec.source,
        origin="127.0.0.1",
        licence="as tested",
        fetched_at=fetched_at,
        fresh_hours=spec.fresh_hours,
        update_hours=spec.update_hours,
    )


def hours(count: int, without: tuple[int, ...] = (), last: str = "2026-03-10T23") -> Observations:
    end = np.datetime64(last, "h")
    times = (end - np.arange(count)[::-1]).astype("datetime64[s]")
    values = 20.0 + np.arange(count) % 24
    kept = ~np.isin(np.arange(count), without)
    return Observations(
        times=times[kept], values=values[kept], filled=np.zeros(kept.sum(), dtype=bool)
    )


def data(*words: str) -> Result:
    return CliRunner().invoke(cli, ["data", *words])


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    seen = hours(50)
    cache.write(tmp_path, record(), seen)
    facts, found = cache.read(tmp_path, "ercot_north")
    assert facts == record()
    assert found.times.tolist() == seen.times.tolist()
    assert found.values.tolist() == seen.values.tolist()
    assert cache.names(tmp_path) == ("ercot_north",)


def test_a_cached_series_is_a_price_file(tmp_path: Path) -> None:
    path = cache.write(tmp_path, record(), hours(50))
    series = read_price_file(path)
    assert len(series.hours) == 50
    assert series.prices_usd_per_mwh[0] == 20.0


def test_rows_of_a_file_with_comments_are_counted_from_its_top(tmp_path: Path) -> None:
    path = cache.write(tmp_path, record(), hours(50, without=(3,)))
    with pytest.raises(DataError, match=r"row 6 .*a gap"):
        read_price_file(path)


@pytest.mark.parametrize("at", [0, 3, 30, 200, -200, -2])
def test_any_flipped_byte_is_found_and_named(at: int, tmp_path: Path) -> None:
    path = cache.write(tmp_path, record(), hours(50))
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(InputError, match=r"ercot_north\.csv.*damaged.*Delete it"):
        cache.read(tmp_path, "ercot_north")


@pytest.mark.parametrize("kept", [0, 10, 500, 1500])
def test_a_truncated_file_is_found(kept: int, tmp_path: Path) -> None:
    path = cache.write(tmp_path, record(), hours(50))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(InputError, match="damaged"):
        cache.read(tmp_path, "ercot_north")


def test_names_are_plain_words(tmp_path: Path) -> None:
    for name in ("../x", "A", "a b", "", "x" * 80):
        with pytest.raises(InputError):
            cache.path_of(tmp_path, name)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="--folder"):
        cache.write(tmp_path / "file", record(), hours(3))


def _add_rows(folder: Path, first: int) -> None:
    from rerack.livedata.observations import merged

    (folder / f"ready-{first}").touch()
    while len(list(folder.glob("ready-*"))) < 2:
        time.sleep(0.001)
    for i in range(40):
        with cache.held(folder, "ercot_north"):
            before = cache.read(folder, "ercot_north")[1]
            moment = np.datetime64("2026-05-01", "h") + first + i
            more = Observations(
                times=np.array([moment], dtype="datetime64[s]"),
                values=np.array([float(i)]),
                filled=np.zeros(1, dtype=bool),
            )
            cache.write(folder, record(), merged(before, more)[0])


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    cache.write(tmp_path, record(), hours(5))
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[3]);"
        "from tests.scenario.test_live_cache import _add_rows;"
        "_add_rows(Path(sys.argv[1]), int(sys.argv[2]))"
    )
    root = str(Path(__file__).resolve().parents[2])
    jobs = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(first), root])
        for first in (0, 100)
    ]
    assert [job.wait(60) for job in jobs] == [0, 0]
    assert len(cache.read(tmp_path, "ercot_north")[1]) == 85


def test_gaps_are_named_and_filled_only_by_a_chosen_rule() -> None:
    seen = hours(10, without=(3, 4, 7))
    assert [n for _, n in gaps(POWER, seen)] == [2, 1]
    with pytest.raises(DataError, match=r"2 from 2026-03-10T17, 1 from 2026-03-10T21"):
        filled_by(POWER, seen, "none")
    line = filled_by(POWER, seen, "linear")
    assert line.filled.tolist() == [
        False,
        False,
        False,
        True,
        True,
        False,
        False,
        True,
        False,
        False,
    ]
    assert line.values == pytest.approx(hours(10).values)
    held = filled_by(POWER, seen, "previous")
    assert held.values[[3, 4]].tolist() == [seen.values[2]] * 2
    with pytest.raises(DataError, match="gaps of up to 1 hours"):
        filled_by(POWER, seen, "linear", longest=1)
    assert filled_by(POWER, hours(10), "none").filled.sum() == 0


@pytest.mark.parametrize(
    ("fetched_at", "last", "stale"),
    [
        ("2026-03-10T06:00:00", "2026-03-10T23", False),
        ("2026-03-10T06:00:00", "2026-03-09T07", False),
        ("2026-03-10T06:00:00", "2026-03-09T05", True),
        ("2026-03-07T12:00:00", "2026-03-10T23", True),
    ],
)
def test_the_stale_is_never_passed_for_fresh(fetched_at: str, last: str, stale: bool) -> None:
    age = age_of(record(fetched_at=fetched_at), hours(30, last=last), NOW)
    assert age.stale is stale
    assert age.words.endswith("STALE" if stale else "fresh")
    assert "source updates daily" in age.words


def test_a_fetch_in_the_future_is_a_wrong_clock() -> None:
    with pytest.raises(InputError, match="clock"):
        age_of(record(fetched_at="2027-01-01T00:00:00"), hours(3), NOW)


def test_status_and_show_tell_age_and_gaps(tmp_path: Path) -> None:
    cache.write(tmp_path, record(), hours(50, without=(5, 6)))
    folder = ("--folder", str(tmp_path))
    status = data("status", "--json", *folder)
    assert status.exit_code == 0, status.output
    (row,) = json.loads(status.output)
    assert (row["series"], row["missing"]) == ("ercot_north", 2)
    shown = data("show", "ercot_north", *folder)
    assert "gaps      2 from" in shown.output
    assert "as tested" in shown.output
    refused = data("show", "ercot_north", "--csv", *folder)
    assert isinstance(refused.exception, DataError)
    filled = data("show", "ercot_north", "--csv", "--fill", "linear", *folder)
    assert filled.stdout.splitlines()[0] == "ts_utc,price_usd_per_mwh,filled"
    assert sum(line.endswith(",1") for line in filled.stdout.splitlines()) == 2
    assert "2 values filled by rule linear" in filled.stderr
    out = tmp_path / "prices.csv"
    out.write_text(filled.stdout)
    assert len(read_price_file(out).hours) == 50


def test_status_names_every_damaged_file(tmp_path: Path) -> None:
    cache.write(tmp_path, record(), hours(5))
    path = cache.write(tmp_path, record("ercot_west"), hours(5))
    path.write_text(path.read_text().replace("20.0", "21.0"))
    result = data("status", "--folder", str(tmp_path))
    assert "ercot_north" in result.output
    assert isinstance(result.exception, InputError)
    assert "ercot_west.csv" in str(result.exception)


def test_update_of_nothing_and_of_the_unknown(tmp_path: Path) -> None:
    assert data("update", "--folder", str(tmp_path)).exit_code == 2
    result = data("update", "bitcoin_moon", "--folder", str(tmp_path))
    assert isinstance(result.exception, InputError)
    assert "coinmetrics_price" in str(result.exception)


def test_update_without_credentials_exits_2_and_says_which(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        cli,
        ["data", "update", "eia_henry_hub", "--folder", str(tmp_path)],
        env={"RERACK_EIA_KEY": None},
    )
    assert result.exit_code == 2
    assert "RERACK_EIA_KEY" in result.stderr


def test_own_files_and_curves(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("ts_utc,c_per_kwh\n2026-01-01T00:00Z,3.1\n2026-01-01T01:00Z,4.2\n")
    folder = ("--folder", str(tmp_path / "data"))
    result = data("import", "my_node", str(file), "--unit", "c/kWh", *folder)
    assert result.exit_code == 0, result.exception
    assert cache.read(tmp_path / "data", "my_node")[1].values == pytest.approx([31.0, 42.0])
    with pytest.raises(InputError, match="a name of your own"):
        bring_in("ercot_north", file, tmp_path, now=NOW)


@pytest.fixture
def book(tmp_path: Path) -> Any:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra `xlsx` is not installed")
    made = openpyxl.Workbook()
    page = made.active
    page.append(["month", "ATC USD/MWh", "peak USD/MWh"])
    import datetime as dt

    page.append([dt.datetime(2027, 1, 1), 41.5, 60])
    page.append(["2027-02", 39, 55.5])
    return made


def test_a_spreadsheet_of_curves(book: Any, tmp_path: Path) -> None:
    path = tmp_path / "curves.xlsx"
    book.save(path)
    done = bring_in("forward", path, tmp_path, now=NOW, column="peak USD/MWh")
    assert done.seen.values.tolist() == [60.0, 55.5]
    assert done.record.step == "month"
    with pytest.raises(DataError, match="2 curves"):
        bring_in("forward", path, tmp_path, now=NOW)
    with pytest.raises(DataError, match="--sheet"):
        bring_in("forward", path, tmp_path, now=NOW, sheet="x", column="peak USD/MWh")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("B2", "n/a"), ("B2", None), ("A2", "Jan 27"), ("A3", "2026-12"), ("A2", 44)],
)
def test_a_wrong_cell_is_named(cell: str, value: Any, book: Any, tmp_path: Path) -> None:
    book.active[cell] = value
    path = tmp_path / "curves.xlsx"
    book.save(path)
    with pytest.raises(DataError, match=r"curves\.xlsx"):
        bring_in("forward", path, tmp_path, now=NOW, column="ATC USD/MWh")


def test_a_spreadsheet_that_is_none(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl", reason="the extra `xlsx` is not installed")
    path = tmp_path / "curves.xlsx"
    path.write_text("no zip")
    with pytest.raises(DataError, match="a workbook"):
        bring_in("forward", path, tmp_path, now=NOW)


# A real node -------------------------------------------------------------------------------------


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PORT = free_port()


@pytest.fixture
def bitcoind(tmp_path: Path) -> Iterator[Path]:
    binary = os.environ.get("RERACK_BITCOIND") or shutil.which("bitcoind")
    if not binary:
        pytest.skip("no bitcoind: neither RERACK_BITCOIND nor PATH names one")
    pytest.importorskip("httpx", reason="the extra `live` is not installed")
    folder = tmp_path / "node"
    folder.mkdir()
    words = ["-regtest", "-server", f"-datadir={folder}", "-listen=0", "-rpcuser=u", "-dnsseed=0",
             "-rpcpassword=p", f"-rpcport={PORT}", "-fallbackfee=0.0001"]  # fmt: skip
    process = subprocess.Popen(
        [binary, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield folder
    finally:
        process.terminate()
        process.wait(60)


def rpc(method: str, *params: Any, path: str = "") -> Any:
    import httpx

    body = {"jsonrpc": "1.0", "id": 1, "method": method, "params": list(params)}
    for _ in range(200):
        try:
            answer = httpx.post(
                f"http://127.0.0.1:{PORT}{path}", json=body, auth=("u", "p"), timeout=60
            ).json()
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer["error"] and answer["error"]["code"] == -28:
            time.sleep(0.1)
            continue
        assert answer["error"] is None, answer
        return answer["result"]
    raise AssertionError("the node did not come up")


def test_a_real_node_on_regtest(bitcoind: Path, tmp_path: Path) -> None:
    from rerack.livedata import update

    start = int(np.datetime64("2026-03-05T00:00", "s").astype(int))
    address = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
    made = []
    for hour in range(0, 96, 2):
        rpc("setmocktime", start + 3600 * hour)
        made += rpc("generatetoaddress", 1, address)
    now = np.datetime64("2026-03-08T23:00:00")
    environment = {
        "RERACK_NODE_URL": f"http://127.0.0.1:{PORT}",
        "RERACK_NODE_USER": "u",
        "RERACK_NODE_PASSWORD": "p",
    }
    first = np.datetime64("2026-03-05")
    given: dict[str, Any] = {"now": now, "environment": environment, "start": first}
    blocks = update("node_blocks", tmp_path, **given).seen
    assert blocks.values.tolist() == [12.0, 12.0, 12.0]
    assert str(blocks.times[0]) == "2026-03-05T00:00:00"
    difficulty = rpc("getblockheader", made[5])["difficulty"]
    rate = update("node_hashrate", tmp_path, **given).seen
    assert rate.values == pytest.approx([12 * difficulty * 2**32 / 86_400 / 1e18] * 3, rel=1e-12)
    assert update("node_fees", tmp_path, **given).seen.values.tolist() == [0.0] * 3
    assert update("node_difficulty", tmp_path, **given).seen.values == pytest.approx(difficulty)
    wrong = {**environment, "RERACK_NODE_PASSWORD": "not-it"}
    from rerack.base.errors import SourceError

    with pytest.raises(SourceError, match="401"):
        update("node_blocks", tmp_path, **{**given, "environment": wrong})
