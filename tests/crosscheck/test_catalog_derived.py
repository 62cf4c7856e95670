"""Figures that were derived from real series, computed again from those series."""

from __future__ import annotations

import csv
import statistics
from pathlib import Path

import pytest

from rerack import catalog

GPUS = {
    "A100_80GB_PCIe": "A100 80 GB PCIe",
    "A100_80GB_SXM4": "A100 80 GB SXM",
    "H100_80GB_PCIe": "H100 PCIe",
    "H100_80GB_SXM5": "H100 SXM",
    "H200_141GB": "H200",
    "B200_180GB": "B200",
    "GH200_96GB": "GH200",
}
ANCILLARY = {
    "as_ecrs": "ecrs",
    "as_regup": "regulation_up",
    "as_regdn": "regulation_down",
    "as_rrs": "rrs",
    "as_nspin": "non_spin",
}


def value(table: str, **key: str) -> float:
    return catalog.find(table, **key).number("value")


def yearly_means(path: Path, columns: list[str]) -> dict[int, dict[str, float]]:
    import duckdb

    means = ", ".join(f"avg({c}) FILTER (NOT isnan({c}))" for c in columns)
    # The file's hours are UTC; the year must be too, whatever the zone of this machine.
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.execute(
            f"SELECT year(ts_utc), {means} FROM read_parquet(?) GROUP BY 1", [str(path)]
        ).fetchall()
    return {int(r[0]): dict(zip(columns, r[1:], strict=True)) for r in rows}


def test_industrial_price(shared_data: Path) -> None:
    with (shared_data / "eia_us_industrial_price_monthly.csv").open() as file:
        months = [
            (r["month"][:4], float(r["us_industrial_cents_per_kwh"])) for r in csv.DictReader(file)
        ]
    key = {"region": "United States", "metric": "power_price_industrial_mean"}
    for year in ("2021", "2022"):
        mean = statistics.fmean(10 * price for y, price in months if y == year)
        assert value("regions", period=year, **key) == pytest.approx(mean, abs=0.0051)


def test_gpu_marketplace_medians(shared_data: Path) -> None:
    with (shared_data / "gpu_rental_prices_hourly_2025.csv").open() as file:
        hours = [(r["gpu"], float(r["median"])) for r in csv.DictReader(file)]
    for code, gpu in GPUS.items():
        median = statistics.median(price for g, price in hours if g == code)
        row = catalog.find("gpu_prices", gpu=gpu, basis="marketplace median")
        assert row.number("price") == pytest.approx(median, abs=0.0051), gpu


def test_ercot_day_ahead_means(shared_data: Path) -> None:
    means = yearly_means(shared_data / "ercot_dam_spp_2021_2023.parquet", ["HB_NORTH", "HB_WEST"])
    for year in (2021, 2022, 2023):
        for hub, column in (("North", "HB_NORTH"), ("West", "HB_WEST")):
            stored = value(
                "regions",
                region=f"ERCOT hub {hub}",
                metric="power_price_day_ahead_mean",
                period=str(year),
            )
            assert stored == pytest.approx(means[year][column], abs=0.0051)


def test_ercot_2024_energy_and_ancillary_means(shared_data: Path) -> None:
    energy = ["dam_hb_north", "dam_hb_west", "rtm_hb_north", "rtm_hb_west"]
    path = shared_data / "ercot_prices_as_2024_2025h1.parquet"
    means = yearly_means(path, [*energy, *ANCILLARY])[2024]
    for column in energy:
        market = "day_ahead" if column.startswith("dam") else "real_time"
        stored = value(
            "regions",
            region=f"ERCOT hub {column.rpartition('_')[2]}",
            metric=f"power_price_{market}_mean",
            period="2024",
        )
        assert stored == pytest.approx(means[column], abs=0.0051), column
    for column, product in ANCILLARY.items():
        component = f"{product}_capacity_day_ahead_mean"
        stored = value("tariffs", region="ERCOT", component=component, period="2024")
        assert stored == pytest.approx(means[column], abs=0.0051), column
