"""Runs that end or go on where one rolling window takes over from another, worked out on paper."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import pytest

from rerack.assets import (
    DemandResponse,
    Generator,
    Hall,
    HallOperation,
    RigFleet,
    Site,
    SiteProgrammes,
    Tariff,
)
from rerack.base.errors import SolverError
from rerack.dispatch import (
    HourCalendar,
    HourlyPrices,
    ProgrammeDispatch,
    programme_windows,
    solve_programmes,
)
from rerack.dispatch.programme_windows import CORE_HOURS

HOURS = 2 * CORE_HOURS + 40
#: 100 USD/MWh at a hashprice of 42 USD/PH/day.
RIGS = RigFleet(model="S21", efficiency_j_per_th=17.5)
#: A start costs 0.1 USD for the hall: enough to tie hours, so that windows are used.
TIED = HallOperation(hall="A", start_usd_per_mw=0.01)


def run(index: np.ndarray, programmes: SiteProgrammes) -> ProgrammeDispatch:
    site = Site(
        name="S",
        interconnect_mw=30.0,
        halls=(Hall(name="A", utility_mw=10.0, rigs=RIGS),),
        tariff=Tariff(),
        firm_load_mw=20.0,
    )
    calendar = HourCalendar(start_utc="2024-01-01T00", hours=HOURS)
    prices = HourlyPrices(calendar=calendar, index_usd_per_mwh=index)
    found = solve_programmes(site, prices, 42.0, programmes=programmes)
    assert found.method == "windows"
    return found


@pytest.mark.parametrize("first", [CORE_HOURS - 8, CORE_HOURS - 7, CORE_HOURS - 3, CORE_HOURS])
def test_an_engine_may_end_its_shortest_run_just_before_or_after_a_window(first: int) -> None:
    # Two hours at 200 USD/MWh pay a run of six, the other four at 45 cost 5 USD/MWh each.
    index = np.full(HOURS, 20.0)
    index[first : first + 2], index[first + 2 : first + 6] = 200.0, 45.0
    gas = Generator(
        name="gas", capacity_mw=15.0, fuel_usd_per_mwh=20.0, heat_rate_mwh_per_mwh=2.5,
        min_load_frac=0.5, min_up_hours=6,
    )  # fmt: skip
    found = run(index, SiteProgrammes(operations=(TIED,), generators=(gas,)))
    on = found.table()["gas: on"]
    assert np.flatnonzero(on).tolist() == list(range(first, first + 6))
    # Rigs stop in the two dear hours; the engine gives 15 MW there and its least load after.
    calm = (HOURS - 6) * (1_000.0 - 30.0 * 20.0)
    dear = 2 * (-5.0 * 200.0 - 15.0 * 50.0)
    kept = 4 * (1_000.0 - 22.5 * 45.0 - 7.5 * 50.0)
    assert found.objective_usd == pytest.approx(calm + dear + kept - 0.1, rel=1e-9)


def test_a_run_that_outlasts_view_and_permit_is_not_begun() -> None:
    # What a window of the usual length sees of the dear hours would pay the start, and the permit
    # covers that part of the run; but it has to go on for a hundred hours, which no permit covers.
    first = CORE_HOURS - 5
    index = np.full(HOURS, 20.0)
    index[first : first + 70] = 95.0
    gas = Generator(
        name="gas", capacity_mw=15.0, fuel_usd_per_mwh=20.0, heat_rate_mwh_per_mwh=2.5,
        start_usd=20_000.0, min_up_hours=100, permit_hours=60,
    )  # fmt: skip
    found = run(index, SiteProgrammes(operations=(TIED,), generators=(gas,)))
    assert not found.table()["gas: on"].any()
    expected = HOURS * 1_000.0 - 30.0 * float(index.sum())
    assert found.objective_usd == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("first", [CORE_HOURS - 4, CORE_HOURS - 2, CORE_HOURS - 1])
def test_a_call_through_a_window_is_one_call(first: int) -> None:
    called = DemandResponse(
        name="DR", baseline_mw=30.0, enrolled_mw=10.0, energy_usd_per_mwh=500.0,
        limit_hours=8, limit_calls=2, call_hours=4,
    )  # fmt: skip
    index = np.full(HOURS, 20.0)
    index[first : first + 4], index[first + 60 : first + 64] = 90.0, 90.0
    found = run(index, SiteProgrammes(operations=(TIED,), demand_response=(called,)))
    on = np.flatnonzero(found.table()["DR: on"]).tolist()
    assert on == [*range(first, first + 4), *range(first + 60, first + 64)]
    # An hour of call earns 5,000 USD and leaves firm load alone, at 90 USD/MWh.
    calm = (HOURS - 8) * (1_000.0 - 30.0 * 20.0)
    assert found.objective_usd == pytest.approx(calm + 8 * (5_000.0 - 1_800.0) - 0.2, rel=1e-9)


def test_a_window_without_an_answer_in_time_leaves_the_switches_of_the_dual(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def late(*_: object) -> NoReturn:
        raise SolverError("HiGHS did not solve the programme in time")

    monkeypatch.setattr(programme_windows, "solve_windows", late)
    called = DemandResponse(
        name="DR", baseline_mw=30.0, enrolled_mw=10.0, energy_usd_per_mwh=500.0,
        limit_hours=4, limit_calls=1, call_hours=4,
    )  # fmt: skip
    index = np.full(HOURS, 20.0)
    index[50:54] = 90.0
    found = run(index, SiteProgrammes(operations=(TIED,), demand_response=(called,)))
    assert np.flatnonzero(found.table()["DR: on"]).tolist() == list(range(50, 54))
    assert found.gap_frac < 1e-6
