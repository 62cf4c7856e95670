"""`rerack dispatch` with a whole tariff, end to end; what `run` and `backtest` say of it."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from rerack.base.errors import InputError
from rerack.cli.main import cli
from rerack.scenario import load
from rerack.study.pipeline import run_study

SITE = str(Path(__file__).resolve().parents[2] / "examples" / "desk" / "full-tariff.yaml")
#: Ten days over the end of a month of the tariff's clock, UTC.
HOURS = 240
START = "2024-06-25T05"


def write(path: Path, values: np.ndarray, name: str) -> str:
    hours = np.datetime64(START, "h") + np.arange(values.size).astype("timedelta64[h]")
    rows = [f"{hour}:00Z,{value}" for hour, value in zip(hours, values, strict=True)]
    path.write_text("\n".join([f"ts_utc,{name}", *rows]) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("desk")
    t = np.arange(HOURS)
    day = np.sin(2.0 * np.pi * (t % 24 - 13) / 24)
    prices = 35.0 + 15.0 * day + np.random.default_rng(5).exponential(8.0, HOURS)
    prices[100] = 2500.0
    load_file = write(folder / "load.csv", 6e4 + 1e4 * day + 10.0 * t, "load_mw")
    solar = write(folder / "solar.csv", np.clip(day, 0.0, 1.0), "output")
    return [
        "dispatch", SITE, "--prices", write(folder / "p.csv", prices, "price"),
        "--hashprice", "60 USD/PH/day", "--load", load_file, "--series", f"solar={solar}",
    ]  # fmt: skip


def call(*given: str) -> Result:
    done = CliRunner().invoke(cli, list(given), catch_exceptions=True)
    assert done.exception is None, done.exception
    return done


@pytest.fixture(scope="module")
def files(words: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, Path]:
    folder = tmp_path_factory.mktemp("out")
    page, bill = folder / "new" / "plan.html", folder / "bill.csv"
    done = call(*words, "--plot", str(page), "--bill", str(bill))
    return done.output, page, bill


def test_text_has_months_bill_programmes_and_gap(files: tuple[str, Path, Path]) -> None:
    text, page, bill = files
    assert re.findall(r"(?m)^  (2024-\d\d) ", text) == ["2024-06", "2024-07"]
    said = " ".join(text.split())
    for month in ("2024-06", "2024-07"):
        assert f"demand charge and coincident peak of {month}" in said  # given in part
    for part in ("index energy", "losses", "demand charge", "minimum take", "fixed block"):
        assert f"  {part}" in text
    for programme in (
        "battery",
        "generation: gas",
        "ancillary: reserve",
        "demand response: emergency",
    ):
        assert programme in text
    assert "bound of" in text
    assert "America/Chicago" in text
    assert str(page) in text
    assert str(bill) in text
    assert max(map(len, text.splitlines()[:-4])) <= 100


def test_bill_file_adds_up_to_the_cent(files: tuple[str, Path, Path]) -> None:
    text, _, bill = files
    lines = list(csv.DictReader(io.StringIO(bill.read_text(encoding="utf-8"))))
    cents = sum(round(100 * float(line["amount_usd"])) for line in lines)
    whole, rest = divmod(cents, 100)
    assert f"{whole:,}.{rest:02d}" in next(ln for ln in text.splitlines() if "  total" in ln)
    assert {line["month"] for line in lines} == {"2024-06", "2024-07"}
    assert all(line["formula"] for line in lines)


def test_hours_add_up_to_months(words: list[str]) -> None:
    hours = list(csv.DictReader(io.StringIO(call(*words, "--csv").output)))
    months = json.loads(call(*words, "--json").output)
    assert len(hours) == HOURS
    assert hours[0]["period"] == f"{START}:00Z"
    for name in ("net_usd", "hashing: usd", "demand charge: usd", "import_mwh"):
        total = sum(float(row[name]) for row in hours)
        assert sum(month[name] for month in months) == pytest.approx(total, rel=1e-9)
    assert {row["gap_frac"] for row in months} == {float(hours[0]["gap_frac"])}
    assert 0.0 <= months[0]["gap_frac"] < 0.01
    dear = hours[100]
    assert float(dear["old: run_mw"]) == pytest.approx(0.0, abs=1e-6)
    assert float(dear["gas: output_mw"]) == pytest.approx(10.0)


def test_page_stands_alone_with_schedule_money_and_bill(files: tuple[str, Path, Path]) -> None:
    page = files[1].read_text(encoding="utf-8")
    data = json.loads(
        page.split('<script type="application/json" id="data">')[1].split("</script>")[0]
    )
    assert set(data["figures"]) == {"schedule", "money", "bill"}
    assert "default-src 'none'" in unescape(page)
    assert "demand charge" in data["figures"]["bill"]["data"][0]["y"]
    assert "--series" in unescape(page)


def test_a_plain_site_has_a_bill_too(words: list[str], tmp_path: Path) -> None:
    plain = str(Path(SITE).with_name("ercot.yaml"))
    bill = tmp_path / "bill.csv"
    call("dispatch", plain, *words[2:6], "--bill", str(bill))
    parts = {ln["part"] for ln in csv.DictReader(io.StringIO(bill.read_text(encoding="utf-8")))}
    assert parts == {"index energy", "adder", "fixed block"}


def test_missing_series_and_prices_that_are_short_are_refused(words: list[str]) -> None:
    for less, said in (
        (words[:6], "--series"),
        ([*words[:8], "--series", "sol=x.csv"], "reserve, solar"),
        ([*words, "--to", "2024-08"], "Choose days that the price file has"),
        ([*words, "--battery-power", "5 MW utility"], "--battery-energy"),
    ):
        done = CliRunner().invoke(cli, less)
        assert isinstance(done.exception, InputError), done.output
        assert said in str(done.exception)


def test_a_site_with_a_battery_in_its_file(words: list[str]) -> None:
    plain = str(Path(SITE).with_name("ercot.yaml"))
    store = ["--set", "site.battery={power: 20 MW utility, energy: 40 MWh}"]
    options = ["--battery-power", "20 MW utility", "--battery-energy", "40 MWh"]
    by_file = json.loads(call("dispatch", plain, *words[2:6], *store, "--json").output)
    by_option = json.loads(call("dispatch", plain, *words[2:6], *options, "--json").output)
    assert by_file == by_option
    assert sum(row["battery_usd"] for row in by_file) != 0.0


def test_the_study_refuses_what_it_cannot_value_by_name_and_line(tmp_path: Path) -> None:
    scenario = load(SITE, scenarios=2, overrides=["study.horizon=2 years"])
    with pytest.raises(InputError) as caught:
        run_study(scenario, threads=1)
    for key in ("site.ai", "site.generation.solar", "site.power.minimum_take"):
        assert key in str(caught.value)
    assert all("full-tariff.yaml:" in problem.where for problem in caught.value.problems)


def test_the_study_says_what_it_values() -> None:
    plain = str(Path(SITE).with_name("ercot.yaml"))
    terms = ["study.horizon=2 years", "site.power.losses=2 %"]
    run = run_study(load(plain, scenarios=2, overrides=terms), threads=1)
    from rerack.report.answer import answer

    assert "power terms valued" in answer(run).checks
    assert "site.power.losses" in answer(run).checks
    run.meta["power_terms"] = []
    assert "power terms" not in answer(run).checks


def test_the_backtest_says_what_it_does_not_value(words: list[str]) -> None:
    done = call("backtest", SITE, *words[2:6])
    assert "NOT valued in this backtest" in done.stderr
    assert "site.programmes" in done.stderr
    assert "NOT valued" not in done.stdout


def test_the_example_says_what_it_assumes() -> None:
    head = Path(SITE).read_text(encoding="utf-8").split("study:")[0]
    for word in ("# Reproduces: nothing", "Public:", "Estimated:", "Unknown:"):
        assert word in head
    figures = [row for row in load(SITE).inputs if row.path.startswith("site.") and row.unit]
    own = [row for row in figures if row.where != "default"]
    assert len(own) > 40
    # Nothing may look like a fact: every figure of the site is stated as an estimate.
    assert [row.path for row in own if not row.source.startswith("estimated")] == []
