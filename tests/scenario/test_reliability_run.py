"""Topologies in a run: rents less expected credits by hand, tables, report, terminal, resuming."""

from __future__ import annotations

import re
import xml.dom.minidom
from pathlib import Path

import numpy as np
import pytest

from rerack.base.errors import StoreError
from rerack.reliability import assess, preset, presets
from rerack.reliability.credits import CREDIT_SCHEDULES
from rerack.reliability.outages import outage_profile
from rerack.report import report_html, summary
from rerack.report.one_line import one_line_svg
from rerack.report.plant_blocks import profile_of, topology_of
from rerack.scenario import load
from rerack.study import Run, explain, explainable, run_study, run_to_folder
from rerack.study.order import make_order, ordered_scenario, write_order

ROOT = Path(__file__).resolve().parents[2]
SITE = """study: {name: Plant, start: 2026-01, horizon: 5 years, scenarios: 6}
market:
  bitcoin: {price: "85,000 USD"}
  network: {height: 927360, difficulty: 148.1953 T}
  power: {series: ercot_north}
site:
  name: Plant
  interconnect: 60 MW utility
  power: {adder: 8 USD/MWh}
  halls:
    A: {power: 30 MW utility, rigs: {model: S21}}
    B: {power: 30 MW utility, rigs: {model: S21}}
offers:
  colo:
    type: colocation
    rate: 140 USD/kW-month critical
    term: 4 years
    opex: 6 USD/kW-month critical
    sla: 99.9 %
    conversion: &build
      capex: {shell: {cost: 5 MUSD/MW critical}}
      lead_time: 12 months
      dark: 9 months
      pue_design: 1.5
      pue_mean: 1.2
    AGREED
  cloud:
    type: gpu_cloud
    kw_per_gpu: 2.6 kW
    price: 2.9 USD/GPU-hour
    utilisation: 95 %
    gpu_cost: 29 MUSD/MW critical
    opex: 60 USD/kW-month critical
    sla: 99.9 %
    conversion: *build
    RUNS
plans:
  both:
    kind: staged
    halls:
      A: {use: colo, decide: 2026-01}
      B: {use: cloud, decide: 2026-01}
"""
PLAIN = {"AGREED": "availability: 100 %", "RUNS": "availability: 100 %"}
BACKED = {"AGREED": "topology: n+1\n    sla_credits: day per hour", "RUNS": "topology: n+1"}
TABLES = ("reliability", "outages", "outage_causes", "blocks")


def study(folder: Path, words: dict[str, str], **options: int) -> Run:
    text = SITE
    for mark, said in words.items():
        text = text.replace(mark, said)
    path = folder / "site.yaml"
    path.write_text(text, encoding="utf-8")
    return run_study(load(path), **options)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return study(tmp_path_factory.mktemp("plain"), PLAIN)


@pytest.fixture(scope="module")
def backed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return study(tmp_path_factory.mktemp("backed"), BACKED)


def cash(run: Run, hall: str, line: str) -> np.ndarray:
    table = run.table("cashflow")
    chosen = (table["plan"] == "both") & (table["hall"] == hall) & (table["line"] == line)
    return table["mean_usd"][chosen]


def test_rents_are_less_by_the_expected_share(plain: Run, backed: Run) -> None:
    """Credits by hand: rent of each month times the mean credit for the time down in a month."""
    credit = assess(
        preset("n+1", critical_mw=20.0), schedule=CREDIT_SCHEDULES["day per hour"]
    ).credits
    assert credit is not None
    rent = cash(backed, "A", "AI revenue")
    # 20 MW critical from month 12 on, ramped over six months; 140 USD/kW-month critical.
    assert rent[-1] == pytest.approx(20e3 * 140.0, rel=1e-12)
    np.testing.assert_allclose(
        cash(backed, "A", "SLA credits"), -credit.fee_frac * rent, rtol=1e-12
    )
    np.testing.assert_array_equal(cash(plain, "A", "AI revenue"), rent)
    assert cash(plain, "A", "SLA credits").size == 0
    row = backed.row("reliability", offer="colo")
    assert row["expected_credit_frac"] == credit.fee_frac
    assert row["credits_usd_per_mw_year"] == pytest.approx(
        12.0 * 140e3 * credit.fee_frac, rel=1e-12
    )


def test_a_cloud_sells_the_hours_that_its_plant_leaves(plain: Run, backed: Run) -> None:
    down = assess(preset("n+1", critical_mw=20.0)).found.unavailability
    np.testing.assert_allclose(
        cash(backed, "B", "AI revenue"), (1.0 - down) * cash(plain, "B", "AI revenue"), rtol=1e-9
    )


def test_every_figure_is_the_same_for_any_number_of_threads(backed: Run, tmp_path: Path) -> None:
    other = study(tmp_path, BACKED, threads=1)
    for name in (*TABLES, "cashflow", "plans"):
        for column, values in backed.table(name).items():
            np.testing.assert_array_equal(other.table(name)[column], values, err_msg=column)


def test_offers_of_one_plant_share_its_tables(backed: Run) -> None:
    assert backed.table("reliability")["topology"].tolist() == ["n+1", "n+1"]
    kinds = outage_profile(preset("n+1", critical_mw=20.0))
    table = backed.table("outages")
    assert int((~table["planned"]).sum()) == len(kinds.kinds)
    time = float(table["outages_per_year"] @ table["mean_hours"])
    minutes = float(backed.table("reliability")["minutes_lost_per_year"][0])
    assert 60.0 * time == pytest.approx(minutes, rel=1e-9)


def test_a_run_without_topologies_has_neither_tables_nor_words(plain: Run) -> None:
    assert not set(TABLES) & set(plain.names())
    assert 'id="reliability"' not in report_html(plain)
    assert "  plant " not in summary(plain)


@pytest.mark.parametrize("name", [p.name for p in presets()])
def test_blocks_of_every_preset_come_back_from_the_table(tmp_path: Path, name: str) -> None:
    from rerack.study.tables.reliability import reliability_makers

    text = SITE.replace("AGREED", f"topology: {name}\n    credit_months_per_pp: 1")
    path = tmp_path / "site.yaml"
    path.write_text(text.replace("RUNS", "availability: 99 %"), encoding="utf-8")
    made = {key: make() for key, make in reliability_makers(load(path)).items()}
    run = Run(meta={}, tables=made)
    topology = preset(name, critical_mw=20.0)
    assert one_line_svg(topology_of(run, name, critical_mw=20.0)) == one_line_svg(topology)
    profile = outage_profile(topology)
    assert profile_of(run, name) == profile


def test_report_draws_the_plant_and_says_what_it_means(backed: Run) -> None:
    html = report_html(backed).split('<script type="application/json"')
    section = re.search(r'<section id="reliability">.*?</section>', html[0], re.S)
    assert section is not None
    assert section[0].count("<svg") == 1
    drawing = re.search(r"<svg xmlns.*?</svg>", section[0], re.S)
    assert drawing is not None
    xml.dom.minidom.parseString(drawing[0])
    for words in (
        "min lost a year",
        "99.999 %",
        "of rent",
        "day per hour",
        "hours lost are not sold",
        "Half of the outages end within",
        "common cause: chiller",
        "availability:colo",
    ):
        assert words in section[0], words
    for figure in ("outages_1", "year_1"):
        assert f'data-figure="{figure}"' in section[0]
        assert f'"{figure}"' in html[1]


def test_terminal_and_explanation_say_it_too(backed: Run) -> None:
    text = " ".join(summary(backed).split())
    credit = 100.0 * float(backed.table("reliability")["expected_credit_frac"][0])
    assert "plant colo runs 99.968 % of the time (n+1), misses its 99.9 % in" in text
    assert f"credits {credit:.2f} % of rent" in text
    assert "availability:cloud" in explainable(backed)
    node = explain(backed, "credits:colo")
    lost = node.children[0].children[0]
    assert sum(float(kind.value) for kind in lost.children) == pytest.approx(
        float(lost.value), rel=1e-9
    )


def test_names_of_a_plant_cannot_run(tmp_path: Path) -> None:
    keys = (
        "topology:\n      topology: {name: 'a & b onload=x()', critical: 5 MW critical, "
        "preset: n}\n    credit_months_per_pp: 1"
    )
    html = report_html(study(tmp_path, {"AGREED": keys, "RUNS": "availability: 99 %"}))
    assert "a &amp; b onload=x()" in html


def test_a_stopped_run_is_not_resumed_on_another_topology(tmp_path: Path) -> None:
    plant = tmp_path / "plant.yaml"
    plant.write_text("topology: {name: own, preset: n+1, critical: 10 MW critical}\n")
    words = {"AGREED": "topology: plant.yaml\n    credit_months_per_pp: 1", "RUNS": "topology: n"}
    text = SITE
    for mark, said in words.items():
        text = text.replace(mark, said)
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    scenario = load(tmp_path / "site.yaml")
    order = make_order(scenario, created="now", closed_loop=False, option_values=False)
    folder = tmp_path / "run"
    folder.mkdir()
    write_order(folder, scenario, order)
    again = ordered_scenario(folder, order)
    assert again.offers == scenario.offers
    assert again.inputs == scenario.inputs
    plant.write_text("topology: {name: own, preset: n, critical: 10 MW critical}\n")
    with pytest.raises(StoreError, match=r"plant\.yaml: changed since the run started"):
        ordered_scenario(folder, order)


def test_the_run_folder_keeps_what_the_report_needs(tmp_path: Path) -> None:
    text = SITE.replace("AGREED", BACKED["AGREED"]).replace("RUNS", BACKED["RUNS"])
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    run = run_to_folder(load(tmp_path / "site.yaml", scenarios=2), tmp_path / "runs")
    assert run.folder is not None
    opened = Run.open(run.folder)
    assert set(TABLES) <= set(opened.names())
    assert 'id="reliability"' in report_html(opened)


def test_the_example_shows_the_three_forms() -> None:
    scenario = load(ROOT / "examples" / "reliability" / "site.yaml")
    sources = [found.source for found in scenario.topologies.values()]
    assert sources == ["preset n+1", "stated in the scenario file", "two-feeds.yaml"]
    assert [found.plants for found in scenario.topologies.values()] == [3, 3, 3]
    costs = [
        sum(c.usd_per_mw for c in use.conversion.capex if c.component == "power and cooling")
        for use in scenario.offers.values()
    ]
    for cost, found in zip(costs, scenario.topologies.values(), strict=True):
        topology = found.assessment.topology
        assert cost == pytest.approx(topology.capex_usd / topology.critical_mw, abs=5e3)
