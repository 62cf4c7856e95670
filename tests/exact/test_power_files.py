"""The price-file reader refuses, by name, everything that is not certain."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from rerack.base.errors import DataError
from rerack.markets import hourly_file
from rerack.markets.files import read_price_file

START = np.datetime64("2024-01-01T00", "h")


def _stamps(count: int) -> list[str]:
    return [f"{START + np.timedelta64(i, 'h')}:00Z" for i in range(count)]


def _write(path: Path, rows: list[str], header: str = "ts_utc,price_usd_mwh") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def _good_rows(count: int = 48) -> list[str]:
    return [f"{t},{20 + i}" for i, t in enumerate(_stamps(count))]


def _refusal(path: Path, **options: str) -> str:
    with pytest.raises(DataError) as caught:
        read_price_file(path, **options)
    problem = caught.value.problems[0]
    assert str(path) in problem.where
    assert problem.given
    assert problem.allowed
    assert problem.cure
    return str(problem)


def test_good_csv_is_read_as_it_stands(tmp_path: Path) -> None:
    series = read_price_file(_write(tmp_path / "p.csv", _good_rows()))
    assert series.start == START
    assert series.prices_usd_per_mwh.tolist() == [20.0 + i for i in range(48)]
    assert not series.prices_usd_per_mwh.flags.writeable


def test_offsets_are_turned_into_utc(tmp_path: Path) -> None:
    rows = ["2024-03-10T01:00:00-06:00,30", "2024-03-10T03:00:00-05:00,31"]
    series = read_price_file(_write(tmp_path / "p.csv", rows, "timestamp,price"))
    assert str(series.start) == "2024-03-10T07"
    assert len(series.prices_usd_per_mwh) == 2


def test_parquet_equals_csv(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    with duckdb.connect() as link:
        link.execute(
            "COPY (SELECT TIMESTAMP '2024-01-01 00:00:00' + to_hours(CAST(i AS INTEGER)) AS ts_utc,"
            f" 20.0 + i AS price_usd_mwh FROM range(48) t(i)) TO '{path}' (FORMAT parquet)"
        )
    series = read_price_file(path)
    assert series.start == START
    assert series.prices_usd_per_mwh.tolist() == [20.0 + i for i in range(48)]


def test_parquet_null_price_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    with duckdb.connect() as link:
        link.execute(
            "COPY (SELECT TIMESTAMP '2024-01-01 00:00:00' + to_hours(CAST(i AS INTEGER)) AS ts_utc,"
            f" CASE WHEN i = 5 THEN NULL ELSE 20.0 END AS p FROM range(9) t(i)) TO '{path}'"
            " (FORMAT parquet)"
        )
    assert "row 6 (2024-01-01T05:00Z)" in _refusal(path)


def test_parquet_naive_time_not_called_utc_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    with duckdb.connect() as link:
        link.execute(
            "COPY (SELECT TIMESTAMP '2024-01-01 00:00:00' AS hour, 20.0 AS p)"
            f" TO '{path}' (FORMAT parquet)"
        )
    assert "clock changes" in _refusal(path)


def test_missing_file(tmp_path: Path) -> None:
    assert "no such file" in _refusal(tmp_path / "absent.csv")


def test_directory(tmp_path: Path) -> None:
    assert "a folder" in _refusal(tmp_path)


def test_binary_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(bytes(range(256)) * 20)
    assert "not text" in _refusal(path)


def test_nul_bytes(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(b"ts_utc,price\n\0\0\0")
    assert "binary" in _refusal(path)


def test_truncated_parquet(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    path.write_bytes(b"PAR1" + b"rubbish" * 10)
    assert "unreadable Parquet" in _refusal(path)


def test_csv_named_parquet(tmp_path: Path) -> None:
    assert "does not start" in _refusal(_write(tmp_path / "p.parquet", _good_rows()))


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("", encoding="utf-8")
    assert "time column" in _refusal(path)


def test_header_only(tmp_path: Path) -> None:
    assert "no rows" in _refusal(_write(tmp_path / "p.csv", []))


def test_gap_names_first_missing_hour_and_count(tmp_path: Path) -> None:
    rows = _good_rows()
    del rows[10:13]
    message = _refusal(_write(tmp_path / "p.csv", rows))
    assert "first missing hour 2024-01-01T10:00Z, 3 missing" in message


def test_nan_names_row_and_hour(tmp_path: Path) -> None:
    rows = _good_rows()
    rows[4] = rows[4].split(",")[0] + ",nan"
    rows[7] = rows[7].split(",")[0] + ","
    message = _refusal(_write(tmp_path / "p.csv", rows))
    assert "row 6 (2024-01-01T04:00Z)" in message
    assert "2 such rows" in message


@pytest.mark.parametrize("cell", ["4_2", "30 USD", "0x1e"])
def test_what_is_no_plain_number_is_refused(tmp_path: Path, cell: str) -> None:
    rows = _good_rows()
    rows[3] = f"{_stamps(4)[3]},{cell}"
    said = _refusal(_write(tmp_path / "p.csv", rows))
    assert "row 5" in said
    assert "a plain number with a decimal point" in said


def test_repeated_hour(tmp_path: Path) -> None:
    rows = _good_rows()
    rows.insert(5, rows[5])
    assert "occurs twice" in _refusal(_write(tmp_path / "p.csv", rows))


def test_unsorted_hours(tmp_path: Path) -> None:
    rows = _good_rows()
    rows[3], rows[4] = rows[4], rows[3]
    assert "Sort the rows" in _refusal(_write(tmp_path / "p.csv", rows))


def test_quarter_hours(tmp_path: Path) -> None:
    rows = ["2024-01-01T00:00Z,20", "2024-01-01T00:15Z,21"]
    assert "whole hours" in _refusal(_write(tmp_path / "p.csv", rows))


def test_local_time_without_zone(tmp_path: Path) -> None:
    rows = ["2024-01-01T00:00,20", "2024-01-01T01:00,21"]
    message = _refusal(_write(tmp_path / "p.csv", rows, "hour_local,price"))
    assert "clock changes" in message


def test_unreadable_timestamp(tmp_path: Path) -> None:
    message = _refusal(_write(tmp_path / "p.csv", ["01/02/2024 1 am,20"]))
    assert "row 2" in message


def test_text_in_price_column(tmp_path: Path) -> None:
    rows = _good_rows()
    rows[2] = rows[2].split(",")[0] + ",n/a"
    assert "row 4" in _refusal(_write(tmp_path / "p.csv", rows))


def test_row_of_wrong_width(tmp_path: Path) -> None:
    rows = _good_rows()
    rows[2] += ",7"
    assert "3 cells" in _refusal(_write(tmp_path / "p.csv", rows))


def test_semicolons(tmp_path: Path) -> None:
    rows = [r.replace(",", ";") for r in _good_rows()]
    assert "p.csv" in _refusal(_write(tmp_path / "p.csv", rows, "ts_utc;price"))


def test_euro_header(tmp_path: Path) -> None:
    message = _refusal(_write(tmp_path / "p.csv", _good_rows(), "ts_utc,price_eur_mwh"))
    assert "EUR" in message


def test_euro_unit(tmp_path: Path) -> None:
    assert "exchange rate" in _refusal(_write(tmp_path / "p.csv", _good_rows()), unit="EUR/MWh")


def test_nonsense_unit(tmp_path: Path) -> None:
    assert "unit" in _refusal(_write(tmp_path / "p.csv", _good_rows()), unit="USD/MW")


def test_cents_in_header_need_stating(tmp_path: Path) -> None:
    path = _write(tmp_path / "p.csv", _good_rows(), "ts_utc,price_c_per_kwh")
    assert "State the column's unit" in _refusal(path)
    series = read_price_file(path, unit="c/kWh")
    assert series.prices_usd_per_mwh[0] == 200.0


def test_stated_unit_must_agree_with_header(tmp_path: Path) -> None:
    path = _write(tmp_path / "p.csv", _good_rows(), "ts_utc,usd/mwh")
    assert "says otherwise" in _refusal(path, unit="USD/kWh")


def test_prices_too_small_for_their_unit(tmp_path: Path) -> None:
    rows = [f"{t},0.04" for t in _stamps(48)]
    path = _write(tmp_path / "p.csv", rows, "ts_utc,price")
    assert "USD/kWh" in _refusal(path)
    assert read_price_file(path, unit="USD/kWh").prices_usd_per_mwh[0] == 40.0


def test_several_columns_need_a_name(tmp_path: Path) -> None:
    rows = [r + ",99" for r in _good_rows()]
    path = _write(tmp_path / "p.csv", rows, "ts_utc,HB_NORTH,HB_WEST")
    message = _refusal(path)
    assert "HB_NORTH, HB_WEST" in message
    assert read_price_file(path, column="HB_WEST").prices_usd_per_mwh[0] == 99.0
    assert "'HB_EAST'" in _refusal(path, column="HB_EAST")


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hourly_file, "MAX_ROWS", 10)
    assert "over 10 rows" in _refusal(_write(tmp_path / "p.csv", _good_rows()))


def test_too_many_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hourly_file, "MAX_BYTES", 100)
    assert "MiB" in _refusal(_write(tmp_path / "p.csv", _good_rows()))


def test_pattern_in_parquet_path(tmp_path: Path) -> None:
    path = tmp_path / "p*.parquet"
    path.write_bytes(b"PAR1rubbish")
    assert "plain path" in _refusal(path)
