"""A Bermudan put by QuantLib's finite differences, by the lattice, and between both bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rerack.base.checks import FloatArray
from rerack.numerics.dual import bounds, mean_and_error
from rerack.numerics.lattice import binomial_stopping
from rerack.numerics.lsm import fit_stopping
from rerack.numerics.lsm_paths import StoppingPaths

ql = pytest.importorskip("QuantLib", reason="QuantLib is not installed")

STRIKE, START, RATE, VOLATILITY, DATES = 40.0, 38.0, 0.05, 0.3, 12
#: Hedges a month: a hedge that is held for a month follows a bent value badly.
HEDGES = 6


def quantlib_value() -> float:
    """Return the value of a put that may be exercised at the end of each of twelve months."""
    today = ql.Date(1, 1, 2026)
    ql.Settings.instance().evaluationDate = today
    count = ql.Actual365Fixed()
    # Thirty days a step, so that the dates are as evenly spaced as the paths'.
    dates = [today + 30 * k for k in range(1, DATES + 1)]
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(START)),
        ql.YieldTermStructureHandle(ql.FlatForward(today, 0.0, count)),
        ql.YieldTermStructureHandle(ql.FlatForward(today, RATE, count)),
        ql.BlackVolTermStructureHandle(
            ql.BlackConstantVol(today, ql.NullCalendar(), VOLATILITY, count)
        ),
    )
    option = ql.VanillaOption(
        ql.PlainVanillaPayoff(ql.Option.Put, STRIKE), ql.BermudanExercise(dates)
    )
    option.setPricingEngine(ql.FdBlackScholesVanillaEngine(process, 720, 800))
    return float(option.NPV())


def put_paths(paths: int, seed: int) -> StoppingPaths:
    """Sample the same put, with powers of the price as basis and hedges."""
    dt, steps = 30.0 / 365.0 / HEDGES, DATES * HEDGES
    z = np.random.default_rng(seed).standard_normal((paths, steps))
    moves = (RATE - VOLATILITY**2 / 2.0) * dt + VOLATILITY * math.sqrt(dt) * z
    relative = np.exp(np.cumsum(np.pad(moves, ((0, 0), (1, 0))), axis=1)) * START / STRIKE
    dates = HEDGES * np.arange(1, DATES + 1)
    discount = np.exp(-RATE * dt * dates)
    claim = (STRIKE * np.maximum(1.0 - relative[:, dates], 0.0) * discount)[:, :, None]

    def terms(step: int) -> FloatArray:
        u = relative[:, step] - 1.0
        kinks = [np.maximum(level - u, 0.0) for level in (-0.2, -0.1, 0.0, 0.1)]
        return np.column_stack([np.ones(paths), u, u**2, u**3, *kinks])

    def hedges(step: int) -> FloatArray:
        shock = z[:, [step]]
        return np.hstack([terms(step) * shock, terms(step) * (shock**2 - 1.0)])

    return StoppingPaths(
        steps=steps,
        never=np.zeros(paths),
        claim=claim,
        date_steps=dates,
        known_after=np.zeros(1, dtype=np.int64),
        basis=terms,
        hedges=hedges,
        eligible=claim[:, :, 0] > 0.0,
    )


def test_lattice_is_quantlibs() -> None:
    found = binomial_stopping(
        start=START, volatility=VOLATILITY, drift=RATE, rate=RATE, horizon=DATES * 30.0 / 365.0,
        steps=1200, payoff=lambda x: STRIKE - x, exercise_every=100, at_start=False,
    )  # fmt: skip
    assert found.value == pytest.approx(quantlib_value(), rel=5e-4)


def test_bounds_hold_quantlibs_value_between_them() -> None:
    found = bounds(fit_stopping(put_paths(16_384, 1)).rule, put_paths(16_384, 2))
    oracle = quantlib_value()
    low, low_error = mean_and_error(found.lower)
    high, high_error = mean_and_error(found.upper)
    assert low - 3.0 * low_error <= oracle <= high + 3.0 * high_error
    assert low >= 0.99 * oracle
    assert high <= 1.02 * oracle
