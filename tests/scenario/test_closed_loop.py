"""The loop of plans and network, closed: agreement, feedback, starts, threads, the command."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.testing import assert_allclose, assert_array_equal

from rerack.base.errors import InputError
from rerack.cli.main import cli
from rerack.network import CohortNetwork
from rerack.network.world import world_of
from rerack.planning import Plan, PolicyPlan
from rerack.scenario import Scenario, load
from rerack.study import open_run
from rerack.study.loop import Loop, equilibria, loop_network
from rerack.study.pipeline import prepare
from rerack.study.simulate import Prepared
from rerack.study.tables.loop import loop_tables

ROOT = Path(__file__).resolve().parents[2]
CORSICANA = ROOT / "examples" / "corsicana.yaml"
SHORT = ("study.horizon=12 years",)


def small(*overrides: str) -> Scenario:
    return load(CORSICANA, scenarios=8, overrides=(*SHORT, *overrides))


@pytest.fixture(scope="module")
def loop() -> Loop:
    prepared = prepare(small())
    return Loop(prepared, known(prepared), loop_network(prepared), 1)


def known(prepared: Prepared) -> tuple[Plan, ...]:
    """Return the plans that need no fitting."""
    return tuple(p for p in prepared.scenario.plans if not isinstance(p, PolicyPlan))


def vertex(loop: Loop, name: str) -> np.ndarray:
    return np.array([float(p.name == name) for p in loop.plans])


def test_more_exits_help_those_who_stay_and_hurt_those_who_leave(loop: Loop) -> None:
    values = [
        loop.respond(np.array([1.0 - x, x, *[0.0] * (len(loop.plans) - 2)])).npv_usd
        for x in (0.0, 0.25, 0.5, 1.0)
    ]
    keep, gain = [v[0] for v in values], [v[1] - v[0] for v in values]
    assert keep == sorted(keep)
    assert keep[-1] > 1.01 * keep[0]
    assert gain == sorted(gain, reverse=True)


def test_plans_that_wait_and_see_settle_with_the_network(loop: Loop) -> None:
    response = loop.respond(vertex(loop, "wait for a clear lead"))
    assert 1 < response.sweeps < 40
    assert response.unsettled_mw <= 0.5


def test_in_equilibrium_no_site_gains_by_another_plan_and_it_is_one(loop: Loop) -> None:
    found = equilibria(loop)
    assert sum(len(e.starts) for e in found) == len(loop.plans)
    assert len(found) == 1
    for e in found:
        again = loop.respond(e.found.shares).npv_usd
        regret = float(e.found.shares @ (again.max() - again))
        assert regret == pytest.approx(e.found.residual)
        assert regret <= 1e-3 * np.abs(again).max()


def two_plans(rent_musd: float) -> Loop:
    rent = f"offers.shell.rate={rent_musd} MUSD/MW-year critical"
    prepared = prepare(load(CORSICANA, scenarios=8, overrides=("study.horizon=6 years", rent)))
    return Loop(prepared, prepared.scenario.plans[:2], loop_network(prepared), 1)


def gap_usd(loop: Loop, leaving: float) -> float:
    value = loop.respond(np.array([1.0 - leaving, leaving])).npv_usd
    return float(value[1] - value[0])


def test_two_plans_meet_where_a_bisection_by_hand_finds_them() -> None:
    # A rent signed now pays the same whoever follows, so the gap is linear in it: half-way between
    # "all gain" and "none gains" sites must divide.
    middles = [np.mean([gap_usd(two_plans(r), x) for x in (0.0, 1.0)]) for r in (1.5, 2.5)]
    loop = two_plans(round(float(1.5 - middles[0] / (middles[1] - middles[0])), 6))
    assert gap_usd(loop, 0.0) > 0.0 > gap_usd(loop, 1.0)
    low, high = 0.0, 1.0
    for _ in range(10):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if gap_usd(loop, middle) > 0.0 else (low, middle)
    found = equilibria(loop)
    assert len(found) == 1
    assert found[0].starts == ("keep mining", "convert everything now")
    share = float(found[0].found.shares[1])
    assert_allclose(share, 0.5 * (low + high), atol=0.02)
    assert abs(gap_usd(loop, share)) <= 2e-3 * np.abs(found[0].found.values).max()


def test_any_number_of_threads_gives_the_same_tables() -> None:
    prepared = prepare(small())
    one, two = (loop_tables(prepared, prepared.scenario.plans[:3], threads=n) for n in (1, 3))
    for name, table in one.items():
        for column, values in table.items():
            assert_array_equal(values, two[name][column], err_msg=f"{name}.{column}")


def test_the_calculator_errs_by_the_difference_to_the_loop() -> None:
    prepared = prepare(small())
    tables = loop_tables(prepared, prepared.scenario.plans[:3], threads=1)
    table = tables["calculator"]
    assert table["method"].tolist()[:2] == ["closed loop", "this study, open"]
    assert (table["keep_error_usd"][0], table["delta_error_usd"][0]) == (0.0, 0.0)
    assert_allclose(table["delta_error_usd"], table["delta_usd"] - table["delta_usd"][0])
    typed = table["method"] == "typed-in growth"
    # The faster difficulty is said to grow, the less mining on is said to be worth.
    assert (np.diff(table["keep_npv_usd"][typed]) < 0.0).all()
    in_loop = tables["loop"]
    k = in_loop["plan"].tolist().index(table["plan"][0])
    assert table["delta_usd"][0] == pytest.approx(in_loop["delta_usd"][k])


def test_a_world_in_which_nobody_converts_has_no_loop() -> None:
    prepared = prepare(small())
    world = world_of("2021-01")
    with pytest.raises(InputError, match="nobody converts"):
        Loop(prepared, known(prepared), CohortNetwork(world=world), 1)


def test_the_command_prints_the_loop_keeps_its_tables_and_draws_it(tmp_path: Path) -> None:
    words = ["run", str(CORSICANA), "--scenarios", "8", "--closed-loop", "--out", str(tmp_path),
             "--set", SHORT[0]]  # fmt: skip
    done = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert done.exit_code == 0
    for text in ("Closed loop", "equilibrium from 7 starts", "typed-in growth, 42 % a year"):
        assert text in done.output
    page = next(tmp_path.glob("*/report.html")).read_text(encoding="utf-8")
    assert "If every site alike did the same" in page
    rows = open_run("latest", tmp_path).table("loop_starts")
    assert {"keep mining", "convert everything now"} <= set(rows["start"].tolist())
    assert (rows["residual_frac"] <= 1e-3).all()
