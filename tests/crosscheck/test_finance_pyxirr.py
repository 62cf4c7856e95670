"""NPV and IRR against pyxirr."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
import pyxirr

from rerack.finance import irr, irr_many, npv


@pytest.fixture(scope="module")
def investments() -> np.ndarray:
    rng = np.random.default_rng(3)
    rows = rng.normal(3e6, 2e6, (150, 241))
    rows[:, 0] = -2e8
    rows[:, 60] -= 3e7
    return rows


def test_npv(investments: np.ndarray) -> None:
    monthly = 1.12 ** (1 / 12) - 1
    peer = [pyxirr.npv(monthly, row, start_from_zero=True) for row in investments]
    np.testing.assert_allclose(npv(investments, 0.12), peer, rtol=1e-10, atol=1e-2)


def test_irr_contains_the_one_that_pyxirr_finds(investments: np.ndarray) -> None:
    many = irr_many(investments, periods_per_year=12)
    for row, rates, value in zip(investments, many.roots_frac, many.value_frac, strict=True):
        peer = (1 + pyxirr.irr(row / 1e6)) ** 12 - 1
        assert np.nanmin(np.abs(rates - peer)) < 1e-9
        assert value == pytest.approx(peer, abs=1e-9)


def test_xirr_on_dates_365_days_apart() -> None:
    flows = [-1000.0, 300.0, 420.0, 680.0]
    dates = [date(2026, 1, 1) + timedelta(days=365 * k) for k in range(4)]
    assert irr(flows).value_frac == pytest.approx(pyxirr.xirr(dates, flows), rel=1e-10)
