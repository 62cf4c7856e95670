"""Dispatch worked by hand: strikes, merit order, tariffs, the fixed block, the result object."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rerack.assets import FixedBlock, Hall, RigFleet, Site, Tariff
from rerack.base import SolverError
from rerack.dispatch import merit_capacity_mw, solve, strike_usd_per_mwh

# At a hashprice of 42 USD/PH/day: 42e3 / (24 * 17.5) = 100 USD/MWh, less what is said below.
GOOD = RigFleet(
    model="good", efficiency_j_per_th=17.5, pool_fee_frac=0.02, variable_om_usd_per_mwh=3.0
)  # strike 98 - 3 = 95
OLD = RigFleet(model="old", efficiency_j_per_th=35.0, uptime_frac=0.9)  # strike 50
PRICE = np.array([20.0, 60.0, 120.0, -10.0])


def two_halls(**changes: object) -> Site:
    site = Site(
        name="Hand",
        interconnect_mw=150.0,
        halls=(
            Hall(name="Old", utility_mw=100.0, rigs=OLD),
            Hall(name="Good", utility_mw=80.0, rigs=GOOD),
            Hall(name="Empty", utility_mw=50.0),
        ),
        tariff=Tariff(adder_usd_per_mwh=5.0),
        firm_load_mw=20.0,
    )
    return replace(site, **changes)  # type: ignore[arg-type]


def test_break_even_of_the_reference_rig() -> None:
    fleet = RigFleet(model="S21", efficiency_j_per_th=17.5)
    assert strike_usd_per_mwh(fleet, 35.06) == pytest.approx(83.476, abs=5e-4)
    assert strike_usd_per_mwh(GOOD, 42.0) == pytest.approx(95.0)


def test_strike_takes_arrays_of_any_shape() -> None:
    strikes = strike_usd_per_mwh(GOOD, np.array([[42.0, 0.0]]))
    assert strikes.tolist() == [[pytest.approx(95.0), pytest.approx(-3.0)]]


def test_four_hours_by_hand() -> None:
    found = solve(two_halls(), PRICE, 42.0)
    # Meter prices 25, 65, 125, -5. Room for rigs 150 - 20 = 130 MW: Good takes its 80, Old, of
    # 90 MW with uptime, the 50 that are left. Old strikes at 50, Good at 95.
    assert found.price_usd_per_mwh.tolist() == [25.0, 65.0, 125.0, -5.0]
    assert found.strike_usd_per_mwh.values[0] == pytest.approx([50.0, 95.0, 0.0])
    assert found.run_mw.values.tolist() == [[50, 80, 0], [0, 80, 0], [0, 0, 0], [50, 80, 0]]
    assert found.energy_mwh.values.tolist() == [100.0, 240.0, 0.0]
    # Old: 50 * (25 + 55); Good: 80 * (70 + 30 + 100).
    assert found.margin_usd.values == pytest.approx([4_000.0, 16_000.0, 0.0])
    # Old: 50 * (25 - 5); Good: 80 * (25 + 65 - 5).
    assert found.energy_cost_usd.values == pytest.approx([1_000.0, 6_800.0, 0.0])
    assert found.firm_cost_usd == pytest.approx(20.0 * 210.0)
    assert found.block_settlement_usd == 0.0
    assert found.objective_usd == pytest.approx(20_000.0 - 4_200.0)


def test_block_settles_on_the_index_and_changes_no_schedule() -> None:
    block = FixedBlock(block_mw=100.0, price_usd_per_mwh=40.0, months=12)
    bare = solve(two_halls(), PRICE, 42.0)
    hedged = solve(two_halls(tariff=Tariff(adder_usd_per_mwh=5.0, block=block)), PRICE, 42.0)
    assert hedged.block_settlement_usd == pytest.approx(100.0 * (190.0 - 4 * 40.0))
    assert hedged.objective_usd == pytest.approx(bare.objective_usd + 3_000.0)
    assert np.array_equal(hedged.run_mw.values, bare.run_mw.values)


def test_fixed_price_ignores_index_and_adder() -> None:
    tariff = Tariff(adder_usd_per_mwh=5.0, fixed_price_usd_per_mwh=60.0)
    found = solve(two_halls(tariff=tariff), PRICE, 42.0)
    assert found.price_usd_per_mwh.tolist() == [60.0] * 4
    assert found.run_mw.values.tolist() == [[0, 80, 0]] * 4


def test_a_price_equal_to_the_strike_does_not_run() -> None:
    strike = strike_usd_per_mwh(OLD, 42.0)
    site = two_halls(tariff=Tariff())
    assert solve(site, np.array([strike]), 42.0).run_mw.values[0, 0] == 0.0
    assert solve(site, np.array([np.nextafter(strike, 0.0)]), 42.0).run_mw.values[0, 0] == 50.0


def test_hourly_hashprice_may_turn_the_merit_order_round() -> None:
    # Good earns twice Old's income, so its 3 USD/MWh of operating cost puts it below Old only
    # where hashprice is close to nothing.
    found = solve(two_halls(), np.array([-9.0, -9.0]), np.array([42.0, 0.0]))
    assert found.strike_usd_per_mwh.values[1] == pytest.approx([0.0, -3.0, 0.0])
    assert found.run_mw.values.tolist() == [[50, 80, 0], [90, 40, 0]]


def test_a_site_without_rigs_draws_its_firm_load_only() -> None:
    site = two_halls(halls=(Hall(name="Empty", utility_mw=50.0),))
    found = solve(site, np.array([-30.0, 30.0]), 42.0)
    assert found.run_mw.values.tolist() == [[0.0], [0.0]]
    assert found.firm_mw.tolist() == [20.0, 20.0]
    assert solve(two_halls(halls=()), PRICE, 42.0).margin_usd.values.size == 0


def test_merit_capacity_serves_by_strike_and_ties_in_order() -> None:
    capacity = np.array([30.0, 30.0, 30.0])
    strike = np.array([[50.0, 70.0, 60.0], [5.0, 5.0, 5.0]])
    served = merit_capacity_mw(capacity, strike, 70.0)
    assert served.tolist() == [[10.0, 30.0, 30.0], [30.0, 30.0, 10.0]]
    assert merit_capacity_mw(capacity, strike, np.array([0.0, 90.0])).tolist() == [
        [0.0, 0.0, 0.0],
        [30.0, 30.0, 30.0],
    ]
    assert merit_capacity_mw(capacity, strike, 90.0).tolist() == [[30.0] * 3] * 2


def test_table_and_repr_say_what_happened() -> None:
    found = solve(two_halls(), PRICE, 42.0)
    table = found.table()
    assert table["mining_mw"].tolist() == [130.0, 80.0, 0.0, 130.0]
    assert table["Good: run_mw"].tolist() == [80.0, 80.0, 0.0, 80.0]
    assert table["margin_usd"].sum() == pytest.approx(20_000.0)
    assert {len(column) for column in table.values()} == {4}
    assert "rigs drew 340 MWh and earned 20,000 USD" in repr(found)


def test_results_cannot_be_written_to() -> None:
    found = solve(two_halls(), PRICE, 42.0)
    for array in (found.run_mw.values, found.price_usd_per_mwh, found.strike_usd_per_mwh.values):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_a_schedule_that_does_not_earn_its_objective_is_refused() -> None:
    found = solve(two_halls(), PRICE, 42.0)
    with pytest.raises(SolverError, match="not the"):
        replace(found, objective_usd=found.objective_usd + 1.0)
    with pytest.raises(SolverError, match="draws 150"):
        replace(found, interconnect_mw=140.0)
