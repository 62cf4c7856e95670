"""Topology files: what they become, and refusals with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from rerack.base.errors import ScenarioError
from rerack.reliability import Component, KofN, Leaf, Parallel, evaluate, preset
from rerack.scenario.topology import load_topology

ROOT = Path(__file__).resolve().parents[2]
GOOD = """\
topology: {name: pair, critical: 2 MW critical, fed_by: both}
components:
  ups: {failure_rate: 0.01 /year, repair: 2 h, capacity: 2 MW critical, cost: 1 MUSD}
  bus: {failure_rate: 1/500000 h, repair: 10 h}
blocks:
  pair: {type: parallel, of: [ups], copies: 2, beta: 5 %}
  both: {type: series, of: [pair, bus]}
"""


def load(folder: Path, text: str):  # noqa: ANN201
    path = folder / "t.yaml"
    path.write_text(text, encoding="utf-8")
    return load_topology(path)


def refusal(folder: Path, text: str) -> list[str]:
    with pytest.raises(ScenarioError) as raised:
        load(folder, text)
    return [str(p).replace(str(folder), "") for p in raised.value.problems]


def test_file_becomes_the_same_blocks_as_python(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD).topology
    units = tuple(
        Leaf(
            component=Component(
                name=f"ups {i}",
                failure_rate_per_year=0.01,
                mttr_hours=2.0,
                capacity_mw=2.0,
                capex_usd=1e6,
                source="stated in the topology file",
            )
        )
        for i in (1, 2)
    )
    first = found.blocks.children[0]  # type: ignore[union-attr]
    assert first == Parallel(children=units, beta_frac=0.05, name="pair")
    assert found.capex_usd == 2e6
    bus = found.blocks.children[1].component  # type: ignore[union-attr]
    assert bus.failure_rate_per_year == pytest.approx(8760.0 / 500_000.0)


def test_preset_file_equals_the_preset() -> None:
    study = load_topology(ROOT / "examples" / "reliability" / "preset.yaml")
    exact = evaluate(preset("n+1", critical_mw=10.0)).unavailability
    assert evaluate(study.topology).unavailability == exact
    assert study.sla is not None
    assert study.sla.fee_usd_per_month == 1.2e6
    assert study.sla.schedule is not None
    assert study.sla.schedule.credit_for_frac(95.0 / 60.0) == pytest.approx(0.15)


def test_example_with_blocks_reads_and_is_fed() -> None:
    study = load_topology(ROOT / "examples" / "reliability" / "two-feeds.yaml")
    assert len(study.topology.components) > 30
    assert 0.9999 < 1.0 - evaluate(study.topology).unavailability < 1.0


def test_catalogue_fills_what_the_file_leaves_out(tmp_path: Path) -> None:
    text = GOOD.replace(
        "bus: {failure_rate: 1/500000 h, repair: 10 h}", "bus: {equipment: switchgear, repair: 3 h}"
    )
    bus = load(tmp_path, text).topology.blocks.children[1].component
    assert (bus.failure_rate_per_year, bus.mttr_hours) == (0.00949, 3.0)
    assert "IEEE 3006.8" in bus.source


def test_copies_within_copies_have_names_of_their_own(tmp_path: Path) -> None:
    text = GOOD.replace("fed_by: both", "fed_by: twice")
    text += "  twice: {type: k_of_n, need: 1, of: [both], copies: 2, beta: 0}\n"
    found = load(tmp_path, text).topology
    assert isinstance(found.blocks, KofN)
    names = [c.name for c, _ in found.components]
    assert names == ["ups 1 1", "ups 1 2", "bus 1", "ups 2 1", "ups 2 2", "bus 2"]


def test_override_and_wrapped_value(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(GOOD.replace("beta: 5 %", "beta: {value: 5 %, source: vendor}"))
    found = load_topology(path, overrides=["blocks.pair.beta=10 %"]).topology
    assert found.blocks.children[0].beta_frac == 0.1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("0.01 /year", "-0.01 /year", "t.yaml:3:23", "rate cannot be negative"),
        ("0.01 /year", "0.01", "t.yaml:3:23", "'0.01 /year'"),
        ("beta: 5 %", "", "t.yaml:6", "'beta'"),
        ("beta: 5 %", "beta: 150 %", "t.yaml:6:54", "0 to 100"),
        ("of: [pair, bus]", "of: [both, bus, pair]", "t.yaml:7", "the cycle both > both"),
        ("of: [pair, bus]", "of: [pair, buss]", "t.yaml:7:35", "Did you mean 'bus'"),
        ("of: [pair, bus]", "of: [pair]", "t.yaml:4:3", "'bus', which feeds nothing"),
        (", fed_by: both", "", "t.yaml:1:1", "a load that nothing feeds"),
        ("fed_by: both", "fed_by: nobody", "t.yaml:1:57", "'nobody', which is not in this file"),
        ("critical: 2 MW critical", "critical: 3 MW critical", "t.yaml:1:34", "2 MW"),
        ("critical: 2 MW critical", "critical: 2 MW", "t.yaml:1:34", "critical"),
        ("repair: 2 h,", "", "t.yaml:3:3", "failure_rate and repair"),
        ("repair: 2 h", "repare: 2 h", "t.yaml:3", "Did you mean 'repair'"),
        ("of: [ups], copies: 2", "of: [ups, ups], copies: 2", "t.yaml:6:3", "copies of 2"),
        ("of: [ups], copies: 2", "of: [ups]", "t.yaml:6:3", "2 or more"),
        ("name: pair, ", "name: pair, preset: 2n, ", "t.yaml:1:32", "a preset and blocks"),
        ("type: series", "type: serial", "t.yaml:7:16", "series"),
    ],
)
def test_refusals_name_their_line(
    tmp_path: Path, old: str, new: str, where: str, words: str
) -> None:
    assert old in GOOD
    problems = refusal(tmp_path, GOOD.replace(old, new))
    assert any(where in p and words in p for p in problems), problems


@pytest.mark.parametrize(
    ("sla", "where", "words"),
    [
        ("{availability: 100 %}", "t.yaml:8:21", "less than 100 %"),
        ("{availability: 120 %}", "t.yaml:8:21", "0 to 100"),
        ("{availability: 99.9 %, schedule: nothing}", "t.yaml:8:39", "day per hour"),
        ("{availability: 99.9 %, credits: {step: 30 min, credit: 5 %, cap: 1 %}}", ":8", "cap"),
    ],
)
def test_impossible_promises_name_their_line(
    tmp_path: Path, sla: str, where: str, words: str
) -> None:
    problems = refusal(tmp_path, f"{GOOD}sla: {sla}\n")
    assert any(where in p and words in p for p in problems), problems


def test_cycle_through_several_blocks_is_spelled_out(tmp_path: Path) -> None:
    text = GOOD.replace("of: [ups], copies: 2", "of: [both, ups]")
    problems = refusal(tmp_path, text)
    assert any("the cycle pair > both > pair" in p for p in problems)


def test_all_problems_come_at_once_in_file_order(tmp_path: Path) -> None:
    text = GOOD.replace("0.01 /year", "-1 /year").replace("[pair, bus]", "[pair, nothing]")
    problems = refusal(tmp_path, text + "sla: {availability: 2}\n")
    lines = [int(p.split("t.yaml:")[1].split(":")[0]) for p in problems]
    assert lines == sorted(lines)
    assert {3, 7, 8} <= set(lines)


def test_standby_of_a_file_equals_the_preset(tmp_path: Path) -> None:
    text = """\
topology: {name: s, critical: 1 MW critical, fed_by: supply}
components:
  feed: {failure_rate: 1.5 /year, repair: 4 h}
  engine: {failure_rate: 0.1 /year, repair: 20 h, fail_to_start: 1 %, fail_to_run: 1/1100 h}
  cells: {failure_rate: 0 /year, fail_to_start: 3 %}
blocks:
  supply:
    type: standby
    primary: feed
    beta: 2 %
    generator: engine
    installed: 2
    needed: 1
    battery: cells
    ride_through: 10 min
    fuel: 48 h
    outages: [{share: 80 %, mean: 2 h}, {share: 20 %, mean: 12 h}]
"""
    block = load(tmp_path, text).topology.blocks
    assert block.duration.mean_hours == 4.0  # type: ignore[union-attr]
    assert block.generator.fail_to_run_per_hour == pytest.approx(1 / 1100)  # type: ignore[union-attr]
    wrong = text.replace("mean: 12 h", "mean: 13 h")
    problems = refusal(tmp_path, wrong)
    assert any("t.yaml:7:3" in p and "mean of 4.2 h" in p for p in problems), problems
    fewer = refusal(tmp_path, text.replace("needed: 1", "needed: 3"))
    assert any("needed" in p for p in fewer)


def test_weather_gives_the_load_at_the_meter(tmp_path: Path) -> None:
    weather = tmp_path / "w.csv"
    weather.write_text("hour,dry_bulb_c,humidity_frac\n0,5,0.8\n1,38,0.4\n")
    cooled = f"{GOOD}cooling: {{type: liquid, weather: w.csv}}\n"
    study = load(tmp_path, cooled)
    assert study.cooling is not None
    name, year = study.cooling
    assert name == "liquid"
    assert year.pue[1] > year.pue[0] > 1.0
    saturated = weather.read_text().replace("humidity_frac", "dew_point_c").replace(",0.8", ",3")
    weather.write_text(saturated)
    assert load(tmp_path, cooled).cooling is not None
    weather.write_text("dry_bulb_c,wet_bulb_c\n20,15\n,15\n")
    problems = refusal(tmp_path, cooled)
    assert any("t.yaml:8" in p and "in line 3 of w.csv" in p for p in problems), problems
    weather.write_text("temperature\n20\n")
    assert "dry_bulb_c and one of" in refusal(tmp_path, cooled)[0]
    weather.unlink()
    assert "No such file" in refusal(tmp_path, cooled)[0]
