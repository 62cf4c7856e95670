"""Programmes that couple hours: the fast route against HiGHS on the whole program.

Three sites. *Peaks*: demand charge, minimum take and AI hours, where the fast route claims to be
exact. *Switches*: calls of demand response and a diesel set with a permit besides, where HiGHS
has to branch; it gets a time limit, and its own gap is part of the story. *Battery*: both, beside a
battery that shaves peaks, answers calls and holds reserve.
"""

from __future__ import annotations

import time
from functools import cache

import numpy as np

from benchmarks.measure import PeakMemory
from benchmarks.site_year import year_prices
from benchmarks.spec import Measurement, Spec
from rerack.assets import (
    AiFlexibility,
    AncillaryService,
    Battery,
    DemandCharge,
    DemandResponse,
    Generator,
    Hall,
    HallOperation,
    MinimumTake,
    OperatingPoint,
    RigFleet,
    Site,
    SiteProgrammes,
    Tariff,
)
from rerack.base.errors import SolverError
from rerack.dispatch import HourCalendar, HourlyPrices, ProgrammeDispatch, solve_programmes

HASHPRICE = 45.0
#: Time that HiGHS gets for one mixed-integer program [s].
PEER_S = 60.0
POINTS = (
    OperatingPoint(power_frac=1.0, hashrate_frac=1.0),
    OperatingPoint(power_frac=0.6, hashrate_frac=0.7),
)
SITE = Site(
    name="bench",
    interconnect_mw=260.0,
    halls=tuple(
        Hall(name=f"hall {k}", utility_mw=80.0, rigs=RigFleet(model="m", efficiency_j_per_th=e))
        for k, e in enumerate((17.5, 22.0, 29.5))
    ),
    tariff=Tariff(
        adder_usd_per_mwh=4.0,
        demand_charge=DemandCharge(charge_usd_per_kw_month=6.0),
        minimum_take=MinimumTake(contract_mw=260.0, take_frac=0.8, shortfall_usd_per_mwh=15.0),
    ),
    firm_load_mw=40.0,
)
PEAKS = SiteProgrammes(
    operations=tuple(
        HallOperation(hall=h.name, points=POINTS, response_s=30.0) for h in SITE.halls
    ),
    ai=AiFlexibility(depth_frac=0.3, limit_hours=100.0, compensation_usd_per_mwh=300.0),
    ancillary=(
        AncillaryService(
            name="reserve", share_frac=0.5, call_probability_frac=0.01, call_hours=1.0,
            response_s=600.0,
        ),
    ),
)  # fmt: skip


def switched(hours: int) -> SiteProgrammes:
    """Return the programmes with calls and a diesel set, limits in proportion to the hours."""
    return SiteProgrammes(
        operations=PEAKS.operations,
        ai=PEAKS.ai,
        ancillary=PEAKS.ancillary,
        generators=(
            Generator(
                name="diesel", capacity_mw=40.0, fuel_usd_per_mwh=60.0, heat_rate_mwh_per_mwh=2.6,
                permit_hours=max(1, hours // 88), min_load_frac=0.3, start_usd=400.0,
            ),
        ),
        demand_response=(
            DemandResponse(
                name="response", baseline_mw=260.0, enrolled_mw=180.0, energy_usd_per_mwh=60.0,
                limit_hours=max(4, hours // 110), limit_calls=max(2, hours // 365), call_hours=4,
            ),
        ),
    )  # fmt: skip


BATTERY = Battery(
    charge_mw=50.0,
    discharge_mw=50.0,
    energy_mwh=100.0,
    charge_efficiency_frac=0.93,
    discharge_efficiency_frac=0.93,
    throughput_cost_usd_per_mwh=10.0,
    response_s=1.0,
)


def _solve(
    hours: int, programmes: SiteProgrammes, method: str, battery: Battery | None = None
) -> ProgrammeDispatch:
    rng = np.random.default_rng(3)
    prices = HourlyPrices(
        calendar=HourCalendar(start_utc="2023-01-01T00", hours=hours),
        index_usd_per_mwh=year_prices()[:hours],
        capacity_usd_per_mwh={"reserve": rng.exponential(6.0, hours)},
    )
    return solve_programmes(
        SITE,
        prices,
        HASHPRICE,
        programmes=programmes,
        battery=battery,
        method=method,
        limit_s=PEER_S,  # type: ignore[arg-type]
    )


@cache
def _warmed() -> None:
    """Load or compile the kernels before the clock runs."""
    _solve(24, switched(24), "fast")


def _timed(
    hours: int, programmes: SiteProgrammes, method: str, battery: Battery | None = None
) -> Measurement:
    _warmed()
    memory = PeakMemory()
    begin = time.perf_counter()
    found = _solve(hours, programmes, method, battery)
    time_s = time.perf_counter() - begin
    return Measurement(time_s=time_s, peak_mb=memory.read_mb(), quality=found.gap_frac)


def run_peaks(hours: int) -> Measurement:
    """Time the fast route without switches."""
    return _timed(hours, PEAKS, "fast")


def peer_peaks(hours: int) -> Measurement:
    """Time HiGHS without switches."""
    return _timed(hours, PEAKS, "lp")


def run_switches(hours: int) -> Measurement:
    """Time the fast route with switches."""
    return _timed(hours, switched(hours), "fast")


def peer_switches(hours: int) -> Measurement:
    """Time HiGHS with switches, at most `PEER_S`; no quality where it found no schedule in time."""
    try:
        return _timed(hours, switched(hours), "lp")
    except SolverError:
        return Measurement(time_s=PEER_S)


def run_battery(hours: int) -> Measurement:
    """Time the fast route with switches and a battery."""
    return _timed(hours, switched(hours), "fast", BATTERY)


def peer_battery(hours: int) -> Measurement:
    """Time HiGHS with switches and a battery, at most `PEER_S` for each of its two programs."""
    try:
        return _timed(hours, switched(hours), "lp", BATTERY)
    except SolverError:
        return Measurement(time_s=2.0 * PEER_S)


_QUALITY = "gap between objective and proven bound, relative"

SPECS = (
    Spec(
        name="programmes-peaks",
        work="demand charge, minimum take, AI hours, reserve, operating points",
        size_unit="hours",
        sizes=(744, 2190, 8760),
        run=run_peaks,
        target="gap 1e-9",
        quality=_QUALITY,
        peer_name="HiGHS, one LP",
        peer=peer_peaks,
    ),
    Spec(
        name="programmes-switches",
        work="the same with calls of demand response and a diesel permit",
        size_unit="hours",
        sizes=(744, 2190, 8760),
        run=run_switches,
        target="gap 5e-3",
        quality=_QUALITY,
        peer_name=f"HiGHS, one MILP, {PEER_S:.0f} s",
        peer=peer_switches,
    ),
    Spec(
        name="programmes-battery",
        work="all of that beside a battery that shaves, shifts, answers calls and holds reserve",
        size_unit="hours",
        sizes=(48, 168, 744),
        run=run_battery,
        target="gap 5e-3",
        quality=_QUALITY,
        peer_name=f"HiGHS, one MILP, {PEER_S:.0f} s",
        peer=peer_battery,
    ),
)
