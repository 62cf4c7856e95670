"""Moments of the price level against the closed form of an Ornstein-Uhlenbeck process."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rerack.base import Streams
from rerack.markets.power.outlook import level_paths

PATHS, MONTHS = 20_000, 61


@pytest.mark.parametrize("reversion", [0.0, 1.3])
def test_level_has_the_growth_path_as_mean_and_the_exact_log_variance(reversion: float) -> None:
    shocks = Streams(3).normals("test", paths=PATHS, shape=(MONTHS,))
    level = level_paths(
        shocks,
        growth_frac_per_year=0.03,
        level_volatility_frac=0.5,
        level_reversion_per_year=reversion,
    )
    years = (MONTHS - 1) / 12
    growth = 1.03**years
    last = level[:, -1]
    error = last.std() / math.sqrt(PATHS)
    assert abs(last.mean() - growth) < 4 * error
    if reversion:
        variance = 0.5**2 * (1 - math.exp(-2 * reversion * years)) / (2 * reversion)
    else:
        variance = 0.5**2 * years
    found = np.log(last).var()
    assert abs(found - variance) < 4 * variance * math.sqrt(2 / PATHS)


def test_reversion_decorrelates_at_the_exact_rate() -> None:
    shocks = Streams(4).normals("test", paths=PATHS, shape=(121,))
    log_level = np.log(
        level_paths(
            shocks,
            growth_frac_per_year=0.0,
            level_volatility_frac=0.5,
            level_reversion_per_year=2.0,
        )
    )
    found = np.corrcoef(log_level[:, -1], log_level[:, -7])[0, 1]
    assert found == pytest.approx(math.exp(-2.0 / 2), abs=4 / math.sqrt(PATHS))


def test_month_zero_holds_the_start() -> None:
    shocks = np.full((2, 3), 5.0)
    level = level_paths(
        shocks, growth_frac_per_year=0.1, level_volatility_frac=1.0, level_reversion_per_year=1.0
    )
    assert level[:, 0].tolist() == [1.0, 1.0]
