"""Both bounds against the lattices, and kernels against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base.checks import FloatArray
from rerack.numerics.dual import HedgedPaths, bounds, mean_and_error
from rerack.numerics.dual_shared import SharedProblem, shared_prices, shared_upper
from rerack.numerics.lattice import binomial_stopping
from rerack.numerics.lattice_pair import binomial_pair_stopping
from rerack.numerics.lsm import fit_stopping
from rerack.numerics.lsm_paths import StoppingPaths
from rerack.numerics.regression import least_squares, predict

QUARTERS = 60
RATE = 0.08


def exchange_paths(paths: int, seed: int, volatility: tuple[float, float]) -> StoppingPaths:
    """Sample 60 quarters of the right to swap mining's value Y for a conversion's X."""
    dt = 0.25
    z = np.random.default_rng(seed).standard_normal((paths, QUARTERS, 2))
    spread = np.array(volatility) * np.sqrt(dt)
    walk = np.cumsum(np.pad(spread * z - spread**2 / 2.0, ((0, 0), (1, 0), (0, 0))), axis=1)
    levels = np.exp(walk)
    discount = np.exp(-RATE * dt * np.arange(QUARTERS + 1))
    claim = ((levels[:, :, 0] - levels[:, :, 1]) * discount)[:, :, None]

    def terms(step: int) -> FloatArray:
        ratio = np.log(levels[:, step, 0] / levels[:, step, 1])
        x, y = levels[:, step, 0], levels[:, step, 1]
        gain = np.maximum(x - y, 0.0)
        return np.column_stack(
            [np.ones(paths), x, y, ratio * x, ratio * y, gain, y * ratio**2, x * ratio**2]
        )

    def hedges(step: int) -> FloatArray:
        a, b = z[:, step, 0], z[:, step, 1]
        surprises = np.column_stack([a, b, a * a - 1.0, b * b - 1.0, a * b])
        return (terms(step)[:, :, None] * surprises[:, None, :]).reshape(paths, -1)

    return StoppingPaths(
        steps=QUARTERS,
        never=np.zeros(paths),
        claim=claim,
        date_steps=np.arange(QUARTERS + 1),
        known_after=np.zeros(1, dtype=np.int64),
        basis=terms,
        hedges=hedges,
        eligible=claim[:, :, 0] > 0.0,
    )


def test_two_drivers_over_sixty_quarters_against_the_lattice() -> None:
    oracle = binomial_pair_stopping(
        start=(1.0, 1.0), volatility=(0.3, 0.2), drift=(0.0, 0.0), correlation=0.0, rate=RATE,
        horizon=QUARTERS / 4.0, steps=4 * QUARTERS, payoff=lambda x, y: x - y, exercise_every=4,
    )  # fmt: skip
    rule = fit_stopping(exchange_paths(8192, 1, (0.3, 0.2)), memory_steps=1.5).rule
    found = bounds(rule, exchange_paths(8192, 2, (0.3, 0.2)))
    low, low_se = mean_and_error(found.lower)
    high, high_se = mean_and_error(found.upper)
    assert low - 3.0 * low_se <= 1.002 * oracle
    assert high + 3.0 * high_se >= 0.998 * oracle
    assert (high - low) / high < 0.04


def test_the_pair_lattice_without_a_second_motion_is_the_single_one() -> None:
    pair = binomial_pair_stopping(
        start=(1.0, 1.0), volatility=(0.3, 1e-9), drift=(0.0, 0.0), correlation=0.0, rate=RATE,
        horizon=5.0, steps=200, payoff=lambda x, y: x - y,
    )  # fmt: skip
    single = binomial_stopping(
        start=1.0, volatility=0.3, drift=0.0, rate=RATE, horizon=5.0, steps=200,
        payoff=lambda x: x - 1.0,
    ).value  # fmt: skip
    assert pair == pytest.approx(single, abs=1e-3)


def test_least_squares_is_numpys_where_that_has_one_answer() -> None:
    rng = np.random.default_rng(3)
    design, targets = rng.standard_normal((500, 7)), rng.standard_normal((500, 3))
    ours = least_squares([design], targets)
    assert np.allclose(ours, np.linalg.lstsq(design, targets, rcond=None)[0], atol=1e-10)
    ridge = np.full(7, 40.0)
    shrunk = np.linalg.solve(design.T @ design + np.diag(ridge), design.T @ targets)
    assert np.allclose(least_squares([design], targets, ridge), shrunk, atol=1e-10)


def test_dependent_columns_are_left_out_and_the_fit_is_the_same() -> None:
    rng = np.random.default_rng(4)
    design = rng.standard_normal((200, 3))
    doubled = np.column_stack([design, design[:, 0] - design[:, 2], np.zeros(200)])
    targets = rng.standard_normal((200, 1))
    ours = predict(doubled, least_squares([doubled], targets))
    assert np.allclose(ours, predict(design, least_squares([design], targets)), atol=1e-9)


def test_one_crew_for_two_halls_has_the_price_of_the_second_best() -> None:
    """Two certain conversions of gain 5 and 3 and one slot: no joint policy has more than 5."""
    problems = [
        SharedProblem(
            hedged=HedgedPaths(never=np.zeros(4), claim=np.full((4, 1, 1), gain)),
            usage=np.ones((1, 1, 1)),
        )
        for gain in (5.0, 3.0)
    ]
    capacity = np.ones(1)
    price = shared_prices(problems, capacity)
    assert shared_upper(problems, capacity, np.zeros(1)).mean() == 8.0
    assert shared_upper(problems, capacity, price).mean() == pytest.approx(5.0, abs=0.05)
