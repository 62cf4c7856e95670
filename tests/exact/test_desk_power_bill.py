"""A month under the whole tariff, from a site file to the cent, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rerack.base.checks import FloatArray
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_power import dispatch_site
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.dispatch.desk_power_series import DeskSeries
from rerack.dispatch.desk_schedule import SiteSchedule
from rerack.markets.files import HourlySeries
from rerack.report.hour_figures import day_figure
from rerack.scenario import load

START = np.datetime64("2024-06-01T00", "h")
#: 10 MW of rigs that strike at 100 USD/MWh when hashprice is 42, and nothing else.
BASE = """
study: {name: Hand, start: 2024-01, horizon: 5 years}
market:
  bitcoin: {price: "42,000 USD"}
  network: {height: 822528, difficulty: 72.006 T}
  power: {series: ercot_north}
site:
  name: Hand
  interconnect: 20 MW utility
  halls:
    A:
      power: 10 MW utility
      rigs: {model: own, efficiency: 17.5 J/TH, pool_fee: 0 %, variable_om: 0 USD/MWh,
             uptime: 100 %}
"""
FULL = """
  power:
    adder: 4 USD/MWh
    losses: 4 %
    block: {size: 5 MW utility, price: 45 USD/MWh, until: 2026-12}
    time_of_use:
      peak: {rate: 30 USD/MWh, days: Mon-Fri, hours: 16-21}
      night: {rate: 0 USD/MWh, days: Mon-Fri, hours: 21-16}
      weekend: {rate: 0 USD/MWh, days: "Sat, Sun"}
    demand_charge: {charge: 1 USD/kW-month utility}
    coincident_peak: {charge: 60 USD/kW-year utility}
    minimum_take: {contract: 20 MW utility, share: 70 %, shortfall: 5 USD/MWh}
    export: {limit: 5 MW utility, discount: 2 USD/MWh}
  ai: {load: 2 MW utility}
  generation:
    gas: {kind: gas, capacity: 5 MW utility, fuel: 25 USD/MWh, heat_rate: 2 MWh/MWh,
          variable_om: 10 USD/MWh}
"""


def dispatched(
    folder: Path,
    more: str,
    prices: FloatArray,
    *,
    hashprice: float = 42.0,
    beside: DeskSeries | None = None,
) -> SiteSchedule | PowerSchedule:
    file = folder / "site.yaml"
    file.write_text(BASE + more, encoding="utf-8")
    scenario = load(file)
    series = HourlySeries(name="p", start=START, prices_usd_per_mwh=prices)
    return dispatch_site(
        scenario.site, scenario.desk, series, hashprice, beside=beside or DeskSeries()
    )


def full(folder: Path, more: str, prices: FloatArray, **given: DeskSeries) -> PowerSchedule:
    found = dispatched(folder, more, prices, beside=given.get("beside"))
    assert isinstance(found, PowerSchedule)
    return found


def test_a_month_under_the_whole_tariff_by_hand(tmp_path: Path) -> None:
    index = np.full(720, 40.0)
    index[100] = 500.0  # Wednesday 04:00: rigs off, gas sells
    system = np.full(720, 5e4)
    system[200] = 8e4  # Sunday 08:00: the system peaks; gas carries AI and 3 MW of rigs
    beside = DeskSeries(load=SystemLoad(name="l", start=START, system_mw=system))
    found = full(tmp_path, FULL, index, beside=beside)
    # 20 weekdays * 5 peak hours at 75.67 USD/MWh, above the 60 of gas, below the 100 of the rigs.
    night, peak = 720 - 100 - 2, 100
    bought = 12 * night + 7 * peak
    assert bought == 8116
    assert found.bill.by_part() == {
        "index energy": 100 * 40 * bought,
        "losses": round(100 * 40 * bought * 0.04 / 0.96),
        "adder": 100 * 4 * bought,
        "time of use: peak": 100 * 30 * 7 * peak,
        "time of use: night": 0,
        "time of use: weekend": 0,
        "demand charge": 100 * 12_000,
        "coincident peak": 0,
        "minimum take": 100 * 5 * (14 * 720 - (bought - 3)),
        "export": -100 * 3 * 498,
        "fixed block": -100 * 5 * (719 * (40 - 45) + (500 - 45)),
    }
    assert found.bill.total_cents == 42_767_167
    hashing = 100.0 * (10 * (night + peak) + 3)
    fuel = 60.0 * 5 * (peak + 2)
    assert found.total_usd == pytest.approx(hashing - fuel - 427_671.67, abs=0.01)
    assert found.gap_frac < 1e-6
    assert found.power_mw["import_mw"][200] == pytest.approx(0.0, abs=1e-6)


def test_the_bill_adds_up_however_it_is_grouped(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    system = rng.uniform(4e4, 8e4, 960)
    beside = DeskSeries(load=SystemLoad(name="l", start=START, system_mw=system))
    found = full(tmp_path, FULL, rng.uniform(5.0, 110.0, 960), beside=beside)
    lines = [line.amount_cents for line in found.bill.lines]
    assert sum(found.bill.by_month().values()) == found.bill.total_cents == sum(lines)
    assert sum(found.bill.by_part().values()) == found.bill.total_cents
    months = found.table("month")
    assert months["period"].tolist() == ["2024-06", "2024-07"]
    for by in ("hour", "day", "year"):
        table = found.table(by)
        assert table["net_usd"].sum() == pytest.approx(months["net_usd"].sum(), rel=1e-9)
        parts = sum(table[f"{part}: usd"] for part in found.parts_usd)
        np.testing.assert_allclose(parts, table["net_usd"], atol=1e-6)


def test_power_balances_in_every_hour(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    system = rng.uniform(4e4, 8e4, 336)
    beside = DeskSeries(load=SystemLoad(name="l", start=START, system_mw=system))
    mw = full(tmp_path, FULL, rng.uniform(-20.0, 200.0, 336), beside=beside).power_mw
    given = mw["import_mw"] + mw["gas: output_mw"] - mw["export_mw"]
    np.testing.assert_allclose(given, mw["A: run_mw"] + mw["ai_mw"], atol=1e-5)


def test_months_follow_the_clock_of_the_tariff(tmp_path: Path) -> None:
    text = "  clock: America/Chicago\n  power: {losses: 1 %}\n"
    found = full(tmp_path, text, np.full(24, 40.0))
    # 00:00 UTC of 1 June is 19:00 of 31 May in Chicago.
    assert found.table("month")["period"].tolist() == ["2024-05", "2024-06"]
    assert found.table("month")["hours"].tolist() == [5, 19]
    assert list(found.bill.by_month()) == ["2024-05", "2024-06"]
    assert found.table("hour")["period"][0] == "2024-06-01T00:00Z"


def test_a_peak_charge_on_a_month_in_part_is_said(tmp_path: Path) -> None:
    text = (
        "  clock: America/Chicago\n"
        "  power: {demand_charge: {charge: 1 USD/kW-month utility}}\n"
        "  ai: {load: 2 MW utility}\n"
    )
    whole = full(tmp_path, text, np.full(725, 150.0))
    # Five hours of May beside the whole of June: the bill has two demand charges.
    charges = [line for line in whole.bill.lines if line.part == "demand charge"]
    assert [line.amount_cents for line in charges] == [200_000, 200_000]
    assert whole.notes == (
        "Charged in full on a part of the month: demand charge of 2024-05, of which 5 of 744 hours "
        "on the clock of America/Chicago are given.",
    )


def test_demand_response_is_called_where_it_pays_most(tmp_path: Path) -> None:
    text = """
  programmes:
    summer: {kind: demand_response, baseline: 10 MW utility, enrolled: 10 MW utility,
             energy: 200 USD/MWh, standing: 1 USD/kW-month utility, limit: 2 h, calls: 1,
             longest: 2 h}
"""
    index = np.full(24, 40.0)
    index[[10, 11]] = 70.0
    found = full(tmp_path, text, index)
    (record,) = found.records
    assert (record.part, record.hours, record.starts, record.energy_mwh) == (
        "demand response: summer", 2, 1, 20.0,
    )  # fmt: skip
    # 2 h * 10 MW * 200, and a 730th of the month's standing payment for each hour.
    assert record.revenue_usd == pytest.approx(4000.0 + 10_000.0 * 24 / 730)
    assert found.power_mw["A: run_mw"][10:12].tolist() == [0.0, 0.0]
    assert found.total_usd == pytest.approx(22 * 10 * 60.0 + record.revenue_usd)
    assert found.gap_frac < 1e-9


def test_a_reserve_pays_its_capacity_price(tmp_path: Path) -> None:
    text = """
  programmes:
    reserve: {kind: ancillary, share: 50 %, call_probability: 0 %, call_length: 1 h, response: 10 s,
              price: 5 USD/MWh}
"""
    file = tmp_path / "site.yaml"
    quick = BASE.replace("uptime: 100 %}", "uptime: 100 %, operation: {response: 10 s}}") + text
    file.write_text(quick, encoding="utf-8")
    scenario = load(file)
    series = HourlySeries(name="p", start=START, prices_usd_per_mwh=np.full(48, 40.0))
    found = dispatch_site(scenario.site, scenario.desk, series, 42.0)
    assert isinstance(found, PowerSchedule)
    assert found.parts_usd["ancillary: reserve"].sum() == pytest.approx(48 * 5 * 5.0)
    hourly = HourlySeries(name="as", start=START, prices_usd_per_mwh=np.linspace(1.0, 9.0, 48))
    dear = dispatch_site(
        scenario.site, scenario.desk, series, 42.0, beside=DeskSeries(by_name={"reserve": hourly})
    )
    assert isinstance(dear, PowerSchedule)
    expected = 5.0 * hourly.prices_usd_per_mwh.sum()
    assert dear.parts_usd["ancillary: reserve"].sum() == pytest.approx(expected)


def test_sun_saves_what_the_meter_would_charge(tmp_path: Path) -> None:
    text = "  generation:\n    roof: {kind: solar, capacity: 8 MW utility}\n"
    share = HourlySeries(name="s", start=START, prices_usd_per_mwh=np.array([0.0, 0.5, 1.0, 0.25]))
    found = full(tmp_path, text, np.full(4, 40.0), beside=DeskSeries(by_name={"roof": share}))
    assert found.power_mw["import_mw"].tolist() == pytest.approx([10.0, 6.0, 2.0, 8.0])
    assert found.total_usd == pytest.approx(4 * 10 * 60.0 + 14 * 40.0)


def test_a_hot_inlet_idles_the_hall(tmp_path: Path) -> None:
    text = BASE.replace(
        "uptime: 100 %}", "uptime: 100 %, operation: {inlet_limit: 35 C, idle: 2 %}}"
    )
    file = tmp_path / "site.yaml"
    file.write_text(text, encoding="utf-8")
    scenario = load(file)
    series = HourlySeries(name="p", start=START, prices_usd_per_mwh=np.full(3, 40.0))
    hot = HourlySeries(name="t", start=START, prices_usd_per_mwh=np.array([35.0, 36.0, 20.0]))
    found = dispatch_site(
        scenario.site, scenario.desk, series, 42.0, beside=DeskSeries(inlet_c=hot)
    )
    assert isinstance(found, PowerSchedule)
    assert found.power_mw["import_mw"].tolist() == pytest.approx([10.0, 0.2, 10.0])


def test_low_power_is_chosen_between_the_two_strikes(tmp_path: Path) -> None:
    text = BASE.replace(
        "uptime: 100 %}",
        "uptime: 100 %, operation: {points: {low: {power: 50 %, hashrate: 70 %}}}}",
    )
    file = tmp_path / "site.yaml"
    file.write_text(text, encoding="utf-8")
    scenario = load(file)
    # The first half earns 140, the second 60 USD/MWh.
    series = HourlySeries(name="p", start=START, prices_usd_per_mwh=np.array([40.0, 90.0, 150.0]))
    found = dispatch_site(scenario.site, scenario.desk, series, 42.0)
    assert isinstance(found, PowerSchedule)
    assert found.power_mw["A: run_mw"].tolist() == pytest.approx([10.0, 5.0, 0.0])
    assert found.total_usd == pytest.approx(5 * 100 + 5 * 20 + 5 * 50.0)


def test_a_battery_shifts_time_of_use(tmp_path: Path) -> None:
    text = """
  power:
    time_of_use:
      day: {rate: 60 USD/MWh, hours: 12-24}
      night: {rate: 0 USD/MWh, hours: 0-12}
  ai: {load: 5 MW utility}
  battery: {power: 5 MW utility, energy: 10 MWh, efficiency: 100 %, initial: 0 %}
"""
    found = full(tmp_path, text, np.full(24, 30.0))
    # Rigs run at 30 and at 90 USD/MWh; 10 MWh move from day to night and save 60 each.
    without = 24 * 10 * 100.0 - 15 * (12 * 30 + 12 * 90)
    assert found.total_usd == pytest.approx(without + 600.0)
    assert found.bill.by_part()["time of use: day"] == 100 * 60 * (12 * 15 - 10)
    assert found.method == "storage fast"
    assert found.gap_frac == 0.0
    assert found.records[0].revenue_usd == pytest.approx(600.0)


def test_both_ways_to_a_battery_tell_its_state_and_show_the_firm_load(tmp_path: Path) -> None:
    text = """
  power:
    time_of_use:
      day: {rate: 60 USD/MWh, hours: 12-24}
      night: {rate: 0 USD/MWh, hours: 0-12}
    %s
  ai: {load: 5 MW utility}
  battery: {power: 5 MW utility, energy: 10 MWh, efficiency: 100 %%, initial: 0 %%}
"""
    by_price = full(tmp_path, text % "losses: 0 %", np.full(24, 30.0))
    coupled = full(
        tmp_path,
        text % "demand_charge: {charge: 0.001 USD/kW-month utility}",
        np.full(24, 30.0),
    )
    assert by_price.method == "storage fast"
    assert coupled.method == "lp"
    for found in (by_price, coupled):
        hourly = found.table("hour")
        given = hourly["battery_mw"]
        before = np.append(0.0, hourly["stored_mwh"][:-1])
        assert given == pytest.approx(before - hourly["stored_mwh"], abs=1e-9)
        assert given.max() == pytest.approx(5.0)
        names = {trace["name"] for trace in day_figure(found)["data"]}
        assert names == {"rigs", "firm load", "battery", "price"}


def test_a_mean_day_without_rigs_names_no_hour(tmp_path: Path) -> None:
    text = """
  power: {export: {limit: 20 MW utility, discount: 1 USD/MWh}}
  ai: {load: 5 MW utility}
  battery: {power: 20 MW utility, energy: 10 MWh, efficiency: 100 %, initial: 0 %}
"""
    idle = full(tmp_path, text, np.full(24, 5_000.0))
    assert day_figure(idle)["layout"]["meta"]["title"] == "On the mean day no rigs draw power"


def test_a_battery_sells_at_the_index(tmp_path: Path) -> None:
    text = """
  power: {adder: 4 USD/MWh, export: {limit: 20 MW utility, discount: 1 USD/MWh}}
  battery: {power: 20 MW utility, energy: 10 MWh, efficiency: 100 %, initial: 0 %}
"""
    found = full(tmp_path, text, np.array([20.0, 300.0]))
    # 10 MW of rigs and 10 MW of charging at 24; rigs off, 10 MWh sold at 299.
    assert found.power_mw["export_mw"].tolist() == pytest.approx([0.0, 10.0])
    assert found.total_usd == pytest.approx(10 * 76.0 - 10 * 24.0 + 10 * 299.0)
    assert found.bill.total_cents == 100 * (20 * 24 - 10 * 299)


def test_a_plain_site_takes_the_plain_way(tmp_path: Path) -> None:
    found = dispatched(tmp_path, "  ai: {load: 5 MW utility}\n", np.array([40.0, 140.0]))
    assert isinstance(found, SiteSchedule)
    assert found.net_usd.tolist() == pytest.approx([10 * 60 - 5 * 40.0, -5 * 140.0])
