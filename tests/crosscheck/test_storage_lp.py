"""A site with a battery: the recursion against HiGHS, on random site-years and real prices."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from rerack.assets import Battery, Hall, RigFleet, Site, Tariff
from rerack.assets.tariff_terms import ExportTerms
from rerack.base.checks import FloatArray
from rerack.base.errors import InputError, SolverError
from rerack.dispatch import (
    StorageDispatch,
    solve_storage,
    storage_lp,
    storage_program,
    storage_values,
)

RELATIVE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Case:
    """A random site with a battery, its prices and hashprice."""

    site: Site
    battery: Battery
    price: FloatArray
    hashprice: float | FloatArray

    def solve(self, method: str) -> StorageDispatch:
        return solve_storage(
            self.site,
            self.battery,
            self.price,
            self.hashprice,
            method=method,  # type: ignore[arg-type]
        )


def random_halls(rng: np.random.Generator) -> tuple[Hall, ...]:
    halls = []
    for k in range(rng.integers(0, 5)):
        rigs = RigFleet(
            model="m",
            efficiency_j_per_th=rng.uniform(12.0, 60.0),
            pool_fee_frac=0.01,
            variable_om_usd_per_mwh=rng.uniform(0.0, 10.0),
            uptime_frac=rng.uniform(0.5, 1.0),
        )
        size_mw = rng.choice([0.0, rng.uniform(1.0, 300.0)], p=[0.1, 0.9])
        halls.append(
            Hall(name=f"h{k}", utility_mw=size_mw, rigs=rigs if rng.random() < 0.9 else None)
        )
    return tuple(halls)


def random_site(rng: np.random.Generator) -> Site:
    halls = random_halls(rng)
    installed = sum(h.utility_mw for h in halls)
    limit = rng.choice([0.0, rng.uniform(0.2, 2.0) * (installed + 20.0)], p=[0.05, 0.95])
    export = ExportTerms(
        limit_mw=rng.uniform(0.0, 100.0), discount_usd_per_mwh=rng.uniform(0.0, 10.0)
    )
    return Site(
        name="random",
        interconnect_mw=limit,
        halls=halls,
        tariff=Tariff(
            adder_usd_per_mwh=rng.uniform(0.0, 15.0), export=export if rng.random() < 0.5 else None
        ),
        firm_load_mw=limit * rng.choice([0.0, rng.uniform(0.0, 0.7), 1.0], p=[0.3, 0.6, 0.1]),
    )


def random_battery(rng: np.random.Generator) -> Battery:
    def size(most: float) -> float:
        return float(rng.choice([0.0, rng.uniform(1.0, most)], p=[0.07, 0.93]))

    lossless = rng.random() < 0.3
    return Battery(
        charge_mw=size(150.0),
        discharge_mw=size(150.0),
        energy_mwh=size(1000.0),
        charge_efficiency_frac=1.0 if lossless else rng.uniform(0.7, 1.0),
        discharge_efficiency_frac=1.0 if lossless else rng.uniform(0.7, 1.0),
        initial_frac=rng.random(),
        final_frac=[None, 0.0, 0.5 * rng.random()][rng.integers(3)],
        throughput_cost_usd_per_mwh=rng.choice([0.0, rng.uniform(0.0, 30.0)]),
        self_discharge_frac_per_month=rng.choice([0.0, 0.05], p=[0.7, 0.3]),
    )


def random_case(seed: int, hours: int) -> Case:
    rng = np.random.default_rng(seed)
    price = rng.lognormal(3.6, 0.6, hours)
    price = np.where(rng.random(hours) < 0.1, -rng.exponential(30.0, hours), price)
    price = np.where(rng.random(hours) < 0.03, rng.uniform(500.0, 9000.0, hours), price)
    return Case(
        site=random_site(rng),
        battery=random_battery(rng),
        price=price,
        hashprice=rng.uniform(20.0, 80.0, hours) if seed % 3 == 0 else rng.uniform(20.0, 80.0),
    )


def difference(fast: StorageDispatch, lp: StorageDispatch) -> float:
    """Return the difference of the objectives over the money that moves."""
    scale = abs(fast.margin_usd.values).sum() + abs(fast.firm_cost_usd)
    scale += abs(fast.price_usd_per_mwh * fast.battery_mw).sum()
    return abs(fast.objective_usd - lp.objective_usd) / max(float(scale), 1.0)


def compare(case: Case) -> str:
    """Assert that both routes agree; return how each answered."""
    try:
        fast = case.solve("fast")
    except InputError:
        with pytest.raises(InputError, match="final_frac"):
            case.solve("lp")
        return "out of reach"
    lp = case.solve("lp")
    assert difference(fast, lp) <= RELATIVE
    assert lp.bound_usd - fast.bound_usd <= RELATIVE * max(abs(lp.bound_usd), 1.0)
    return f"{fast.method}, {lp.method}"


@pytest.mark.parametrize("seed", range(60))
def test_fast_equals_highs(seed: int) -> None:
    assert compare(random_case(seed, 60))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 1500, 100))
def test_fast_equals_highs_on_1500_site_years(first: int) -> None:
    found = Counter(
        compare(random_case(10_000 + seed, 24 + seed % 150)) for seed in range(first, first + 100)
    )
    assert found["fast, lp"] > 20
    assert found["fast, milp"] > 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 2])
def test_fast_equals_highs_over_a_whole_year(seed: int) -> None:
    assert compare(random_case(50_000 + seed, 8_760))


def test_random_cases_cover_what_they_claim() -> None:
    cases = [random_case(seed, 60) for seed in range(60)]
    batteries, sites = [c.battery for c in cases], [c.site for c in cases]
    assert sum(b.round_trip_frac == 1.0 for b in batteries) > 10
    assert sum(b.energy_mwh == 0.0 or b.charge_mw == 0.0 for b in batteries) > 4
    assert sum(b.hourly_keep_frac < 1.0 for b in batteries) > 10
    assert sum(s.tariff.export is not None for s in sites) > 20
    installed = [sum(h.utility_mw for h in s.halls) for s in sites]
    tight = sum(a > s.interconnect_mw for a, s in zip(installed, sites, strict=True))
    assert 10 < tight < 50
    assert min(c.price.min() for c in cases) < -50.0
    assert max(c.price.max() for c in cases) > 8_500.0


def lossy_case() -> Case:
    """Return a case in which wasting power would pay and the recursion alone is not enough."""
    battery = Battery(
        charge_mw=10.0,
        discharge_mw=10.0,
        energy_mwh=12.0,
        charge_efficiency_frac=0.8,
        discharge_efficiency_frac=0.8,
        initial_frac=0.0,
    )
    site = Site(name="waste", interconnect_mw=40.0, halls=(), tariff=Tariff(), firm_load_mw=20.0)
    return Case(
        site=site,
        battery=battery,
        price=np.array([30.0, -50.0, -60.0, -55.0, -58.0, -61.0, -40.0, 20.0]),
        hashprice=40.0,
    )


def test_where_waste_would_pay_the_program_takes_over_and_says_so() -> None:
    case = lossy_case()
    fast, lp = case.solve("fast"), case.solve("lp")
    assert (fast.method, lp.method) == ("milp", "milp")
    assert "mixed-integer program found" in fast.notes[0]
    assert fast.objective_usd == pytest.approx(lp.objective_usd, rel=RELATIVE)
    assert fast.gap_usd == 0.0


def test_hours_are_guarded_exactly_where_waste_outweighs_wear() -> None:
    case = lossy_case()
    program = storage_program.StorageProgram(
        capacity_mw=np.empty(0),
        interconnect_mw=40.0,
        firm_mw=20.0,
        export_limit_mw=0.0,
        battery=replace(case.battery, throughput_cost_usd_per_mwh=9.0),
        hours=4,
        guarded_hours=np.empty(0, dtype=np.int64),
    )
    # A round trip of 0.64: 0.36 MWh wasted at 16 USD/MWh pays what wearing 0.64 MWh at 9 costs.
    price = np.array([50.0, -15.99, -16.01, 0.0])
    guard = storage_program.hours_to_guard
    assert guard(program, price, price).tolist() == [2]
    assert guard(program, abs(price), abs(price)).tolist() == []
    ideal = replace(program.battery, charge_efficiency_frac=1.0, discharge_efficiency_frac=1.0)
    assert guard(replace(program, battery=ideal), price, price).tolist() == []
    # No use for all that the battery may give: wasting is the only way to empty it.
    assert guard(replace(program, firm_mw=5.0), price, price).tolist() == [0, 1, 2, 3]


def test_without_guards_highs_would_waste_power(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = np.empty(0, dtype=np.int64)
    monkeypatch.setattr(storage_lp, "hours_to_guard", lambda *_: nothing)
    monkeypatch.setattr(storage_lp.StorageOracle, "mixed_hours", nothing)
    with pytest.raises(SolverError, match="the schedule earns"):
        lossy_case().solve("lp")


def test_out_of_time_the_recursion_answers_and_shows_its_gap() -> None:
    case = lossy_case()
    best = case.solve("lp").objective_usd
    found = solve_storage(case.site, case.battery, case.price, 40.0, time_limit_s=0.0)
    assert found.method == "fast"
    assert "no mixed-integer schedule was found" in found.notes[0]
    assert found.objective_usd < best <= found.bound_usd
    assert found.gap_usd == pytest.approx(found.bound_usd - found.objective_usd)


def test_wear_makes_waste_dear_and_the_recursion_exact() -> None:
    case = lossy_case()
    # 61 USD/MWh for wasting 0.36 MWh is what wearing 0.64 MWh costs at 34.3125 USD/MWh.
    dear = replace(case, battery=replace(case.battery, throughput_cost_usd_per_mwh=34.32))
    fast, lp = dear.solve("fast"), dear.solve("lp")
    assert (fast.method, lp.method) == ("fast", "lp")
    assert not fast.notes
    assert fast.objective_usd == pytest.approx(lp.objective_usd, rel=RELATIVE)


REAL = Site(
    name="real",
    interconnect_mw=260.0,
    halls=tuple(
        Hall(
            name=f"hall {i}",
            utility_mw=100.0,
            rigs=RigFleet(model="m", efficiency_j_per_th=e, pool_fee_frac=0.01, uptime_frac=0.95),
        )
        for i, e in enumerate((17.5, 25.0, 34.0))
    ),
    tariff=Tariff(adder_usd_per_mwh=4.0),
    firm_load_mw=30.0,
)
REAL_BATTERY = Battery(
    charge_mw=100.0,
    discharge_mw=100.0,
    energy_mwh=200.0,
    charge_efficiency_frac=0.93,
    discharge_efficiency_frac=0.93,
)


@pytest.mark.parametrize("month", ["2021-02", "2022-04", "2023-08"])
@pytest.mark.parametrize("wear", [0.0, 20.0])
def test_fast_equals_highs_on_real_ercot_months(shared_data: Path, month: str, wear: float) -> None:
    import polars as pl

    frame = pl.read_parquet(shared_data / "ercot_dam_spp_2021_2023.parquet")
    rows = frame.filter(pl.col("ts_utc").dt.strftime("%Y-%m") == month)
    price = rows["HB_WEST"].to_numpy().astype(np.float64)
    assert price.size >= 672
    battery = replace(REAL_BATTERY, throughput_cost_usd_per_mwh=wear)
    case = Case(site=REAL, battery=battery, price=price, hashprice=45.0)
    assert compare(case).startswith("fast")
    if month == "2021-02":
        assert case.solve("fast").gain_usd > 1e6


def test_paths_equal_single_dispatches_whatever_the_split() -> None:
    rng = np.random.default_rng(5)
    hours = np.array([30, 20, 46])
    price = rng.lognormal(3.6, 0.6, (3, 96)) - 10.0 * (rng.random((3, 96)) < 0.1)
    hashprice = rng.uniform(30.0, 70.0, (3, 3))
    battery = replace(REAL_BATTERY, throughput_cost_usd_per_mwh=12.0)
    found = storage_values(REAL, battery, price, hashprice, month_hours=hours)
    assert (found.bridged_hours == 0).all()
    for s in range(3):
        one = solve_storage(REAL, battery, price[s], np.repeat(hashprice[s], hours))
        assert found.gain_usd[s].sum() == pytest.approx(one.gain_usd, rel=1e-9)
        assert found.bound_usd[s] == pytest.approx(one.gain_usd, rel=1e-9)
        alone = storage_values(
            REAL, battery, price[s : s + 1], hashprice[s : s + 1], month_hours=hours
        )
        assert (alone.gain_usd[0] == found.gain_usd[s]).all()
