"""Site files that take their prices from the cache of live data: aged, gap-free or refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from rerack.base.errors import DataError, ScenarioError
from rerack.cli.main import cli
from rerack.livedata import Observations, cache
from rerack.livedata.cache import Record
from rerack.markets.files import read_price_file
from rerack.scenario import Scenario, load
from rerack.study import resume_run, run_to_folder
from rerack.study.pipeline import prepare

SITE = (Path(__file__).resolve().parents[2] / "examples" / "core-scientific.yaml").read_text()
HOURS = 400 * 24


def keep(
    folder: Path, *, hours_old: float = 2.0, missing: tuple[int, ...] = (), **given: str
) -> Path:
    """Keep an hourly series whose last hour began some hours ago."""
    now = np.datetime64("now", "h")
    fetched = now - np.timedelta64(round(hours_old), "h")
    times = (fetched - np.arange(HOURS)[::-1].astype("timedelta64[h]")).astype("datetime64[s]")
    hour = np.arange(HOURS)
    values = 40.0 + 20.0 * np.sin(hour * 2 * np.pi / 24) + hour / 1000.0
    kept = ~np.isin(hour, missing)
    facts = {
        "name": "ercot_north",
        "unit": "USD/MWh",
        "step": "hour",
        "summary": "test",
        "source": "ercot",
        "origin": "a test",
        "licence": "test",
        "fetched_at": str(fetched.astype("datetime64[s]")),
    }
    record = Record(**(facts | given), fresh_hours=30.0, update_hours=24.0)
    filled = np.zeros(int(kept.sum()), dtype=np.bool_)
    seen = Observations(times=times[kept], values=values[kept], filled=filled)
    return cache.write(folder, record, seen)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a site file that asks for a live series; the cache is beside it."""
    monkeypatch.setenv("RERACK_DATA", str(tmp_path / "cache"))
    path = tmp_path / "site.yaml"
    path.write_text(SITE.replace("series: ercot_north", "file: data:ercot_north"))
    return path


def loaded(site: Path, *overrides: str) -> Scenario:
    """Load a study of two years."""
    return load(site, scenarios=8, overrides=("study.horizon=2 years", *overrides))


def test_prices_come_from_the_series_and_its_age_is_said(site: Path, tmp_path: Path) -> None:
    keep(tmp_path / "cache")
    scenario = loaded(site)
    (note,) = scenario.notes
    assert note.startswith("ercot_north: fetched")
    assert note.endswith(": fresh")
    (row,) = (row for row in scenario.inputs if row.path == "market.power.file")
    assert "live series ercot_north of ercot" in row.source
    assert row.as_of == str(np.datetime64("now", "h") - np.timedelta64(2, "h"))[:10]
    library = prepare(scenario).library
    assert library.mean_usd_per_mwh == pytest.approx(40.0 + HOURS / 2000.0, rel=0.02)
    assert any(name.endswith("ercot_north.csv") for name in scenario.sha256)


def test_the_stale_is_never_passed_for_fresh(site: Path, tmp_path: Path) -> None:
    keep(tmp_path / "cache", hours_old=240.0)
    words = ["check", str(site)]
    said = CliRunner().invoke(cli, words)
    assert said.exit_code == 0, said.output
    assert "ercot_north: fetched 10 days ago" in said.stderr
    assert "STALE" in said.stderr
    listed = CliRunner().invoke(cli, [*words, "--inputs", "--csv"])
    (row,) = (line for line in listed.stdout.splitlines() if "market.power.file" in line)
    assert "STALE" in row


def test_a_gap_is_an_error_unless_a_rule_is_chosen(site: Path, tmp_path: Path) -> None:
    file = keep(tmp_path / "cache", missing=(100, 101, 5000))
    with pytest.raises(ScenarioError, match=r"missing hours: 2 from .*1 from (.|\n)*linear"):
        loaded(site)
    whole = keep(tmp_path / "whole")
    for rule in ("linear", "previous"):
        filled = prepare(loaded(site, f"market.power.fill={rule}")).library
        assert f"3 hours filled by rule {rule}" in filled.source
        series = read_price_file(file, fill=rule)
        before = read_price_file(whole).prices_usd_per_mwh
        same = np.flatnonzero(series.prices_usd_per_mwh != before)
        assert set(same) <= {100, 101, 5000}
        expected = (before[99] + (before[102] - before[99]) / 3) if rule == "linear" else before[99]
        assert series.prices_usd_per_mwh[100] == pytest.approx(expected, rel=1e-12)
    keep(tmp_path / "cache", missing=tuple(range(200, 230)))
    with pytest.raises(ScenarioError, match="gaps of up to 24"):
        loaded(site, "market.power.fill=linear")


def test_what_cannot_be_used_is_refused_with_its_line(site: Path, tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"site\.yaml:\d+.*no such file(.|\n)*data update ercot"
    ):
        load(site)
    keep(tmp_path / "cache", unit="EUR/MWh")
    with pytest.raises(ScenarioError, match="EUR/MWh by hour"):
        load(site)
    file = keep(tmp_path / "cache")
    file.write_text(file.read_text().replace("40.", "41.", 1))
    with pytest.raises(ScenarioError, match=r"site\.yaml:\d+.*damaged or edited"):
        load(site)
    site.write_text(SITE)
    with pytest.raises(ScenarioError, match="a fill without a file"):
        load(site, overrides=("market.power.fill=linear",))


def test_a_run_on_a_live_series_resumes_until_it_is_updated(site: Path, tmp_path: Path) -> None:
    keep(tmp_path / "cache")
    scenario = loaded(site)

    def stop(share: float, what: str) -> None:
        if what.startswith("1 of"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_to_folder(scenario, tmp_path / "runs", progress=stop)
    (folder,) = (tmp_path / "runs").iterdir()
    stored = (folder / "scenario.yaml").read_text()
    assert str(tmp_path / "cache" / "ercot_north.csv") in stored
    run = resume_run(folder)
    paths = [str(p) for p in run.table("inputs")["path"]]
    source = str(run.table("inputs")["source"][paths.index("market.power.file")])
    assert "live series ercot_north" in source
    with pytest.raises(KeyboardInterrupt):
        run_to_folder(scenario, tmp_path / "again", progress=stop)
    keep(tmp_path / "cache", hours_old=1.0)
    (folder,) = (tmp_path / "again").iterdir()
    with pytest.raises(Exception, match=r"ercot_north\.csv: changed since the run started"):
        resume_run(folder)


def test_quarter_hours_are_filled_too(tmp_path: Path) -> None:
    rows = [f"2024-01-01T{h:02d}:{m:02d}Z,{10 * h + m}" for h in range(4) for m in (0, 15, 30, 45)]
    path = tmp_path / "quarters.csv"
    path.write_text("ts_utc,price\n" + "\n".join(r for r in rows if "T01:15" not in r) + "\n")
    with pytest.raises(DataError, match="a gap"):
        read_price_file(path)
    series = read_price_file(path, fill="linear")
    assert series.quarters_usd_per_mwh is not None
    assert series.quarters_usd_per_mwh[1].tolist() == [10.0, 25.0, 40.0, 55.0]
    assert "1 quarter-hours filled by rule linear" in series.name
