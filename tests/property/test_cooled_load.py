"""An AI load that follows the weather: energy, monotony, agreement with the constant load."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.assets import Battery, Hall, RigFleet, Site, Tariff
from rerack.base.checks import FloatArray
from rerack.base.errors import InputError, RerackError
from rerack.dispatch.desk_cooled import CooledLoad
from rerack.dispatch.desk_power import dispatch_site
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.dispatch.desk_schedule import SiteSchedule
from rerack.dispatch.desk_terms import DeskTerms
from rerack.dispatch.programme_dispatch import solve_programmes
from rerack.dispatch.tariff_calendar import HourCalendar
from rerack.dispatch.tariff_price import HourlyPrices
from rerack.markets.files import HourlySeries
from rerack.reliability.cooling import COOLING_TYPES, cooling_plant, pue_by_hour
from rerack.scenario import load

RIGS = RigFleet(model="S21", efficiency_j_per_th=17.5)
SITE = Site(
    name="S",
    interconnect_mw=30.0,
    tariff=Tariff(),
    halls=(Hall(name="A", utility_mw=20.0, rigs=RIGS),),
)
START = np.datetime64("2024-07-01T00", "h")
DAY = st.lists(st.floats(-15.0, 45.0), min_size=24, max_size=24)


def hours(prices: FloatArray, start: str = "2024-07-01T00") -> HourlySeries:
    return HourlySeries(name="p", start=np.datetime64(start, "h"), prices_usd_per_mwh=prices)


def prices_of(index: FloatArray) -> HourlyPrices:
    calendar = HourCalendar(start_utc="2024-07-01T00", hours=index.size)
    return HourlyPrices(calendar=calendar, index_usd_per_mwh=index)


@settings(max_examples=40, deadline=None)
@given(dry=DAY, kind=st.sampled_from(sorted(COOLING_TYPES)), seed=st.integers(0, 999))
def test_energy_of_the_ai_load_is_critical_times_pue(
    dry: list[float], kind: str, seed: int
) -> None:
    dry_c = np.array(dry)
    year = pue_by_hour(cooling_plant(kind), dry_bulb_c=dry_c, wet_bulb_c=dry_c - 4.0)
    terms = DeskTerms(cooled=CooledLoad(critical_mw=12.0, pue=year.pue, start=START))
    series = hours(np.random.default_rng(seed).uniform(-20.0, 300.0, 24))
    found = dispatch_site(SITE, terms, series, 45.0)
    assert isinstance(found, PowerSchedule)
    drawn = found.power_mw["ai_mw"]
    assert drawn.sum() == pytest.approx(12.0 * year.pue.sum(), rel=1e-12)
    np.testing.assert_allclose(found.power_mw["import_mw"], drawn + found.mining_mwh, rtol=1e-9)
    assert (found.power_mw["import_mw"] <= 30.0 + 1e-9).all()
    assert found.gap_frac < 1e-9


@settings(max_examples=60, deadline=None)
@given(dry=DAY, hotter=st.floats(0.0, 12.0), kind=st.sampled_from(sorted(COOLING_TYPES)))
def test_a_hotter_hour_never_draws_less(dry: list[float], hotter: float, kind: str) -> None:
    plant, cool = cooling_plant(kind), np.array(dry)
    now = pue_by_hour(plant, dry_bulb_c=cool, wet_bulb_c=cool - 3.0).pue
    warm = pue_by_hour(plant, dry_bulb_c=cool + hotter, wet_bulb_c=cool - 3.0 + hotter).pue
    series = hours(np.zeros(24))
    drawn = [CooledLoad(critical_mw=5.0, pue=p, start=START).over(series) for p in (now, warm)]
    assert (drawn[1] >= drawn[0] - 1e-12).all()


@pytest.mark.parametrize(
    "battery", [None, Battery(charge_mw=4.0, discharge_mw=4.0, energy_mwh=8.0)]
)
def test_one_pue_in_every_hour_is_the_constant_load(battery: Battery | None) -> None:
    index = np.random.default_rng(4).uniform(-20.0, 300.0, 96)
    cooled = CooledLoad(critical_mw=10.0, pue=np.full(96, 1.25), start=START)
    constant = DeskTerms(firm_load_mw=12.5)
    one = dispatch_site(SITE, DeskTerms(cooled=cooled), hours(index), 45.0, battery=battery)
    other = dispatch_site(SITE, constant, hours(index), 45.0, battery=battery)
    assert isinstance(one, PowerSchedule)
    assert isinstance(other, SiteSchedule)
    assert one.total_usd == pytest.approx(other.net_usd.sum(), rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_fast_route_and_program_agree_on_a_load_by_hour(seed: int) -> None:
    rng = np.random.default_rng(seed)
    index, firm = rng.uniform(-20.0, 300.0, 72), rng.uniform(5.0, 25.0, 72)
    for battery in (None, Battery(charge_mw=4.0, discharge_mw=4.0, energy_mwh=8.0)):
        found = [
            solve_programmes(
                SITE, prices_of(index), 45.0, battery=battery, firm_mw=firm, method=method
            ).objective_usd
            for method in ("fast", "lp")  # type: ignore[misc]
        ]
        assert found[0] == pytest.approx(found[1], rel=1e-7)


def test_hour_of_the_year_where_the_weather_has_no_stamps() -> None:
    plain = CooledLoad(critical_mw=1.0, pue=1.0 + np.arange(8760) / 8760)
    leap = CooledLoad(critical_mw=1.0, pue=1.0 + np.arange(8784) / 8784)
    day = np.zeros(24)
    # A year without 29 February gives it the 28th; one with it leaves it out of 2023.
    np.testing.assert_array_equal(
        plain.over(hours(day, "2024-02-29T00")), plain.over(hours(day, "2024-02-28T00"))
    )
    assert plain.over(hours(day, "2024-12-31T00"))[-1] == 1.0 + 8759 / 8760
    assert leap.over(hours(day, "2023-03-01T00"))[0] == 1.0 + (60 * 24) / 8784
    assert leap.over(hours(day, "2024-03-01T00"))[0] == 1.0 + (60 * 24) / 8784


def test_weather_that_does_not_cover_the_hours_is_refused() -> None:
    short = CooledLoad(critical_mw=1.0, pue=np.full(10, 1.2), start=START, name="site.yaml:9")
    with pytest.raises(InputError, match=r"site\.yaml:9.*without 2024-07-01T10:00Z"):
        short.over(hours(np.zeros(24)))
    with pytest.raises(InputError, match="time stamps"):
        CooledLoad(critical_mw=1.0, pue=np.full(9000, 1.2))
    with pytest.raises(InputError, match="firm_mw"):
        solve_programmes(SITE, prices_of(np.zeros(4)), 45.0, firm_mw=np.zeros(3))


BASE = """study: {name: Hand, start: 2024-01, horizon: 5 years}
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
COOLED = "  ai:\n    critical: 8 MW critical\n    cooling: {type: chiller, weather: w.csv}\n"


def site_file(folder: Path, ai: str, weather: str) -> Path:
    (folder / "w.csv").write_text(weather, encoding="utf-8")
    file = folder / "site.yaml"
    file.write_text(BASE + ai, encoding="utf-8")
    return file


def weather_of(first: str, dry: list[float]) -> str:
    start = np.datetime64(first, "h")
    rows = [f"{start + i}:00Z,{t},{t - 5}" for i, t in enumerate(dry)]
    return "\n".join(["ts_utc,dry_bulb_c,wet_bulb_c", *rows]) + "\n"


def test_a_site_file_names_cooling_and_weather(tmp_path: Path) -> None:
    scenario = load(site_file(tmp_path, COOLED, weather_of("2024-07-01T00", [10.0, 40.0])))
    found = dispatch_site(scenario.site, scenario.desk, hours(np.array([40.0, 140.0])), 42.0)
    year = pue_by_hour(cooling_plant("chiller"), dry_bulb_c=[10.0, 40.0], wet_bulb_c=[5.0, 35.0])
    assert isinstance(found, PowerSchedule)
    np.testing.assert_allclose(found.power_mw["ai_mw"], 8.0 * year.pue)
    # 10 MW of rigs strike at 100: they earn 60 a MWh in the first hour and rest in the second.
    bought = 40.0 * (8.0 * year.pue[0] + 10.0) + 140.0 * 8.0 * year.pue[1]
    assert found.total_usd == pytest.approx(10 * 100.0 - bought)
    assert str(tmp_path / "w.csv") in scenario.sha256
    # The text kept in the run folder loads by itself.
    kept = tmp_path / "run"
    kept.mkdir()
    (kept / "site.yaml").write_text(scenario.merged_text, encoding="utf-8")
    again = load(kept / "site.yaml")
    assert again.desk.cooled is not None
    assert scenario.desk.cooled is not None
    np.testing.assert_array_equal(again.desk.cooled.pue, scenario.desk.cooled.pue)


BAD = {
    "both": ("  ai: {load: 5 MW utility, critical: 8 MW critical}\n", "", "`critical` and `load`"),
    "no cooling": ("  ai: {critical: 8 MW critical}\n", "", "`load` alone"),
    "gap": (
        COOLED,
        weather_of("2024-07-01T00", [10.0]) + "2024-07-01T05:00Z,1,1\n",
        "line 3 of w.csv",
    ),
    "half hour": (COOLED, weather_of("2024-07-01T00", []) + "2024-07-01T00:30Z,1,1\n", "line 2"),
    "too large": (
        COOLED.replace("8 MW", "15 MW"),
        weather_of("2024-07-01T00", [40.0]),
        "in the worst hour",
    ),
    "wrong unit": (
        COOLED.replace("critical\n", "utility\n"),
        weather_of("2024-07-01T00", [1.0]),
        "critical",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_cooling_is_refused_with_its_line(tmp_path: Path, case: str) -> None:
    ai, weather, words = BAD[case]
    with pytest.raises(RerackError) as caught:
        load(site_file(tmp_path, ai, weather))
    message = str(caught.value)
    assert words in message
    assert "site.yaml:1" in message
