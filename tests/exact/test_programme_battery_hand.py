"""A battery beside terms that couple hours, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rerack.assets import (
    AncillaryService,
    Battery,
    CoincidentPeak,
    DemandCharge,
    DemandResponse,
    ExportTerms,
    MinimumTake,
    Site,
    SiteProgrammes,
    Tariff,
)
from rerack.base.checks import FloatArray
from rerack.base.errors import InputError, SolverError
from rerack.dispatch import (
    HourCalendar,
    HourlyPrices,
    ProgrammeDispatch,
    solve_programmes,
)
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_power import dispatch_site
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.dispatch.desk_power_series import DeskSeries
from rerack.dispatch.desk_terms import DeskTerms
from rerack.dispatch.programme_certificate import certify
from rerack.markets.files import HourlySeries

FULL = Battery(
    charge_mw=1.0, discharge_mw=1.0, energy_mwh=2.0, initial_frac=1.0, final_frac=0.0,
    throughput_cost_usd_per_mwh=3.0, response_s=1.0,
)  # fmt: skip


def firm(tariff: Tariff) -> Site:
    return Site(name="Firm", interconnect_mw=10.0, tariff=tariff, halls=(), firm_load_mw=5.0)


def found(
    tariff: Tariff,
    index: list[float],
    battery: Battery = FULL,
    programmes: SiteProgrammes | None = None,
    capacity: dict[str, FloatArray] | None = None,
) -> ProgrammeDispatch:
    prices = HourlyPrices(
        calendar=HourCalendar(start_utc="2024-07-01T00", hours=len(index)),
        index_usd_per_mwh=np.array(index),
        capacity_usd_per_mwh=capacity or {},
    )
    return solve_programmes(
        firm(tariff), prices, 42.0, programmes=programmes or SiteProgrammes(), battery=battery
    )


def test_it_shaves_a_flat_peak_by_what_it_can_hold() -> None:
    """2 MWh over 2 hours take 1 MW off the peak: 1,000 USD, and 2 MWh at 40 less wear of 3."""
    charge = Tariff(demand_charge=DemandCharge(charge_usd_per_kw_month=1.0))
    shaved = found(charge, [40.0, 40.0])
    assert shaved.schedule.import_mw.tolist() == [4.0, 4.0]
    assert shaved.without_battery_usd == pytest.approx(-5_000.0 - 400.0)
    assert shaved.objective_usd == pytest.approx(-4_000.0 - 320.0 - 6.0)
    assert shaved.gap_frac < 1e-12


def test_a_minimum_take_keeps_it_from_serving_the_load() -> None:
    """10 MWh are owed: each MWh from the battery saves 40 but costs 50 of shortfall."""
    take = Tariff(
        minimum_take=MinimumTake(contract_mw=5.0, take_frac=1.0, shortfall_usd_per_mwh=50.0)
    )
    assert found(take, [40.0, 40.0]).schedule.discharge_mw.max() <= 1e-9


def test_it_holds_a_call_that_the_firm_load_alone_could_not() -> None:
    """Import falls from 5 to 4 for one hour of call at 200 USD/MW; the site alone cannot."""
    call = DemandResponse(
        name="call", baseline_mw=5.0, enrolled_mw=1.0, energy_usd_per_mwh=200.0,
        limit_hours=1, limit_calls=1, call_hours=1,
    )  # fmt: skip
    called = found(Tariff(), [40.0, 40.0, 40.0], programmes=SiteProgrammes(demand_response=(call,)))
    assert called.earned_usd("demand response: call") == 200.0
    assert called.schedule.on.sum() == 1


def test_reserve_is_limited_by_the_energy_of_a_call() -> None:
    """Of 2 MWh a call of 4 hours leaves 0.5 MW to offer, though 1 MW of power is there."""
    reserve = AncillaryService(
        name="long", share_frac=0.1, call_probability_frac=0.0, call_hours=4.0, response_s=600.0
    )
    sold = found(
        Tariff(), [1.0, 1.0], programmes=SiteProgrammes(ancillary=(reserve,)),
        capacity={"long": np.full(2, 8.0)},
    )  # fmt: skip
    assert sold.schedule.reserve_mw[:, 0].tolist() == [0.5, 0.5]
    assert sold.earned_usd("ancillary: long") == pytest.approx(8.0)
    assert sold.without_battery_usd == pytest.approx(-10.0)


def test_a_slow_battery_offers_nothing_and_nobody_else_can() -> None:
    fast = AncillaryService(
        name="fast", share_frac=1.0, call_probability_frac=0.0, call_hours=1.0, response_s=0.5
    )
    with pytest.raises(InputError, match="hall or the battery"):
        found(Tariff(), [1.0, 1.0], programmes=SiteProgrammes(ancillary=(fast,)),
              capacity={"fast": np.full(2, 8.0)})  # fmt: skip


def test_no_reserve_without_room_at_the_meter() -> None:
    """Import is 5 MW and nothing may be exported: 8 MW of output cannot all be called."""
    big = replace(FULL, discharge_mw=8.0, energy_mwh=100.0)
    reserve = AncillaryService(
        name="r", share_frac=0.1, call_probability_frac=0.0, call_hours=1.0, response_s=600.0
    )
    sold = found(Tariff(), [-5.0, -5.0], big, SiteProgrammes(ancillary=(reserve,)),
                 {"r": np.full(2, 8.0)})  # fmt: skip
    assert sold.schedule.reserve_mw[:, 0].max() == pytest.approx(5.0)


def test_calls_take_their_mean_energy_from_the_store() -> None:
    reserve = AncillaryService(
        name="r", share_frac=0.1, call_probability_frac=0.1, call_hours=1.0, response_s=600.0
    )
    services = SiteProgrammes(ancillary=(reserve,))
    capacity = {"r": np.full(2, 8.0)}
    sold = found(Tariff(), [1.0, 1.0], replace(FULL, charge_mw=0.0), services, capacity)
    assert sold.schedule.stored_mwh.tolist() == pytest.approx([1.9, 1.8])
    # 8 of capacity and a tenth of (1 for power - 3 of wear), for 1 MW in both hours.
    assert sold.earned_usd("ancillary: r") == pytest.approx(2.0 * (8.0 - 0.2))
    # With charging to drop it offers r = 1 + c and stays full by c = q r: 1 / 0.9 MW.
    more = found(Tariff(), [1.0, 1.0], FULL, services, capacity)
    assert more.schedule.reserve_mw[:, 0].tolist() == pytest.approx([1.0 / 0.9] * 2)
    assert more.schedule.stored_mwh.tolist() == pytest.approx([2.0, 2.0])


def test_negative_prices_do_not_let_it_charge_and_discharge_at_once() -> None:
    """At -100 with half lost each way mixing would earn; one direction an hour is the answer."""
    lossy = replace(FULL, charge_efficiency_frac=0.5, discharge_efficiency_frac=0.5,
                    throughput_cost_usd_per_mwh=0.0, final_frac=1.0)  # fmt: skip
    tied = Tariff(
        demand_charge=DemandCharge(charge_usd_per_kw_month=0.0),
        export=ExportTerms(limit_mw=1.0), losses_frac=0.01,
    )  # fmt: skip
    kept = found(tied, [-100.0, -100.0, -100.0], lossy)
    assert np.minimum(kept.schedule.charge_mw, kept.schedule.discharge_mw).max() == 0.0
    # One hour out (0.25 MWh at the bus), then 0.5 MWh back in by 1 MWh over the other two.
    assert kept.gap_frac < 1e-9
    worse = replace(kept.schedule, charge_mw=np.ones(3), discharge_mw=np.ones(3))
    with pytest.raises(SolverError):
        certify(kept.problem, worse)


def test_the_certificate_knows_the_battery() -> None:
    good = found(Tariff(demand_charge=DemandCharge(charge_usd_per_kw_month=1.0)), [40.0, 40.0])
    certify(good.problem, good.schedule)
    for name, value in (
        ("stored_mwh", np.array([2.0, 2.0])),
        ("discharge_mw", np.array([2.0, 1.0])),
        ("charge_mw", np.array([-0.5, 0.0])),
    ):
        with pytest.raises(SolverError):
            certify(good.problem, replace(good.schedule, **{name: value}))
    with pytest.raises(SolverError, match="which it has not"):
        certify(replace(good.problem, store=None), good.schedule)


def test_coincident_peaks_beside_a_battery_are_exact_by_the_recursion() -> None:
    """The peak is the third hour: 1 MW less there saves 15,000 USD; the bill shows 4 MW."""
    start = np.datetime64("2024-06-01T00", "h")
    load = SystemLoad(name="l", start=start, system_mw=np.array([5e4, 6e4, 7e4, 6e4]))
    tariff = Tariff(coincident_peak=CoincidentPeak(charge_usd_per_mw_year=6e4))
    series = HourlySeries(name="p", start=start, prices_usd_per_mwh=np.full(4, 40.0))
    out = dispatch_site(
        firm(tariff), DeskTerms(battery=FULL), series, 42.0, beside=DeskSeries(load=load)
    )
    assert isinstance(out, PowerSchedule)
    assert out.method == "storage fast"
    assert out.gap_frac == 0.0
    assert out.bill.by_part()["coincident peak"] == 4 * 15_000 * 100
    assert out.bill.total_cents == 4 * 15_000 * 100 + (20 - 2) * 40 * 100
    assert out.total_usd == pytest.approx(-60_000.0 - 720.0 - 6.0)


def test_the_desk_shows_the_battery_in_bill_table_and_records() -> None:
    start = np.datetime64("2024-06-01T00", "h")
    tariff = Tariff(demand_charge=DemandCharge(charge_usd_per_kw_month=1.0))
    series = HourlySeries(name="p", start=start, prices_usd_per_mwh=np.full(2, 40.0))
    out = dispatch_site(firm(tariff), DeskTerms(battery=FULL), series, 42.0)
    assert isinstance(out, PowerSchedule)
    assert out.bill.by_part() == {"index energy": 32_000, "demand charge": 400_000}
    table = out.table("hour")
    assert table["battery_mw"].tolist() == [1.0, 1.0]
    assert table["battery wear: usd"].tolist() == [-3.0, -3.0]
    (record,) = out.records
    assert (record.part, record.hours, record.starts) == ("battery", 2, 1)
    assert record.revenue_usd == pytest.approx(1_000.0 + 80.0 - 6.0)
