"""Laws that programmes obey: balance, freedom never costs, limits never pay, scale."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.assets import (
    AiFlexibility,
    AncillaryService,
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

HOURS = 36
CALENDAR = HourCalendar(start_utc="2024-06-30T00", hours=HOURS)
PRICE = st.lists(
    st.floats(-300.0, 9_000.0, allow_subnormal=False), min_size=HOURS, max_size=HOURS
).map(np.array)
FULL = OperatingPoint(power_frac=1.0, hashrate_frac=1.0)
LOW = OperatingPoint(power_frac=0.6, hashrate_frac=0.7)
SITE = Site(
    name="S",
    interconnect_mw=110.0,
    halls=(
        Hall(name="A", utility_mw=60.0, rigs=RigFleet(model="m", efficiency_j_per_th=18.0)),
        Hall(name="B", utility_mw=50.0, rigs=RigFleet(model="m", efficiency_j_per_th=30.0)),
    ),
    tariff=Tariff(
        adder_usd_per_mwh=3.0,
        losses_frac=0.02,
        demand_charge=DemandCharge(charge_usd_per_kw_month=1.0),
        minimum_take=MinimumTake(contract_mw=110.0, take_frac=0.6, shortfall_usd_per_mwh=20.0),
        export=ExportTerms(limit_mw=10.0),
    ),
    firm_load_mw=30.0,
)
GAS = Generator(name="gas", capacity_mw=25.0, fuel_usd_per_mwh=15.0, heat_rate_mwh_per_mwh=2.4)
AI = AiFlexibility(depth_frac=0.4, limit_hours=5.0, compensation_usd_per_mwh=150.0)
SERVICE = AncillaryService(
    name="AS", share_frac=0.5, call_probability_frac=0.02, call_hours=1.0, response_s=60.0
)
SUN = Renewable(
    name="sun", capacity_mw=20.0,
    profile_frac=np.maximum(0.0, np.sin(np.arange(HOURS) * np.pi / 12.0)),
)  # fmt: skip
ALL = SiteProgrammes(
    operations=tuple(
        HallOperation(hall=h, points=(FULL, LOW), idle_frac=0.01, response_s=5.0) for h in "AB"
    ),
    ai=AI,
    generators=(GAS,),
    renewables=(SUN,),
    ancillary=(SERVICE,),
)
RESPONSE = DemandResponse(
    name="DR", baseline_mw=100.0, enrolled_mw=60.0, energy_usd_per_mwh=120.0, limit_hours=4,
    limit_calls=2, call_hours=3,
)  # fmt: skip


def solved(
    price: FloatArray, programmes: SiteProgrammes = ALL, site: Site = SITE, **more: Any
) -> ProgrammeDispatch:
    prices = HourlyPrices(
        calendar=CALENDAR,
        index_usd_per_mwh=price,
        capacity_usd_per_mwh={"AS": np.full(HOURS, 9.0)},
    )
    return solve_programmes(site, prices, 45.0, programmes=programmes, **more)


def slack(*found: ProgrammeDispatch) -> float:
    return 1e-8 * max(float(np.abs(f.revenue_usd.values).sum()) for f in found) + 1e-6


@settings(max_examples=25, deadline=None)
@given(price=PRICE)
def test_every_hour_balances(price: FloatArray) -> None:
    found = solved(price)
    s, p = found.schedule, found.problem
    uses = s.step_mw.sum(axis=1) + p.idle_mw + p.ai_mw - s.ai_cut_mw + s.export_mw
    sources = s.import_mw + s.generator_mw.sum(axis=1) + s.renewable_mw
    assert uses == pytest.approx(sources, abs=1e-6)
    assert (np.minimum(s.import_mw, s.export_mw) == 0.0).all()
    assert s.offer_mw.sum(axis=2) == pytest.approx(
        np.minimum(s.offer_mw.sum(axis=2), s.step_mw), abs=1e-9
    )


@settings(max_examples=25, deadline=None)
@given(price=PRICE)
def test_more_flexibility_never_costs(price: FloatArray) -> None:
    rich = solved(price)
    plain = tuple(replace(o, points=(FULL,)) for o in ALL.operations)
    silent = tuple(replace(o, response_s=5.0) for o in ALL.operations)
    for poorer in (
        replace(ALL, ai=None),
        replace(ALL, generators=()),
        replace(ALL, renewables=()),
        replace(ALL, operations=plain),
        replace(ALL, operations=silent, ancillary=()),
        SiteProgrammes(operations=plain),
    ):
        found = solved(price, poorer)
        assert found.objective_usd <= rich.objective_usd + slack(found, rich)


@settings(max_examples=20, deadline=None)
@given(price=PRICE, factor=st.floats(0.0, 1.0))
def test_tighter_limits_never_pay(price: FloatArray, factor: float) -> None:
    wide = solved(price)
    least_mw = SITE.firm_load_mw + 2.0
    interconnect = least_mw + factor * (SITE.interconnect_mw - least_mw)
    tight = (
        solved(price, replace(ALL, ai=replace(AI, limit_hours=5.0 * factor))),
        solved(price, replace(ALL, ai=replace(AI, depth_frac=0.4 * factor))),
        solved(price, replace(ALL, generators=(replace(GAS, capacity_mw=25.0 * factor),))),
        solved(price, site=replace(SITE, interconnect_mw=interconnect)),
        solved(
            price,
            site=replace(
                SITE, tariff=replace(SITE.tariff, export=ExportTerms(limit_mw=10.0 * factor))
            ),
        ),
    )
    for found in tight:
        assert found.objective_usd <= wide.objective_usd + slack(found, wide)


@settings(max_examples=15, deadline=None)
@given(price=PRICE, hours=st.integers(0, 4), calls=st.integers(0, 2))
def test_fewer_calls_never_pay(price: FloatArray, hours: int, calls: int) -> None:
    wide = solved(price, replace(ALL, demand_response=(RESPONSE,)), method="lp")
    less = replace(RESPONSE, limit_hours=hours, limit_calls=calls)
    tight = solved(price, replace(ALL, demand_response=(less,)), method="lp")
    none = solved(price, method="lp")
    assert tight.objective_usd <= wide.objective_usd + slack(tight, wide)
    assert none.objective_usd <= tight.objective_usd + slack(tight, none)


@settings(max_examples=15, deadline=None)
@given(price=PRICE)
def test_the_bound_holds_with_calls(price: FloatArray) -> None:
    programmes = replace(ALL, demand_response=(RESPONSE,))
    fast, lp = solved(price, programmes), solved(price, programmes, method="lp")
    assert fast.objective_usd <= lp.objective_usd + slack(fast, lp)
    assert lp.objective_usd <= fast.bound_usd + slack(fast, lp)


@settings(max_examples=15, deadline=None)
@given(price=PRICE, factor=st.sampled_from([0.5, 2.0, 4.0]))
def test_scaling_power_scales_the_objective(price: FloatArray, factor: float) -> None:
    tariff = replace(
        SITE.tariff,
        export=ExportTerms(limit_mw=10.0 * factor),
        minimum_take=MinimumTake(
            contract_mw=110.0 * factor, take_frac=0.6, shortfall_usd_per_mwh=20.0
        ),
    )
    site = replace(
        SITE,
        interconnect_mw=SITE.interconnect_mw * factor,
        halls=tuple(replace(h, utility_mw=h.utility_mw * factor) for h in SITE.halls),
        firm_load_mw=SITE.firm_load_mw * factor,
        tariff=tariff,
    )
    programmes = replace(
        ALL,
        generators=(replace(GAS, capacity_mw=GAS.capacity_mw * factor),),
        renewables=(replace(SUN, capacity_mw=SUN.capacity_mw * factor),),
    )
    base, scaled = solved(price), solved(price, programmes, site)
    assert scaled.objective_usd == pytest.approx(
        factor * base.objective_usd, abs=slack(base, scaled)
    )


@settings(max_examples=15, deadline=None)
@given(price=PRICE, factor=st.sampled_from([0.5, 3.0]))
def test_prices_scaled_scale_the_objective(price: FloatArray, factor: float) -> None:
    """Every price, charge and wage of the site times a factor, hashprice included."""
    tariff = replace(
        SITE.tariff,
        adder_usd_per_mwh=3.0 * factor,
        demand_charge=DemandCharge(charge_usd_per_kw_month=factor),
        minimum_take=MinimumTake(
            contract_mw=110.0, take_frac=0.6, shortfall_usd_per_mwh=20.0 * factor
        ),
    )
    programmes = replace(
        ALL,
        ai=replace(AI, compensation_usd_per_mwh=150.0 * factor),
        generators=(replace(GAS, fuel_usd_per_mwh=15.0 * factor),),
    )
    base = solved(price)
    prices = HourlyPrices(
        calendar=CALENDAR,
        index_usd_per_mwh=factor * price,
        capacity_usd_per_mwh={"AS": np.full(HOURS, 9.0 * factor)},
    )
    site = replace(SITE, tariff=tariff)
    scaled = solve_programmes(site, prices, 45.0 * factor, programmes=programmes)
    assert scaled.objective_usd == pytest.approx(
        factor * base.objective_usd, abs=slack(base, scaled)
    )


@settings(max_examples=25, deadline=None)
@given(
    price=PRICE,
    load=st.lists(st.floats(0.0, 500.0), min_size=HOURS, max_size=HOURS).map(np.array),
)
def test_a_bill_adds_up_to_the_cent(price: FloatArray, load: FloatArray) -> None:
    prices = HourlyPrices(calendar=CALENDAR, index_usd_per_mwh=price)
    found = bill(load, SITE.tariff, prices)
    assert sum(found.by_month().values()) == found.total_cents == sum(found.by_part().values())
    exact = sum(line.quantity * line.price_usd for line in found.lines)
    assert abs(100.0 * exact - found.total_cents) <= 0.5 * len(found.lines) + 1e-3
    more = bill(load + 1.0, replace(SITE.tariff, minimum_take=None), prices)
    less = bill(load, replace(SITE.tariff, minimum_take=None), prices)
    extra = (price / 0.98 + 3.0).sum() + 2 * 1_000.0
    assert more.total_usd - less.total_usd == pytest.approx(extra, abs=0.1)
