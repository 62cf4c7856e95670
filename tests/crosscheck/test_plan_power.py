"""A plan's month of power terms equals what `rerack dispatch` finds on the same month of prices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.dispatch.desk_power import dispatch_site
from rerack.dispatch.desk_power_result import PowerSchedule
from rerack.markets.files import HourlySeries
from rerack.network.cohort_network import as_a_whole
from rerack.planning import World, evaluate, keep_mining
from rerack.planning.power.rates_kernel import rates_plain
from rerack.planning.power.site_state import site_state
from rerack.scenario import Scenario, load
from rerack.study.pipeline import prepare, run_study
from rerack.study.robustness.shocks import storm
from rerack.study.simulate import build_world

SITE = """
study: {name: P, start: 2026-01, horizon: 2 years, scenarios: 4, seed: 3}
market:
  bitcoin: {price: "85,000 USD"}
  network: {height: 927360, difficulty: 148.1953 T}
  power: {series: ercot_north, level: 38 USD/MWh}
site:
  name: P
  interconnect: 100 MW utility
  clock: America/Chicago
  power: {adder: 4 USD/MWh}
  halls:
    old: {power: 50 MW utility, rigs: {model: S19 Pro, refresh: never}}
    new: {power: 40 MW utility, rigs: {model: S19 XP, refresh: never}}
"""
DAY = (
    "site.power.time_of_use={day: {rate: 12 USD/MWh, days: Mon-Fri, hours: 8-20}, "
    "night: {rate: 1 USD/MWh, days: Mon-Fri, hours: 20-8}, we: {rate: 3 USD/MWh, days: 'Sat, Sun'}}"
)
DEMAND = "site.power.demand_charge={charge: 6 USD/kW-month utility}"
TAKE = "site.power.minimum_take={contract: 90 MW utility, share: 85 %, shortfall: 9 USD/MWh}"
EXPORT = "site.power.export={limit: 30 MW utility, discount: 2 USD/MWh}"
GAS = (
    "site.generation={gas: {kind: gas, capacity: 30 MW utility, fuel: 3 USD/MMBtu, "
    "heat_rate: 9 MMBtu/MWh, variable_om: 8 USD/MWh}}"
)
BATTERY = "site.battery={power: 20 MW utility, energy: 40 MWh, wear: 5 USD/MWh}"
RESERVE = (
    "site.programmes={r: {kind: ancillary, share: 50 %, call_probability: 4 %, call_length: 1 h, "
    "response: 600 s, energy: 3 USD/MWh, price: 6 USD/MWh}}"
)
POINTS = (
    "site.halls.new.rigs.operation={idle: 2 %, response: 10 s, "
    "points: {low: {power: 70 %, hashrate: 80 %}}}"
)
#: Two cases share a limit of 24 h a year, which is 2 h of each month: dispatch gets these 2.
CALLS = (
    "site.programmes={d: {kind: demand_response, baseline: 85 MW utility, enrolled: 60 MW utility, "
    "energy: 90 USD/MWh, standing: 1 USD/kW-month utility, limit: 24 h, calls: 24, longest: 2 h, "
    "hours: 13-21}}"
)
SUN = (
    "site.generation={sun: {kind: solar, capacity: 60 MW utility, profile: sun.csv}, "
    "wind: {kind: wind, capacity: 50 MW utility, profile: wind.csv}}"
)
SUN_AND_GAS = GAS.replace(
    "site.generation={", "site.generation={sun: {kind: solar, capacity: 95 MW utility, "
    "profile: sun.csv}, "
)  # fmt: skip
PERMIT = GAS.replace("}}", ", permit: 1200 h}}")

CASES = {
    "losses": ("site.power.losses=3 %",),
    "time of use": ("site.power.losses=3 %", DAY),
    "demand charge": (DEMAND, DAY),
    "minimum take": (TAKE,),
    "minimum take and demand charge": (TAKE, DEMAND, DAY),
    "reserve": (RESERVE, POINTS),
    "reserve and demand charge": (RESERVE, POINTS, DEMAND),
    "operating points": (POINTS, DAY),
    "generation": (GAS, DAY),
    "generation and export": (GAS, EXPORT),
    "generation with a permit": (PERMIT,),
    "sun and wind": (SUN, DAY),
    "sun and wind with export": (SUN, EXPORT, "site.power.losses=3 %"),
    "sun and generation with export": (SUN_AND_GAS, EXPORT),
    "sun and generation with a permit": (SUN_AND_GAS.replace("}}", ", permit: 1200 h}}"),),
    "demand response": (CALLS,),
    "battery": (BATTERY,),
    "battery under time of use": (BATTERY, DAY, "site.power.losses=3 %"),
    "battery and export": (BATTERY, EXPORT),
}


def scenario(tmp_path: Path, overrides: tuple[str, ...]) -> Scenario:
    path = tmp_path / "site.yaml"
    path.write_text(SITE, encoding="utf-8")
    hours = np.arange("2024-01-01", "2025-01-01", dtype="datetime64[h]")
    rng = np.random.default_rng(8)
    sun = np.clip(np.cos(2 * np.pi * (np.arange(hours.size) % 24 - 19) / 24), 0.0, None)
    for name, values in (("sun", sun * rng.random(hours.size)), ("wind", rng.random(hours.size))):
        rows = (f"{hour}:00Z,{value}" for hour, value in zip(hours, values, strict=True))
        text = "\n".join(["ts_utc,share", *rows])
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    # An override names files from the folder of the command.
    placed = tuple(text.replace("profile: ", f"profile: {tmp_path}/") for text in overrides)
    return load(path, overrides=placed)


def margin_usd(world: World) -> np.ndarray:
    """Return what a plan that mines on earns before fixed costs, shape (scenario, month)."""
    months = world.shape[1]
    classes, total = [], np.zeros(world.shape)
    idle = np.zeros(world.shape)
    for hall in world.site.halls:
        assert hall.rigs is not None
        cash = world.mining(hall.rigs, months, hall.name)
        growth = (1.0 + world.terms.inflation_frac_per_year) ** (np.arange(months) / 12.0)
        fixed = hall.rigs.fixed_om_usd_per_mw_year / 12.0 * growth
        total += (cash.margin_usd_per_mw() + fixed) * hall.utility_mw
        mw = np.full(world.shape, hall.utility_mw)
        classes.append((cash, mw))
        idle += cash.idle_mw_per_mw * mw
    if world.site_power is not None:
        total += sum(world.site_power.cash_usd(site_state(classes, idle, 100.0)).values())
    return total


def dispatched_usd(scenario: Scenario, world: World, s: int, m: int) -> tuple[float, float]:
    """Return the objective of `rerack dispatch` on a scenario-month, and its bound."""
    grid, power = world.meter.grid, world.meter.power
    shape = power.library.hourly_usd_per_mwh[int(grid.month_of_year[m]) - 1]
    prices = power.level[s, m] * shape[power.library_year[s, m]]
    series = HourlySeries(
        name="p", start=np.datetime64(f"{grid.labels[m]}-01T00"), prices_usd_per_mwh=prices
    )
    terms = scenario.desk
    programmes = terms.programmes
    monthly = tuple(
        replace(d, limit_hours=d.limit_hours // 12, limit_calls=d.limit_calls // 12)
        for d in programmes.demand_response
    )
    engines = tuple(
        replace(g, permit_hours=None if g.permit_hours is None
                else int(g.permit_hours * prices.size / 8760))
        for g in programmes.generators
    )  # fmt: skip
    terms = replace(
        terms, programmes=replace(programmes, demand_response=monthly, generators=engines)
    )
    hashprice = float(world.network.hashprice_usd_per_ph_day[s, m])
    found = dispatch_site(scenario.site, terms, series, hashprice)
    if isinstance(found, PowerSchedule):
        return found.total_usd, max(found.bound_usd, found.total_usd)
    return found.dispatch.objective_usd, found.dispatch.objective_usd


@pytest.mark.parametrize("case", CASES)
def test_a_month_of_the_plan_is_what_dispatch_finds(case: str, tmp_path: Path) -> None:
    overrides = CASES[case]
    if DEMAND in overrides or TAKE in overrides:
        # Plans count months in UTC; in local time a UTC month's hours would be parts of two.
        overrides = (*overrides, "site.clock=UTC")
    read = scenario(tmp_path, overrides)
    world = build_world(prepare(read), 0, 4)
    plan = margin_usd(world)
    for s, m in ((0, 0), (1, 6), (2, 7), (3, 10)):
        best, bound = dispatched_usd(read, world, s, m)
        slack = 1e-9 * abs(bound) + 1e-6
        assert best - slack <= plan[s, m] <= bound + slack, (s, m, plan[s, m] - best)


@pytest.mark.parametrize("case", ["time of use", "battery under time of use", "generation"])
def test_a_storm_strikes_rates_and_what_couples_halls(case: str, tmp_path: Path) -> None:
    """The stress moves hourly prices: all that reads them must read those of the storm."""
    read = scenario(tmp_path, CASES[case])
    world = storm(build_world(prepare(read), 0, 4), as_a_whole(read.network))
    plan = margin_usd(world)
    # Its month is the second February; hour by hour for two scenarios of it, and a month beside.
    for s, m in ((0, 13), (3, 13), (1, 14)):
        best, bound = dispatched_usd(read, world, s, m)
        slack = 1e-9 * abs(bound) + 1e-6
        assert best - slack <= plan[s, m] <= bound + slack, (s, m, plan[s, m] - best)


def test_rates_equal_the_hours_one_by_one(tmp_path: Path) -> None:
    world = build_world(prepare(scenario(tmp_path, CASES["time of use"])), 0, 3)
    meter, rated = world.meter, world.meter.rated
    assert rated is not None
    rng = np.random.default_rng(5)
    strike = rng.uniform(-10.0, 200.0, world.shape)
    frac, price = meter.run(strike)
    for s, m in ((0, 0), (1, 5), (2, 13), (0, 23)):
        shape = meter.power.library.hourly_usd_per_mwh[int(meter.grid.month_of_year[m]) - 1]
        hourly = shape[meter.power.library_year[s, m]]
        by_hour = rated.rate_usd_per_mwh[rated.rate_by_hour[rated.pattern[m], : hourly.size]]
        plain = rates_plain(hourly, by_hour, meter.gross_level[s, m], 4.0, strike[s, m])
        np.testing.assert_allclose((frac[s, m], price[s, m]), plain, rtol=1e-12)


def test_the_ledger_holds_the_terms_and_their_sum(tmp_path: Path) -> None:
    read = scenario(tmp_path, (DEMAND, DAY))
    world = build_world(prepare(read), 0, 4)
    block = evaluate(keep_mining(), world)
    from rerack.planning import LINES

    posted = block.line_sum_usd[:, LINES.index("demand charge")].sum(axis=0)
    expected = sum(
        -world.mining(h.rigs, 24, h.name).demand_usd_per_mw.sum(axis=0) * h.utility_mw
        for h in world.site.halls
        if h.rigs is not None
    )
    np.testing.assert_allclose(posted, expected, atol=0.005)
    assert posted.min() < 0.0


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ((BATTERY, DEMAND), "site.battery"),
        ((BATTERY, TAKE), "site.battery"),
        (("site.ai={load: 5 MW utility}",), "AI load of 5 MW without rent"),
        (("site.generation={s: {kind: solar, capacity: 5 MW utility}}",), "its output by hour"),
        ((SUN, BATTERY), "site.battery"),
        ((GAS.replace("}}", ", start_cost: 500 USD}}"),), "start cost"),
        ((POINTS.replace("idle: 2 %", "idle: 2 %, restore: 5 MW utility"),), "restore"),
    ],
)
def test_a_term_that_no_plan_values_is_refused_by_name(
    overrides: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        run_study(scenario(tmp_path, overrides), threads=1)
    assert said in str(caught.value)
    assert "--set" in str(caught.value)


def test_equal_loads_are_valued_once_and_equally(tmp_path: Path) -> None:
    world = build_world(prepare(scenario(tmp_path, (BATTERY,))), 0, 2)
    assert world.site_power is not None
    hall = world.site.halls[0]
    assert hall.rigs is not None
    cash, mw = world.mining(hall.rigs, 24, hall.name), np.full(world.shape, hall.utility_mw)
    state = site_state([(cash, mw)], np.zeros(world.shape), 100.0)
    first = world.site_power.cash_usd(state)["battery"]
    again = world.site_power.cash_usd(site_state([(cash, mw)], np.zeros(world.shape), 100.0))[
        "battery"
    ]
    assert np.array_equal(first, again)
    assert (first >= -1e-6).all()
    assert first.sum() > 0.0


def test_tables_show_the_price_at_the_meter_and_the_time_that_ran(tmp_path: Path) -> None:
    """Losses are in the duration curve; what idling rigs draw is no time that they ran."""
    run = run_study(scenario(tmp_path, ("site.power.losses=4 %", POINTS)), threads=1)
    plain = run_study(scenario(tmp_path, ()), threads=1)
    lossy, without = (r.column("duration", "price_usd_per_mwh") - 4.0 for r in (run, plain))
    assert lossy == pytest.approx(without / 0.96)
    never = scenario(tmp_path, (POINTS, "market.bitcoin.price=10 USD"))
    idle = run_study(never, threads=1)
    assert idle.column("strikes", "run_frac") == pytest.approx([0.0, 0.0])


def test_power_above_a_pue_cap_costs_the_owner_a_margin(tmp_path: Path) -> None:
    shell = (
        "offers.shell={type: powered_shell, rate: 100 USD/kW-month critical, term: 1 year, "
        "opex: 10 USD/kW-month critical, sla: 99.9 %, power_payer: tenant, "
        "conversion: {capex: {all: {cost: 1 MUSD/MW critical}}, lead_time: 6 months, "
        "dark: 3 months, pue_design: 1.4, pue_mean: 1.2}}"
    )
    capped = run_study(scenario(tmp_path, (shell, "offers.shell.pue_cap=1.08")), threads=1)
    free = run_study(scenario(tmp_path, (shell,)), threads=1)
    power = free.table("outlook")
    meter = power["mean"][power["driver"] == "power_price_usd_per_mwh"][:12].mean()
    lost = free.column("per_kwh", "margin_usd_per_kwh") - capped.column(
        "per_kwh", "margin_usd_per_kwh"
    )
    assert lost == pytest.approx([0.0, 0.1 * meter / 1e3], rel=1e-9, abs=1e-12)
