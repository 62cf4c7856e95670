"""Published values of stopping problems: Longstaff-Schwartz, Dixit-Pindyck, McDonald-Siegel."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from rerack.base.checks import FloatArray
from rerack.numerics.dual import Bounds, bounds, mean_and_error
from rerack.numerics.lattice import binomial_stopping
from rerack.numerics.lattice_pair import binomial_pair_stopping
from rerack.numerics.lsm import fit_stopping
from rerack.numerics.lsm_paths import StoppingPaths

STRIKE, RATE, DATES = 40.0, 0.06, 50
#: Start, volatility, years and value of Longstaff and Schwartz 2001, table 1. The paper's "finite
#: difference American" is the value with 50 dates a year; these are that Bermudan's, to 4 digits.
TABLE = [
    (36.0, 0.2, 1.0, 4.4779),
    (36.0, 0.2, 2.0, 4.8403),
    (36.0, 0.4, 1.0, 7.1015),
    (36.0, 0.4, 2.0, 8.5069),
    (40.0, 0.2, 1.0, 2.3140),
    (40.0, 0.2, 2.0, 2.8846),
    (40.0, 0.4, 1.0, 5.3118),
    (40.0, 0.4, 2.0, 6.9170),
]


def normal_cdf(x: FloatArray) -> FloatArray:
    return np.asarray([0.5 * math.erfc(-v / math.sqrt(2.0)) for v in x])


def put_paths(
    start: float, volatility: float, years: float, *, dates: int, paths: int, seed: int
) -> StoppingPaths:
    """Sample a Bermudan put; the shape of a European delta and gamma multiplies the shocks."""
    dt = years / dates
    z = np.random.default_rng(seed).standard_normal((paths, dates))
    steps = (RATE - volatility**2 / 2.0) * dt + volatility * math.sqrt(dt) * z
    log_price = math.log(start) + np.cumsum(np.pad(steps, ((0, 0), (1, 0))), axis=1)
    relative = np.exp(log_price) / STRIKE
    discount = np.exp(-RATE * dt * np.arange(dates + 1))
    claim = (STRIKE * np.maximum(1.0 - relative, 0.0) * discount)[:, 1:, None]

    def basis(step: int) -> FloatArray:
        u = relative[:, step] - 1.0
        pays = np.maximum(-u, 0.0)
        return np.column_stack([np.ones(paths), u, u**2, u**3, pays, pays**2])

    def hedges(step: int) -> FloatArray:
        left = years - step * dt
        spread = volatility * math.sqrt(left)
        x = relative[:, step]
        d1 = (np.log(x) + (RATE + volatility**2 / 2.0) * left) / spread
        bell = np.exp(-(d1**2) / 2.0)
        shape = np.column_stack(
            [np.ones(paths), normal_cdf(-d1) * x, x * (x < 0.9), bell, x, (x - 1.0) ** 2, bell * d1]
        )
        shock = z[:, [step]]
        return np.hstack([shape * shock, shape * (shock**2 - 1.0)])

    return StoppingPaths(
        steps=dates,
        never=np.zeros(paths),
        claim=claim,
        date_steps=np.arange(1, dates + 1),
        known_after=np.zeros(1, dtype=np.int64),
        basis=basis,
        hedges=hedges,
        eligible=claim[:, :, 0] > 0.0,
    )


def solve(start: float, volatility: float, years: float, *, dates: int) -> Bounds:
    draw = partial(put_paths, start, volatility, years, dates=dates)
    rule = fit_stopping(draw(paths=8192, seed=1)).rule
    return bounds(rule, draw(paths=8192, seed=2))


@pytest.mark.parametrize(("start", "volatility", "years", "value"), TABLE)
def test_lattice_gives_the_longstaff_schwartz_table(
    start: float, volatility: float, years: float, value: float
) -> None:
    steps = int(1000 * years)
    found = binomial_stopping(
        start=start,
        volatility=volatility,
        drift=RATE,
        rate=RATE,
        horizon=years,
        steps=steps,
        payoff=lambda x: STRIKE - x,
        exercise_every=steps // int(DATES * years),
    ).value
    assert found == pytest.approx(value, abs=0.003)


@pytest.mark.parametrize(("start", "volatility", "years", "value"), TABLE[::3])
def test_bounds_bracket_the_longstaff_schwartz_table(
    start: float, volatility: float, years: float, value: float
) -> None:
    found = solve(start, volatility, years, dates=int(DATES * years))
    low, low_se = mean_and_error(found.lower)
    high, high_se = mean_and_error(found.upper)
    assert low - 3.0 * low_se <= value <= high + 3.0 * high_se
    assert (found.lower <= found.upper + 1e-9).all()
    assert (high - low) / high < 0.015
    # A rule fitted by regression loses little: the lower bound is as good as the paper's own.
    assert low > 0.994 * value


def test_the_american_value_is_above_fifty_dates_a_year() -> None:
    put = partial(
        binomial_stopping, start=36.0, volatility=0.2, drift=RATE, rate=RATE, horizon=1.0,
        steps=1000, payoff=lambda x: STRIKE - x,
    )  # fmt: skip
    assert put(exercise_every=20).value == pytest.approx(4.4779, abs=0.002)
    assert put(exercise_every=1).value == pytest.approx(4.4867, abs=0.002)


@pytest.mark.parametrize(("volatility", "trigger"), [(0.2, 2.0), (0.3, 2.7631)])
def test_lattice_gives_dixit_and_pindyck(volatility: float, trigger: float) -> None:
    invest = partial(
        binomial_stopping, volatility=volatility, drift=0.0, rate=0.04, horizon=100.0, steps=8000,
        payoff=lambda v: v - 1.0,
    )  # fmt: skip
    beta = trigger / (trigger - 1.0)
    assert invest(start=1.0).value == pytest.approx((trigger - 1.0) * trigger**-beta, abs=0.002)
    assert not invest(start=0.96 * trigger).stops_at_start
    assert invest(start=1.02 * trigger).stops_at_start


def test_lattice_of_two_gives_mcdonald_and_siegel() -> None:
    """Value 0.2253 of V at V = F; discounting cancels in an exchange, so the rate is put at 0."""
    found = binomial_pair_stopping(
        start=(1.0, 1.0),
        volatility=(0.2, 0.2),
        drift=(-0.1, -0.1),
        correlation=0.0,
        rate=0.0,
        horizon=40.0,
        steps=320,
        payoff=lambda v, f: v - f,
    )
    assert found == pytest.approx(0.2253, abs=0.003)
