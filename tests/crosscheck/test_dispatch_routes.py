"""The price-duration route against the hour loop, both against plain twins and site dispatch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rerack.assets import Hall, RigFleet, Site, Tariff
from rerack.base.checks import FloatArray
from rerack.dispatch import (
    PriceDuration,
    RunMargins,
    hall_strikes_usd_per_mwh,
    hour_margins,
    margins,
    mean_price_usd_per_mwh,
    merit_capacity_mw,
    rig_capacity_mw,
    solve,
)
from rerack.dispatch.duration_kernel import LANES, duration_kernel, duration_plain
from rerack.dispatch.hour_kernel import hour_kernel, hour_plain

MONTH_HOURS = np.array([744, 672, 744, 720, 744, 720, 744, 744, 720, 744, 720, 744])
TOLERANCE = 1e-10


def random_library(rng: np.random.Generator, years: int) -> list[FloatArray]:
    months = []
    for hours in MONTH_HOURS:
        price = rng.lognormal(3.6, 0.5, (years, hours)) - 8.0
        spike = rng.random((years, hours)) < 0.01
        months.append(np.where(spike, rng.uniform(300.0, 9000.0, price.shape), price))
    return months


def draw(rng: np.random.Generator, scenarios: int, months: int, years: int) -> dict[str, Any]:
    strike = rng.uniform(-10.0, 130.0, (scenarios, months, 4))
    strike[:, :, 3] = rng.choice([-1e4, 1e6], (scenarios, months))
    return {
        "month_of_year": (np.arange(months) + 4) % 12 + 1,
        "library_year": rng.integers(0, years, (scenarios, months)),
        "level": rng.uniform(0.3, 4.0, (scenarios, months)),
        "adder_usd_per_mwh": float(rng.uniform(-10.0, 15.0)),
        "strike_usd_per_mwh": strike,
    }


def meter_prices(library: list[FloatArray], query: dict[str, Any], s: int) -> FloatArray:
    """Every hour of scenario `s`, written out."""
    parts = [
        query["level"][s, m] * library[c - 1][query["library_year"][s, m]]
        + query["adder_usd_per_mwh"]
        for m, c in enumerate(query["month_of_year"])
    ]
    return np.concatenate(parts)


def by_hours(library: list[FloatArray], query: dict[str, Any]) -> RunMargins:
    price = np.stack([meter_prices(library, query, s) for s in range(query["level"].shape[0])])
    return hour_margins(
        price,
        month_hours=MONTH_HOURS[query["month_of_year"] - 1],
        strike_usd_per_mwh=query["strike_usd_per_mwh"],
    )


@pytest.mark.parametrize("seed", range(8))
def test_duration_route_equals_hour_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    library, query = random_library(rng, 5), draw(rng, 6, 15, 5)
    sorted_route = margins(PriceDuration.build(library), **query)
    hours = by_hours(library, query)
    strike = query["strike_usd_per_mwh"]
    assert np.array_equal(sorted_route.run_frac, hours.run_frac)
    np.testing.assert_allclose(
        sorted_route.run_price_usd_per_mwh,
        hours.run_price_usd_per_mwh,
        rtol=TOLERANCE,
        atol=TOLERANCE,
    )
    np.testing.assert_allclose(
        sorted_route.margin_usd_per_mwh(strike),
        hours.margin_usd_per_mwh(strike),
        rtol=TOLERANCE,
        atol=TOLERANCE,
    )


def test_strikes_outside_all_prices_run_never_or_always() -> None:
    rng = np.random.default_rng(3)
    library, query = random_library(rng, 3), draw(rng, 2, 12, 3)
    duration = PriceDuration.build(library)
    found = margins(duration, **query)
    dear, cheap = query["strike_usd_per_mwh"][:, :, 3] > 0, found.run_frac[:, :, 3]
    assert np.array_equal(cheap, dear.astype(float))
    draws = {k: query[k] for k in ("month_of_year", "library_year", "level")}
    mean = mean_price_usd_per_mwh(duration, **draws) + query["adder_usd_per_mwh"]
    np.testing.assert_allclose(found.run_price_usd_per_mwh[:, :, 3][dear], mean[dear], rtol=1e-12)
    assert (found.run_price_usd_per_mwh[:, :, 3][~dear] == 0.0).all()


def test_mean_price_is_the_mean_of_the_hours() -> None:
    rng = np.random.default_rng(4)
    library, query = random_library(rng, 3), draw(rng, 2, 14, 3)
    draws = {k: query[k] for k in ("month_of_year", "library_year", "level")}
    mean = mean_price_usd_per_mwh(PriceDuration.build(library), **draws)
    bare = {**query, "adder_usd_per_mwh": 0.0}
    bounds = np.cumsum(MONTH_HOURS[query["month_of_year"] - 1])[:-1]
    for s in range(2):
        expected = [p.mean() for p in np.split(meter_prices(library, bare, s), bounds)]
        np.testing.assert_allclose(mean[s], expected, rtol=1e-12)


def test_duration_kernel_equals_its_twin() -> None:
    rng = np.random.default_rng(5)
    # One full set of lanes and a broken one.
    duration, query = PriceDuration.build(random_library(rng, 4)), draw(rng, LANES + 3, 13, 4)
    # Strikes on a price itself: both must leave the tied hour idle.
    query["level"][:] = 1.0
    query["library_year"][0, :] = 0
    tied = duration.sorted_start[query["month_of_year"] - 1]
    query["strike_usd_per_mwh"][0, :, 0] = duration.shape_sorted_usd_per_mwh[tied]
    query["strike_usd_per_mwh"][0, :, 1] = duration.shape_sorted_usd_per_mwh[tied + 671]
    shape = query["strike_usd_per_mwh"].shape
    results = []
    for route in (duration_kernel, duration_plain):
        run_frac, run_price = np.empty(shape), np.empty(shape)
        route(
            duration.shape_sorted_usd_per_mwh,
            duration.shape_sum_usd_per_mwh,
            duration.sorted_start,
            duration.sum_start,
            duration.month_hours,
            query["month_of_year"],
            query["library_year"],
            query["level"],
            0.0,
            query["strike_usd_per_mwh"],
            run_frac,
            run_price,
        )
        results.append((run_frac, run_price))
    assert np.array_equal(results[0][0], results[1][0])
    assert np.array_equal(results[0][1], results[1][1])


@pytest.mark.parametrize("hours", [1, 5, 8, 9, 31, 744])
def test_hour_kernel_equals_its_twin(hours: int) -> None:
    rng = np.random.default_rng(hours)
    start = np.array([0, hours, 2 * hours + 3])
    price = rng.normal(40.0, 30.0, (3, 2 * hours + 3))
    strike = rng.uniform(0.0, 90.0, (3, 2, 5))
    strike[0, 0, 0] = price[0, 0]
    results = []
    for route in (hour_kernel, hour_plain):
        run_frac, run_price = np.empty(strike.shape), np.empty(strike.shape)
        route(price, start, strike, run_frac, run_price)
        results.append((run_frac, run_price))
    assert np.array_equal(results[0][0], results[1][0])
    np.testing.assert_allclose(results[0][1], results[1][1], rtol=1e-12, atol=1e-12)


def binding_site(rng: np.random.Generator) -> Site:
    return Site(
        name="binding",
        interconnect_mw=260.0,
        halls=tuple(
            Hall(
                name=f"hall {k}",
                utility_mw=100.0,
                rigs=RigFleet(
                    model="m",
                    efficiency_j_per_th=rng.uniform(15.0, 40.0),
                    variable_om_usd_per_mwh=rng.uniform(0.0, 8.0),
                    uptime_frac=rng.uniform(0.8, 1.0),
                ),
            )
            for k in range(4)
        ),
        tariff=Tariff(adder_usd_per_mwh=3.0),
        firm_load_mw=60.0,
    )


def test_monthly_route_with_a_binding_interconnect_equals_site_dispatch() -> None:
    rng = np.random.default_rng(6)
    site, library = binding_site(rng), random_library(rng, 2)
    hashprice = rng.uniform(25.0, 70.0, (1, 12))
    strike = hall_strikes_usd_per_mwh(site.halls, hashprice)
    query: dict[str, Any] = {
        "month_of_year": np.arange(1, 13),
        "library_year": rng.integers(0, 2, (1, 12)),
        "level": rng.uniform(0.5, 2.0, (1, 12)),
        "adder_usd_per_mwh": 3.0,
        "strike_usd_per_mwh": strike,
    }
    served = merit_capacity_mw(rig_capacity_mw(site), strike, site.interconnect_mw - 60.0)
    rates = margins(PriceDuration.build(library), **query).margin_usd_per_mwh(strike)
    monthly = (served * rates)[0] * MONTH_HOURS[:, np.newaxis]
    for m in range(12):
        index = query["level"][0, m] * library[m][query["library_year"][0, m]]
        found = solve(site, index, hashprice[0, m])
        np.testing.assert_allclose(monthly[m], found.margin_usd.values, rtol=TOLERANCE, atol=1e-6)
        assert found.run_mw.values.sum(axis=1).max() == pytest.approx(200.0)


def test_duration_route_equals_hour_loop_on_real_prices(shared_data: Path) -> None:
    import polars as pl

    frame = pl.read_parquet(shared_data / "ercot_dam_spp_2021_2023.parquet")
    local = frame.with_columns(
        pl.col("ts_utc").dt.year().alias("year"), pl.col("ts_utc").dt.month().alias("month")
    )
    # The file is in Texan time: its first UTC month lacks six hours, so two whole years serve.
    library = [
        np.stack(
            [
                local.filter((pl.col("year") == y) & (pl.col("month") == m))["HB_NORTH"]
                .to_numpy()
                .astype(np.float64)
                for y in (2022, 2023)
            ]
        )
        for m in range(1, 13)
    ]
    assert [p.shape[1] for p in library] == MONTH_HOURS.tolist()
    query = draw(np.random.default_rng(8), 4, 24, 2)
    strike = query["strike_usd_per_mwh"]
    np.testing.assert_allclose(
        margins(PriceDuration.build(library), **query).margin_usd_per_mwh(strike),
        by_hours(library, query).margin_usd_per_mwh(strike),
        rtol=TOLERANCE,
        atol=TOLERANCE,
    )
