"""Site files whose network is a world of cohorts: bits, scenarios, refusals with lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rerack.base.errors import ScenarioError
from rerack.network import CohortNetwork, network_path
from rerack.network.cohort_network import with_progress
from rerack.scenario import Scenario, load
from rerack.study import run_study
from rerack.study.executor import map_blocks
from rerack.study.pipeline import prepare
from rerack.study.sensitivity import Gain
from rerack.study.simulate import Block, build_world, draw_outlook, run_block

CORSICANA = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"
COHORTS = ("market.network.model=cohorts", "study.horizon=4 years")


def site(*overrides: str, scenarios: int = 8) -> Scenario:
    return load(CORSICANA, scenarios=scenarios, overrides=(*COHORTS, *overrides))


def world(scenario: Scenario) -> CohortNetwork:
    assert isinstance(scenario.network, CohortNetwork)
    return scenario.network


def test_the_first_month_pays_what_difficulty_and_price_make_it() -> None:
    prepared = prepare(site())
    path = build_world(prepared, 0, 8).network
    simple = prepare(load(CORSICANA, scenarios=8, overrides=COHORTS[1:]))
    other = build_world(simple, 0, 8).network
    # Unknown power prices (10 %) move the mean of a few scenarios by some per cent.
    first = path.hashprice_usd_per_ph_day[:, 0] / other.hashprice_usd_per_ph_day[:, 0]
    assert_allclose(first, 1.0, atol=0.06)
    assert abs(first.mean() - 1.0) < 0.03
    assert path.frontier_j_per_th.shape == (48,)
    assert path.efficiency_j_per_th.shape == (8, 48)


def test_a_scenario_is_the_same_in_any_block() -> None:
    prepared = prepare(site(scenarios=256))
    whole = network_path(prepared.scenario.network, draw_outlook(prepared, 0, 72))
    part = network_path(prepared.scenario.network, draw_outlook(prepared, 64, 8))
    for name in ("hashprice_usd_per_ph_day", "hashrate_eh_s", "lease_left_frac"):
        assert_array_equal(getattr(whole, name)[64:], getattr(part, name))


def test_any_number_of_threads_gives_the_same_blocks() -> None:
    prepared = prepare(site(scenarios=300))
    plans = prepared.scenario.plans[:2]

    def block(first: int, count: int) -> Block:
        return run_block(prepared, plans, first, count)

    one, two = (list(map_blocks(block, 300, threads=n)) for n in (1, 3))
    for a, b in zip(one, two, strict=True):
        for plan, other in zip(a.plans, b.plans, strict=True):
            assert_array_equal(plan.npv_usd, other.npv_usd)


@pytest.mark.slow
def test_any_number_of_threads_gives_the_same_study() -> None:
    runs = [run_study(site(scenarios=300), threads=n) for n in (1, 4)]
    for name in ("plans", "outlook", "tornado"):
        for column, values in runs[0].table(name).items():
            assert_array_equal(values, runs[1].table(name)[column])


def test_rents_fall_with_what_converts_all_over_the_world() -> None:
    prepared = prepare(site())
    set_in = build_world(prepared, 0, 8)
    drawn = draw_outlook(prepared, 0, 8)
    factor = set_in.network.lease_left_frac
    assert factor is not None
    assert_allclose(set_in.outlook.lease_index, drawn.lease_index * factor, rtol=1e-12)
    assert (np.diff(factor, axis=1) <= 0.0).all()
    assert factor[:, -1].max() < 0.99


def test_progress_scales_improvements_and_power_leaves_the_network_alone() -> None:
    scenario = site()
    network = world(scenario)
    assert with_progress(network, 1.0).world == network.world
    doubled = with_progress(network, 2.0).progress_frac_per_year
    kept = (1.0 - network.progress_frac_per_year) ** 2
    assert doubled == pytest.approx(1.0 - kept)
    prepared = prepare(scenario)
    gain = Gain.of(prepared, scenario.plans[0], scenario.plans[1], full_gain_usd=0.0)
    market = prepared.scenario.market
    dearer = replace(market, power=replace(market.power, level_usd_per_mwh=99.0))
    changed = gain._world(replace(prepared.scenario, market=dearer))
    assert changed.network is gain.world.network
    fees = replace(market.fees, level_btc_per_block=1.0)
    paid = gain._world(replace(prepared.scenario, market=replace(market, fees=fees)))
    assert paid.network is not gain.world.network


def test_a_world_file_is_read_beside_the_site_file_and_kept_with_the_run(tmp_path: Path) -> None:
    text = CORSICANA.read_text(encoding="utf-8")
    (tmp_path / "world.yaml").write_text(
        "world:\n  preset: 2025-12\n  regions:\n    Gulf: {power: 90 USD/MWh}\n", encoding="utf-8"
    )
    copy = tmp_path / "site.yaml"
    copy.write_text(text, encoding="utf-8")
    given = (*COHORTS, "market.network.world=world.yaml")
    # A value of the command line is relative to where the command runs.
    with pytest.raises(ScenarioError, match=r"world\.yaml: no such file"):
        load(copy, overrides=given)
    copy.write_text(text.replace("  network:\n", "  network:\n    world: world.yaml\n", 1),
                    encoding="utf-8")  # fmt: skip
    scenario = load(copy, scenarios=8, overrides=COHORTS)
    gulf = {c.power_usd_per_mwh for c in world(scenario).world.cohorts if c.region == "Gulf"}
    assert gulf == {90.0}
    assert str(tmp_path / "world.yaml") in scenario.sha256
    assert any(r.path == "world.regions.Gulf.power" for r in scenario.inputs)
    merged = tmp_path / "elsewhere" / "merged.yaml"
    merged.parent.mkdir()
    merged.write_text(scenario.merged_text, encoding="utf-8")
    assert world(load(merged)).world == world(scenario).world


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (("market.network.world=2025-12",), "with the model exogenous"),
        (("market.network.model=cohorts", "market.network.progress=9 %/year"), "with the model co"),
        (("market.network.model=cohorts", "market.network.world=2019-01"), "2021-01, 2024-04"),
        (("market.network.model=cohorts", "market.network.world=2021-01"), "24 months later"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(overrides: tuple[str, ...], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        load(CORSICANA, overrides=overrides)
