"""A year's output of sun and wind in the site file: read, refused, and placed in any hours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.dispatch.desk_power import dispatch_site
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.dispatch.desk_power_series import DeskSeries
from rerack.dispatch.desk_profile import RenewableUnit, read_year_shares
from rerack.markets.files import HourlySeries
from rerack.scenario import load

SITE = """
study: {name: P, start: 2026-01, horizon: 2 years, scenarios: 4, seed: 3}
market:
  bitcoin: {price: "85,000 USD"}
  network: {height: 927360, difficulty: 148.1953 T}
  power: {series: ercot_north, level: 38 USD/MWh}
site:
  name: P
  interconnect: 100 MW utility
  generation: {sun: {kind: solar, capacity: 30 MW utility, profile: hours/sun.csv}}
  halls:
    old: {power: 50 MW utility, rigs: {model: S19 Pro, refresh: never}}
"""


def write(path: Path, first: str, after: str, *, head: str = "ts_utc,share") -> Path:
    hours = np.arange(first, after, dtype="datetime64[h]")
    rows = [f"{hour}:00Z,{(i % 97) / 96}" for i, hour in enumerate(hours)]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_leap_year_gives_the_hours_without_its_29_february(tmp_path: Path) -> None:
    year = read_year_shares(write(tmp_path / "leap.csv", "2024-01-01", "2025-01-01"))
    assert len(year) == 8760
    first_of_march = 60 * 24
    assert year[59 * 24] == (first_of_march % 97) / 96
    assert year[59 * 24 - 1] == ((59 * 24 - 1) % 97) / 96
    plain = read_year_shares(write(tmp_path / "plain.csv", "2023-01-01", "2024-01-01"))
    assert plain[59 * 24] == ((59 * 24) % 97) / 96


def test_a_29_february_takes_the_day_before() -> None:
    unit = RenewableUnit(
        name="sun", capacity_mw=1.0, year_frac=tuple((h % 97) / 96 for h in range(8760))
    )
    leap = HourlySeries(
        name="p", start=np.datetime64("2028-02-28T00"), prices_usd_per_mwh=np.zeros(72)
    )
    by_day = unit.over(leap).reshape(3, 24)
    assert by_day[0].tolist() == by_day[1].tolist()
    assert by_day[2].tolist() == [(59 * 24 + h) % 97 / 96 for h in range(24)]


@pytest.mark.parametrize(
    ("first", "after"),
    [("2024-01-01", "2024-12-31"), ("2023-06-01", "2024-06-01"), ("2023-01-01", "2025-01-01")],
)
def test_other_hours_than_one_year_are_refused(tmp_path: Path, first: str, after: str) -> None:
    with pytest.raises(InputError, match="one whole year"):
        read_year_shares(write(tmp_path / "part.csv", first, after))


def test_dispatch_with_the_year_of_the_file_equals_the_same_as_a_series(tmp_path: Path) -> None:
    (tmp_path / "hours").mkdir()
    file = write(tmp_path / "hours" / "sun.csv", "2023-01-01", "2024-01-01")
    site = tmp_path / "site.yaml"
    site.write_text(SITE, encoding="utf-8")
    read = load(site)
    assert str(file) in read.sha256
    prices = np.random.default_rng(1).normal(60.0, 40.0, 200)
    series = HourlySeries(name="p", start=np.datetime64("2025-07-03T00"), prices_usd_per_mwh=prices)
    share = HourlySeries(
        name="s",
        start=series.start,
        prices_usd_per_mwh=np.array([(h % 97) / 96 for h in range(183 * 24, 183 * 24 + 200)]),
    )
    by_file = dispatch_site(read.site, read.desk, series, 40.0)
    given = DeskSeries(by_name={"sun": share})
    by_series = dispatch_site(read.site, read.desk, series, 40.0, beside=given)
    assert isinstance(by_file, PowerSchedule)
    assert isinstance(by_series, PowerSchedule)
    assert by_file.total_usd == pytest.approx(by_series.total_usd, rel=1e-12)
    none = DeskSeries(by_name={"sun": HourlySeries(
        name="s", start=series.start, prices_usd_per_mwh=np.zeros(200))})  # fmt: skip
    dark = dispatch_site(read.site, read.desk, series, 40.0, beside=none)
    assert isinstance(dark, PowerSchedule)
    assert by_file.total_usd > dark.total_usd


def test_a_profile_that_is_not_there_is_placed_in_the_site_file(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(SITE, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(site)
    assert "site.yaml:10" in str(caught.value)
    assert "site.generation.sun.profile" in str(caught.value)
    assert "Check the path" in str(caught.value)
