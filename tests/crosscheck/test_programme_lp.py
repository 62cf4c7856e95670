"""The fast route against HiGHS on random sites with everything that can be had."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rerack.assets import (
    AiFlexibility,
    AncillaryService,
    CoincidentPeak,
    DemandCharge,
    DemandResponse,
    ExportTerms,
    Generator,
    Hall,
    HallOperation,
    MinimumTake,
    OperatingPoint,
    Renewable,
    RigFleet,
    Site,
    SiteProgrammes,
    Tariff,
)
from rerack.base.checks import FloatArray
from rerack.dispatch import HourCalendar, HourlyPrices, ProgrammeDispatch, bill, solve_programmes

Case = tuple[Site, HourlyPrices, float, SiteProgrammes]
POINTS = (
    OperatingPoint(power_frac=1.0, hashrate_frac=1.0),
    OperatingPoint(power_frac=0.6, hashrate_frac=0.7),
)


def random_prices(rng: np.random.Generator, hours: int) -> FloatArray:
    price = rng.lognormal(3.6, 0.6, hours)
    price = np.where(rng.random(hours) < 0.1, -rng.exponential(30.0, hours), price)
    return np.where(rng.random(hours) < 0.03, rng.uniform(500.0, 9000.0, hours), price)


def random_halls(
    rng: np.random.Generator, *, coupled: bool
) -> tuple[tuple[Hall, ...], tuple[HallOperation, ...]]:
    halls, operations = [], []
    for k in range(rng.integers(1, 4)):
        rigs = RigFleet(
            model="m",
            efficiency_j_per_th=rng.uniform(15.0, 40.0),
            variable_om_usd_per_mwh=rng.uniform(0.0, 5.0),
            uptime_frac=rng.uniform(0.8, 1.0),
        )
        halls.append(Hall(name=f"hall {k}", utility_mw=rng.uniform(20.0, 200.0), rigs=rigs))
        ties: dict[str, Any] = {}
        if coupled:
            ties = {
                "start_usd_per_mw": rng.uniform(0.0, 30.0),
                "stop_usd_per_mw": rng.choice([0.0, 5.0]),
                "restore_mw_per_hour": rng.uniform(10.0, 100.0) if rng.random() < 0.5 else None,
                "min_up_hours": int(rng.choice([1, 3])),
            }
        operations.append(
            HallOperation(
                hall=f"hall {k}",
                points=POINTS if rng.random() < 0.5 else POINTS[:1],
                idle_frac=rng.choice([0.0, 0.02]),
                response_s=10.0,
                inlet_limit_c=35.0 if rng.random() < 0.3 else None,
                **ties,
            )
        )
    return tuple(halls), tuple(operations)


def random_tariff(rng: np.random.Generator, limit_mw: float, hours: int) -> Tariff:
    return Tariff(
        adder_usd_per_mwh=rng.uniform(0.0, 8.0),
        losses_frac=rng.choice([0.0, 0.03]),
        demand_charge=DemandCharge(charge_usd_per_kw_month=rng.uniform(1.0, 20.0) * hours / 730.0)
        if rng.random() < 0.5
        else None,
        coincident_peak=CoincidentPeak(charge_usd_per_mw_year=60_000.0)
        if rng.random() < 0.4
        else None,
        minimum_take=MinimumTake(
            contract_mw=limit_mw,
            take_frac=rng.uniform(0.3, 0.9),
            shortfall_usd_per_mwh=rng.uniform(5.0, 60.0),
        )
        if rng.random() < 0.4
        else None,
        export=ExportTerms(limit_mw=rng.uniform(10.0, 100.0), discount_usd_per_mwh=2.0)
        if rng.random() < 0.5
        else None,
    )


def random_switches(
    rng: np.random.Generator, limit_mw: float, hours: int
) -> tuple[tuple[Generator, ...], tuple[DemandResponse, ...]]:
    diesel = Generator(
        name="diesel", capacity_mw=rng.uniform(10.0, 80.0), fuel_usd_per_mwh=50.0,
        heat_rate_mwh_per_mwh=2.6, permit_hours=int(rng.integers(0, hours // 12 + 2)),
        min_load_frac=rng.choice([0.0, 0.3]), start_usd=rng.choice([0.0, 500.0]),
        min_up_hours=int(rng.choice([1, 3])),
    )  # fmt: skip
    responses = []
    for i in range(rng.integers(0, 3)):
        baseline_mw = limit_mw * rng.uniform(0.6, 1.0)
        responses.append(
            DemandResponse(
                name=f"response {i}", baseline_mw=baseline_mw,
                enrolled_mw=baseline_mw * rng.uniform(0.1, 0.6),
                energy_usd_per_mwh=rng.uniform(20.0, 300.0),
                limit_hours=int(rng.integers(1, hours // 10 + 3)),
                limit_calls=int(rng.integers(1, 5)), call_hours=int(rng.integers(1, 5)),
                standing_usd_per_kw_month=1.0, notice_hours=rng.choice([0.0, 2.0]),
                first_hour=6, end_hour=22,
            )
        )  # fmt: skip
    return (diesel,), tuple(responses)


def random_case(seed: int, hours: int, *, switched: bool, coupled: bool) -> Case:
    rng = np.random.default_rng(seed)
    halls, operations = random_halls(rng, coupled=coupled)
    limit_mw = sum(h.utility_mw for h in halls) * rng.uniform(0.6, 1.3) + 20.0
    generators: tuple[Generator, ...] = ()
    responses: tuple[DemandResponse, ...] = ()
    if switched:
        generators, responses = random_switches(rng, limit_mw, hours)
    gas = Generator(
        name="gas", capacity_mw=rng.uniform(10.0, 80.0), fuel_usd_per_mwh=12.0,
        heat_rate_mwh_per_mwh=2.4,
    )  # fmt: skip
    sun = np.maximum(0.0, np.sin(np.arange(hours) / 24.0 * 2.0 * np.pi))
    services = tuple(
        AncillaryService(
            name=f"service {i}", share_frac=rng.uniform(0.3, 0.9),
            call_probability_frac=rng.uniform(0.0, 0.05), call_hours=1.5, response_s=30.0,
        )
        for i in range(rng.integers(0, 3))
    )  # fmt: skip
    ai = AiFlexibility(
        depth_frac=rng.uniform(0.1, 0.6), limit_hours=rng.uniform(0.0, hours / 12.0),
        compensation_usd_per_mwh=rng.uniform(0.0, 300.0), notice_hours=1.0,
    )  # fmt: skip
    programmes = SiteProgrammes(
        operations=operations,
        ai=ai if rng.random() < 0.6 else None,
        generators=(*generators, gas) if rng.random() < 0.5 else generators,
        renewables=(Renewable(name="sun", capacity_mw=30.0, profile_frac=sun),)
        if rng.random() < 0.5
        else (),
        demand_response=responses,
        ancillary=services,
    )
    prices = HourlyPrices(
        calendar=HourCalendar(start_utc="2024-06-25T00", hours=hours, zone="America/Chicago"),
        index_usd_per_mwh=random_prices(rng, hours),
        capacity_usd_per_mwh={s.name: rng.exponential(8.0, hours) for s in services},
        system_load_mw=rng.uniform(4e4, 8e4, 4 * hours),
        inlet_c=rng.uniform(20.0, 40.0, hours),
    )
    site = Site(
        name="random",
        interconnect_mw=limit_mw,
        halls=halls,
        tariff=random_tariff(rng, limit_mw, hours),
        firm_load_mw=limit_mw * rng.uniform(0.0, 0.5),
    )
    return site, prices, float(rng.uniform(25.0, 80.0)), programmes


def both(case: Case) -> tuple[ProgrammeDispatch, ProgrammeDispatch, float]:
    site, prices, hashprice, programmes = case
    fast = solve_programmes(site, prices, hashprice, programmes=programmes)
    lp = solve_programmes(site, prices, hashprice, programmes=programmes, method="lp", limit_s=8.0)
    scale = float(np.abs(lp.revenue_usd.values).sum())
    assert fast.objective_usd <= lp.bound_usd + 1e-7 * scale
    assert lp.objective_usd <= fast.bound_usd + 1e-7 * scale
    return fast, lp, scale


@pytest.mark.parametrize("seed", range(40))
def test_without_switches_the_fast_route_is_exact(seed: int) -> None:
    fast, lp, scale = both(random_case(seed, 192, switched=False, coupled=False))
    assert fast.method == "dual"
    assert abs(fast.objective_usd - lp.objective_usd) <= 1e-9 * scale
    assert fast.bound_usd - fast.objective_usd <= 1e-8 * scale


@pytest.mark.parametrize("seed", range(6))
def test_with_switches_the_gap_shown_covers_the_gap_there_is(seed: int) -> None:
    fast, lp, scale = both(random_case(seed, 192, switched=True, coupled=False))
    lost = lp.objective_usd - fast.objective_usd
    assert lost <= fast.gap_frac * max(abs(fast.bound_usd), 1.0) + 1e-7 * scale
    assert lost <= 2e-3 * scale


@pytest.mark.parametrize("seed", range(8))
def test_tied_rigs_alone_are_a_linear_program(seed: int) -> None:
    fast, lp, scale = both(random_case(seed, 200, switched=False, coupled=True))
    assert fast.method == "lp"
    assert abs(fast.objective_usd - lp.objective_usd) <= 1e-8 * scale


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_windows_come_close_with_tied_rigs_and_switches(seed: int) -> None:
    fast, lp, scale = both(random_case(seed, 192, switched=True, coupled=True))
    assert lp.objective_usd - fast.objective_usd <= 5e-3 * scale


def test_random_cases_cover_what_they_claim() -> None:
    cases = [random_case(s, 192, switched=True, coupled=False) for s in range(12)]
    tariffs = [c[0].tariff for c in cases] + [
        random_case(s, 192, switched=False, coupled=False)[0].tariff for s in range(40)
    ]
    for term in ("demand_charge", "coincident_peak", "minimum_take", "export"):
        assert sum(getattr(t, term) is not None for t in tariffs) >= 8
    assert sum(len(c[3].demand_response) for c in cases) >= 8
    assert sum(c[3].ai is not None for c in cases) >= 4
    assert all(c[1].index_usd_per_mwh.min() < 0.0 for c in cases)


@pytest.mark.parametrize("seed", range(6))
def test_the_bill_is_what_the_dispatch_paid(seed: int) -> None:
    site, prices, hashprice, programmes = random_case(seed, 240, switched=False, coupled=False)
    found = solve_programmes(site, prices, hashprice, programmes=programmes)
    paid = bill(found.schedule.import_mw, site.tariff, prices, export_mw=found.schedule.export_mw)
    parts = ("energy", "coincident peak", "demand charge", "minimum take", "export")
    earned = sum(found.earned_usd(part) for part in parts)
    assert paid.total_usd == pytest.approx(-earned, abs=0.005 * len(paid.lines) + 1e-6)


def test_a_real_july_with_reserve_response_and_diesel(shared_data: Path) -> None:
    import polars as pl

    frame = pl.read_parquet(shared_data / "ercot_prices_as_2024_2025h1.parquet")
    rows = frame.filter(pl.col("ts_utc").dt.strftime("%Y-%m") == "2024-07").sort("ts_utc")
    assert rows.height == 744
    reserve = rows["as_ecrs"].to_numpy().astype(np.float64)
    prices = HourlyPrices(
        calendar=HourCalendar(start_utc="2024-07-01T00", hours=744, zone="America/Chicago"),
        index_usd_per_mwh=rows["dam_hb_north"].to_numpy().astype(np.float64),
        capacity_usd_per_mwh={"ECRS": reserve},
    )
    rigs = RigFleet(model="m", efficiency_j_per_th=22.0)
    site = Site(
        name="real", interconnect_mw=400.0, firm_load_mw=100.0,
        halls=(Hall(name="A", utility_mw=300.0, rigs=rigs),),
        tariff=Tariff(adder_usd_per_mwh=4.0),
    )  # fmt: skip
    programmes = SiteProgrammes(
        operations=(HallOperation(hall="A", points=POINTS, response_s=30.0),),
        generators=(
            Generator(
                name="diesel", capacity_mw=50.0, fuel_usd_per_mwh=60.0,
                heat_rate_mwh_per_mwh=2.6, permit_hours=20, start_usd=400.0,
            ),
        ),
        demand_response=(
            DemandResponse(
                name="DR", baseline_mw=400.0, enrolled_mw=250.0, energy_usd_per_mwh=90.0,
                limit_hours=24, limit_calls=8, call_hours=4,
            ),
        ),
        ancillary=(
            AncillaryService(
                name="ECRS", share_frac=0.5, call_probability_frac=0.01, call_hours=1.0,
                response_s=600.0,
            ),
        ),
    )  # fmt: skip
    fast, lp, scale = both((site, prices, 45.0, programmes))
    assert fast.gap_frac <= 1e-3
    assert lp.objective_usd - fast.objective_usd <= 1e-4 * scale
