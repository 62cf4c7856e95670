"""Quarter-hours end to end: files, the system's peak, and a bill to the cent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rerack.assets import (
    CoincidentPeak,
    DemandCharge,
    ExportTerms,
    FixedBlock,
    MinimumTake,
    Site,
    Tariff,
)
from rerack.base.checks import FloatArray
from rerack.base.errors import DataError, InputError
from rerack.dispatch import HourCalendar, HourlyPrices, bill
from rerack.dispatch.desk_load import read_load_file
from rerack.dispatch.desk_power import dispatch_site
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.dispatch.desk_power_series import DeskSeries
from rerack.dispatch.desk_prices import between
from rerack.dispatch.desk_terms import DeskTerms
from rerack.markets.files import read_price_file

PEAK = CoincidentPeak(charge_usd_per_mw_year=60_000.0)


def write(path: Path, values: FloatArray, start: str = "2024-06-01T00:00") -> Path:
    at = np.datetime64(start, "m") + 15 * np.arange(values.size).astype("timedelta64[m]")
    rows = [f"{t}Z,{v}" for t, v in zip(at, values, strict=True)]
    path.write_text("\n".join(["ts_utc,value", *rows]) + "\n", encoding="utf-8")
    return path


def test_quarter_hours_are_kept_beside_their_means(tmp_path: Path) -> None:
    read = read_price_file(write(tmp_path / "p.csv", np.arange(8.0)))
    assert read.prices_usd_per_mwh.tolist() == [1.5, 5.5]
    assert read.quarters_usd_per_mwh is not None
    assert read.quarters_usd_per_mwh.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert "quarter-hours" in read.name
    assert between(read, None, None).quarters_usd_per_mwh is not None


@pytest.mark.parametrize(
    ("start", "drop", "said"),
    [
        ("2024-06-01T00:15", 0, "whole hours: from :00 to :45"),
        ("2024-06-01T00:00", 5, "first missing quarter-hour 2024-06-01T01:15Z, 1 missing"),
        ("2024-06-01T00:05", 0, "whole hours or quarter-hours"),
    ],
)
def test_what_is_not_whole_is_refused(tmp_path: Path, start: str, drop: int, said: str) -> None:
    path = write(tmp_path / "p.csv", np.full(8, 40.0), start)
    lines = path.read_text(encoding="utf-8").splitlines()
    if drop:
        del lines[1 + drop]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_price_file(path)


def test_the_system_peak_is_that_of_a_quarter_hour_to_the_cent(tmp_path: Path) -> None:
    """The hour of the highest mean is the second, the highest quarter-hour is in the third."""
    load = np.array([5.0, 5, 5, 5, 8, 8, 8, 8, 1, 9, 1, 1]) * 1e4
    price = np.array([40.0, 41, 42, 43, 50, 50, 50, 50, 10, 20, 30, 40.01])
    series = read_price_file(write(tmp_path / "p.csv", price))
    found = dispatch_site(
        Site(name="F", interconnect_mw=9.0, tariff=Tariff(), halls=(), firm_load_mw=5.0),
        DeskTerms(tariff=Tariff(coincident_peak=PEAK, losses_frac=0.02)),
        series,
        42.0,
        beside=DeskSeries(load=read_load_file(write(tmp_path / "l.csv", load))),
    )
    assert isinstance(found, PowerSchedule)
    lines = {line.part: line for line in found.bill.lines}
    assert "2024-06-01 02:00" in lines["coincident peak"].formula
    assert lines["coincident peak"].amount_cents == 5 * 15_000 * 100
    assert lines["index energy"].amount_cents == round(100 * 5.0 * price.sum() / 4.0)
    by_cent = round(100 * 5.0 * price.sum() / 4.0 * 0.02 / 0.98)
    assert lines["losses"].amount_cents == by_cent


def test_a_metered_quarter_hour_load_is_billed_by_quarter_hours() -> None:
    hours = HourCalendar(start_utc="2024-06-01T00", hours=2)
    index = np.array([10.0, 20.0, 30.0, 40.0, 0.0, 100.0, 0.0, 0.0])
    prices = HourlyPrices(
        calendar=hours,
        index_usd_per_mwh=index.reshape(2, 4).mean(axis=1),
        quarter_usd_per_mwh=index,
        system_load_mw=np.array([1.0, 1, 1, 1, 1, 1, 9, 1]),
    )
    tariff = Tariff(
        adder_usd_per_mwh=4.0,
        demand_charge=DemandCharge(charge_usd_per_kw_month=2.0),
        coincident_peak=PEAK,
        minimum_take=MinimumTake(contract_mw=8.0, take_frac=1.0, shortfall_usd_per_mwh=10.0),
        export=ExportTerms(limit_mw=4.0),
        block=FixedBlock(block_mw=2.0, price_usd_per_mwh=30.0, months=12),
    )
    drawn = np.array([8.0, 8, 8, 12, 0, 0, 6, 8])
    sold = np.array([0.0, 0, 0, 0, 0, 4, 0, 0])
    parts = bill(drawn, tariff, prices, export_mw=sold).by_part()
    assert parts == {
        "index energy": round(100 * (8 * 10 + 8 * 20 + 8 * 30 + 12 * 40) / 4),
        "adder": 100 * 4 * 50 // 4,
        "demand charge": 100 * 2 * 12_000,
        "coincident peak": 100 * 15_000 * 6,
        "minimum take": round(100 * 10 * (16.0 - (50.0 - 4.0) / 4.0)),
        "export": -100 * 4 * 100 // 4,
        "fixed block": round(100 * 2 / 4 * (8 * 30 - 200)),
    }
    shown = bill(drawn, tariff, prices, export_mw=sold).explain()
    assert "highest quarter-hourly import, 2024-06-01 00:45" in shown
    assert "load at the system peak, 2024-06-01 01:30" in shown
    # The same load by the hour costs the same where nothing moves within it.
    flat = np.array([8.0, 4.0])
    by_hour = bill(flat, tariff, prices).by_part()
    assert bill(np.repeat(flat, 4), tariff, prices).by_part() == by_hour


def test_quarter_prices_must_be_those_of_the_index() -> None:
    hours = HourCalendar(start_utc="2024-06-01T00", hours=1)
    prices = HourlyPrices(calendar=hours, index_usd_per_mwh=np.array([10.0]))
    with pytest.raises(InputError, match="hourly mean"):
        replace(prices, quarter_usd_per_mwh=np.array([1.0, 2.0, 3.0, 4.0]))


def test_ercot_real_time_by_quarter_hours(shared_data: Path) -> None:
    read = read_price_file(shared_data / "ercot_rtm15_hubavg_2024_2025h1.parquet")
    assert read.prices_usd_per_mwh.size == 52_512 // 4
    assert read.quarters_usd_per_mwh is not None
    month = between(read, "2024-06", "2024-06")
    site = Site(name="F", interconnect_mw=9.0, tariff=Tariff(), halls=(), firm_load_mw=5.0)
    found = dispatch_site(site, DeskTerms(tariff=Tariff(losses_frac=0.01)), month, 42.0)
    assert isinstance(found, PowerSchedule)
    assert month.quarters_usd_per_mwh is not None
    exact = round(100 * 5.0 * float(month.quarters_usd_per_mwh.sum()) / 4.0)
    assert found.bill.by_part()["index energy"] == exact
