"""Days of halvings follow from the blocks of each scenario."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets import BitcoinSpec, MarketSpec, build_outlook
from rerack.network.world import NetworkSimulation, simulate, world_of
from rerack.network.world.halvings import LATER, halving_table


@pytest.fixture(scope="module")
def simulation() -> NetworkSimulation:
    spec = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0))
    outlook = build_outlook(spec, MonthGrid.parse("2025-12", 36), Streams(7), paths=4)
    return simulate(world_of("2025-12"), outlook, months=36, seed=7)


def test_the_next_halving_is_near_ten_minutes_a_block(simulation: NetworkSimulation) -> None:
    table = halving_table(simulation)
    assert table["height"].tolist() == [1_050_000]
    assert table["subsidy_btc"].tolist() == [1.5625]
    blocks = 1_050_000 - simulation.world.height
    plain = datetime.date(2025, 12, 1) + datetime.timedelta(seconds=600.0 * blocks)
    found = datetime.date.fromisoformat(str(table["day_p50"][0]))
    assert abs((found - plain).days) <= 30
    assert table["day_p5"][0] <= table["day_p50"][0] <= table["day_p95"][0]


def test_days_are_those_of_the_months_and_what_is_not_reached_is_later(
    simulation: NetworkSimulation,
) -> None:
    months = np.array([[26.5, 35.0], [27.0, np.inf], [28.25, np.inf], [28.95, np.inf]])
    table = halving_table(replace(simulation, halving_month=months))
    assert table["height"].tolist() == [1_050_000, 1_260_000]
    assert table["reached_frac"].tolist() == [1.0, 0.25]
    # Month 26 is February 2028, a leap year: half of 29 days after the first.
    assert table["day_p5"].tolist() == ["2028-02-15", "2028-11-01"]
    assert table["day_p50"].tolist() == ["2028-03-01", LATER]
    assert table["day_p95"].tolist() == ["2028-04-29", LATER]
