"""The built-in history against published yearly hashprice, and against itself."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.chain import subsidy_sat
from rerack.markets import network_history


@pytest.mark.parametrize(
    ("year", "derived", "published", "tolerance"),
    [
        # Coin Metrics daily data; Hashrate Index as quoted by cryptonews.net, figures.md section 1.
        # The two count fees and hashrate differently: under 4 % in both years.
        (2021, 316.1, 314.61, 0.01),
        (2022, 119.3, 123.88, 0.04),
    ],
)
def test_yearly_hashprice(year: int, derived: float, published: float, tolerance: float) -> None:
    history = network_history()
    mask = history.in_year(year)
    revenue = history.revenue_usd[mask]
    # The year's mean weights months by their hashes, as revenue over hashrate does.
    hashes = revenue / history.hashprice_usd_per_ph_day[mask]
    mean = revenue.sum() / hashes.sum()
    assert mean == pytest.approx(derived, rel=0.005)
    assert mean == pytest.approx(published, rel=tolerance)


def test_history_is_102_consecutive_months() -> None:
    labels = network_history().labels
    months = [int(x[:4]) * 12 + int(x[5:]) for x in labels]
    assert labels[0] == "2017-01"
    assert np.diff(months).tolist() == [1] * 101


def test_fee_share_and_subsidy_agree() -> None:
    history = network_history()
    subsidy = history.fees_btc_per_block * (1.0 / history.fee_share_frac - 1.0)
    for year, height in ((2018, 500_000), (2022, 700_000), (2025, 850_000)):
        mask = history.in_year(year)
        # Shares carry two decimals of a percent: 1.06 % is known to half a percent of itself.
        assert subsidy[mask] == pytest.approx(subsidy_sat(height) / 1e8, rel=0.01)


def test_revenue_is_hashprice_times_hashes() -> None:
    history = network_history()
    days = 30.4375
    implied = history.hashprice_usd_per_ph_day * history.hashrate_eh_s * 1e3 * days
    # Months have 28 to 31 days, and revenue is rounded to a million.
    assert history.revenue_usd == pytest.approx(implied, rel=0.10)
