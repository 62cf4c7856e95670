"""The packaged ERCOT parameter sets against the real day-ahead prices they came from."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

from rerack.base import DataError
from rerack.markets.files import HourlySeries, read_price_file
from rerack.markets.power import PowerParameters
from rerack.markets.power.calibrate import (
    CalibrationOptions,
    calibrate_power,
    calibrate_power_file,
    ordinary_days,
)
from rerack.markets.power.days import cut_days
from rerack.markets.power.diagnostics import compare, storm_comparison
from rerack.markets.power.holdout import holdout_scores

HUBS = {"ercot_north": "hb_north", "ercot_west": "hb_west"}


def _real(folder: Path, hub: str) -> HourlySeries:
    """Join both files; the four hours missing at spring clock changes take their neighbours'."""
    old = f"SELECT ts_utc, {hub.upper()} AS p FROM '{folder}/ercot_dam_spp_2021_2023.parquet'"
    new = f"SELECT ts_utc, dam_{hub} AS p FROM '{folder}/ercot_prices_as_2024_2025h1.parquet'"
    with duckdb.connect() as link:
        table = link.execute(
            f"SELECT CAST(epoch(ts_utc) AS BIGINT) // 3600 AS h, p FROM ({old} UNION ALL {new})"
            " WHERE p IS NOT NULL ORDER BY 1"
        ).fetchnumpy()
    hour = np.asarray(table["h"])
    every = np.arange(hour[0], hour[-1] + 1)
    assert len(every) - len(hour) == 4
    return HourlySeries(
        name=hub,
        start=np.datetime64(int(hour[0]), "h"),
        prices_usd_per_mwh=np.interp(every, hour, np.asarray(table["p"], dtype=np.float64)),
    )


@pytest.fixture(scope="module", params=sorted(HUBS))
def case(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, HourlySeries]:
    return request.param, _real(shared_data, HUBS[request.param])


def test_recalibration_gives_the_packaged_numbers(
    case: tuple[str, HourlySeries], tmp_path: Path
) -> None:
    name, series = case
    packaged = PowerParameters.load(name)
    again = calibrate_power(series, name=name, source=packaged.source, dated=packaged.dated)
    again.write(tmp_path / "again.json")
    packaged.write(tmp_path / "packaged.json")
    one = json.loads((tmp_path / "again.json").read_text())
    two = json.loads((tmp_path / "packaged.json").read_text())
    for part in ("body", "scarcity", "storm"):
        for key, value in two[part].items():
            if isinstance(value, str):
                assert one[part][key] == value
            else:
                assert np.allclose(one[part][key], value, rtol=1e-4, atol=1e-5), (part, key)
    assert one["level_reversion_per_year"] == pytest.approx(two["level_reversion_per_year"])
    assert one["sample_hours"] == two["sample_hours"] == 39_402


def test_simulated_years_resemble_the_real_ones(case: tuple[str, HourlySeries]) -> None:
    """Tolerance: 2.5 sampling errors of a sample as long as the real one, by simulation."""
    name, series = case
    days = cut_days(series)
    ordinary = ordinary_days(days, CalibrationOptions())
    # Another seed than the diagnostics in the file.
    found = compare(PowerParameters.load(name), days, ordinary, seed=20)
    for key in ("mean_usd_per_mwh", "quantiles_usd_per_mwh", "autocorrelation"):
        row = found[key]
        gap = np.abs(np.asarray(row["real"]) - row["simulated"]) / row["sampling_error"]
        assert np.all(gap < 2.5), (key, gap)
    # And in absolute terms, where the sampling error would forgive too much.
    mean = found["mean_usd_per_mwh"]
    assert mean["simulated"] == pytest.approx(mean["real"], rel=0.10)
    quantiles = found["quantiles_usd_per_mwh"]
    ratio = quantiles["simulated"] / quantiles["real"]
    assert np.abs(ratio[:4] - 1).max() < 0.15
    assert np.abs(ratio[4:] - 1).max() < 0.30
    curve = found["duration_curve_frac"]
    assert curve["real"] < curve["simulated_median"]


def test_february_2021_lies_among_simulated_storms(case: tuple[str, HourlySeries]) -> None:
    name, series = case
    days = cut_days(series)
    options = CalibrationOptions()
    ordinary = ordinary_days(days, options)
    found = storm_comparison(PowerParameters.load(name), days, ordinary, options, seed=20)
    assert found["hours_over_tenth_of_cap"]["real"] == 160
    for key in ("hours_over_tenth_of_cap", "hours_over_half_of_cap", "price_hours_usd_per_mw"):
        low, _, high = found[key]["simulated"]
        assert low < found[key]["real"] < high


@pytest.mark.slow
def test_held_out_2024_and_2025_are_scored(case: tuple[str, HourlySeries]) -> None:
    """North beats climatology in every monthly statistic; west only in the median (stored so)."""
    name, series = case
    scores = holdout_scores(series, options=CalibrationOptions(), seed=1)
    stored = PowerParameters.load(name).diagnostics["held_out"]
    assert scores["train_end"] == stored["train_end"] == "2024-01-01T00"
    assert scores["months"] == stored["months"] == 18
    for key in ("mean", "median", "quantile_95"):
        assert scores[key]["crps_usd_per_mwh"] == pytest.approx(
            stored[key]["crps_usd_per_mwh"], rel=1e-3
        )
        # 18 months of nominal 90 %: 13 or more inside with odds 0.99 if they were independent.
        assert scores[key]["covered_frac"] >= 13 / 18
    beaten = ("mean", "median", "quantile_95") if name == "ercot_north" else ("median",)
    for key in beaten:
        assert scores[key]["crps_usd_per_mwh"] < scores[key]["climatology_crps_usd_per_mwh"]


def test_file_with_gaps_cannot_be_calibrated(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "ercot_prices_as_2024_2025h1.parquet"
    with pytest.raises(DataError, match="2024-03-10"):
        read_price_file(path, column="dam_hb_north")
    with pytest.raises(DataError, match="2024-03-10"):
        calibrate_power_file(
            path, tmp_path / "x.json", name="x", dated="2026-11-22", column="dam_hb_north"
        )


def test_two_years_are_needed(shared_data: Path, tmp_path: Path) -> None:
    series = read_price_file(shared_data / "ercot_dam_spp_2021_2023.parquet", column="HB_NORTH")
    short = HourlySeries(
        name="short", start=series.start, prices_usd_per_mwh=series.prices_usd_per_mwh[:9000]
    )
    with pytest.raises(DataError, match="two years"):
        calibrate_power(short, name="x", source="x", dated="x")


@pytest.mark.slow
def test_calibrating_a_file_writes_parameters_that_load(shared_data: Path, tmp_path: Path) -> None:
    out = tmp_path / "power_houston.json"
    made = calibrate_power_file(
        shared_data / "ercot_dam_spp_2021_2023.parquet",
        out,
        name="houston",
        dated="2026-11-22",
        column="HB_HOUSTON",
    )
    read = PowerParameters.read(out)
    assert read.name == "houston"
    assert read.scarcity.threshold_usd_per_mwh == pytest.approx(
        made.scarcity.threshold_usd_per_mwh, rel=1e-5
    )
    assert "ordinary_hours" in read.diagnostics
