"""Temperature beside load: signals by hand, which summers it judges, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.dispatch.backtest_peaks import peaks_of
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_peak_forecast import peak_chances
from rerack.dispatch.desk_weather import SystemWeather, read_weather_file
from rerack.dispatch.desk_weather_signals import weather_signals
from rerack.markets.files import HourlySeries

Hours = np.ndarray


def summer(year: int) -> Hours:
    return np.arange(f"{year}-05-01T05", f"{year}-10-01T05", dtype="datetime64[h]")


def weather(*years: int, warmth: float = 30.0) -> SystemWeather:
    hours = np.concatenate([summer(year) for year in years])
    rng = np.random.default_rng(1)
    return SystemWeather(name="w", hours=hours, dry_bulb_c=warmth + rng.standard_normal(hours.size))


def load(first: int, after: int) -> SystemLoad:
    start = np.datetime64(f"{first}-01-01T00", "h")
    hours = int((np.datetime64(f"{after}-01-01T00", "h") - start).astype(int))
    t, rng = np.arange(hours), np.random.default_rng(2)
    days = np.repeat(1.0 + 0.05 * rng.standard_normal(hours // 24 + 1), 24)[:hours]
    shape = 1.0 + 0.2 * np.cos(2 * np.pi * (t % 24 - 22) / 24)
    return SystemLoad(name="load", start=start, system_mw=5e4 * shape * days)


def write(path: Path, hours: Hours, values: np.ndarray, head: str = "ts_utc,t") -> Path:
    rows = [f"{h}Z,{v}" for h, v in zip(hours.astype("datetime64[s]"), values, strict=True)]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_signals_are_those_worked_out_by_hand() -> None:
    hours = summer(2024)
    warmth = np.full(hours.size, 20.3)
    at = 1500
    warmth[at - 700] = 36.3
    warmth[at - 30] = 30.3
    warmth[at - 24] = 25.3
    warmth[at - 26], warmth[at - 2] = 21.3, 24.3
    found = weather_signals(
        SystemWeather(name="w", hours=hours, dry_bulb_c=warmth), hours, lead_hours=2
    )[at]
    # Yesterday 25.3 at this hour, and 3 warmer two hours ago than yesterday then: 28.3. Hour 800
    # lies in the 30 days; in July, which starts at hour 1464, 30.3 is the warmest so far.
    assert found[:2] == pytest.approx([28.3 - 36.3, 28.3 - 30.3])
    extra = (30.3 - 20.3) + (25.3 - 20.3) + (21.3 - 20.3) + (24.3 - 20.3)
    assert found[2] == pytest.approx(2.0 + extra / 72.0)


def test_a_summer_without_weather_is_judged_by_load_and_said_to_be() -> None:
    system, warmth = load(2019, 2024), weather(2019, 2020, 2022)
    both = peak_chances(system, lead_hours=2, weather=warmth)
    plain = peak_chances(system, lead_hours=2)
    learnt = {s.year: (s.weather, s.learnt_years) for s in both.summers}
    assert learnt == {
        2020: (True, (2019,)),
        2021: (False, (2019, 2020)),
        2022: (True, (2019, 2020)),
        2023: (False, (2019, 2020, 2021, 2022)),
    }
    year = system.hours.astype("datetime64[Y]").astype(int) + 1970
    same = both.chance_frac == plain.chance_frac
    assert same[np.isin(year, [2019, 2021, 2023])].all()
    settled = HourlySeries(
        name="p", start=system.start, prices_usd_per_mwh=np.full(system.system_mw.size, 30.0)
    )
    notes = " | ".join(peaks_of(system, warmth, settled, lead_hours=2).notes)
    assert "2022 judged by load and weather, learnt on 2019 to 2020" in notes
    assert "no weather of the whole summer: 2021, 2023 judged by load only" in notes
    assert "no peak forecast in 2019" in notes
    late = " | ".join(peaks_of(system, weather(2023), settled, lead_hours=2).notes)
    assert "no earlier summer with weather to learn from: 2023 judged by load only" in late
    assert "no weather of the whole summer: 2020 to 2022" in late


def test_a_summer_known_in_part_counts_as_none() -> None:
    hours = summer(2024)
    for kept in (hours[1:], hours[:-1]):
        part = SystemWeather(name="w", hours=kept, dry_bulb_c=np.full(kept.size, 30.0))
        assert part.summers == ()
    assert weather(2024).summers == (2024,)


def test_units_and_file_types_give_the_same_temperatures(tmp_path: Path) -> None:
    hours, warmth = summer(2024), 20.0 + np.arange(summer(2024).size) % 17
    celsius = read_weather_file(write(tmp_path / "c.csv", hours, warmth))
    fahrenheit = write(tmp_path / "f.csv", hours, warmth * 1.8 + 32.0, "ts_utc,temp_f")
    parquet = tmp_path / "c.parquet"
    with duckdb.connect() as link:
        # Older versions of DuckDB read such a time as a text.
        rows = f"SELECT * REPLACE (ts_utc::TIMESTAMP AS ts_utc) FROM '{tmp_path / 'c.csv'}'"
        link.execute(f"COPY ({rows}) TO '{parquet}' (FORMAT parquet)")
    for other in (read_weather_file(fahrenheit, unit="F"), read_weather_file(parquet)):
        assert (other.hours == celsius.hours).all()
        assert other.dry_bulb_c == pytest.approx(celsius.dry_bulb_c, abs=1e-12)
    assert celsius.summers == (2024,)


def test_the_weather_file_of_cooling_is_read_without_naming_a_column(tmp_path: Path) -> None:
    path = tmp_path / "site.csv"
    rows = [f"{h}:00Z,{30 + i},0.5" for i, h in enumerate(summer(2024)[:3])]
    path.write_text("\n".join(["ts_utc,dry_bulb_c,humidity_frac", *rows]), encoding="utf-8")
    assert read_weather_file(path).dry_bulb_c.tolist() == [30.0, 31.0, 32.0]


def test_gaps_between_summers_pass_and_gaps_within_are_refused(tmp_path: Path) -> None:
    hours = np.arange("2023-01-01", "2025-01-01", dtype="datetime64[h]")
    warm = np.full(hours.size, 25.0)
    leap = hours.astype("datetime64[D]") != np.datetime64("2024-02-29")
    found = read_weather_file(write(tmp_path / "leap.csv", hours[leap], warm[leap]))
    assert found.summers == (2023, 2024)
    whole = (hours < np.datetime64("2023-05-01T05")) | (hours >= np.datetime64("2023-10-01T05"))
    found = read_weather_file(write(tmp_path / "whole.csv", hours[whole], warm[whole]))
    assert found.summers == (2024,)
    torn = hours != np.datetime64("2024-09-30T20")
    with pytest.raises(InputError) as caught:
        read_weather_file(write(tmp_path / "torn.csv", hours[torn], warm[torn]))
    assert "row 15334 (2024-09-30T21:00Z)" in str(caught.value)
    assert "first missing hour 2024-09-30T20:00Z" in str(caught.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: read_weather_file(write(p, summer(2024)[:2], [21.0, 99.0])), "--weather-unit F"),
        (
            lambda p: read_weather_file(write(p, summer(2024)[:2], [31.0, 35.0]), unit="F"),
            "--weather-unit C",
        ),
        (
            lambda p: read_weather_file(write(p, summer(2024)[:2], [95.0, 99.0], "ts_utc,temp_f")),
            "whose name says F",
        ),
        (
            lambda p: read_weather_file(write(p, summer(2024)[:2], [301.0, 302.0], "ts_utc,t_k")),
            "whose name says K",
        ),
        (lambda p: read_weather_file(write(p, summer(2024)[:2], [20.0, np.nan])), "row 3"),
        (
            lambda p: read_weather_file(write(p, summer(2024)[[0, 0]], [20.0, 21.0])),
            "occurs twice",
        ),
        (
            lambda p: peak_chances(load(2019, 2022), lead_hours=2, weather=weather(2024)),
            "Give temperatures of the summers that the load has",
        ),
    ],
)
def test_refusals_name_place_and_cure(
    make: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        make(tmp_path / "w.csv")
    (problem,) = caught.value.problems
    assert said in str(caught.value)
    assert problem.where
    assert problem.cure


def test_local_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("ts_local,t\n2024-06-01T00:00,30\n", encoding="utf-8")
    with pytest.raises(InputError, match="convert them to UTC"):
        read_weather_file(path)
