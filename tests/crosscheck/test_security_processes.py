"""Decision process and race kernel against enumeration, closed forms and plain Python."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from rerack.base.errors import InputError, SolverError
from rerack.numerics import mdp_kernel
from rerack.numerics.mdp import RatioProcess, best_ratio
from rerack.security import majority_double_spend, selfish_revenue, simulate_majority
from rerack.security.majority_kernel import race
from rerack.security.selfish_mdp import (
    ADOPT,
    MATCH,
    OVERRIDE,
    WAIT,
    action_names,
    selfish_process,
    state_index,
)


def random_process(rng: np.random.Generator, states: int = 4, actions: int = 3) -> RatioProcess:
    """Return a process in which any state may follow any other."""
    count = states * actions
    probability = rng.dirichlet(np.ones(states), size=count)
    return RatioProcess(
        state_start=np.arange(states + 1) * actions,
        action_start=np.arange(count + 1) * states,
        outcome_state=np.tile(np.arange(states), count),
        outcome_prob=probability.ravel(),
        gain=rng.normal(size=count),
        weight=rng.uniform(0.1, 1.0, size=count),
    )


def ratio_of(process: RatioProcess, policy: np.ndarray) -> float:
    """Return gain per weight by solving for the stationary distribution."""
    states = policy.size
    P = process.outcome_prob.reshape(-1, states)[policy]
    system = np.vstack([P.T - np.eye(states), np.ones(states)])
    at = np.linalg.lstsq(system, np.r_[np.zeros(states), 1.0], rcond=None)[0]
    return float(at @ process.gain[policy] / (at @ process.weight[policy]))


@pytest.mark.parametrize("seed", range(12))
def test_best_ratio_is_the_best_of_all_policies(seed: int) -> None:
    process = random_process(np.random.default_rng(seed))
    every = itertools.product(*(range(3 * s, 3 * s + 3) for s in range(4)))
    best = max(ratio_of(process, np.array(policy)) for policy in every)
    found = best_ratio(process)
    assert found.ratio == pytest.approx(best, abs=1e-9)
    assert ratio_of(process, found.action) == pytest.approx(best, abs=1e-9)


def test_kernels_equal_their_plain_python() -> None:
    process = random_process(np.random.default_rng(99))
    compiled, plain = np.zeros(4), np.zeros(4)
    policies = np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.int64)
    arrays = (process.action_start, process.outcome_state, process.outcome_prob)
    for _ in range(5):
        a = mdp_kernel.improve(process.state_start, *arrays, process.gain, compiled, policies[0])
        b = mdp_kernel.improve.py_func(  # type: ignore[attr-defined]
            process.state_start, *arrays, process.gain, plain, policies[1]
        )
        assert a == pytest.approx(b, abs=1e-15)
    assert compiled == pytest.approx(plain, abs=1e-14)
    assert (policies[0] == policies[1]).all()
    mdp_kernel.evaluate(*arrays, process.weight, policies[0], compiled)
    mdp_kernel.evaluate.py_func(  # type: ignore[attr-defined]
        *arrays, process.weight, policies[1], plain
    )
    assert compiled == pytest.approx(plain, abs=1e-14)


def test_a_process_that_never_returns_is_refused() -> None:
    stuck = RatioProcess(
        state_start=np.array([0, 1, 2]),
        action_start=np.array([0, 1, 2]),
        outcome_state=np.array([1, 1]),
        outcome_prob=np.ones(2),
        gain=np.array([0.0, 1.0]),
        weight=np.ones(2),
    )
    with pytest.raises(SolverError):
        best_ratio(stuck)
    with pytest.raises(InputError, match="add up to 1"):
        RatioProcess(
            state_start=np.array([0, 1]),
            action_start=np.array([0, 1]),
            outcome_state=np.array([0]),
            outcome_prob=np.array([0.9]),
            gain=np.ones(1),
            weight=np.ones(1),
        )


def sm1_action(a: int, h: int, fork: int, names: set[int]) -> int:
    """Return what Eyal and Sirer's rule does in a state."""
    if a + h == 0:
        return WAIT
    if a < h:
        return ADOPT
    if a == h + 1 and h >= 1:
        return OVERRIDE
    if MATCH in names:
        return MATCH
    if WAIT in names:
        return WAIT
    return OVERRIDE if OVERRIDE in names else ADOPT


# Shares at which leads of 80 blocks are rarer than the tolerance; at 0.35 they are not.
@pytest.mark.parametrize(("alpha", "gamma"), [(0.2, 0.0), (0.3, 0.0), (0.3, 0.5), (0.25, 1.0)])
def test_sm1_played_in_the_process_earns_its_closed_form(alpha: float, gamma: float) -> None:
    T = 80
    process, names = selfish_process(alpha, gamma, T), action_names(T)
    policy = np.zeros(process.state_start.size - 1, dtype=np.int64)
    for a, h, fork in itertools.product(range(T + 1), range(T + 1), range(3)):
        state = state_index(a, h, fork, T)
        options = range(process.state_start[state], process.state_start[state + 1])
        wanted = sm1_action(a, h, fork, {int(names[k]) for k in options})
        policy[state] = next(k for k in options if names[k] == wanted)
    totals = []
    for rate in (process.gain, process.weight):
        value = np.zeros(policy.size)
        arrays = (process.action_start, process.outcome_state, process.outcome_prob)
        while mdp_kernel.evaluate(*arrays, rate, policy, value) > 1e-12:
            pass
        totals.append(value[0])
    assert totals[0] / totals[1] == pytest.approx(selfish_revenue(alpha, gamma), abs=1e-7)
    assert selfish_revenue(alpha, gamma, "optimal", truncation=T) >= totals[0] / totals[1] - 1e-9


def test_every_state_has_its_own_number() -> None:
    for T in (2, 5, 9):
        numbers = {
            state_index(a, h, f, T) for a in range(T + 1) for h in range(T + 1) for f in (0, 1, 2)
        }
        assert numbers == set(range(3 * (T + 1) ** 2))


@pytest.mark.parametrize(("e", "ratio"), [(1, 1.1), (2, 1.5), (6, 1.25), (6, 3.0), (30, 1.25)])
def test_majority_closed_form_equals_simulation(e: int, ratio: float) -> None:
    found = simulate_majority(e, ratio, races=20_000, seed=11)
    exact = majority_double_spend(e, ratio).mean_intervals
    assert abs(found.mean_intervals - exact) < 4 * found.standard_error


def test_race_kernel_equals_its_plain_python() -> None:
    compiled, plain = np.empty(200), np.empty(200)
    race(3, 1.4, np.random.default_rng(5), compiled)
    race.py_func(3, 1.4, np.random.default_rng(5), plain)  # type: ignore[attr-defined]
    assert compiled == pytest.approx(plain, rel=1e-14)


@pytest.mark.parametrize(("e", "ratio"), [(1, 1.5), (144, 1.02), (1_100, 1.05), (20_000, 1.01)])
def test_majority_closed_form_equals_the_law_of_scipy(e: int, ratio: float) -> None:
    k = np.arange(e + 1)
    law = stats.nbinom.pmf(k, e, 1.0 / (1.0 + ratio))
    expected = e + ((e + 1 - k) * law).sum() / (ratio - 1.0)
    assert majority_double_spend(e, ratio).mean_intervals == pytest.approx(expected, rel=1e-9)
