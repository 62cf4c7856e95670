"""The compiled month step against its twin in NumPy, which bisects and integrates on a grid."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from rerack.base.timegrid import MonthGrid
from rerack.network.world import (
    AiDemand,
    Announced,
    Behaviour,
    Cohort,
    Generation,
    Region,
    Relocation,
    World,
)
from rerack.network.world.announced import departures_mw, members
from rerack.network.world.arrays import cohort_arrays, ways_between
from rerack.network.world.cohort import Owner
from rerack.network.world.plain import step_world_plain
from rerack.network.world.records import TOTALS, Outputs, Paths, Places
from rerack.network.world.simulation import (
    empty_outputs,
    month_arrays,
    run_world,
    world_numbers,
)

MONTHS = 40


def busy_world() -> World:
    """Return a small world in which everything happens: moves, conversions, orders, wear."""
    cohorts = []
    fleet = (("old", 45.0, 80.0), ("now", 18.0, 120.0), ("next", 12.0, 0.0))
    places: tuple[tuple[str, float, Owner], ...] = (
        ("North", 55.0, "listed"),
        ("North", 55.0, "private"),
        ("South", 30.0, "listed"),
        ("South", 30.0, "state"),
        ("East", 42.0, "private"),
        ("East", 42.0, "listed"),
    )
    for region, power, owner in places:
        for name, efficiency, size in fleet:
            cohorts.append(
                Cohort(
                    region=region,
                    generation=name,
                    owner=owner,
                    installed_eh_s=size,
                    arriving_eh_s=3.0 if name == "now" else 0.0,
                    efficiency_j_per_th=efficiency,
                    power_usd_per_mwh=power,
                    spread_frac=0.2,
                    convertible_frac=0.4 if owner == "listed" else 0.0,
                    floor_eh_s=0.6 * size if owner == "state" else 0.0,
                )
            )
    return World(
        date="2027-06",
        height=1_010_000,
        difficulty=1.5e14,
        regions=(
            Region(name="North", limit_mw=16_000.0, build_mw_per_month=150.0),
            Region(name="South", limit_mw=12_500.0, build_mw_per_month=60.0),
            Region(name="East", limit_mw=40_000.0, build_mw_per_month=90.0),
        ),
        generations=(
            Generation(name="old", release_month=-40),
            Generation(name="now", release_month=-10),
            Generation(name="next", release_month=14),
        ),
        cohorts=tuple(cohorts),
        relocations=(
            Relocation(origin="North", destination="South", cost_usd_per_th=0.5, delay_months=2),
            Relocation(origin="North", destination="East", cost_usd_per_th=1.0, delay_months=5),
            Relocation(origin="East", destination="South", cost_usd_per_th=0.2),
        ),
        behaviour=Behaviour(foundry_mw_per_month=120.0, rig_floor_usd_per_th=4.0),
        ai=AiDemand(
            rent_usd_per_mw_year=0.8e6, capex_usd_per_mw=3e6, limit_mw_per_month=60.0,
            depth_mw=1_500.0,
        ),
        conversions=(
            Announced(name="a", region="North", owner="listed", utility_mw=500.0, month="2027-09",
                      over_months=6),
            Announced(name="b", region="South", owner="listed", utility_mw=300.0, month="2027-08"),
        ),
    )  # fmt: skip


def both() -> tuple[Outputs, Outputs]:
    world, grid = busy_world(), MonthGrid.parse("2027-06", MONTHS)
    rng = np.random.default_rng(4)
    walk = np.cumsum(rng.normal(0.0, 0.16, (4, MONTHS)), axis=1)
    paths = Paths(
        price_usd=110_000.0 * np.exp(walk),
        fees_btc=rng.uniform(0.01, 0.4, (4, MONTHS)),
        lease=np.exp(np.cumsum(rng.normal(0.0, 0.03, (4, MONTHS)), axis=1)),
        power=np.array([0.8, 1.0, 1.1, 1.3]),
        foundry=np.array([1.0, 0.5, 2.0, 1.0]),
        departing_mw=departures_mw(world, grid, 4, rng.uniform(0.0, 40.0, (4, MONTHS))),
    )
    fast = run_world(world, grid, paths)
    slow = empty_outputs(world, (4, MONTHS))
    places = Places(
        limit_mw=np.array([r.limit_mw for r in world.regions]),
        build_mw=np.array([r.build_mw_per_month for r in world.regions]),
    )
    step_world_plain(
        cohort_arrays(world), ways_between(world), places, month_arrays(world, grid), paths,
        world_numbers(world), members(world, alike=True), slow,
    )  # fmt: skip
    return fast, slow


@pytest.fixture(scope="module")
def outputs() -> tuple[Outputs, Outputs]:
    return both()


@pytest.mark.parametrize("name", TOTALS)
def test_every_sum_of_every_month_agrees(outputs: tuple[Outputs, Outputs], name: str) -> None:
    fast, slow = (o.totals[:, :, TOTALS.index(name)] for o in outputs)
    assert_allclose(fast, slow, rtol=2e-6, atol=2e-5)


@pytest.mark.parametrize(
    "name", ["region", "region_mw", "owner", "generation", "idle", "retired", "rigs"]
)
def test_every_part_agrees(outputs: tuple[Outputs, Outputs], name: str) -> None:
    fast, slow = (getattr(o, name) for o in outputs)
    assert_allclose(fast, slow, rtol=2e-6, atol=2e-5)


def test_the_world_of_the_twin_is_busy(outputs: tuple[Outputs, Outputs]) -> None:
    totals = outputs[0].totals
    by_name = {name: totals[:, :, i] for i, name in enumerate(TOTALS)}
    assert (by_name["converted_mw"][:, -1] > 100.0).all()
    assert (by_name["idle_eh_s"].max(axis=1) > 1.0).all()
    assert (by_name["rig_price_usd_per_th"].max(axis=1) > 4.2).any()
    assert (by_name["produced_eh_s"][:, -1] > 5.0).all()
    grown = outputs[0].generation[:, -1, 2]
    assert (grown > 1.0).all()
