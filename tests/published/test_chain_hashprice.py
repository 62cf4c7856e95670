"""Hashprice and production against published figures."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.chain import (
    breakeven_usd_per_mwh,
    btc_per_ph_day,
    difficulty,
    fee_share_frac,
    fees_btc_from_share,
    hashprice_usd_per_ph_day,
    network_hashrate_eh_s,
)

# Hashrate Index roundups: price, nBits of the epoch, fees as share of the reward, USD/TH/day.
BY_FEE_SHARE = [
    (33_806.0, 0x17149624, 0.0126, 0.315, 0.0005),  # 24 Jul 2021
    (43_629.0, 0x17136AA2, 0.0134, 0.3835, 0.00005),  # 7 Aug 2021
    (60_028.0, 0x170E0408, 0.0107, 0.3800, 0.00015),  # 24 Oct 2021
]

# Price, nBits, fees per block (assumed, not published), published and computed USD/PH/day.
BY_FEES = [
    (58_000.0, 0x1703098C, 0.05, 39.87, 39.97),  # 16 Sep 2024
    (63_450.0, 0x17032F14, 0.05, 45.92, 45.84),  # 7 Oct 2024
    (106_935.0, 0x1701CDFB, 0.02, 43.33, 43.38),  # 3 Nov 2025
]

# IREN monthly updates: mean EH/s, assumed fees per block, BTC mined, largest relative error, and
# the difficulty of the month as (days, nBits) from header times of the epochs' first blocks.
PRODUCTION = [
    (28.1, 0.10, 529.0, 0.006, 1733011200, 1735689600),  # Dec 2024
    (29.0, 0.046, 521.0, 0.0025, 1735689600, 1738368000),  # Jan 2025
    (28.7, 0.05, 459.0, 0.0025, 1738368000, 1740787200),  # Feb 2025
]
EPOCHS = [  # 432 to 440: header time of the first block, nBits
    (1731962532, 0x1702C070),
    (1733153640, 0x1702B563),
    (1734312810, 0x170297FA),
    (1735509337, 0x1702905C),
    (1736712111, 0x17028C61),
    (1737948173, 0x17029A8A),
    (1739093587, 0x17027726),
    (1740342578, 0x17028BB1),
    (1741535926, 0x17028281),
]


@pytest.mark.parametrize(("price", "bits", "share", "usd_per_th_day", "error"), BY_FEE_SHARE)
def test_hashprice_of_2021(
    price: float, bits: int, share: float, usd_per_th_day: float, error: float
) -> None:
    fees_btc = fees_btc_from_share(6.25, share)
    assert fee_share_frac(6.25, fees_btc) == pytest.approx(share, rel=1e-14)
    computed = hashprice_usd_per_ph_day(price, difficulty(bits), 6.25, fees_btc) / 1000.0
    assert computed == pytest.approx(usd_per_th_day, abs=error)


@pytest.mark.parametrize(("price", "bits", "fees_btc", "published", "computed"), BY_FEES)
def test_hashprice_of_2024_and_2025(
    price: float, bits: int, fees_btc: float, published: float, computed: float
) -> None:
    value = hashprice_usd_per_ph_day(price, difficulty(bits), 3.125, fees_btc)
    assert round(value, 2) == computed
    assert value == pytest.approx(published, rel=0.003)


def test_hashprice_of_november_2025_in_dollars_and_coins() -> None:
    assert hashprice_usd_per_ph_day(96_532.0, 153.33e12, 3.125, 0.02) == pytest.approx(
        39.82, abs=0.015
    )
    coins = btc_per_ph_day(difficulty(0x1701CDFB), 3.125, 0.02)
    assert coins == pytest.approx(0.00040577, rel=6e-4)


@pytest.mark.parametrize(("eh_s", "fees_btc", "mined", "error", "begin", "end"), PRODUCTION)
def test_monthly_production_of_a_listed_miner(
    eh_s: float, fees_btc: float, mined: float, error: float, begin: int, end: int
) -> None:
    days = [
        (min(end, following) - max(begin, first)) / 86_400.0
        for (first, _), (following, _) in itertools.pairwise(EPOCHS)
    ]
    running = np.clip(days, 0.0, None)
    assert running.sum() == pytest.approx((end - begin) / 86_400.0)
    levels = np.array([difficulty(bits) for _, bits in EPOCHS[:-1]])
    coins = (running * btc_per_ph_day(levels, 3.125, fees_btc)).sum() * eh_s * 1000.0
    assert coins == pytest.approx(mined, rel=error)


@pytest.mark.parametrize(
    ("j_per_th", "usd_per_kwh"),
    [(9.5, 0.154), (13.5, 0.108), (15.0, 0.097), (17.5, 0.0835), (21.5, 0.068), (29.5, 0.0495)],
)
def test_breakeven_at_the_low_of_november_2025(j_per_th: float, usd_per_kwh: float) -> None:
    price = breakeven_usd_per_mwh(35.06, j_per_th)
    assert price / 1000.0 == pytest.approx(usd_per_kwh, abs=0.00051)
    assert breakeven_usd_per_mwh(35.06, j_per_th, 0.02) == pytest.approx(0.98 * price)


def test_network_hashrate_of_november_2025() -> None:
    assert network_hashrate_eh_s(152.2714e12) == pytest.approx(1090.0, abs=1.0)


def test_arrays_broadcast_and_scalars_stay_floats() -> None:
    prices = np.array([[50_000.0], [100_000.0]])
    levels = np.array([100e12, 150e12, 200e12])
    values = hashprice_usd_per_ph_day(prices, levels, 3.125, np.zeros(3))
    assert values.shape == (2, 3)
    assert values[1, 2] == hashprice_usd_per_ph_day(100_000.0, 200e12, 3.125, 0.0)
    assert type(hashprice_usd_per_ph_day(100_000, 200e12, 3.125, 0)) is float
    assert type(network_hashrate_eh_s(1e12)) is float


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0, np.array([1.0, np.nan])])
def test_bad_numbers_raise(bad: float) -> None:
    with pytest.raises(InputError, match="price_usd"):
        hashprice_usd_per_ph_day(bad, 1e12, 3.125, 0.0)
    with pytest.raises(InputError, match="difficulty"):
        hashprice_usd_per_ph_day(1.0, bad, 3.125, 0.0)
    with pytest.raises(InputError, match="subsidy_btc"):
        hashprice_usd_per_ph_day(1.0, 1e12, bad, 0.0)
    with pytest.raises(InputError, match="fees_btc"):
        hashprice_usd_per_ph_day(1.0, 1e12, 3.125, bad)
    with pytest.raises(InputError, match="hashprice"):
        breakeven_usd_per_mwh(bad, 17.5)
    with pytest.raises(InputError, match="efficiency_j_per_th"):
        breakeven_usd_per_mwh(35.0, bad)


def test_limits_of_shares_and_zeros() -> None:
    with pytest.raises(InputError, match="difficulty"):
        network_hashrate_eh_s(0.0)
    with pytest.raises(InputError, match="pool_fee_frac"):
        breakeven_usd_per_mwh(35.0, 17.5, 1.01)
    with pytest.raises(InputError, match="fee_share_frac"):
        fees_btc_from_share(3.125, 1.0)
    with pytest.raises(InputError, match=r"subsidy_btc \+ fees_btc"):
        fee_share_frac(0.0, 0.0)
    assert fee_share_frac(0.0, 0.1) == 1.0
