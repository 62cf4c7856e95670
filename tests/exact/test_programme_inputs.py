"""What programmes refuse, each by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rerack.assets import (
    AiFlexibility,
    AncillaryService,
    CoincidentPeak,
    DemandResponse,
    Generator,
    Hall,
    HallOperation,
    Renewable,
    RigFleet,
    Site,
    SiteProgrammes,
    Tariff,
)
from rerack.base import InputError, SolverError
from rerack.dispatch import HourCalendar, HourlyPrices, solve_programmes
from rerack.dispatch.commitment import States, Switch
from rerack.dispatch.programme_certificate import certify

SITE = Site(
    name="S",
    interconnect_mw=20.0,
    halls=(Hall(name="A", utility_mw=10.0, rigs=RigFleet(model="m", efficiency_j_per_th=20.0)),
           Hall(name="empty", utility_mw=5.0)),
    tariff=Tariff(),
    firm_load_mw=10.0,
)  # fmt: skip
PRICES = HourlyPrices(
    calendar=HourCalendar(start_utc="2024-07-01T00", hours=3), index_usd_per_mwh=np.full(3, 30.0)
)
SERVICE = AncillaryService(
    name="RRS", share_frac=0.5, call_probability_frac=0.0, call_hours=1.0, response_s=20.0
)
RESPONSE = DemandResponse(
    name="DR", baseline_mw=10.0, enrolled_mw=5.0, energy_usd_per_mwh=1.0, limit_hours=2,
    limit_calls=1, call_hours=1,
)  # fmt: skip
GAS = Generator(name="G", capacity_mw=1.0, fuel_usd_per_mwh=1.0, heat_rate_mwh_per_mwh=2.0)


@pytest.mark.parametrize(
    ("programmes", "where"),
    [
        (SiteProgrammes(operations=(HallOperation(hall="B"),)), "operations: hall"),
        (SiteProgrammes(operations=(HallOperation(hall="empty"),)), "operations: hall"),
        (SiteProgrammes(operations=(HallOperation(hall="A", inlet_limit_c=30.0),)), "inlet_c"),
        (SiteProgrammes(ancillary=(SERVICE,)), r"capacity_usd_per_mwh\['RRS'\]"),
        (
            SiteProgrammes(
                renewables=(Renewable(name="R", capacity_mw=1.0, profile_frac=np.ones(2)),)
            ),
            "renewable R: profile_frac: given 2 values; allowed: 3",
        ),
        (
            SiteProgrammes(operations=(HallOperation(hall="A", idle_frac=0.05),)),
            "10.5 MW of firm load and idle draw",
        ),
    ],
)
def test_what_does_not_fit_the_site_is_refused(programmes: SiteProgrammes, where: str) -> None:
    site = replace(SITE, interconnect_mw=10.0) if programmes.operations else SITE
    with pytest.raises(InputError, match=where):
        solve_programmes(site, PRICES, 40.0, programmes=programmes)


@pytest.mark.parametrize("response_s", [None, 30.0])
def test_a_reserve_without_a_hall_fast_enough_is_refused(response_s: float | None) -> None:
    prices = replace(PRICES, capacity_usd_per_mwh={"RRS": np.ones(3)})
    how = HallOperation(hall="A", response_s=response_s)
    with pytest.raises(InputError, match="RRS: response_s"):
        solve_programmes(
            SITE, prices, 40.0, programmes=SiteProgrammes(operations=(how,), ancillary=(SERVICE,))
        )


def test_other_inputs_are_refused() -> None:
    with pytest.raises(InputError, match="hashprice"):
        solve_programmes(SITE, PRICES, np.ones(2))
    with pytest.raises(InputError, match="'fast' or 'lp'"):
        solve_programmes(SITE, PRICES, 40.0, method="milp")  # type: ignore[arg-type]
    peak = replace(SITE, tariff=Tariff(coincident_peak=CoincidentPeak(charge_usd_per_mw_year=1.0)))
    with pytest.raises(InputError, match="system_load_mw"):
        solve_programmes(peak, PRICES, 40.0)


@pytest.mark.parametrize(
    ("make", "change", "where"),
    [
        (RESPONSE, {"enrolled_mw": 11.0}, "DR: enrolled_mw"),
        (RESPONSE, {"limit_hours": -1}, "DR: limit_hours"),
        (RESPONSE, {"call_hours": 0}, "DR: call_hours"),
        (RESPONSE, {"months": ()}, "DR: months"),
        (RESPONSE, {"first_hour": 20, "end_hour": 6}, "DR: first_hour"),
        (SERVICE, {"share_frac": 1.2}, "RRS: share_frac"),
        (SERVICE, {"call_probability_frac": float("nan")}, "RRS: call_probability_frac"),
        (GAS, {"heat_rate_mwh_per_mwh": 0.5}, "G: heat_rate"),
        (GAS, {"min_load_frac": 1.1}, "G: min_load_frac"),
        (GAS, {"permit_hours": -1}, "G: permit_hours"),
        (AiFlexibility(depth_frac=0.1, limit_hours=1.0), {"depth_frac": 2.0}, "depth_frac"),
        (AiFlexibility(depth_frac=0.1, limit_hours=1.0), {"limit_hours": -2.0}, "limit_hours"),
    ],
)
def test_broken_programmes_are_refused(make: Any, change: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError, match=where):
        replace(make, **change)


def test_broken_profiles_and_names_are_refused() -> None:
    with pytest.raises(InputError, match="renewable R: profile_frac"):
        Renewable(name="R", capacity_mw=1.0, profile_frac=np.array([1.2]))
    with pytest.raises(InputError, match="'G'"):
        SiteProgrammes(generators=(GAS, GAS))
    with pytest.raises(InputError, match="operations: hall"):
        SiteProgrammes(operations=(HallOperation(hall="A"), HallOperation(hall="A")))


def test_too_many_joint_states_are_refused() -> None:
    switches = [Switch(name=f"g{i}", is_call=False, min_hours=20) for i in range(3)]
    with pytest.raises(InputError, match="9261 joint states of g0, g1, g2"):
        States.of(switches)


@pytest.mark.parametrize("field", ["import_mw", "step_mw", "ai_cut_mw"])
def test_a_schedule_that_cannot_run_is_not_certified(field: str) -> None:
    found = solve_programmes(SITE, PRICES, 40.0)
    certify(found.problem, found.schedule)
    worse = replace(found.schedule, **{field: getattr(found.schedule, field) + 1.0})
    with pytest.raises(SolverError, match="energy balance"):
        certify(found.problem, worse)
