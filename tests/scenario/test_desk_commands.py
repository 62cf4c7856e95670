"""The desk's commands as a user meets them: text, JSON, CSV, a page, and refusals that help."""

from __future__ import annotations

import csv
import io
import json
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from rerack.base.errors import InputError, RerackError
from rerack.cli.main import cli

SITE = str(Path(__file__).resolve().parents[2] / "examples" / "desk" / "ercot.yaml")


def write(path: Path, values: np.ndarray, *, start: str = "2023-12-31T00", name: str = "p") -> str:
    hours = np.datetime64(start, "h") + np.arange(values.size).astype("timedelta64[h]")
    rows = [f"{hour}:00Z,{value}" for hour, value in zip(hours, values, strict=True)]
    path.write_text("\n".join([f"ts_utc,{name}", *rows]) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def prices(tmp_path: Path) -> str:
    """Three days over a year's end, dear in one hour."""
    values = 30.0 + 5.0 * np.sin(np.arange(72.0))
    values[40] = 4000.0
    return write(tmp_path / "real.csv", values)


def call(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words), catch_exceptions=True)


def good(*words: str) -> str:
    done = call(*words)
    assert done.exception is None, done.exception
    assert done.exit_code == 0
    return done.output


def refusal(*words: str) -> str:
    done = call(*words)
    assert isinstance(done.exception, RerackError), done.output
    assert done.exception.exit_code == 2
    assert isinstance(done.exception, InputError)
    for problem in done.exception.problems:
        assert problem.given
        assert problem.allowed
        assert problem.cure
    return str(done.exception)


def test_dispatch_prints_months_with_their_sum(prices: str) -> None:
    text = good("dispatch", SITE, "--prices", prices)
    assert "ERCOT desk · 2023-12-31T00:00Z to 2024-01-02T23:00Z · 72 hours" in text
    assert [line.split()[0] for line in text.splitlines() if line.startswith("  20")] == [
        "2023-12",
        "2024-01",
    ]
    assert "  all" in text
    assert max(map(len, text.splitlines())) <= 100


def test_dispatch_csv_is_hourly_and_adds_up_to_the_json_months(prices: str) -> None:
    rows = list(csv.DictReader(io.StringIO(good("dispatch", SITE, "--prices", prices, "--csv"))))
    months = json.loads(good("dispatch", SITE, "--prices", prices, "--json"))
    assert len(rows) == 72
    assert rows[40]["period"] == "2024-01-01T16:00Z"
    assert float(rows[40]["mining_mwh"]) == 0.0
    assert float(rows[39]["old: run_mw"]) == pytest.approx(48.0)
    for name in ("mining_mwh", "margin_usd", "block_settlement_usd", "net_usd"):
        total = sum(float(row[name]) for row in rows)
        assert sum(month[name] for month in months) == pytest.approx(total, rel=1e-9)


def test_dispatch_writes_a_page_that_stands_alone(prices: str, tmp_path: Path) -> None:
    page = tmp_path / "new" / "plan.html"
    text = good("dispatch", SITE, "--prices", prices, "--plot", str(page))
    written = page.read_text(encoding="utf-8")
    assert str(page) in text
    assert "Content-Security-Policy" in written
    assert "default-src 'none'" in unescape(written)
    data = json.loads(
        written.split('<script type="application/json" id="data">')[1].split("</script>")[0]
    )
    assert set(data["figures"]) == {"schedule", "prices"}
    cells = data["figures"]["schedule"]["data"][0]["z"]
    assert cells[16][1] == 0.0
    assert cells[15][1] == pytest.approx(96.0)
    assert [p.name for p in page.parent.iterdir()] == ["plan.html"]


def test_names_from_a_file_cannot_run_on_the_page(tmp_path: Path) -> None:
    named = write(tmp_path / "p.csv", np.full(24, 30.0), name="<script>alert(1)</script>")
    page = tmp_path / "plan.html"
    good("dispatch", SITE, "--prices", named, "--plot", str(page))
    assert "<script>alert" not in page.read_text(encoding="utf-8")


def test_dispatch_takes_a_hashprice_and_a_span(prices: str) -> None:
    words = ("--hashprice", "35 USD/PH/day", "--from", "2024", "--to", "2024-01-02")
    (row,) = json.loads(good("dispatch", SITE, "--prices", prices, *words, "--json"))
    assert (row["period"], row["hours"]) == ("2024-01", 48)
    assert row["hashprice_usd_per_ph_day"] == 35.0


def test_a_battery_only_adds(prices: str) -> None:
    size = ("--battery-power", "20 MW utility", "--battery-energy", "40 MWh")
    without = json.loads(good("dispatch", SITE, "--prices", prices, "--by", "year", "--json"))
    found = json.loads(good("dispatch", SITE, "--prices", prices, *size, "--json"))
    assert sum(r["net_usd"] for r in found) >= sum(r["net_usd"] for r in without)
    assert sum(r["battery_usd"] for r in found) != 0.0
    for row in found:
        parts = row["margin_usd"] + row["battery_usd"] + row["block_settlement_usd"]
        assert row["net_usd"] == pytest.approx(parts - row["firm_cost_usd"], rel=1e-9)


def test_strike_lists_rigs_in_all_three_forms() -> None:
    words = ("strike", "--hashprice", "35 USD/PH/day", "--fee", "1%", "--om", "2 USD/MWh")
    text = good(*words)
    rows = json.loads(good(*words, "--json"))
    table = list(csv.DictReader(io.StringIO(good(*words, "--csv"))))
    by_model = {row["model"]: row["strike_usd_per_mwh"] for row in rows}
    assert by_model["S21 Pro"] == pytest.approx(0.99 * 35e3 / 24 / 15.0 - 2.0)
    assert float(table[0]["strike_usd_per_mwh"]) == max(by_model.values())
    assert "94.2" in next(line for line in text.splitlines() if "S21 Pro" in line)


def test_backtest_compares_desk_and_foresight(prices: str, tmp_path: Path) -> None:
    ahead = write(tmp_path / "ahead.csv", np.full(72, 31.0))
    words = ("backtest", SITE, "--prices", prices, "--day-ahead", ahead)
    text = good(*words)
    rows = json.loads(good(*words, "--json"))
    hours = list(csv.DictReader(io.StringIO(good(*words, "--csv", "--by", "hour"))))
    # The dear hour was not to be seen the day before: 96 MW drawn at 4,004 USD/MWh.
    assert sum(r["foregone_usd"] for r in rows) == pytest.approx(
        -float(hours[40]["desk_margin_usd"]), rel=1e-9
    )
    assert "The desk nets" in text
    assert "net, kUSD" in text or "net, MUSD" in text or "net, USD" in text
    assert "ahead.csv" in text
    assert max(map(len, text.splitlines())) <= 100


def test_backtest_judges_peaks_from_a_load_file(tmp_path: Path) -> None:
    span = np.datetime64("2023-10-01T05") - np.datetime64("2021-06-01T05")
    hours = int(span / np.timedelta64(1, "h"))
    t = np.arange(hours)
    rng = np.random.default_rng(2)
    days = np.repeat(1.0 + 0.05 * rng.standard_normal(hours // 24 + 1), 24)[:hours]
    system = 5e4 * (1.0 + 0.2 * np.cos(2 * np.pi * (t % 24 - 16) / 24)) * days
    load = write(tmp_path / "load.csv", system, start="2021-06-01T05", name="load_mw")
    flat = write(tmp_path / "p.csv", np.full(2928, 30.0), start="2023-06-01T05")
    words = ("backtest", SITE, "--prices", flat, "--load", load, "--by", "year")
    (row,) = json.loads(good(*words, "--peak-charge", "65 USD/kW-year utility", "--json"))
    assert row["peaks"] == row["foresight_peaks_avoided"] == 4
    assert row["desk_peaks_avoided"] >= 3
    assert row["always_peak_charge_usd"] == pytest.approx(96.0 * 65_000.0)
    assert row["peaks_judged_by"] == "load"
    plain = good(*words, "--peak-charge", "65 USD/kW-year utility")
    assert "coincident peaks" in plain
    assert "no weather: peaks of 2023 judged by load only" in plain
    # Weather from May 2022 on: one summer to learn on and one to judge.
    start = int((np.datetime64("2022-05-01T00") - np.datetime64("2021-06-01T05")).astype(int))
    warmth = 85.0 + 10.0 * np.cos(2 * np.pi * (t[start:] % 24 - 16) / 24)
    weather = write(tmp_path / "w.csv", warmth, start="2022-05-01T00", name="temp_f")
    words = (*words, "--weather", weather, "--weather-unit", "F")
    (warm,) = json.loads(good(*words, "--peak-charge", "65 USD/kW-year utility", "--json"))
    assert warm["peaks_judged_by"] == "load, weather"
    text = good(*words, "--peak-charge", "65 USD/kW-year utility")
    assert "judged by" in text
    assert "2023 judged by load and weather, learnt on 2022" in text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--hashprice", "35 USD/MWh"), "--hashprice: given '35 USD/MWh'"),
        (("--hashprice", "0 USD"), "--hashprice"),
        (("--from", "2020"), "Choose days that the price file has"),
        (("--from", "tomorrow"), "--from: given 'tomorrow'"),
        (("--by", "hour"), "Add --csv or --json"),
        (("--column", "q"), "'q'"),
        (("--unit", "EUR/MWh"), "EUR"),
        (("--battery-power", "20 MW utility"), "--battery-energy"),
        (
            ("--battery-power", "20 MW", "--battery-energy", "4 MWh", "--battery-efficiency", "0"),
            "--battery-efficiency",
        ),
        (("--set", "site.interconnect=-5 MW utility"), "site.interconnect"),
    ],
)
def test_dispatch_refuses_with_place_value_and_cure(
    prices: str, words: tuple[str, ...], said: str
) -> None:
    assert said in refusal("dispatch", SITE, "--prices", prices, *words)


def test_a_year_beyond_the_history_asks_for_a_hashprice(tmp_path: Path) -> None:
    late = write(tmp_path / "late.csv", np.full(24, 30.0), start="2031-01-01T00")
    assert "--hashprice" in refusal("dispatch", SITE, "--prices", late)
    assert "net" in good("dispatch", SITE, "--prices", late, "--hashprice", "35 USD/PH/day")


def test_missing_files_and_gaps_are_named(prices: str, tmp_path: Path) -> None:
    assert "none.csv" in refusal("dispatch", SITE, "--prices", str(tmp_path / "none.csv"))
    text = Path(prices).read_text(encoding="utf-8").splitlines()
    gap = tmp_path / "gap.csv"
    gap.write_text("\n".join([*text[:5], *text[6:]]) + "\n", encoding="utf-8")
    assert "gap" in refusal("backtest", SITE, "--prices", str(gap))
    short = write(tmp_path / "short.csv", np.full(24, 30.0))
    said = refusal("backtest", SITE, "--prices", prices, "--day-ahead", short)
    assert "short.csv" in said
    assert "every hour from" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--load", "LOAD"), "--peak-charge"),
        (("--peak-charge", "65 USD/kW-year utility"), "--load"),
        (("--peak-charge", "65 USD"), "--peak-charge: given '65 USD'"),
        (("--weather", "LOAD"), "Add --load and --peak-charge"),
        (("--lead", "1.5 h"), "whole hours"),
        (("--lead", "48 h"), "--lead: given 48"),
        (("--by", "hour"), "Add --csv or --json"),
    ],
)
def test_backtest_refuses_with_place_value_and_cure(
    prices: str, words: tuple[str, ...], said: str
) -> None:
    given = [prices if word == "LOAD" else word for word in words]
    assert said in refusal("backtest", SITE, "--prices", prices, *given)


@pytest.mark.parametrize("words", [("--hashprice", "-35 USD/PH/day"), ("--hashprice", "35")])
def test_strike_refuses_a_hashprice_that_is_none(words: tuple[str, ...]) -> None:
    assert "hashprice" in refusal("strike", *words)


def test_the_rockdale_example_says_what_it_assumes() -> None:
    path = Path(SITE).with_name("rockdale.yaml")
    head = path.read_text(encoding="utf-8").split("study:")[0]
    for word in ("# Reproduces:", "Public:", "stimated", "nknown", "memory"):
        assert word in head
    assert "good" in good("check", str(path))
