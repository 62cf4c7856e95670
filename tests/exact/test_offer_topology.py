"""Topologies in a site file: what an offer takes from them, in every form, and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rerack.assets import GpuCloud, Lease
from rerack.cli.main import cli
from rerack.reliability import assess, preset
from rerack.reliability.credits import CREDIT_SCHEDULES, ProportionalCredits
from rerack.scenario import Scenario, check, load

SITE = """study: {name: Plant, start: 2026-01, horizon: 10 years, scenarios: 10}
market:
  bitcoin: {price: "85,000 USD"}
  network: {height: 927360, difficulty: 148.1953 T}
  power: {series: ercot_north}
site:
  name: Plant
  interconnect: 100 MW utility
  power: {adder: 8 USD/MWh}
  halls:
    A: {power: 90 MW utility, rigs: {model: S21}}
    B: {power: 10 MW utility, rigs: {model: S21}}
offers:
  colo:
    type: colocation
    rate: 140 USD/kW-month critical
    term: 15 years
    opex: 6 USD/kW-month critical
    sla: 99.9 %
    conversion: &build
      capex: {shell: {cost: 5 MUSD/MW critical}}
      lead_time: 18 months
      dark: 9 months
      pue_design: 1.5
      pue_mean: 1.2
"""
CLOUD = """  cloud:
    type: gpu_cloud
    kw_per_gpu: 2.6 kW
    price: 2.9 USD/GPU-hour
    utilisation: 95 %
    gpu_cost: 29 MUSD/MW critical
    opex: 60 USD/kW-month critical
    sla: 99.9 %
    topology: tier-3
    conversion: *build
"""
PLANT = """topology: {name: pair, critical: 2 MW critical, fed_by: both}
components:
  ups: {failure_rate: 0.05 /year, repair: 20 h, capacity: 2 MW critical}
  bus: {failure_rate: 0.01 /year, repair: 10 h}
blocks:
  pair: {type: parallel, of: [ups], copies: 2, beta: 5 %}
  both: {type: series, of: [pair, bus]}
"""
SLA = "sla: {availability: 99.9 %, fee: 140 USD/kW-month critical, schedule: day per hour}\n"


def inside(plant: str) -> str:
    """Return a topology file as the keys of an offer."""
    return "    topology:\n" + "".join(f"      {line}\n" for line in plant.splitlines())


def site(folder: Path, extra: str) -> Path:
    path = folder / "site.yaml"
    path.write_text(SITE + extra, encoding="utf-8")
    return path


def loaded(folder: Path, extra: str) -> Scenario:
    return load(site(folder, extra))


def lease(scenario: Scenario) -> Lease:
    use = scenario.offers["colo"]
    assert isinstance(use, Lease)
    return use


def test_a_preset_by_name_is_one_plant_of_twenty_megawatts(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, "    topology: tier-3\n    sla_credits: day per hour\n")
    exact = assess(
        preset("tier-3", critical_mw=20.0),
        promised_frac=0.999,
        schedule=CREDIT_SCHEDULES["day per hour"],
    )
    assert exact.credits is not None
    assert lease(scenario).availability_frac == exact.found.availability_frac
    assert lease(scenario).expected_credit_frac == exact.credits.fee_frac
    assert lease(scenario).sla_credit_frac == exact.credits.fee_frac > 0.0
    found = scenario.topologies["colo"]
    assert found.load_mw == pytest.approx(60.0)
    assert found.plants == 3
    assert found.source == "preset tier-3"


def test_a_preset_fits_a_small_load(tmp_path: Path) -> None:
    extra = "    critical: 5 MW critical\n    topology: tier-3\n    sla_credits: day per hour\n"
    found = loaded(tmp_path, extra).topologies["colo"]
    assert found.assessment.topology.critical_mw == 5.0
    assert found.plants == 1


def test_file_and_keys_of_the_same_topology_give_the_same_to_the_bit(tmp_path: Path) -> None:
    (tmp_path / "halls").mkdir()
    (tmp_path / "halls" / "pair.yaml").write_text(PLANT, encoding="utf-8")
    credit = "    sla_credits: day per hour\n"
    by_file = loaded(tmp_path, f"    topology: halls/pair.yaml\n{credit}")
    by_keys = loaded(tmp_path, f"{inside(PLANT)}{credit}")
    for name in ("availability_frac", "expected_credit_frac"):
        assert getattr(lease(by_file), name) == getattr(lease(by_keys), name)
    assert by_file.topologies["colo"].plants == 30
    # 0.05 x 0.05 common failures a year of 20 h and 0.01 of 10 h are most of the time down.
    down = (0.0025 * 20.0 + 0.01 * 10.0) / 8760.0
    assert 1.0 - lease(by_keys).availability_frac == pytest.approx(down, rel=0.05)
    (name,) = (n for n in by_file.sha256 if n.endswith("pair.yaml"))
    assert len(by_file.sha256[name]) == 64


def test_run_and_reliability_command_agree_on_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "pair.yaml").write_text(PLANT + SLA, encoding="utf-8")
    scenario = loaded(tmp_path, "    topology: pair.yaml\n")
    told = CliRunner().invoke(cli, ["reliability", str(tmp_path / "pair.yaml"), "--json"])
    row = json.loads(told.output)[0]
    found = scenario.topologies["colo"].assessment
    assert found.found.unavailability == pytest.approx(row["unavailability_frac"], rel=1e-12)
    assert found.outlook.miss_frac[0] == pytest.approx(row["miss_99_9_frac"], rel=1e-12)
    assert found.credits is not None
    assert lease(scenario).sla_credit_frac == found.credits.fee_frac
    for name, here in (
        ("expected_credit_frac", found.credits.fee_frac),
        ("credits_usd_per_year", found.credits.credits_usd_per_year),
        ("credits_usd_per_year", 12.0 * 140e3 * 2.0 * lease(scenario).sla_credit_frac),
        ("exit_frac_per_year", found.credits.exit_frac_per_year),
    ):
        assert here == pytest.approx(row[name], rel=1e-12)


def test_credits_in_proportion_count_single_months_not_the_mean(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, "    topology: tier-3\n    credit_months_per_pp: 1\n")
    terms = ProportionalCredits(promised_frac=0.999, credit_months_per_pp=1.0)
    exact = assess(preset("tier-3", critical_mw=20.0), schedule=terms).credits
    assert exact is not None
    assert lease(scenario).sla_credit_frac == exact.fee_frac > 0.0
    # The mean keeps the promise, so that the mean alone would earn no credit.
    assert lease(scenario).availability_frac > 0.999
    free = loaded(tmp_path, "    topology: tier-3\n    credit_months_per_pp: 0\n")
    assert lease(free).sla_credit_frac == 0.0


def test_own_steps_of_the_offer_and_of_the_topology_are_one(tmp_path: Path) -> None:
    steps = "{step: 30 min, credit: 5 %, cap: 50 %}"
    here = loaded(tmp_path, f"{inside(PLANT)}    sla_credits: {steps}\n")
    there = f"{PLANT}sla: {{availability: 99.9 %, credits: {steps}}}\n"
    other = loaded(tmp_path, inside(there))
    assert lease(here).sla_credit_frac == lease(other).sla_credit_frac > 0.0
    assert here.topologies["colo"].schedule == "5 % per 30 min"


def test_a_cloud_takes_the_availability_and_no_credits(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, CLOUD)
    cloud = scenario.offers["cloud"]
    assert isinstance(cloud, GpuCloud)
    exact = assess(preset("tier-3", critical_mw=20.0)).found
    assert cloud.availability_frac == exact.availability_frac
    assert scenario.topologies["cloud"].assessment.credits is None


def test_inputs_say_what_was_derived_and_drop_the_default(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, "    topology: tier-3\n    sla_credits: day per hour\n")
    rows = {row.path: row for row in scenario.inputs}
    assert len(rows) == len(scenario.inputs)
    availability = rows["offers.colo.availability"]
    assert availability.canonical == lease(scenario).availability_frac
    assert availability.status == "derived"
    assert availability.source.startswith("derived from topology: preset tier-3, 20 MW critical")
    assert availability.where.endswith("site.yaml:26")
    credit = rows["offers.colo.topology.expected_credit"]
    assert credit.canonical == lease(scenario).expected_credit_frac


def test_merged_text_loads_by_itself_and_override_replaces(tmp_path: Path) -> None:
    (tmp_path / "pair.yaml").write_text(PLANT, encoding="utf-8")
    scenario = loaded(tmp_path, "    topology: pair.yaml\n    sla_credits: day per hour\n")
    elsewhere = tmp_path / "elsewhere" / "copy.yaml"
    elsewhere.parent.mkdir()
    elsewhere.write_text(scenario.merged_text, encoding="utf-8")
    assert lease(load(elsewhere)).expected_credit_frac == lease(scenario).expected_credit_frac
    other = load(scenario.path, overrides=["offers.colo.topology=n+1"])
    assert other.topologies["colo"].source == "preset n+1"
    written = loaded(tmp_path, f"{inside(PLANT)}    sla_credits: day per hour\n")
    elsewhere.write_text(written.merged_text, encoding="utf-8")
    assert lease(load(elsewhere)).expected_credit_frac == lease(written).expected_credit_frac


CREDITS = "    sla_credits: day per hour\n"


@pytest.mark.parametrize(
    ("extra", "where", "words"),
    [
        (f"    topology: tier3\n{CREDITS}", ":26:15", "Did you mean 'tier-3'"),
        (f"    topology: mine\n{CREDITS}", ":26:15", "or a topology file such as hall.yaml"),
        (f"    topology: none.yaml\n{CREDITS}", ":26:15", "no such file"),
        (f"    topology: true\n{CREDITS}", ":26:15", "Put it in quotes"),
        ("    topology: tier-3\n", ":26:15", "Add `sla_credits: day per hour`"),
        ("    topology: tier-3\n    sla_credits: day\n", ":27:18", "no schedule of credits"),
        (
            f"    topology: tier-3\n    availability: 99.9 %\n{CREDITS}",
            ":27:5",
            "a topology gives the availability",
        ),
        (CREDITS, ":26:5", "Add `topology`"),
        (f"    topology: [n, n+1]\n{CREDITS}", ":26:5", "a name, or a map of keys"),
        (
            "    topology: tier-3\n    sla_credits: {step: 1 h, credit: 5 %, cap: 1 %}\n",
            ":27:5",
            "cap_frac",
        ),
        (
            f"    topology: tier-3\n{CREDITS}    credit_months_per_pp: 1\n",
            ":28:5",
            "one schedule of credits",
        ),
        (
            inside(PLANT.replace(", beta: 5 %", "")) + CREDITS,
            ":32:9",
            "0 has to be written",
        ),
        (inside(PLANT.replace("[pair, bus]", "[pair, bas]")) + CREDITS, ":33:41", "'bas'"),
        (inside(PLANT.replace("[pair, bus]", "[both]")) + CREDITS, ":33", "the cycle both"),
        (inside(PLANT.replace("repair: 10 h", "repare: 10 h")) + CREDITS, ":30", "'repair'"),
        (
            inside(
                PLANT.replace("2 MW critical, fed", "61 MW critical, fed").replace(
                    "capacity: 2 MW critical", "capacity: 70 MW critical"
                )
            )
            + CREDITS,
            ":27:40",
            "at most 60 MW critical, the load of the largest hall",
        ),
        (inside(PLANT + SLA) + CREDITS, ":35:18", "credits in the offer and under `sla`"),
        (
            inside(PLANT + SLA.replace("99.9 %", "99.99 %")),
            ":26:5",
            "the 99.9 % that the offer promises",
        ),
        (
            inside(PLANT + "cooling: {type: liquid, weather: w.csv}") + CREDITS,
            ":34:7",
            "PUE belongs to the conversion",
        ),
    ],
)
def test_refusals_name_line_allowed_and_cure(
    tmp_path: Path, extra: str, where: str, words: str
) -> None:
    problems = [str(p) for p in check(site(tmp_path, extra))]
    assert any(f"site.yaml{where}" in p and words in p for p in problems), problems


def test_a_promise_of_everything_is_refused_where_it_stands(tmp_path: Path) -> None:
    path = site(tmp_path, f"    topology: tier-3\n{CREDITS}")
    path.write_text(path.read_text().replace("sla: 99.9 %", "sla: 100 %"), encoding="utf-8")
    (problem,) = check(path)
    assert "site.yaml:19:10 (offers.colo.sla)" in str(problem)
    assert "less than 100 %" in str(problem)


def test_mistakes_in_the_file_named_show_both_lines(tmp_path: Path) -> None:
    (tmp_path / "pair.yaml").write_text(PLANT.replace("5 %", "500 %"), encoding="utf-8")
    (problem,) = check(site(tmp_path, f"    topology: pair.yaml\n{CREDITS}"))
    assert "site.yaml:26:15" in str(problem)
    assert "pair.yaml:6:54 (blocks.pair.beta)" in str(problem)
    assert "0 to 100" in str(problem)
