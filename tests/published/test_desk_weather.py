"""Whether temperature helps to foresee ERCOT's coincident peaks, on real summers.

The tables of docs/explanation/desk.md are made here: a figure there that the code no longer gives
fails the test.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.published.ercot_series import ercot_load, gapless, query

from rerack.dispatch.backtest_run import DeskRules, backtest
from rerack.dispatch.desk_hashprice import hashprice_by_hour
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_peak_forecast import PeakForecast, peak_chances
from rerack.dispatch.desk_peaks import coincident_peaks, summer_month
from rerack.dispatch.desk_weather import SystemWeather
from rerack.markets.files import HourlySeries
from rerack.scenario import load as load_scenario

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "desk.md"
JUDGED = (2018, 2019, 2020)
STOPPED_HOURS = (10, 25, 50, 100, 150, 200, 300)

#: Two rules, by load and by load and weather.
Pair = tuple[PeakForecast, PeakForecast]


@pytest.fixture(scope="module")
def load(shared_data: Path) -> SystemLoad:
    return ercot_load(shared_data)


@pytest.fixture(scope="module")
def houston(shared_data: Path) -> SystemWeather:
    """Return Houston's temperature; the hours that its file calls local are UTC (see the sun)."""
    file = shared_data / "weather_houston_2016_2020.parquet"
    hours, warmth = query(file, "ts_local, air_temperature")
    return SystemWeather(name="Houston", hours=hours, dry_bulb_c=warmth)


@pytest.fixture(scope="module")
def pair(load: SystemLoad, houston: SystemWeather) -> Pair:
    return peak_chances(load, lead_hours=2), peak_chances(load, lead_hours=2, weather=houston)


@pytest.fixture(scope="module")
def joined(houston: SystemWeather, shared_data: Path) -> SystemWeather:
    """Return Houston's temperature to 2020 and ERCOT's mean of 2024 and 2025."""
    file = shared_data / "weather_ercot_avg_2024_2025.parquet"
    hours, warmth = query(file, "ts_utc, temp_c_ercot")
    good = np.isfinite(warmth)
    return SystemWeather(
        name="Houston, then ERCOT's mean",
        hours=np.append(houston.hours, hours[good]),
        dry_bulb_c=np.append(houston.dry_bulb_c, warmth[good]),
    )


@pytest.fixture(scope="module")
def pair_2024(load: SystemLoad, joined: SystemWeather) -> Pair:
    return peak_chances(load, lead_hours=2), peak_chances(load, lead_hours=2, weather=joined)


def ranks(load: SystemLoad, forecast: PeakForecast, year: int) -> list[int]:
    """Return how many hours of the summer have a chance as high as each of its peaks."""
    month = summer_month(load.hours)
    chance = np.where(month // 12 + 1970 == year, forecast.chance_frac, -1.0)
    peaks = coincident_peaks(load)
    return [int((chance >= chance[p]).sum()) for p in peaks if month[p] // 12 + 1970 == year]


def hits(load: SystemLoad, forecast: PeakForecast, year: int, stopped: int) -> int:
    """Return the peaks among the hours of the highest chances, as many as are stopped."""
    return sum(rank <= stopped for rank in ranks(load, forecast, year))


def log_loss(load: SystemLoad, forecast: PeakForecast, years: tuple[int, ...]) -> float:
    """Return minus the log of the likelihood of what happened."""
    month = summer_month(load.hours)
    here = (month >= 0) & np.isin(month // 12 + 1970, years)
    is_peak = np.zeros(month.size, dtype=bool)
    is_peak[coincident_peaks(load)] = True
    p = np.clip(forecast.chance_frac[here], 1e-12, 1.0 - 1e-12)
    return float(-np.where(is_peak[here], np.log(p), np.log1p(-p)).sum())


def foregone_musd(shared_data: Path, load: SystemLoad, weather: SystemWeather | None) -> float:
    """Return what the desk of the example forgoes in 2024 at real-time prices that it knows."""
    hours, price = query(
        shared_data / "ercot_prices_as_2024_2025h1.parquet", "ts_utc, rtm_hb_north"
    )
    year = hours < np.datetime64("2025")
    start, filled = gapless(hours[year], price[year])
    settled = HourlySeries(name="rt", start=start, prices_usd_per_mwh=filled)
    site = load_scenario(PAGE.parents[2] / "examples" / "desk" / "ercot.yaml").site
    rules = DeskRules(peak_charge_usd_per_mw_year=65_000.0)
    hashprice = hashprice_by_hour(settled)
    found = backtest(site, settled, hashprice, load=load, weather=weather, rules=rules)
    return float(found.total()["foregone_usd"]) / 1e6


def rows(load: SystemLoad, pair: Pair) -> list[str]:
    """Return the page's table: peaks caught of twelve, by hours stopped a summer."""
    made = []
    for stopped in STOPPED_HOURS:
        found = [[hits(load, rule, year, stopped) for year in JUDGED] for rule in pair]
        cells = [f"{sum(by_year)} ({', '.join(map(str, by_year))})" for by_year in found]
        made.append(f"| {stopped} | {cells[0]} | {cells[1]} |")
    every = [[max(ranks(load, rule, year)) for year in JUDGED] for rule in pair]
    cells = [f"{sum(by_year)} ({', '.join(map(str, by_year))})" for by_year in every]
    made.append(f"| hours until all are caught | {cells[0]} | {cells[1]} |")
    losses = [log_loss(load, rule, JUDGED) for rule in pair]
    made.append(f"| log loss | {losses[0]:.1f} | {losses[1]:.1f} |")
    return made


def test_hours_of_the_houston_file_are_utc(shared_data: Path) -> None:
    file = shared_data / "weather_houston_2016_2020.parquet"
    hours, sun = query(file, "ts_local, ghi")
    of_day = hours.astype(np.int64) % 24
    # Houston lies at 95.4 degrees west: its noon is at 18:22 UTC, 12:22 or 13:22 local.
    assert float((sun * of_day).sum() / sun.sum()) == pytest.approx(18.4, abs=1.0)


def test_weather_judges_the_summers_that_it_covers(load: SystemLoad, pair: Pair) -> None:
    by_load, by_both = pair
    assert by_load.years == by_both.years == tuple(range(2017, 2025))
    assert {summer.year for summer in by_both.summers if summer.weather} == {2017, *JUDGED}
    learnt = {summer.year: summer.learnt_years for summer in by_both.summers}
    assert learnt[2020] == (2016, 2017, 2018, 2019)
    assert learnt[2024] == tuple(range(2016, 2024))
    year = summer_month(load.hours) // 12 + 1970
    same = by_load.chance_frac == by_both.chance_frac
    assert same[year > 2020].all()
    assert not same[year == 2020].any()


def test_table_of_weather_on_the_page_is_what_the_code_gives(load: SystemLoad, pair: Pair) -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = [row for row in rows(load, pair) if row not in page]
    assert missing == []


def test_sentence_of_2024_on_the_page_is_what_the_code_gives(
    load: SystemLoad, pair_2024: Pair
) -> None:
    by_load, by_both = (sorted(ranks(load, rule, 2024)) for rule in pair_2024)
    loss_load, loss_both = (log_loss(load, rule, (2024,)) for rule in pair_2024)
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    sentence = (
        f"its four peaks rank {', '.join(map(str, by_load))} by load and "
        f"{', '.join(map(str, by_both))} with weather among the hours of that summer; log loss "
        f"{loss_load:.1f} and {loss_both:.1f}"
    )
    assert sentence in page, sentence


def test_money_of_2024_on_the_page_is_what_the_code_gives(
    shared_data: Path, load: SystemLoad, joined: SystemWeather
) -> None:
    plain, warm = (foregone_musd(shared_data, load, weather) for weather in (None, joined))
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    sentence = f"a desk that knows its prices forgoes {plain:.2f} MUSD by load and {warm:.2f} with"
    assert sentence in page, sentence
