"""Presets and equipment: built from the catalogue, the user's figures over it, in a sane order."""

from __future__ import annotations

from pathlib import Path

import pytest

from rerack import catalog
from rerack.base import InputError
from rerack.reliability import (
    GeneratorFleet,
    OutageBattery,
    Parts,
    Reliability,
    evaluate,
    preset,
    presets,
    resolve,
    survival_frac,
    walk,
)
from rerack.reliability.blocks import KofN, Parallel, Standby
from rerack.reliability.parts import ESTIMATES

PARTS = Parts()
NAMES = tuple(p.name for p in presets())


@pytest.fixture(scope="module")
def results() -> dict[str, Reliability]:
    return {name: evaluate(preset(name, critical_mw=10.0, parts=PARTS)) for name in NAMES}


def test_the_presets_asked_for_are_there() -> None:
    assert set(NAMES) == {
        "n", "n+1", "2n", "distributed", "block", "tier-1", "tier-2", "tier-3", "tier-4",
        "single-utility", "dual-utility", "generator", "battery", "mixed", "liquid",
    }  # fmt: skip
    with pytest.raises(InputError, match="'3n'"):
        preset("3n", critical_mw=10.0)
    with pytest.raises(InputError, match="critical_mw"):
        preset("n", critical_mw=-1.0)


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_states_common_causes_and_explains_its_loss(
    name: str, results: dict[str, Reliability]
) -> None:
    topology = preset(name, critical_mw=10.0, parts=PARTS)
    result = results[name]
    groups = [b for b in walk(topology.blocks) if isinstance(b, (KofN, Parallel, Standby))]
    assert all(b.beta_frac is not None and b.beta_frac > 0.0 for b in groups)
    assert 0.0 < result.unavailability < 0.05
    assert result.outages_per_year * result.mean_outage_hours * 60.0 == pytest.approx(
        result.minutes_lost_per_year, rel=1e-9
    )
    assert sum(c.share_frac for c in result.cut_sets) > 0.5
    assert all(c.source for c, _ in topology.components)
    assert result.capex_usd > 0.0


def test_more_redundancy_loses_less_and_costs_more(results: dict[str, Reliability]) -> None:
    def ordered(*names: str) -> bool:
        lost = [results[n].unavailability for n in names]
        cost = [results[n].capex_usd for n in names]
        return lost == sorted(lost, reverse=True) and cost == sorted(cost)

    assert ordered("n", "n+1", "2n")
    assert ordered("tier-1", "tier-2", "tier-3", "tier-4")
    assert ordered("single-utility", "dual-utility", "generator")
    assert results["mixed"].unavailability < results["battery"].unavailability
    assert results["liquid"].unavailability < results["tier-4"].unavailability


def test_tier_1_adds_its_day_of_work_to_n(results: dict[str, Reliability]) -> None:
    extra = results["tier-1"].minutes_lost_per_year - results["n"].minutes_lost_per_year
    up = 1.0 - results["n"].unavailability
    assert extra == pytest.approx(24.0 * 60.0 * up, rel=1e-3)
    assert results["tier-1"].outages_per_year > results["n"].outages_per_year + 0.95


def test_a_single_feed_loses_what_the_utility_statistics_say(
    results: dict[str, Reliability],
) -> None:
    # EIA: 349.6 minutes a year; switchgear and transformer add 8.
    assert results["single-utility"].minutes_lost_per_year == pytest.approx(349.6, rel=0.03)
    share = results["single-utility"].cut_sets[0]
    assert share.events == ("utility A",)
    assert share.minutes_per_year == pytest.approx(1.355 * 4.3 * 60.0, rel=2e-3)


@pytest.mark.parametrize("critical_mw", [0.5, 40.0])
def test_presets_scale(critical_mw: float) -> None:
    for name in NAMES:
        topology = preset(name, critical_mw=critical_mw, parts=PARTS)
        assert len(resolve(topology.blocks).events) >= 2
        assert 0.1e6 < topology.capex_usd / critical_mw < 30e6


def test_every_estimate_in_use_exists_with_a_cost() -> None:
    for equipment in ESTIMATES:
        part = PARTS.component(equipment, name="x", capacity_mw=2.0)
        assert part.capex_usd > 0.0
        assert PARTS.reliability_row(equipment).status in part.source
    assert PARTS.component("pdu", name="x").capex_usd == 0.0


def test_the_users_figures_override_the_catalogue(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "equipment,estimate,failure_rate_per_year,mttr_hours,as_of,source,status\n"
        "chiller,Callou,0.1,12,2026-06,own log of ten chillers,verified\n",
        encoding="utf-8",
    )
    parts = Parts(extend=(own,), estimates={"ups module": "Vertiv power module"})
    chiller = parts.component("chiller", name="c")
    assert (chiller.failure_rate_per_year, chiller.mttr_hours) == (0.1, 12.0)
    assert "own log of ten chillers (verified)" in chiller.source
    assert parts.component("ups module", name="u").mttr_hours == 0.5
    better = evaluate(preset("n+1", critical_mw=10.0, parts=parts))
    assert better.unavailability < evaluate(preset("n+1", critical_mw=10.0)).unavailability


def test_what_is_not_known_is_not_made_up() -> None:
    with pytest.raises(InputError, match="mttr_hours"):
        Parts(estimates={"motor pump": "INL 2020 running"}).component("motor pump", name="p")
    with pytest.raises(InputError, match="Gold Book standby 1500 kW"):
        Parts(estimates={"diesel generator": "best"}).component("diesel generator", name="g")
    with pytest.raises(InputError, match="an equipment of the catalogue"):
        Parts().component("flywheel", name="f")
    engine = Parts(estimates={"gas engine": "placeholder"})
    assert engine.component("gas engine", name="e").failure_rate_per_year == 1.46
    with pytest.raises(InputError, match="'cost estimate'; allowed: placeholder"):
        engine.component("gas engine", name="e", capacity_mw=2.0)


def test_recalled_and_weak_rows_are_unverified() -> None:
    rows = catalog.load("equipment")
    weak = [r for r in rows if "recalled" in r.source or "placeholder" in r.source]
    assert len(weak) > 25
    assert {r.status for r in weak if "row" not in r.source and "Gold Book" not in r.source} <= {
        "unverified", "secondary",
    }  # fmt: skip
    assert all(r.status == "unverified" for r in rows if r.source.startswith("recalled"))
    assert all(r.status == "unverified" for r in rows if "estimate" in r.source.split(",")[0])


def test_derived_rows_of_the_catalogue_follow_from_their_formula() -> None:
    def number(equipment: str, estimate: str, column: str) -> float:
        return catalog.find("equipment", equipment=equipment, estimate=estimate).number(column)

    feed = "utility feed"
    every = "US average 2014-2023, all events"
    quiet = "US average 2014-2023, without major event days"
    storm = "US average 2014-2023, major event days only"
    rate = number(feed, every, "failure_rate_per_year")
    assert rate * number(feed, every, "mttr_hours") * 60.0 == pytest.approx(349.6, rel=1e-3)
    assert rate - number(feed, quiet, "failure_rate_per_year") == pytest.approx(
        number(feed, storm, "failure_rate_per_year"), abs=1e-12
    )
    assert number(feed, storm, "mttr_hours") == pytest.approx(228.8 / 0.308 / 60.0, abs=0.005)
    counted = number(
        "diesel generator", "IEEE 493-2007 continuous, counted", "failure_rate_per_year"
    )
    assert counted == pytest.approx(115 / 266, rel=1e-9)


def test_a_fleet_made_of_a_component_and_bad_outages() -> None:
    unit = PARTS.component(
        "diesel generator", name="g", capacity_mw=2.0, maintenance_hours_per_year=43.8
    )
    fleet = GeneratorFleet.of(unit, 3)
    assert fleet.available_frac == pytest.approx(0.995, rel=1e-12)
    assert fleet.unit_mw == 2.0
    with pytest.raises(InputError, match="finite"):
        survival_frac([1.0, float("nan")], (fleet,))
    with pytest.raises(InputError, match="load_mw"):
        survival_frac([-1.0], (fleet,))
    with pytest.raises(InputError, match="start_frac"):
        OutageBattery(energy_mwh=1.0, power_mw=1.0, start_frac=0.1, minimum_frac=0.5)
    with pytest.raises(InputError, match="units"):
        GeneratorFleet(units=0, unit_mw=1.0)


def test_a_lossy_battery_never_overstates_survival() -> None:
    fleet = GeneratorFleet(units=2, unit_mw=1.0, fail_to_run_frac=0.1)
    load = [1.3, 0.4, 1.7, 0.9, 1.3, 2.0]

    def survival(efficiency: float) -> float:
        battery = OutageBattery(
            energy_mwh=1.7,
            power_mw=1.0,
            charge_efficiency_frac=efficiency,
            discharge_efficiency_frac=efficiency,
        )
        return float(survival_frac(load, (fleet,), battery=battery)[-1])

    lossless, lossy = survival(1.0), survival(0.8)
    bare = float(survival_frac(load, (fleet,))[-1])
    assert bare < lossy <= lossless <= 1.0


def test_charge_is_never_rounded_in_favour_of_the_load() -> None:
    dead = GeneratorFleet(units=1, unit_mw=1.0, fail_to_start_frac=1.0)
    battery = OutageBattery(energy_mwh=1.0, power_mw=2.0)
    assert survival_frac([1.0], (dead,), battery=battery).tolist() == [1.0]
    assert survival_frac([1.001], (dead,), battery=battery).tolist() == [0.0]
    # 0.499 MWh charged in the first hour do not carry 0.5 MW in the second.
    unit = GeneratorFleet(units=1, unit_mw=1.0)
    empty = OutageBattery(energy_mwh=1.0, power_mw=2.0, start_frac=0.0)
    assert survival_frac([0.5, 1.5], (unit,), battery=empty).tolist() == [1.0, 1.0]
    assert survival_frac([0.501, 1.5], (unit,), battery=empty).tolist() == [1.0, 0.0]
