"""Compiled recursions equal their plain twins."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.markets.power import kernel, recursions


@pytest.mark.parametrize("decay", [0.0, 0.37, 0.995, -0.4])
def test_autoregressive_twin(decay: float) -> None:
    e = np.random.default_rng(1).standard_normal(500)
    assert np.array_equal(kernel.autoregressive(e, decay), recursions.autoregressive(e, decay))


def test_daily_cycle_twin() -> None:
    e = np.random.default_rng(2).standard_normal((2, 500))
    compiled = kernel.daily_cycle(e[0], e[1], 0.99)
    assert np.abs(compiled - recursions.daily_cycle(e[0], e[1], 0.99)).max() < 1e-12
