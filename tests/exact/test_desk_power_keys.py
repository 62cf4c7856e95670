"""Each power key of the scenario file becomes the domain object that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from rerack.assets import Battery, FixedBlock, Tariff
from rerack.assets.generation import Generator
from rerack.assets.operating_points import HallOperation, OperatingPoint
from rerack.assets.programmes import AiFlexibility, AncillaryService, DemandResponse
from rerack.assets.tariff_terms import CoincidentPeak, DemandCharge, ExportTerms, MinimumTake
from rerack.assets.time_of_use import TimeOfUse, TimeOfUsePeriod
from rerack.dispatch.desk_terms import NO_TERMS, DeskTerms, RenewableUnit
from rerack.scenario import Scenario, load

TEXT = """
study: {name: Keys, start: 2024-01, horizon: 5 years}
market:
  bitcoin: {price: "42,000 USD"}
  network: {height: 822528, difficulty: 72.006 T}
  power: {series: ercot_north}
site:
  name: Keys
  interconnect: 100 MW utility
  clock: America/Chicago
  power:
    adder: 0.4 c/kWh
    losses: 3 %
    block: {size: 5 MW utility, price: 45 USD/MWh, until: 2026-12}
    time_of_use:
      peak: {rate: 3 c/kWh, months: Jun-Sep, days: Mon-Fri, hours: 16-21}
      rest: {rate: 0 USD/MWh, months: Jun-Sep, days: Mon-Fri, hours: 21-16}
      weekend: {rate: 0 USD/MWh, months: Jun-Sep, days: "Sat, Sun"}
      winter: {rate: 1 USD/MWh, months: Oct-May}
    demand_charge: {charge: 9 USD/kW-month utility}
    coincident_peak: {charge: 65 USD/kW-year utility, months: "Jun, Jul"}
    minimum_take: {contract: 60 MW utility, share: 60 %, shortfall: 10 USD/MWh}
    export: {limit: 20 MW utility, discount: 3 USD/MWh}
  halls:
    A:
      power: 60 MW utility
      rigs:
        model: S21
        operation:
          points: {low: {power: 60 %, hashrate: 70 %}}
          idle: 2 %
          start_cost: 4 USD/MW utility
          stop_cost: 1 USD/MW utility
          restore: 20 MW utility
          min_run: 3 h
          inlet_limit: 35 C
          response: 5 min
    B: {power: 20 MW utility, rigs: {model: S21}}
  ai:
    load: 15 MW utility
    flexible: {depth: 25 %, limit: 20 h, compensation: 500 USD/MWh, notice: 90 min}
  battery: {power: 10 MW utility, energy: 40 MWh, efficiency: 81 %, initial: 20 %, final: 10 %,
            wear: 3 USD/MWh, self_discharge: 2 %}
  generation:
    gas: {kind: gas, capacity: 10 MW utility, fuel: 3 USD/MMBtu, heat_rate: 8 MMBtu/MWh,
          variable_om: 6 USD/MWh, permit: 500 h, min_load: 30 %, start_cost: 250 USD, min_run: 4 h}
    roof: {kind: solar, capacity: 8 MW utility}
  programmes:
    summer: {kind: demand_response, baseline: 90 MW utility, enrolled: 50 MW utility,
             energy: 300 USD/MWh, standing: 1 USD/kW-month utility, limit: 12 h, calls: 4,
             longest: 4 h, notice: 2 h, months: Jun-Aug, hours: 13-19}
    reserve: {kind: ancillary, share: 50 %, call_probability: 2 %, call_length: 30 min,
              response: 10 min, energy: 7 USD/MWh, price: 5 USD/MWh}
"""
WEEK = tuple(range(7))
SUMMER = (6, 7, 8, 9)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("keys") / "site.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return load(file)


def test_the_tariff_has_every_term(scenario: Scenario) -> None:
    def period(name: str, rate: float, days: tuple[int, ...], hours: tuple[int, int]) -> object:
        return TimeOfUsePeriod(
            name=name, rate_usd_per_mwh=rate, months=SUMMER, weekdays=days,
            first_hour=hours[0], end_hour=hours[1],
        )  # fmt: skip

    tariff = scenario.desk.tariff
    assert tariff is not None
    assert tariff.time_of_use == TimeOfUse(
        periods=(
            period("peak", 30.0, WEEK[:5], (16, 21)),
            period("rest", 0.0, WEEK[:5], (21, 16)),
            period("weekend", 0.0, (5, 6), (0, 24)),
            TimeOfUsePeriod(
                name="winter", rate_usd_per_mwh=1.0, months=(1, 2, 3, 4, 5, 10, 11, 12)
            ),
        )  # type: ignore[arg-type]
    )
    assert (tariff.adder_usd_per_mwh, tariff.losses_frac) == (4.0, 0.03)
    assert tariff.block == FixedBlock(block_mw=5.0, price_usd_per_mwh=45.0, months=36)
    assert tariff.demand_charge == DemandCharge(charge_usd_per_kw_month=9.0)
    assert tariff.coincident_peak == CoincidentPeak(charge_usd_per_mw_year=65e3, months=(6, 7))
    assert tariff.minimum_take == MinimumTake(
        contract_mw=60.0, take_frac=0.6, shortfall_usd_per_mwh=10.0
    )
    assert tariff.export == ExportTerms(limit_mw=20.0, discount_usd_per_mwh=3.0)


def test_the_study_keeps_the_tariff_that_it_can_value(scenario: Scenario) -> None:
    assert scenario.site.tariff == Tariff(
        adder_usd_per_mwh=4.0,
        block=FixedBlock(block_mw=5.0, price_usd_per_mwh=45.0, months=36),
    )
    assert scenario.site.firm_load_mw == 0.0
    assert scenario.desk.site(scenario.site).firm_load_mw == 15.0


def test_battery_generation_and_rigs(scenario: Scenario) -> None:
    desk = scenario.desk
    assert desk.battery == Battery(
        charge_mw=10.0, discharge_mw=10.0, energy_mwh=40.0, charge_efficiency_frac=0.9,
        discharge_efficiency_frac=0.9, initial_frac=0.2, final_frac=0.1,
        throughput_cost_usd_per_mwh=3.0, self_discharge_frac_per_month=0.02,
    )  # fmt: skip
    (gas,) = desk.programmes.generators
    # 1 MMBtu is 0.29307107 MWh: 3 / 0.29307107 USD/MWh of heat, 8 * 0.29307107 MWh/MWh.
    assert gas.fuel_usd_per_mwh * gas.heat_rate_mwh_per_mwh == pytest.approx(24.0, rel=1e-12)
    assert gas.heat_rate_mwh_per_mwh == pytest.approx(2.34456856)
    assert gas == Generator(
        name="gas", capacity_mw=10.0, fuel_usd_per_mwh=gas.fuel_usd_per_mwh,
        heat_rate_mwh_per_mwh=gas.heat_rate_mwh_per_mwh, variable_om_usd_per_mwh=6.0,
        permit_hours=500, min_load_frac=0.3, start_usd=250.0, min_up_hours=4,
    )  # fmt: skip
    assert desk.renewables == (RenewableUnit(name="roof", capacity_mw=8.0),)
    assert desk.programmes.operations == (
        HallOperation(
            hall="A",
            points=(
                OperatingPoint(power_frac=1.0, hashrate_frac=1.0),
                OperatingPoint(power_frac=0.6, hashrate_frac=0.7),
            ),
            idle_frac=0.02, start_usd_per_mw=4.0, stop_usd_per_mw=1.0, restore_mw_per_hour=20.0,
            min_up_hours=3, inlet_limit_c=35.0, response_s=300.0,
        ),
    )  # fmt: skip


def test_programmes_and_clock(scenario: Scenario) -> None:
    desk = scenario.desk
    assert desk.programmes.ai == AiFlexibility(
        depth_frac=0.25, limit_hours=20, compensation_usd_per_mwh=500.0, notice_hours=1.5
    )
    assert desk.programmes.demand_response == (
        DemandResponse(
            name="summer", baseline_mw=90.0, enrolled_mw=50.0, energy_usd_per_mwh=300.0,
            standing_usd_per_kw_month=1.0, limit_hours=12, limit_calls=4, call_hours=4,
            notice_hours=2.0, months=(6, 7, 8), first_hour=13, end_hour=19,
        ),
    )  # fmt: skip
    assert desk.programmes.ancillary == (
        AncillaryService(
            name="reserve", share_frac=0.5, call_probability_frac=0.02, call_hours=0.5,
            response_s=600.0, energy_usd_per_mwh=7.0,
        ),
    )  # fmt: skip
    assert dict(desk.capacity_usd_per_mwh) == {"reserve": 5.0}
    assert desk.zone == "America/Chicago"


def test_the_keys_that_only_dispatch_values_are_listed(scenario: Scenario) -> None:
    assert scenario.desk.keys == (
        "site.power.losses", "site.power.time_of_use", "site.power.demand_charge",
        "site.power.coincident_peak", "site.power.minimum_take", "site.power.export",
        "site.halls.A.rigs.operation", "site.ai", "site.battery", "site.generation",
        "site.programmes",
    )  # fmt: skip


def test_every_power_input_has_a_row(scenario: Scenario) -> None:
    rows = {row.path: row for row in scenario.inputs}
    assert rows["site.power.losses"].canonical == 0.03
    assert rows["site.power.time_of_use.peak.months"].value == "Jun-Sep"
    assert rows["site.halls.A.rigs.operation.response"].canonical == 300.0
    assert rows["site.halls.A.rigs.operation.response"].unit == "s"
    assert rows["site.generation.gas.kind"].value == "gas"
    assert rows["site.programmes.reserve.price"].unit == "USD/MWh"


def test_the_merged_text_loads_to_the_same_terms(scenario: Scenario, tmp_path: Path) -> None:
    again = tmp_path / "again.yaml"
    again.write_text(scenario.merged_text, encoding="utf-8")
    assert load(again).desk == scenario.desk


def test_what_is_left_out_is_always_or_nothing(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(TEXT.split("  clock:")[0] + "  halls:\n    A: {power: 1 MW utility}\n")
    plain = load(file)
    assert plain.desk == NO_TERMS == DeskTerms()
    assert plain.desk.site(plain.site) == plain.site
