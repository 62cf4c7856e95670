"""Programmes whose best answer can be worked out on paper."""

from __future__ import annotations

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
    FixedBlock,
    Generator,
    Hall,
    HallOperation,
    MinimumTake,
    Renewable,
    RigFleet,
    Site,
    SiteProgrammes,
    Tariff,
)
from rerack.dispatch import HourCalendar, HourlyPrices, ProgrammeDispatch, solve, solve_programmes

#: 100 USD/MWh at a hashprice of 42 USD/PH/day.
RIGS = RigFleet(model="S21", efficiency_j_per_th=17.5)
HASHPRICE = 42.0
BOTH = pytest.mark.parametrize("method", ["fast", "lp"])


def site(tariff: Tariff | None = None, firm_mw: float = 0.0, mining_mw: float = 100.0) -> Site:
    return Site(
        name="S",
        interconnect_mw=150.0,
        halls=(Hall(name="A", utility_mw=mining_mw, rigs=RIGS),),
        tariff=tariff or Tariff(),
        firm_load_mw=firm_mw,
    )


def run(
    where: Site, index: list[float], method: str, programmes: SiteProgrammes, **more: Any
) -> ProgrammeDispatch:
    start = more.pop("start", "2024-07-03T00")
    prices = HourlyPrices(
        calendar=HourCalendar(start_utc=start, hours=len(index)),
        index_usd_per_mwh=np.array(index),
        **more,
    )
    found = solve_programmes(
        where,
        prices,
        HASHPRICE,
        programmes=programmes,
        method=method,  # type: ignore[arg-type]
    )
    assert found.gap_frac <= 1e-9
    return found


NOTHING = SiteProgrammes()


@BOTH
def test_without_programmes_it_is_the_merit_order(method: str) -> None:
    block = FixedBlock(block_mw=40.0, price_usd_per_mwh=30.0, months=12)
    where = site(Tariff(adder_usd_per_mwh=5.0, block=block), firm_mw=80.0)
    index = [20.0, 94.0, 96.0, -30.0, 4000.0]
    plain = solve(where, np.array(index), HASHPRICE)
    found = run(where, index, method, NOTHING)
    assert found.objective_usd == pytest.approx(plain.objective_usd, rel=1e-12)
    assert found.earned_usd("fixed block") == pytest.approx(plain.block_settlement_usd)


@BOTH
def test_a_coincident_peak_is_avoided_where_it_costs_more_than_mining_earns(method: str) -> None:
    where = site(Tariff(coincident_peak=CoincidentPeak(charge_usd_per_mw_year=60_000.0)))
    found = run(where, [50.0] * 3, method, NOTHING, system_load_mw=np.array([1.0, 3.0, 2.0]))
    assert found.schedule.import_mw.tolist() == [100.0, 0.0, 100.0]
    assert found.objective_usd == pytest.approx(2 * 100 * 50.0)
    likely = np.array([0.001, 0.002, 0.004])
    hedged = run(where, [50.0] * 3, method, NOTHING, peak_probability_frac=likely)
    # 15,000 USD/MW times the probability: 15 and 30 are borne, 60 is not.
    assert hedged.schedule.import_mw.tolist() == [100.0, 100.0, 0.0]


@BOTH
@pytest.mark.parametrize(("charge", "peak_mw"), [(0.149, 100.0), (0.151, 20.0)])
def test_a_demand_charge_is_paid_while_the_month_earns_it(
    method: str, charge: float, peak_mw: float
) -> None:
    # Three hours at 50 USD/MWh of margin earn 150 USD per MW of peak; 20 MW of AI load stay.
    where = site(
        Tariff(demand_charge=DemandCharge(charge_usd_per_kw_month=charge)),
        firm_mw=20.0, mining_mw=80.0,
    )  # fmt: skip
    found = run(where, [50.0] * 3, method, NOTHING)
    assert found.schedule.import_mw.max() == pytest.approx(peak_mw)
    assert found.earned_usd("demand charge") == pytest.approx(-1e3 * charge * peak_mw)


@BOTH
def test_a_minimum_take_is_met_at_the_cheapest_loss(method: str) -> None:
    take = MinimumTake(contract_mw=100.0, take_frac=0.75, shortfall_usd_per_mwh=30.0)
    where = site(Tariff(minimum_take=take))
    # Losses of running: -50 (gain), 10, 20, 60 USD/MWh. 300 MWh are owed of 400.
    found = run(where, [50.0, 110.0, 120.0, 160.0], method, NOTHING)
    assert found.schedule.import_mw.tolist() == pytest.approx([100.0, 100.0, 100.0, 0.0])
    assert found.objective_usd == pytest.approx(5_000 - 1_000 - 2_000)
    dear = run(where, [50.0, 110.0, 135.0, 160.0], method, NOTHING)
    assert dear.earned_usd("minimum take") == pytest.approx(-3_000.0)


@BOTH
def test_ai_load_bends_in_its_dearest_hours_up_to_its_limit(method: str) -> None:
    ai = AiFlexibility(depth_frac=0.5, limit_hours=1.5, compensation_usd_per_mwh=200.0)
    found = run(
        site(firm_mw=40.0, mining_mw=0.0), [150.0, 900.0, 500.0, 300.0], method,
        SiteProgrammes(ai=ai),
    )  # fmt: skip
    assert found.schedule.ai_cut_mw.tolist() == pytest.approx([0.0, 20.0, 10.0, 0.0])
    assert found.earned_usd("AI compensation") == pytest.approx(-30 * 200.0)


@BOTH
def test_a_permit_is_spent_on_the_dearest_hours(method: str) -> None:
    diesel = Generator(
        name="diesel", capacity_mw=30.0, fuel_usd_per_mwh=80.0, heat_rate_mwh_per_mwh=2.5,
        permit_hours=2,
    )  # fmt: skip
    found = run(
        site(firm_mw=30.0, mining_mw=0.0), [150.0, 900.0, 300.0, 500.0], method,
        SiteProgrammes(generators=(diesel,)),
    )  # fmt: skip
    assert found.schedule.generator_mw[:, 0].tolist() == pytest.approx([0, 30, 0, 30])
    assert found.earned_usd("generation") == pytest.approx(-60 * 200.0)


@BOTH
def test_a_start_is_paid_once_for_a_run_and_idle_hours_are_bridged(method: str) -> None:
    gas = Generator(
        name="gas", capacity_mw=10.0, fuel_usd_per_mwh=20.0, heat_rate_mwh_per_mwh=2.0,
        start_usd=500.0, min_load_frac=1.0,
    )  # fmt: skip
    # Gains of running: 600, -100, 600. Bridging costs 100, starting again 500.
    found = run(
        site(firm_mw=10.0, mining_mw=0.0), [100.0, 30.0, 100.0], method,
        SiteProgrammes(generators=(gas,)),
    )  # fmt: skip
    assert found.schedule.on[:, 0].tolist() == [True, True, True]
    assert found.earned_usd("generator starts") == pytest.approx(-500.0)


@BOTH
def test_sun_is_sold_when_the_price_beats_mining(method: str) -> None:
    where = site(Tariff(export=ExportTerms(limit_mw=25.0, discount_usd_per_mwh=10.0)))
    sun = Renewable(name="sun", capacity_mw=40.0, profile_frac=np.array([1.0, 1.0, 1.0]))
    found = run(where, [50.0, 300.0, -20.0], method, SiteProgrammes(renewables=(sun,)))
    assert found.schedule.import_mw.tolist() == pytest.approx([60.0, 0.0, 100.0])
    assert found.schedule.export_mw.tolist() == pytest.approx([0.0, 25.0, 0.0])
    assert found.schedule.renewable_mw.tolist() == pytest.approx([40.0, 40.0, 0.0])
    assert found.hall_mw.values[1, 0] == pytest.approx(15.0)


@BOTH
def test_calls_are_placed_where_mining_earns_least(method: str) -> None:
    response = DemandResponse(
        name="DR", baseline_mw=100.0, enrolled_mw=100.0, energy_usd_per_mwh=60.0, limit_hours=3,
        limit_calls=2, call_hours=2, standing_usd_per_kw_month=0.73,
    )  # fmt: skip
    # Margins of mining: 70, 10, 20, 90, 5, 80. A called hour earns 60 instead.
    found = run(
        site(), [30.0, 90.0, 80.0, 10.0, 95.0, 20.0], method,
        SiteProgrammes(demand_response=(response,)),
    )  # fmt: skip
    assert found.schedule.on[:, 0].tolist() == [False, True, True, False, True, False]
    standing = 0.73 * 1e5 * 6 / 730
    assert found.earned_usd("demand response: DR") == pytest.approx(3 * 6_000.0 + standing)


@BOTH
def test_ai_load_helps_in_a_call_only_if_notice_suffices(method: str) -> None:
    earned = {}
    for notice in (1.0, 3.0):
        response = DemandResponse(
            name="DR", baseline_mw=40.0, enrolled_mw=20.0, energy_usd_per_mwh=500.0,
            limit_hours=1, limit_calls=1, call_hours=1, notice_hours=2.0,
        )  # fmt: skip
        ai = AiFlexibility(
            depth_frac=0.5, limit_hours=1.0, compensation_usd_per_mwh=100.0, notice_hours=notice
        )
        found = run(
            site(firm_mw=40.0, mining_mw=0.0), [50.0, 40.0], method,
            SiteProgrammes(demand_response=(response,), ai=ai),
        )  # fmt: skip
        earned[notice] = found.objective_usd
    assert earned[3.0] == pytest.approx(-40 * 90.0)
    assert earned[1.0] == pytest.approx(-40 * 90.0 + 20 * (500.0 + 50.0 - 100.0))


@BOTH
def test_reserve_is_worth_its_capacity_price_less_the_calls(method: str) -> None:
    service = AncillaryService(
        name="ECRS", share_frac=0.4, call_probability_frac=0.05, call_hours=2.0, response_s=60.0
    )
    programmes = SiteProgrammes(
        operations=(HallOperation(hall="A", response_s=10.0),), ancillary=(service,)
    )
    capacity = {"ECRS": np.array([8.0, 2.0, 30.0])}
    found = run(
        site(firm_mw=40.0), [50.0, 50.0, 108.0], method, programmes,
        capacity_usd_per_mwh=capacity,
    )  # fmt: skip
    # Calls take a tenth of the energy: 5 USD/MWh of margin lost in the first two hours. In the
    # third, mining loses 8 USD/MWh and the reserve brings 0.4 * (30 + 0.8): it runs to sell it.
    assert found.schedule.offer_mw[:, 0, 0].tolist() == pytest.approx([40.0, 0.0, 40.0])
    assert found.earned_usd("ancillary: ECRS") == pytest.approx(40 * 3.0 + 40 * 30.8)
    assert found.hall_mw.values[2, 0] == pytest.approx(100.0)


@BOTH
def test_a_hot_hall_idles_and_still_draws(method: str) -> None:
    how = HallOperation(hall="A", inlet_limit_c=35.0, idle_frac=0.02)
    found = run(
        site(), [50.0, 50.0], method, SiteProgrammes(operations=(how,)),
        inlet_c=np.array([30.0, 36.0]),
    )  # fmt: skip
    assert found.schedule.import_mw.tolist() == pytest.approx([100.0, 2.0])


@BOTH
def test_rigs_run_through_a_short_spike_rather_than_restart(method: str) -> None:
    how = HallOperation(hall="A", start_usd_per_mw=20.0, stop_usd_per_mw=5.0)
    programmes = SiteProgrammes(operations=(how,))
    # A spike costs 24 USD/MW in the first case and 26 in the second; a restart costs 25.
    through = run(site(), [50.0, 124.0, 50.0], method, programmes)
    assert through.schedule.import_mw.tolist() == pytest.approx([100.0] * 3)
    stopped = run(site(), [50.0, 126.0, 50.0], method, programmes)
    assert stopped.schedule.import_mw.tolist() == pytest.approx([100.0, 0.0, 100.0])
    assert stopped.earned_usd("rig starts and stops") == pytest.approx(-2_500.0)


@BOTH
def test_rigs_come_back_in_waves(method: str) -> None:
    how = HallOperation(hall="A", restore_mw_per_hour=30.0)
    found = run(
        site(), [50.0, 900.0, 50.0, 50.0, 50.0, 50.0], method, SiteProgrammes(operations=(how,))
    )
    assert found.schedule.import_mw.tolist() == pytest.approx([100, 0, 30, 60, 90, 100])


@BOTH
def test_a_minimum_run_keeps_rigs_off_for_one_good_hour(method: str) -> None:
    programmes = SiteProgrammes(operations=(HallOperation(hall="A", min_up_hours=3),))
    # Off in hour 0; one good hour of +40 among losses of 30 and 20 does not pay a run of three.
    found = run(site(), [200.0, 60.0, 130.0, 120.0, 200.0], method, programmes)
    assert found.schedule.import_mw.tolist() == pytest.approx([0.0] * 5)
    better = run(site(), [200.0, 40.0, 130.0, 120.0, 200.0], method, programmes)
    assert better.schedule.import_mw.tolist() == pytest.approx([0.0, 100.0, 100.0, 100.0, 0.0])


def test_the_table_and_the_summary_say_what_ran() -> None:
    diesel = Generator(
        name="diesel", capacity_mw=30.0, fuel_usd_per_mwh=80.0, heat_rate_mwh_per_mwh=2.5,
        permit_hours=1,
    )  # fmt: skip
    found = run(site(firm_mw=30.0), [50.0, 900.0], "fast", SiteProgrammes(generators=(diesel,)))
    table = found.table()
    assert table["A: run_mw"].tolist() == [100.0, 0.0]
    assert table["diesel: output_mw"].tolist() == [0.0, 30.0]
    assert table["diesel: on"].tolist() == [0.0, 1.0]
    assert table["ai_mw"].tolist() == [30.0, 30.0]
    assert table["import_mw"].tolist() == [130.0, 0.0]
    assert "S (dual, 2 h)" in repr(found)
    assert found.revenue_usd.values.sum() == found.objective_usd
