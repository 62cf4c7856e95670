"""The decomposition finds what the extensive form finds; both find what trying everything finds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from rerack.base.checks import FloatArray
from rerack.planning.portfolio import (
    Choice,
    CompanyLimits,
    Portfolio,
    build_tree,
    shared_rows,
    solve_columns,
    solve_extensive,
    solve_portfolio,
)
from rerack.planning.portfolio.stopping import best_stopping, near_best

MUSD = 1e6


def portfolio(seed: int, *, stages: int = 3, groups: int = 4, most: int = 3) -> Portfolio:
    """Return a random portfolio on a tree of two branches a stage."""
    rng = np.random.default_rng(seed)
    signals = rng.normal(size=(16 * 2 ** (stages - 1), stages, 2)).cumsum(axis=1)
    tree = build_tree([12 * i for i in range(stages)], signals, (2, 1))
    choices = []
    for g in range(groups):
        count = int(rng.integers(1, most + 1))
        for offer in ("shell", "cloud"):
            gain = rng.normal(30.0, 60.0, size=(tree.leaves.size, stages)) * MUSD
            choices.append(
                Choice(
                    company="north" if g % 2 else "south",
                    site=f"site {g}",
                    hall="A",
                    offer=offer,
                    count=count,
                    critical_mw=float(rng.integers(20, 80)),
                    capex_usd=float(rng.integers(50, 300)) * MUSD,
                    lead_months=int(rng.integers(6, 30)),
                    gain_usd=gain,
                    open_stage=rng.random(stages) > 0.1,
                )
            )
    limits = {
        name: CompanyLimits(
            budget_usd=tuple(rng.uniform(50.0, 400.0, stages) * MUSD),
            crews=int(rng.integers(1, 3)),
        )
        for name in ("north", "south")
    }
    return Portfolio(tree=tree, choices=tuple(choices), companies=limits, offer_mw={"shell": 120.0})


def assert_feasible(given: Portfolio, decide: FloatArray) -> None:
    """Check a policy against the words of the limits, not against the rows made of them."""
    tree = given.tree
    assert np.array_equal(decide, np.round(decide))
    for node in range(tree.nodes):
        line = tree.ancestors(node)
        now = tree.months[tree.stage[node]]
        for group in given.groups:
            assert decide[np.ix_(group, line)].sum() <= given.count(group)
        for name, limits in given.companies.items():
            spent, crews = 0.0, 0.0
            for k, choice in enumerate(given.choices):
                for at in line:
                    if choice.company == name:
                        spent += decide[k, at] * choice.capex_usd
                        since = now - tree.months[tree.stage[at]]
                        crews += decide[k, at] * (since < choice.lead_months)
            assert spent <= sum(limits.budget_usd[: tree.stage[node] + 1]) + 1.0
            assert limits.crews is None or crews <= limits.crews
        taken = sum(
            decide[k, at] * choice.critical_mw
            for k, choice in enumerate(given.choices)
            for at in line
            if choice.offer == "shell"
        )
        assert taken <= given.offer_mw["shell"] + 1e-9
    for k, choice in enumerate(given.choices):
        assert not decide[k, ~choice.open_stage[tree.stage]].any()


@pytest.mark.parametrize("seed", range(20))
def test_decomposition_equals_the_extensive_form(seed: int) -> None:
    given = portfolio(seed)
    whole = solve_extensive(given, gap_frac=1e-10)
    parts = solve_columns(given, gap_frac=1e-10).solution
    assert whole.gap_frac <= 1e-8
    assert parts.objective_usd == pytest.approx(whole.objective_usd, rel=1e-8)
    assert parts.bound_usd == pytest.approx(whole.objective_usd, rel=1e-8)
    assert_feasible(given, whole.decide)
    assert_feasible(given, parts.decide)


@pytest.mark.parametrize("seed", range(8))
def test_both_equal_trying_everything(seed: int) -> None:
    given = portfolio(seed, stages=2, groups=2, most=1)
    tree = given.tree
    gain = given.node_gain_usd()
    ways = []
    for group in given.groups:
        policies = near_best(
            np.where(np.isfinite(gain[group]), 0.0, -np.inf), tree.parent, slack=0.0, most=10_000
        )
        assert policies is not None
        ways.append([(group, p) for p in policies])
    best = 0.0
    rows = shared_rows(given)
    for mix in itertools.product(*ways):
        decide = np.zeros(gain.shape)
        for group, policy in mix:
            decide[group] = policy
        used = np.bincount(
            rows.row, rows.use * decide[rows.choice, rows.node], minlength=rows.count
        )
        if (used <= rows.capacity + 1e-9).all():
            worth = (np.where(decide > 0, gain, 0.0).sum(axis=0) * tree.probability_frac).sum()
            best = max(best, float(worth))
    assert solve_portfolio(given, gap_frac=1e-10).solution.objective_usd == pytest.approx(best)


def test_one_hall_stops_as_trying_every_rule_says() -> None:
    rng = np.random.default_rng(5)
    parent = np.array([-1, 0, 0, 1, 1, 2, 2])
    for _ in range(50):
        worth = rng.normal(size=(2, 7))
        every = near_best(np.zeros((2, 7)), parent, slack=0.0, most=10_000)
        assert every is not None
        best = max(float((worth * p).sum()) for p in every)
        value, decide = best_stopping(worth, parent)
        assert value == pytest.approx(best)
        assert (worth * decide).sum() == pytest.approx(best)


def test_prices_leave_no_policy_that_gains_more() -> None:
    given = portfolio(3)
    found = solve_columns(given)
    rows = shared_rows(given)
    assert (found.price >= 0.0).all()
    assert float(found.price @ rows.capacity) * MUSD <= found.solution.bound_usd * 2.0
    assert found.rounds > 1
