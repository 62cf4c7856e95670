"""Laws of a portfolio: more never hurts, information is worth something, trees keep chance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.assets.operating_points import RATED, HallOperation, OperatingPoint
from rerack.base.errors import InputError
from rerack.planning.portfolio import (
    Choice,
    CompanyLimits,
    Portfolio,
    build_tree,
    information_value,
    site_values,
    solve_extensive,
)
from rerack.planning.portfolio.values import like_halls
from rerack.scenario import load
from rerack.study.pipeline import prepare
from rerack.study.simulate import build_world

SITE = Path(__file__).resolve().parents[2] / "examples" / "corsicana.yaml"


def _portfolio(seed: int, branches: tuple[int, int] = (2, 1)) -> Portfolio:
    rng = np.random.default_rng(seed)
    tree = build_tree([0, 12, 24], rng.normal(size=(160, 3, 2)).cumsum(axis=1), branches)
    choices = tuple(
        Choice(
            company="one",
            site="site",
            hall=f"hall {h}",
            offer="shell",
            count=2,
            critical_mw=50.0,
            capex_usd=1e8 * (1 + h),
            lead_months=18,
            gain_usd=rng.normal(1e7, 5e7, size=(tree.leaves.size, 3)),
            open_stage=np.ones(3, dtype=np.bool_),
        )
        for h in range(3)
    )
    limits = {"one": CompanyLimits(budget_usd=(2e8, 1e8, 1e8), crews=2)}
    return Portfolio(tree=tree, choices=choices, companies=limits, offer_mw={"shell": 150.0})


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_more_capital_crews_or_tenant_never_lose(seed: int) -> None:
    base = _portfolio(seed)
    value = solve_extensive(base, gap_frac=1e-10).objective_usd
    wider = (
        replace(base, companies={"one": CompanyLimits(budget_usd=(4e8, 1e8, 1e8), crews=2)}),
        replace(base, companies={"one": CompanyLimits(budget_usd=(2e8, 1e8, 1e8), crews=3)}),
        replace(base, offer_mw={"shell": 200.0}),
        replace(base, offer_mw={}),
    )
    for more in wider:
        assert solve_extensive(more, gap_frac=1e-10).objective_usd >= value - 1.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_reacting_lies_between_fixed_dates_and_foresight(seed: int) -> None:
    base = _portfolio(seed)
    known = information_value(base, solve_extensive(base, gap_frac=1e-10), gap_frac=1e-10)
    assert known.stochastic_solution_usd >= -1.0
    assert known.perfect_information_usd >= -1.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_a_site_alone_gains_no_less_and_the_same_where_nothing_is_shared(seed: int) -> None:
    base = _portfolio(seed)
    sites = tuple(replace(c, site=f"site {i}") for i, c in enumerate(base.choices))
    shared = replace(base, choices=sites)
    free = replace(shared, companies={"one": CompanyLimits()}, offer_mw={})
    for portfolio in (shared, free):
        solution = solve_extensive(portfolio, gap_frac=1e-10)
        found = site_values(portfolio, solution, gap_frac=1e-10)
        together = sum(v.together_usd for v in found)
        assert together == pytest.approx(solution.objective_usd, abs=1.0)
        assert all(v.alone_usd >= v.together_usd - 1.0 for v in found)
    assert sum(v.alone_usd for v in found) == pytest.approx(together, abs=1.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 3))
def test_a_tree_keeps_its_chance_and_places_its_own_paths(seed: int, high: int, wide: int) -> None:
    rng = np.random.default_rng(seed)
    signals = rng.normal(size=(8 * (high * wide) ** 2 + 11, 3, 2))
    tree = build_tree([0, 6, 12], signals, (high, wide))
    assert tree.probability_frac[tree.leaves].sum() == pytest.approx(1.0)
    for node in range(tree.nodes):
        below = tree.children(node)
        if below.size:
            assert tree.probability_frac[below].sum() == pytest.approx(tree.probability_frac[node])
    placed = tree.place(signals)
    assert np.array_equal(placed[:, -1], tree.leaf_of_path)
    assert np.array_equal(tree.parent[placed[:, 2]], placed[:, 1])


def test_without_branches_there_is_nothing_to_react_to() -> None:
    base = _portfolio(4, branches=(1, 1))
    known = information_value(base, solve_extensive(base, gap_frac=1e-10))
    assert known.stochastic_solution_usd == pytest.approx(0.0, abs=1.0)
    assert known.perfect_information_usd == pytest.approx(0.0, abs=1.0)


def test_scenarios_that_do_not_differ_are_not_told_apart() -> None:
    """A market without chance in its lease rates once ended in an IndexError."""
    signals = np.random.default_rng(3).normal(size=(400, 3, 2))
    signals[:, :, 1] = 0.1
    with pytest.raises(InputError, match=r"branches\.lease"):
        build_tree([0, 12, 24], signals, (2, 2))
    assert build_tree([0, 12, 24], signals, (2, 1)).nodes == 7


def test_halls_that_are_run_otherwise_are_not_alike() -> None:
    prepared = prepare(load(SITE))
    world = build_world(prepared, 0, 64)
    assert [[h.name for h in halls] for halls in like_halls(world)] == [["A", "H"], list("BCDEFG")]
    slow = HallOperation(
        hall="C", points=(RATED, OperatingPoint(power_frac=0.7, hashrate_frac=0.8))
    )
    apart = replace(world, power=replace(world.power, operations={"C": slow}))
    assert [h.name for h in like_halls(apart)[1]] == list("BDEFG")
