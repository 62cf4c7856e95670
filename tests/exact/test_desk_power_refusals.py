"""Refusals of power terms: line and caret in the file; what was given and how to mend it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rerack.assets import Battery, Hall, RigFleet, Site, Tariff
from rerack.assets.operating_points import HallOperation
from rerack.assets.programmes import AncillaryService, SiteProgrammes
from rerack.assets.tariff_terms import CoincidentPeak, DemandCharge
from rerack.assets.tariffs import FixedBlock
from rerack.base.errors import InputError
from rerack.dispatch.desk_load import SystemLoad
from rerack.dispatch.desk_power import DeskSeries, dispatch_site
from rerack.dispatch.desk_power_series import read_named_series
from rerack.dispatch.desk_terms import DeskTerms, RenewableUnit
from rerack.markets.files import HourlySeries
from rerack.scenario import check

TEXT = (
    Path(__file__).with_name("test_desk_power_keys.py").read_text(encoding="utf-8")
).split('TEXT = """')[1].split('"""')[0]  # fmt: skip

#: Text replaced, its replacement, where the caret must stand, the path, and words of the message.
CASES = {
    "overlap": (
        "rest: {rate: 0 USD/MWh, months: Jun-Sep, days: Mon-Fri, hours: 21-16}",
        "rest: {rate: 0 USD/MWh, months: Jun-Sep, days: Mon-Fri, hours: 20-16}",
        "rest:",
        "site.power.time_of_use.rest",
        "overlaps 'peak' on Jun Mon 20:00 and 19 more hours",
    ),
    "gap": (
        "months: Oct-May}",
        "months: Oct-Apr}",
        "time_of_use:",
        "site.power.time_of_use",
        "no period on May Mon 00:00 and 167 more hours",
    ),
    "negative rate": ("rate: 3 c/kWh", "rate: -3 c/kWh", "-3", "time_of_use.peak.rate", "0 to"),
    "negative charge": (
        "charge: 9 USD", "charge: -9 USD", "-9", "site.power.demand_charge.charge", "0 to 1000",
    ),
    "peak without basis": (
        "65 USD/kW-year utility", "65 USD/kW-year", "65", "coincident_peak.charge", "at the meter",
    ),
    "not months": ("Jun-Aug", "June", "June", "programmes.summer.months", "Use the names Jan"),
    "month twice": ('"Jun, Jul"', '"Jun-Jul, Jul"', '"Jun', "coincident_peak.months", "once"),
    "not days": (
        "days: Mon-Fri, hours: 16", "days: weekday, hours: 16", "weekday", "peak.days", "Mon",
    ),
    "hours": ("hours: 16-21", "hours: 16-25", "16-25", "time_of_use.peak.hours", "0 to 24"),
    "unknown clock": ("America/Chicago", "America/Houston", "America/H", "site.clock", "IANA"),
    "adder beside fixed": (
        "adder: 0.4 c/kWh", "fixed: 4 c/kWh", "losses:", "site.power.losses", "beside a fixed",
    ),
    "losses of half": ("losses: 3 %", "losses: 60 %", "60", "site.power.losses", "0 to 50 %"),
    "export above import": (
        "discount: 3 USD/MWh", "discount: -9 USD/MWh", "-9", "export.discount", "0 to",
    ),
    "take above all": ("share: 60 %", "share: 160 %", "160", "minimum_take.share", "0 to 100 %"),
    "AI too large": ("load: 15 MW", "load: 115 MW", "115", "site.ai.load", "behind 100 MW utility"),
    "AI depth": ("depth: 25 %", "depth: 125 %", "125", "site.ai.flexible.depth", "0 to 100 %"),
    "battery efficiency": (
        "efficiency: 81", "efficiency: 181", "181", "battery.efficiency", "100 %",
    ),
    "battery energy": ("energy: 40 MWh", "energy: 40 MW", "40", "site.battery.energy", "dimension"),
    "heat rate": ("8 MMBtu/MWh", "0.8 MMBtu/MWh", "0.8", "generation.gas.heat_rate", "1 to 20"),
    "fuel in euro": ("3 USD/MMBtu", "3 EUR/MMBtu", "3 EUR", "gas.fuel", "US dollars"),
    "kind of generation": ("kind: gas", "kind: coal", "coal", "generation.gas.kind", "diesel"),
    "minimum run": ("min_run: 4 h", "min_run: 0 h", "0", "generation.gas.min_run", "1 to 168"),
    "part of a call": ("calls: 4", "calls: 4.5", "4.5", "summer.calls", "whole number"),
    "enrolled": (
        "enrolled: 50 MW", "enrolled: 95 MW", "95", "summer.enrolled", "above the baseline",
    ),
    "call hours wrap": ("hours: 13-19", "hours: 19-13", "summer:", "programmes.summer", "end_hour"),
    "no hall answers": (
        "response: 10 min", "response: 10 s", "10", "reserve.response", "halls answer in 300 s",
    ),
    "same name twice": ("    reserve:", "    gas:", "gas:", "site.programmes.gas", "a generator"),
    "temperature": ("35 C", "95 F", "95", "operation.inlet_limit", "-40 to 80"),
    "idle above a point": (
        "idle: 2 %", "idle: 50 %", "operation:", "rigs.operation", "below the power_frac",
    ),
    "unknown term": ("losses: 3 %", "loses: 3 %", "loses", "site.power.loses", "'losses'"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_refusal_points_at_its_line(case: str, tmp_path: Path) -> None:
    old, new, caret, path, word = CASES[case]
    assert TEXT.count(old) >= 1
    text = TEXT.replace(old, new, 1)
    if case == "idle above a point":
        text = text.replace("power: 60 %, hash", "power: 40 %, hash")
    file = tmp_path / "site.yaml"
    file.write_text(text, encoding="utf-8")
    problems = [
        p for p in check(file) if path in p.where and word in f"{p.allowed} {p.given} {p.cure}"
    ]
    assert problems, [str(p) for p in check(file)]
    line, column = (int(n) for n in problems[0].where.split(" ")[0].rsplit(":", 2)[-2:])
    assert text.splitlines()[line - 1][column - 1 :].startswith(caret)
    assert problems[0].cure


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = TEXT.replace("hours: 21-16", "hours: 20-16").replace("America/Chicago", "Mars")
    text = text.replace("enrolled: 50 MW", "enrolled: 95 MW")
    file = tmp_path / "site.yaml"
    file.write_text(text, encoding="utf-8")
    said = " ".join(str(p) for p in check(file))
    assert all(word in said for word in ("overlaps 'peak'", "site.clock", "above the baseline"))


START = np.datetime64("2024-06-01T00", "h")
SITE = Site(
    name="Hand",
    interconnect_mw=10.0,
    tariff=Tariff(),
    halls=(Hall(name="A", utility_mw=10.0, rigs=RigFleet(model="r", efficiency_j_per_th=17.5)),),
)
STORE = Battery(charge_mw=1.0, discharge_mw=1.0, energy_mwh=2.0)


def series(hours: int = 24, start: np.datetime64 = START) -> HourlySeries:
    return HourlySeries(name="p.csv:p", start=start, prices_usd_per_mwh=np.full(hours, 40.0))


def refused(terms: DeskTerms, *, beside: DeskSeries | None = None, hours: int = 24) -> str:
    with pytest.raises(InputError) as found:
        dispatch_site(SITE, terms, series(hours), 42.0, beside=beside or DeskSeries())
    return str(found.value)


CHARGED = Tariff(demand_charge=DemandCharge(charge_usd_per_kw_month=1.0))
PEAKED = Tariff(coincident_peak=CoincidentPeak(charge_usd_per_mw_year=6e4))
SUN = DeskTerms(renewables=(RenewableUnit(name="sun", capacity_mw=1.0),))
RESERVE = AncillaryService(
    name="r", share_frac=0.5, call_probability_frac=0.0, call_hours=1.0, response_s=10.0
)


def test_a_battery_that_cannot_end_as_it_must_is_refused_beside_programmes_too() -> None:
    full = Battery(charge_mw=1.0, discharge_mw=1.0, energy_mwh=99.0, initial_frac=0.0,
                   final_frac=1.0)  # fmt: skip
    assert "final state" in refused(DeskTerms(tariff=CHARGED, battery=full))


def test_a_series_that_is_needed_is_asked_for() -> None:
    assert "system_load_mw" in refused(DeskTerms(tariff=PEAKED))
    assert '--series "sun=FILE"' in refused(SUN)
    quick = HallOperation(hall="A", response_s=5.0)
    some = SiteProgrammes(operations=(quick,), ancillary=(RESERVE,))
    assert '--series "r=FILE"' in refused(DeskTerms(programmes=some))
    hot = SiteProgrammes(operations=(HallOperation(hall="A", inlet_limit_c=30.0),))
    assert "inlet_c" in refused(DeskTerms(programmes=hot))


def test_a_series_shorter_than_the_prices_is_named() -> None:
    short = HourlySeries(name="sun.csv:x", start=START, prices_usd_per_mwh=np.full(23, 0.5))
    said = refused(SUN, beside=DeskSeries(by_name={"sun": short}))
    assert "sun.csv:x" in said
    assert "every hour from 2024-06-01T00:00Z to 2024-06-01T23:00Z" in said
    load = SystemLoad(name="load.csv:mw", start=START, system_mw=np.full(23, 5e4))
    assert "load.csv:mw" in refused(DeskTerms(tariff=PEAKED), beside=DeskSeries(load=load))


def test_a_series_that_nothing_uses_is_refused() -> None:
    load = SystemLoad(name="l", start=START, system_mw=np.full(24, 5e4))
    assert "--load" in refused(DeskTerms(), beside=DeskSeries(load=load))
    assert "--inlet" in refused(DeskTerms(), beside=DeskSeries(inlet_c=series()))
    assert "it has none" in refused(DeskTerms(), beside=DeskSeries(by_name={"x": series()}))


def test_more_than_a_year_is_refused_where_limits_hold_by_the_year() -> None:
    assert "a year at a time" in refused(DeskTerms(tariff=CHARGED), hours=8785)


def test_a_block_that_ends_within_the_hours_is_refused_beside_other_terms() -> None:
    block = FixedBlock(block_mw=5.0, price_usd_per_mwh=30.0, months=6)
    terms = DeskTerms(tariff=replace(CHARGED, block=block))
    with pytest.raises(InputError, match="block that ends at 2024-06-01T12:00Z"):
        dispatch_site(SITE, terms, series(), 42.0, block_end=START + np.timedelta64(12, "h"))
    within = dispatch_site(SITE, terms, series(), 42.0, block_end=START + np.timedelta64(24, "h"))
    after = dispatch_site(SITE, terms, series(), 42.0, block_end=START)
    settled = 24 * 5.0 * (40.0 - 30.0)
    assert within.net_usd.sum() - after.net_usd.sum() == pytest.approx(settled)


@pytest.mark.parametrize("text", ["sun", "=a.csv", "sun=", "moon=a.csv"])
def test_named_series_are_name_and_file(text: str) -> None:
    with pytest.raises(InputError, match="--series"):
        read_named_series([text], SUN)


def test_a_name_twice_and_output_above_capacity_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "sun.csv"
    file.write_text("ts_utc,share\n2024-06-01T00:00:00Z,0.4\n2024-06-01T01:00:00Z,1.4\n")
    with pytest.raises(InputError, match=r"row 3 \(2024-06-01T01:00Z\): given 1.4 in 'share'"):
        read_named_series([f"sun={file}"], SUN)
    file.write_text("ts_utc,share\n2024-06-01T00:00:00Z,0.4\n2024-06-01T01:00:00Z,1.0\n")
    with pytest.raises(InputError, match="each name once"):
        read_named_series([f"sun={file}", f"sun={file}"], SUN)
    read = read_named_series([f"sun={file}::share"], SUN)
    assert read["sun"].prices_usd_per_mwh.tolist() == pytest.approx([0.4, 1.0])
