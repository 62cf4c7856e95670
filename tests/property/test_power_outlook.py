"""Price outlooks: determinism, independence of counts, scaling, coherence of years."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.base import DataError, InputError, MonthGrid, Streams
from rerack.markets.files import HourlySeries
from rerack.markets.power import (
    PowerOutlook,
    PowerParameters,
    PowerSpec,
    PriceLibrary,
    built_in_names,
    power_outlook,
    simulate_library,
)
from rerack.markets.power.history import as_is_library, bootstrap_library
from rerack.markets.power.library import MONTH_HOURS

GRID = MonthGrid(start_year=2026, start_month=7, months=30)


def _outlook(spec: PowerSpec, paths: int = 128, seed: int = 7, first: int = 0) -> PowerOutlook:
    streams = Streams(seed)
    shocks = streams.normals("power", paths=paths, shape=(GRID.months,), first_path=first)
    return power_outlook(spec, GRID, streams, paths=paths, level_shocks=shocks, first_path=first)


def _series(years: int = 3, start: str = "2022-01-01T00") -> HourlySeries:
    first = np.datetime64(start, "h")
    hours = int((np.datetime64(f"{2022 + years}-01-01T00", "h") - first).astype(np.int64))
    stamps = first + np.arange(hours).astype("timedelta64[h]")
    month = stamps.astype("datetime64[M]").astype(np.int64) % 12
    # Every price is unlike every other and tells its month.
    prices = 1000.0 * (month + 1) + np.arange(hours) / 100.0
    return HourlySeries(name="made", start=first, prices_usd_per_mwh=prices)


@pytest.mark.parametrize("name", built_in_names())
def test_library_year_does_not_depend_on_their_number(name: str) -> None:
    parameters = PowerParameters.load(name)
    few = simulate_library(parameters, years=3, streams=Streams(5)).years_usd_per_mwh()
    many = simulate_library(parameters, years=9, streams=Streams(5)).years_usd_per_mwh()
    other = simulate_library(parameters, years=3, streams=Streams(6)).years_usd_per_mwh()
    assert np.array_equal(few, many[:3])
    assert not np.array_equal(few, other)


@pytest.mark.parametrize("name", built_in_names())
def test_prices_stay_under_the_cap_and_go_below_zero(name: str) -> None:
    parameters = PowerParameters.load(name)
    years = simulate_library(parameters, years=64, streams=Streams(5)).years_usd_per_mwh()
    assert years.max() <= parameters.offer_cap_usd_per_mwh * (1 + 1e-9)
    assert -100.0 < years.min() < 0.0


def test_256_library_years_take_less_than_a_second() -> None:
    parameters = PowerParameters.load("ercot_north")
    simulate_library(parameters, years=1, streams=Streams(1))
    best = np.inf
    for _ in range(3):
        start = time.process_time()
        simulate_library(parameters, years=256, streams=Streams(1))
        best = min(best, time.process_time() - start)
    assert best < 1.0


def test_storm_rate_zero_has_no_storm_and_rate_two_has_them() -> None:
    base = PowerParameters.load("ercot_north")
    hours = []
    for rate in (0.0, 2.0):
        storm = dataclasses.replace(base.storm, rate_per_year=rate)
        parameters = dataclasses.replace(base, storm=storm)
        years = simulate_library(parameters, years=64, streams=Streams(2)).years_usd_per_mwh()
        winter = np.concatenate([years[:, : 60 * 24], years[:, -31 * 24 :]], axis=1)
        hours.append((winter > 0.5 * base.offer_cap_usd_per_mwh).sum(axis=1))
    storm_years = float((hours[1] >= 24).mean())
    # 1 - exp(-2) = 0.865 of the years, less the storms that the year's end cuts short.
    assert (hours[0] >= 24).mean() == 0.0
    assert abs(storm_years - 0.865) < 4 * np.sqrt(0.865 * 0.135 / 64)


def test_scenario_does_not_depend_on_their_number_or_batch() -> None:
    spec = PowerSpec(library_years=16)
    whole, part, second = _outlook(spec), _outlook(spec, 20), _outlook(spec, 64, first=64)
    assert np.array_equal(whole.library_year[:20], part.library_year)
    assert np.array_equal(whole.level[:20], part.level)
    assert np.array_equal(whole.library_year[64:], second.library_year)


def test_a_calendar_year_is_one_library_year() -> None:
    rows = _outlook(PowerSpec(library_years=16)).library_year
    for year in np.unique(GRID.year):
        block = rows[:, GRID.year == year]
        assert (block == block[:, :1]).all()
    assert not np.array_equal(rows[:, 0], rows[:, -1])


@settings(max_examples=10, deadline=None)
@given(level=st.floats(5.0, 500.0), growth=st.floats(-0.1, 0.2), volatility=st.floats(0.0, 1.0))
def test_level_scales_prices(level: float, growth: float, volatility: float) -> None:
    spec = PowerSpec(
        library_years=2,
        level_usd_per_mwh=level,
        growth_frac_per_year=growth,
        level_volatility_frac=volatility,
        level_reversion_per_year=1.0,
    )
    twice = dataclasses.replace(spec, level_usd_per_mwh=2 * level)
    one, two = _outlook(spec, 64), _outlook(twice, 64)
    assert np.allclose(two.level, 2 * one.level, rtol=1e-12)
    assert one.level[0, 0] * one.library.mean_usd_per_mwh == pytest.approx(level)
    assert np.array_equal(one.library_year, two.library_year)


def test_outlook_is_read_only_and_deterministic() -> None:
    one, two = _outlook(PowerSpec(library_years=4)), _outlook(PowerSpec(library_years=4))
    assert np.array_equal(one.level, two.level)
    for array in (one.level, one.library_year, one.library.hourly_usd_per_mwh[0]):
        assert not array.flags.writeable


def test_unknown_series_lists_what_there_is() -> None:
    with pytest.raises(InputError, match="ercot_north or ercot_west"):
        _outlook(PowerSpec(series="ercot_moon"))


def test_bootstrap_keeps_prices_months_and_days_whole() -> None:
    series = _series()
    library = bootstrap_library(series, years=4, streams=Streams(1))
    known = set(series.prices_usd_per_mwh.tolist())
    for month, prices in enumerate(library.hourly_usd_per_mwh):
        assert set(prices.ravel().tolist()) <= known
        assert (np.floor(prices / 1000.0) == month + 1).mean() > 0.99 - 24 / MONTH_HOURS[month]
    steps = np.diff(library.years_usd_per_mwh(), axis=1)
    # Within a block every hour follows its own predecessor; blocks are 3 days or longer.
    assert np.isclose(steps, 0.01).mean() > 1 - 1.5 / 72


def test_bootstrap_mean_is_unbiased() -> None:
    series = _series()
    library = bootstrap_library(series, years=300, streams=Streams(1))
    january = library.hourly_usd_per_mwh[0]
    stamps = series.hours.astype("datetime64[M]").astype(np.int64) % 12
    real = series.prices_usd_per_mwh[stamps == 0].mean()
    error = january.mean(axis=1).std() / np.sqrt(300)
    assert abs(january.mean() - real) < 4 * error


def test_bootstrap_draws_every_day_of_a_month_equally_often() -> None:
    series = _series()
    library = bootstrap_library(series, years=300, streams=Streams(3))
    # Noon hours of January, told apart by their price: back to the day of the month.
    hour = np.rint((library.hourly_usd_per_mwh[0][:, 12::24] - 1000.0) * 100.0).astype(np.int64)
    stamps = series.start + hour.astype("timedelta64[h]")
    day = (stamps.astype("datetime64[D]") - stamps.astype("datetime64[M]")).astype(np.int64)
    counts = np.bincount(day.ravel(), minlength=31)
    assert len(counts) == 31
    assert np.abs(counts - 300).max() < 4 * np.sqrt(300)


def test_bootstrap_year_does_not_depend_on_their_number() -> None:
    few = bootstrap_library(_series(), years=2, streams=Streams(9)).years_usd_per_mwh()
    many = bootstrap_library(_series(), years=5, streams=Streams(9)).years_usd_per_mwh()
    assert np.array_equal(few, many[:2])


def test_bootstrap_of_half_a_year_is_refused() -> None:
    series = _series()
    half = HourlySeries(
        name="half", start=series.start, prices_usd_per_mwh=series.prices_usd_per_mwh[:4000]
    )
    with pytest.raises(DataError, match="too few days"):
        bootstrap_library(half, years=1, streams=Streams(1))


def test_as_is_replays_each_year_without_its_leap_day() -> None:
    series = _series()  # 2022, 2023 and the leap year 2024
    grid = MonthGrid(start_year=2023, start_month=3, months=20)
    library = as_is_library(series, grid)
    assert library.library_years == 2
    first = int((np.datetime64("2024-03-01", "h") - series.start).astype(np.int64))
    assert library.hourly_usd_per_mwh[2][1, 0] == series.prices_usd_per_mwh[first]
    assert library.hourly_usd_per_mwh[1][1, -1] == series.prices_usd_per_mwh[first - 25]


def test_as_is_names_the_months_that_are_missing() -> None:
    grid = MonthGrid(start_year=2024, start_month=1, months=24)
    with pytest.raises(DataError, match=r"2025-01, 2025-02.* and 6 more"):
        as_is_library(_series(), grid)


def test_as_is_outlook_is_the_file_in_every_scenario(tmp_path: Path) -> None:
    series = _series()
    path = tmp_path / "p.csv"
    rows = [
        f"{t}:00Z,{p!r}"
        for t, p in zip(series.hours, series.prices_usd_per_mwh.tolist(), strict=True)
    ]
    path.write_text("ts_utc,usd_mwh\n" + "\n".join(rows), encoding="utf-8")
    grid = MonthGrid(start_year=2023, start_month=12, months=3)
    outlook = power_outlook(
        PowerSpec(price_file=path, treatment="as_is"),
        grid,
        Streams(1),
        paths=2,
        level_shocks=np.ones((2, 3)),
    )
    assert outlook.level.tolist() == [[1.0] * 3] * 2
    assert outlook.library_year.tolist() == [[0, 1, 1]] * 2
    december = outlook.library.hourly_usd_per_mwh[11][0]
    first = int((np.datetime64("2023-12-01", "h") - series.start).astype(np.int64))
    assert np.array_equal(december, series.prices_usd_per_mwh[first : first + 744])


def test_library_refuses_nan_and_wrong_shapes() -> None:
    years = np.full((1, 8760), 40.0)
    years[0, 5] = np.nan
    with pytest.raises(InputError, match="finite"):
        PriceLibrary.from_years("x", "y", years)
    with pytest.raises(InputError, match="8760"):
        PriceLibrary.from_years("x", "y", np.ones((2, 8784)))


def test_parameters_round_trip_through_their_file(tmp_path: Path) -> None:
    parameters = PowerParameters.load("ercot_west")
    parameters.write(tmp_path / "w.json")
    again = PowerParameters.read(tmp_path / "w.json")
    one = simulate_library(parameters, years=2, streams=Streams(1)).years_usd_per_mwh()
    two = simulate_library(again, years=2, streams=Streams(1)).years_usd_per_mwh()
    assert np.array_equal(one, two)
    assert again.standard_errors == parameters.standard_errors


def test_damaged_parameter_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    for text in ("", "{}", "[1]", '{"body": 3}', '{"body": {"x": 1}}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match="calibrate power"):
            PowerParameters.read(path)
