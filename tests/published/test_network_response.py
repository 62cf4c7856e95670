"""How hashrate answers: to the price of power (Cambridge), to revenue, to the halving of 2024."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from rerack.base.checks import FloatArray
from rerack.network.history.record import hashrate_record
from rerack.network.world import World, world_of

# Arc elasticity of the network's power to its price, mean over days (reference 5.1).
FOUR_TO_SIX = (-0.40, -0.25, -0.25, -0.42, -0.09, -0.26, -0.27)
FIVE_TO_TEN = (-0.45, -0.29, -0.42, -0.57, -0.17, -0.40, -0.40)


def arc(low: FloatArray | float, high: FloatArray | float, ratio: float) -> FloatArray:
    """Return the arc elasticity for a price that rises by a ratio."""
    moved = np.subtract(high, low) / (0.5 * np.add(high, low))
    found: FloatArray = moved / ((ratio - 1.0) / (0.5 * (ratio + 1.0)))
    return found


def test_power_against_price_by_year(shared_data: Path) -> None:
    days: dict[int, list[list[float]]] = {}
    with (shared_data / "cbeci_annualised_twh_2010_2023.csv").open() as file:
        for row in csv.DictReader(file):
            power = [float(row[f"twh_at_0.{cents}_usd_kwh"]) for cents in ("04", "06", "05", "10")]
            days.setdefault(int(row["date"][:4]), []).append(power)
    for k, year in enumerate(range(2017, 2024)):
        p = np.array(days[year]).T
        assert arc(p[0], p[1], 1.5).mean() == pytest.approx(FOUR_TO_SIX[k], abs=0.02)
        assert arc(p[2], p[3], 2.0).mean() == pytest.approx(FIVE_TO_TEN[k], abs=0.02)


def load_per_hash(world: World, hashprice: float, power_usd_per_mwh: float) -> float:
    """Return mean J/TH of the rigs that pay at one power price, as the Cambridge index asks."""
    rigs = np.array([c.installed_eh_s for c in world.cohorts])
    efficiency = np.array([c.efficiency_j_per_th for c in world.cohorts])
    pays = 0.024 * efficiency * power_usd_per_mwh < hashprice
    return float((rigs * efficiency)[pays].sum() / rigs[pays].sum())


@pytest.mark.parametrize(
    ("date", "hashprice", "low", "high"),
    # Rich worlds lose nobody (Cambridge 2021: -0.09, -0.17); a poor one loses its oldest rigs
    # about as the index did in 2023 (-0.27, -0.40).
    [("2021-01", 242.9, (-0.1, 0.0), (-0.2, 0.0)), ("2025-12", 36.0, (-0.4, -0.2), (-0.5, -0.3))],
)
def test_dated_worlds_lose_load_to_dear_power_as_the_index_does(
    date: str, hashprice: float, low: tuple[float, float], high: tuple[float, float]
) -> None:
    world = world_of(date)
    load = [load_per_hash(world, hashprice, p) for p in (40.0, 60.0, 50.0, 100.0)]
    assert low[0] <= float(arc(load[0], load[1], 1.5)) <= low[1]
    assert high[0] <= float(arc(load[2], load[3], 2.0)) <= high[1]


def sums_of_response(start: str) -> tuple[float, float]:
    """Return six-month sums of the response of hashrate to rises and to falls of revenue."""
    record = hashrate_record()
    moved, revenue = np.diff(record.log_hashrate), np.diff(record.log_revenue)
    up, down = np.maximum(revenue, 0.0), np.minimum(revenue, 0.0)
    months = np.arange(record.index_of(start) + 5, moved.size)
    lags = [x[months - lag] for x in (up, down) for lag in range(6)]
    b = np.linalg.lstsq(np.column_stack([np.ones(months.size), *lags]), moved[months], rcond=None)[
        0
    ]
    return float(b[1:7].sum()), float(b[7:].sum())


def test_entry_without_exit_is_there_and_hangs_on_2017() -> None:
    up, down = sums_of_response("2017-01")
    # Published: 0.335 (0.183) and -0.128 (0.306); a negative sum is no exit at all.
    assert up == pytest.approx(0.335, abs=0.183)
    assert down == pytest.approx(-0.128, abs=0.306)
    # Without the boom of 2017 rises and falls can no longer be told apart.
    late = sums_of_response("2017-10")
    assert abs(late[0] - late[1]) < 0.15
