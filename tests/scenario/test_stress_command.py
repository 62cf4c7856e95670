"""Stresses, regret and indifference on the shipped example, against what must hold."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from rerack.base.errors import InputError
from rerack.cli.commands.stress import command
from rerack.planning import FixedPlan, evaluate, keep_mining
from rerack.planning.plans import Assignment
from rerack.report.robust_figures import stress_figure
from rerack.scenario import load
from rerack.study.levers import lease_rate
from rerack.study.pipeline import prepare
from rerack.study.robustness import (
    STRESSES,
    Stressed,
    break_even_sentences,
    indifference_table,
    regret_table,
    stress_study,
    stress_table,
)
from rerack.study.robustness.shocks import STORM_HOURS, lower_hashprice, storm
from rerack.study.robustness.stress import stressed_world
from rerack.study.simulate import Prepared, build_world, fit_policies

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "examples" / "corsicana.yaml"


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """Return the shipped site on a few scenarios."""
    return prepare(load(SITE, scenarios=16))


@pytest.fixture(scope="module")
def found(prepared: Prepared) -> Stressed:
    """Return its stresses."""
    return stress_study(prepared, scenarios=16)


def by_name(found: Stressed, stress: str, plan: str) -> np.ndarray:
    """Return NPV by scenario."""
    i = [s.name for s in found.stresses].index(stress)
    j = [p.name for p in found.plans].index(plan)
    return found.npv_usd[i, j]


def test_unstressed_values_are_those_of_the_study(prepared: Prepared, found: Stressed) -> None:
    world = build_world(prepared, 0, 16)
    for j, plan in enumerate(fit_policies(prepared)):
        assert np.array_equal(found.npv_usd[0, j], evaluate(plan, world).npv_usd)


def test_dearer_or_later_conversions_never_pay(found: Stressed) -> None:
    for plan in ("convert everything now", "announced", "colocation by 2028"):
        assert (by_name(found, "capex +40 %", plan) < by_name(found, "as expected", plan)).all()
        late = by_name(found, "18 months late", plan) - by_name(found, "as expected", plan)
        assert late.mean() < 0.0


def test_a_blow_to_others_does_not_touch_mining(found: Stressed) -> None:
    base = by_name(found, "as expected", "keep mining")
    for stress in ("18 months late", "tenants fail", "GPU price halves", "capex +40 %"):
        assert np.array_equal(by_name(found, stress, "keep mining"), base)
    for stress in ("Bitcoin halves", "25 USD/PH/day", "storm week"):
        assert (by_name(found, stress, "keep mining") < base).all()


def test_a_tenant_that_fails_costs_the_plans_that_let_and_no_other(found: Stressed) -> None:
    base, failed = (
        {p.name: by_name(found, stress, p.name).mean() for p in found.plans}
        for stress in ("as expected", "tenants fail")
    )
    assert failed["keep mining"] == base["keep mining"]
    assert failed["cloud in one hall"] == base["cloud in one hall"]
    for plan in ("convert everything now", "announced", "colocation by 2028"):
        assert failed[plan] < base[plan]


def test_a_lower_hashprice_moves_difficulty_not_the_coin(prepared: Prepared) -> None:
    world = build_world(prepared, 0, 8)
    moved = lower_hashprice(world, prepared.scenario.network, usd_per_ph_day=25.0)
    assert moved.network.hashprice_usd_per_ph_day[:, 0].mean() == pytest.approx(25.0)
    for a, b in ((world.network, moved.network),):
        assert a.btc_per_ph_day * a.difficulty == pytest.approx(b.btc_per_ph_day * b.difficulty)
    paid = moved.network.btc_per_ph_day * moved.outlook.btc_price_usd
    assert paid == pytest.approx(moved.network.hashprice_usd_per_ph_day)


def test_the_storm_stands_at_the_cap_and_nowhere_else(prepared: Prepared) -> None:
    world = build_world(prepared, 0, 8)
    struck = storm(world, prepared.scenario.network)
    month = int(np.flatnonzero(world.meter.grid.month_of_year == 2)[1])
    power, before = struck.meter.power, world.meter.power
    for i in range(8):
        hours = (
            power.level[i, month]
            * power.library.hourly_usd_per_mwh[1][power.library_year[i, month]]
        )
        calm = (
            before.level[i, month]
            * before.library.hourly_usd_per_mwh[1][before.library_year[i, month]]
        )
        assert hours[336 : 336 + STORM_HOURS] == pytest.approx(9_000.0)
        rest = np.r_[0:336, 336 + STORM_HOURS : 672]
        assert hours[rest] == pytest.approx(calm[rest])
    other = np.arange(world.shape[1]) != month
    assert np.array_equal(
        struck.meter.mean_usd_per_mwh()[:, other], world.meter.mean_usd_per_mwh()[:, other]
    )


def test_regret_by_hand(found: Stressed) -> None:
    npv = np.array([[[5.0, 7.0], [8.0, 0.0]], [[1.0, 1.0], [3.0, 5.0]]])
    table = regret_table(replace(found, stresses=STRESSES[:2], plans=found.plans[:2], npv_usd=npv))
    assert table["as expected"].tolist() == [0.0, 2.0]
    assert table["Bitcoin halves"].tolist() == [3.0, 0.0]
    assert table["worst_usd"].tolist() == [3.0, 2.0]
    assert table["mean_scenario_usd"].tolist() == [1.5, 3.5]


def test_the_stress_table_costs_nothing_as_expected(found: Stressed) -> None:
    table = stress_table(found)
    base = table["stress"] == "as expected"
    assert not table["cost_usd"][base].any()
    assert not table["gain_usd"][table["plan"] == "keep mining"].any()


def test_at_the_rent_of_indifference_nothing_is_gained(prepared: Prepared) -> None:
    table = indifference_table(
        prepared, offer="shell", hashprices_usd_per_ph_day=(25.0, 45.0), power_factors=(1.0,)
    )
    assert table["rate"][0] < table["rate"][1]
    world = build_world(prepared, 0, 16)
    plan = FixedPlan(
        name="A", kind="staged", assignments=(Assignment(hall="A", use="shell", decide_month=0),)
    )
    for hashprice, rate in zip((25.0, 45.0), table["rate"], strict=True):
        offers = lease_rate(prepared.scenario, rate / table["offered"][0]).offers
        held = lower_hashprice(world, prepared.scenario.network, usd_per_ph_day=hashprice)
        held = replace(held, offers=offers, _hosting={})
        gain = evaluate(plan, held).npv_usd - evaluate(keep_mining(), held).npv_usd
        # The root is found to 0.5 % of the rent, and rent is the largest sum here.
        assert abs(gain.mean()) < 0.01 * evaluate(plan, held).npv_usd.mean()
    assert "pays in hall A from" in break_even_sentences(table)[0]


def test_an_unknown_offer_or_hall_is_named(prepared: Prepared) -> None:
    with pytest.raises(InputError, match="shell"):
        indifference_table(prepared, offer="shall")
    with pytest.raises(InputError, match="Q"):
        indifference_table(prepared, offer="shell", hall="Q")


def test_the_first_stress_must_change_nothing(prepared: Prepared) -> None:
    with pytest.raises(InputError, match="changes nothing"):
        stress_study(prepared, stresses=STRESSES[1:], scenarios=4)


def test_a_plan_within_two_standard_errors_of_the_best_is_too_close_to_tell() -> None:
    noise = np.array([1.0, -1.0, 1.0, -1.0]) * 1e6
    luck = np.array([300.0, 100.0, 500.0, 700.0]) * 1e6
    # Paired shortfalls of the others: 0.1 ± 0.58 MUSD, and 10 ± 0.58 MUSD, whatever the luck.
    npv = np.array([[luck, luck - 1e5 + noise, luck - 1e7 + noise]])
    found = Stressed(
        stresses=STRESSES[:1],
        plans=tuple(FixedPlan(name=n, kind="keep") for n in "abc"),
        npv_usd=npv,
        worst_dscr=np.full((1, 3), np.inf),
    )
    assert found.best.tolist() == [0]
    assert found.too_close.tolist() == [[False, True, False]]
    table = stress_table(found)
    assert table["too_close"].tolist() == [False, True, False]
    assert stress_figure(table)["layout"]["meta"]["title"] == (
        "“a”, too close to tell from 1 other: no stress makes another plan clearly better"
    )


def test_stressed_inputs_leave_the_study_itself_alone(prepared: Prepared) -> None:
    before = prepared.scenario.market.bitcoin.price_usd
    stressed_world(prepared, STRESSES[1], 4)
    assert prepared.scenario.market.bitcoin.price_usd == before


def test_the_command_says_what_holds_and_writes_a_page(tmp_path: Path) -> None:
    page = tmp_path / "stress.html"
    arguments = [str(SITE), "--scenarios", "8", "--report", str(page)]
    shown = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert "least worst regret" in shown.output
    assert "pays in hall A from" in shown.output
    assert max(map(len, shown.output.splitlines())) <= 100
    text = page.read_text(encoding="utf-8")
    assert re.search(r"another clearly better|no stress makes another plan clearly better", text)
    table = CliRunner().invoke(
        command, [str(SITE), "--scenarios", "8", "--table", "regret", "--csv"]
    )
    assert table.output.startswith("plan,as expected,Bitcoin halves")
