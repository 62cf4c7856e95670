"""The two places that know the square-root law agree, and both are the published one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rerack.finance import SquareRootImpact
from rerack.network.reserves import CoinMarket


@pytest.mark.parametrize("sold_btc", [1.0, 250.0, 4_000.0])
def test_a_treasury_gives_up_what_the_market_of_all_miners_says(sold_btc: float) -> None:
    law = {"coefficient_frac": 0.9, "volatility_frac": 0.02, "volume_btc": 40_000.0}
    own = SquareRootImpact(
        daily_volume_btc=law["volume_btc"],
        daily_volatility_frac=law["volatility_frac"],
        coefficient_frac=law["coefficient_frac"],
    )
    market = CoinMarket(
        volume_btc_per_day=law["volume_btc"],
        volatility_frac=law["volatility_frac"],
        coefficient_frac=law["coefficient_frac"],
    )
    mean = 1.0 - float(market.mean_factor(np.array([0.0]), np.array([sold_btc]))[0])
    end = float(market.impact(np.array(sold_btc)))
    # The one is linear in the fall, the other exponential: they differ by its square.
    assert own.price_given_up_frac(sold_btc) == pytest.approx(mean, abs=end**2)
    assert own.price_given_up_frac(sold_btc) == pytest.approx(2.0 / 3.0 * end, rel=1e-12)


def test_a_day_s_volume_moves_the_price_by_a_day_s_volatility() -> None:
    own = SquareRootImpact(daily_volume_btc=40_000.0, daily_volatility_frac=0.03)
    steps = (np.arange(100_000) + 0.5) / 100_000
    mean = float((0.03 * np.sqrt(steps)).mean())
    assert own.price_given_up_frac(40_000.0) == pytest.approx(mean, rel=1e-6)
    assert own.price_given_up_frac(10_000.0) == pytest.approx(mean / 2.0, rel=1e-6)
    assert math.isclose(own.price_given_up_frac(0.0), 0.0)
