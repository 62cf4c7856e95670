"""Wet bulb and PUE: limits, closed forms, an independent formula, real weather."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.base.errors import InputError
from rerack.reliability.cooling import (
    COOLING_TYPES,
    CoolingLoop,
    CoolingPlant,
    cooling_plant,
    meter_mw,
    pue_by_hour,
)
from rerack.reliability.cooling_weather import dew_point_c, wet_bulb_c


def stull_c(dry: np.ndarray, humidity: np.ndarray) -> np.ndarray:
    """Wet bulb by Stull (2011), doi:10.1175/JAMC-D-11-0143.1, eq. 1, at 1013 hPa."""
    per_cent = 100.0 * humidity
    return (
        dry * np.arctan(0.151977 * np.sqrt(per_cent + 8.313659))
        + np.arctan(dry + per_cent)
        - np.arctan(per_cent - 1.676331)
        + 0.00391838 * per_cent**1.5 * np.arctan(0.023101 * per_cent)
        - 4.686035
    )


def test_wet_bulb_agrees_with_stull_where_his_formula_holds() -> None:
    """Stull states errors from -1.0 to +0.65 K, mean absolute under 0.3 K."""
    dry, humidity = np.meshgrid(np.arange(0.0, 46.0, 5.0), np.arange(0.2, 1.0, 0.1))
    found = wet_bulb_c(dry.ravel(), dew_point_c(dry.ravel(), humidity.ravel()))
    apart = stull_c(dry.ravel(), humidity.ravel()) - found
    assert np.abs(apart).max() < 1.0
    assert np.abs(apart).mean() < 0.35
    # His worked example: 20 deg C and 50 % give 13.7 deg C.
    example = wet_bulb_c([20.0], dew_point_c([20.0], 0.5))[0]
    assert example == pytest.approx(13.7, abs=0.15)


def test_saturated_air_is_its_own_wet_bulb() -> None:
    air = np.array([-20.0, 0.0, 15.0, 35.0])
    np.testing.assert_allclose(wet_bulb_c(air, air), air, atol=1e-6)
    np.testing.assert_allclose(dew_point_c(air, 1.0), air, atol=1e-9)


@settings(max_examples=50, deadline=None)
@given(dry=st.floats(-30.0, 50.0), spread=st.floats(0.0, 40.0), pressure=st.floats(700.0, 1050.0))
def test_wet_bulb_lies_between_dew_point_and_air(
    dry: float, spread: float, pressure: float
) -> None:
    found = float(wet_bulb_c([dry], [dry - spread], pressure)[0])
    assert dry - spread - 1e-6 <= found <= dry + 1e-6


def test_chiller_by_hand() -> None:
    plant = cooling_plant("chiller")
    year = pue_by_hour(plant, dry_bulb_c=[30.0], wet_bulb_c=[20.0])
    lift, performance = 30.0 + 14.0 - 12.0, 0.5 * 285.15 / 32.0
    assert lift == 32.0
    assert year.pue[0] == pytest.approx(1.0 + 0.06 + 0.06 + 1.06 / performance)
    assert year.free_frac == 0.0


def test_economiser_carries_all_some_and_none() -> None:
    plant = cooling_plant("air economiser")
    # Supply 25, range 12, approach 2: all at 23, half at 29, none at 35 deg C.
    year = pue_by_hour(plant, dry_bulb_c=[23.0, 29.0, 35.0], wet_bulb_c=[15.0, 15.0, 15.0])
    compressors = year.pue - 1.10
    assert compressors[0] == pytest.approx(0.0, abs=1e-12)
    least_lift = 1.04 / (0.5 * 298.15 / 12.0)
    assert compressors[1] == pytest.approx(0.5 * least_lift)
    assert compressors[2] == pytest.approx(least_lift)
    assert year.free_frac == pytest.approx(0.5)


@pytest.mark.parametrize("name", COOLING_TYPES)
def test_hotter_air_never_cools_better(name: str) -> None:
    dry = np.linspace(-20.0, 48.0, 100)
    year = pue_by_hour(cooling_plant(name), dry_bulb_c=dry, wet_bulb_c=dry - 3.0)
    assert (np.diff(year.pue) >= -1e-12).all()
    assert year.pue_design == year.pue[-1] >= year.pue_mean >= year.pue[0] > 1.0


def test_evaporation_helps_in_dry_air_only() -> None:
    def design(name: str, wet: float) -> float:
        return pue_by_hour(cooling_plant(name), dry_bulb_c=[38.0], wet_bulb_c=[wet]).pue_design

    assert design("evaporative", 20.0) < design("air economiser", 20.0) - 0.02
    assert design("evaporative", 38.0) == pytest.approx(design("air economiser", 38.0))


def test_load_at_the_meter_follows_the_hours() -> None:
    year = pue_by_hour(cooling_plant("liquid"), dry_bulb_c=[5.0, 40.0], wet_bulb_c=[3.0, 25.0])
    np.testing.assert_allclose(meter_mw(200.0, year), 200.0 * year.pue)
    assert meter_mw(200.0, year)[1] > meter_mw(200.0, year)[0] > 200.0


@pytest.mark.parametrize(
    ("dry", "wet", "word"),
    [
        ([20.0, float("nan")], [10.0, 10.0], "dry_bulb_c"),
        ([20.0, 21.0], [10.0], "wet_bulb_c"),
        ([20.0], [25.0], "swapped"),
        ([], [], "at least one hour"),
    ],
)
def test_bad_weather_is_refused(dry: list[float], wet: list[float], word: str) -> None:
    with pytest.raises(InputError, match=word):
        pue_by_hour(cooling_plant("liquid"), dry_bulb_c=dry, wet_bulb_c=wet)


def test_kelvin_and_pascal_are_refused() -> None:
    with pytest.raises(InputError, match="Celsius"):
        wet_bulb_c([293.0], [280.0])
    with pytest.raises(InputError, match="pressure_hpa"):
        wet_bulb_c([20.0], [10.0], 101_325.0)


def test_shares_of_heat_have_to_add_up() -> None:
    loop = CoolingLoop(heat_frac=0.8, supply_c=30.0, range_c=10.0, sink="dry", approach_c=5.0)
    with pytest.raises(InputError, match="add up"):
        CoolingPlant(name="half", loops=(loop,))
    assert CoolingPlant(name="whole", loops=(replace(loop, heat_frac=1.0),)).loops


def test_unknown_type_is_named() -> None:
    with pytest.raises(InputError, match="liquid"):
        cooling_plant("magic")


def test_houston_years_give_plausible_pues(shared_data: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    file = shared_data / "weather_houston_2016_2020.parquet"
    query = f"select air_temperature, dew_point, surface_pressure from '{file}'"
    weather = duckdb.sql(query).fetchnumpy()
    dry = np.asarray(weather["air_temperature"], np.float64)
    wet = wet_bulb_c(dry, weather["dew_point"], weather["surface_pressure"])
    years = {
        name: pue_by_hour(plant, dry_bulb_c=dry, wet_bulb_c=np.minimum(wet, dry))
        for name, plant in COOLING_TYPES.items()
    }
    means = {name: year.pue_mean for name, year in years.items()}
    # Public means of AI halls lie from 1.18 (Applied Digital) to 1.3 (Bitfarms, upper end).
    assert 1.08 < means["liquid"] < 1.18
    assert 1.20 < means["chiller"] < 1.40
    assert means["evaporative"] < means["air economiser"] < means["chiller"]
    assert all(year.pue_design < 1.6 for year in years.values())
