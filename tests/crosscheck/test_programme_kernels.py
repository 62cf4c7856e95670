"""Compiled kernels of programmes against their plain twins, and the search against brute force."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from rerack.dispatch.commitment import BoolArray, States, Switch, start_cost_usd, starts_of
from rerack.dispatch.commitment_kernel import path_kernel, path_plain
from rerack.dispatch.commitment_search import choose
from rerack.dispatch.flexible_fill_kernel import (
    fill_kernel,
    fill_plain,
    limit_slopes_kernel,
    limit_slopes_plain,
)


@pytest.mark.parametrize("seed", range(5))
def test_filling_equals_its_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    value, width = rng.normal(50.0, 40.0, (200, 7)), rng.exponential(20.0, (200, 7))
    supply = rng.uniform(-5.0, 160.0, 200)
    ours, theirs = np.empty_like(value), np.empty_like(value)
    fill_kernel(value, width, supply, ours)
    fill_plain(value, width, supply, theirs)
    assert ours == pytest.approx(theirs, abs=1e-11)
    filled = np.minimum(np.maximum(supply, 0.0), width.sum(axis=1))
    assert ours.sum(axis=1) == pytest.approx(filled)


@pytest.mark.parametrize("seed", range(5))
def test_slopes_equal_their_twin_and_the_gain_of_one_mw_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    value, width = rng.normal(50.0, 40.0, (60, 5)), rng.exponential(20.0, (60, 5))
    supply, price = rng.uniform(-10.0, 20.0, 60), rng.normal(40.0, 20.0, 60)
    limit = rng.uniform(20.0, 120.0, 60)
    ours = np.empty((2, *value.shape))
    theirs = np.empty_like(ours)
    limit_slopes_kernel(value, width, supply, price, limit, ours[0], ours[1])
    limit_slopes_plain(value, width, supply, price, limit, theirs[0], theirs[1])
    assert ours == pytest.approx(theirs, abs=1e-11)
    assert (ours[1] >= 0.0).all()

    def worth(import_mw: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        # Import up to the level, bought only where a use is worth its price.
        uses = np.column_stack([value, price])
        room = np.column_stack([width, np.full(60, 1e6)])
        amount = np.empty_like(uses)
        fill_plain(uses, room, supply + np.minimum(import_mw, limit), amount)
        return np.asarray((uses * amount).sum(axis=1) - price * np.minimum(import_mw, limit))

    for level in (25.0, 45.0):
        slope = np.where(ours[0] > level, ours[1], 0.0).sum(axis=1)
        step = 1e-6
        near = np.abs(ours[0] - level).min(axis=1) < 1e-3
        gain = (worth(level + step) - worth(level)) / step
        assert gain[~near] == pytest.approx(slope[~near], abs=1e-2)


SWITCHES = (
    Switch(name="call", is_call=True, max_hours=2, limit_hours=3, limit_starts=2),
    Switch(name="other call", is_call=True, max_hours=1, limit_hours=1, limit_starts=1),
    Switch(name="set", is_call=False, start_usd=4.0, min_hours=2, limit_hours=5),
)


def keeps_limits(on: BoolArray) -> bool:
    """Say by counting, not by states, whether a choice is allowed."""
    if (on[:, :2].sum(axis=1) > 1).any():
        return False
    for i, switch in enumerate(SWITCHES):
        runs = "".join("1" if x else "0" for x in on[:, i]).split("0")
        lengths = [len(r) for r in runs if r]
        ended = lengths[:-1] if on[-1, i] else lengths
        if any(n < switch.min_hours for n in ended):
            return False
        if switch.max_hours is not None and any(n > switch.max_hours for n in lengths):
            return False
        if switch.limit_hours is not None and sum(lengths) > switch.limit_hours:
            return False
        if switch.limit_starts is not None and len(lengths) > switch.limit_starts:
            return False
    return True


@pytest.mark.parametrize("seed", range(6))
def test_paths_equal_their_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    states = States.of(SWITCHES)
    reward = rng.normal(0.0, 5.0, (50, len(states.config_on)))
    cost = states.starts @ np.array([1.0, 2.0, 4.0])
    ours, theirs = np.empty(50, np.int64), np.empty(50, np.int64)
    shape = (states.config, states.first, states.before, cost)
    total = path_kernel(reward, *shape, ours)
    assert total == pytest.approx(path_plain(reward, *shape, theirs))
    assert (ours == theirs).all()
    on = states.config_on[states.config[ours]]
    earned = reward[np.arange(50), states.config[ours]].sum()
    assert total == pytest.approx(earned - starts_of(on) @ [1.0, 2.0, 4.0])


@pytest.mark.parametrize("seed", range(6))
def test_the_search_is_bounded_by_brute_force_and_near_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    states = States.of(SWITCHES)
    gains = rng.normal(2.0, 5.0, (5, 3))
    reward = gains @ states.config_on.T.astype(float)
    best = 0.0
    for bits in product((False, True), repeat=15):
        on = np.array(bits).reshape(5, 3)
        if keeps_limits(on):
            best = max(best, float((gains * on).sum()) - start_cost_usd(SWITCHES, on))
    found = choose(SWITCHES, states, reward)
    assert keeps_limits(found.on)
    value = float((gains * found.on).sum()) - start_cost_usd(SWITCHES, found.on)
    assert found.value_usd == pytest.approx(value)
    assert value <= best + 1e-9 <= found.bound_usd + 2e-9
    assert value >= 0.8 * best
