"""Mining history by hand: margins, their causes, shocks, benchmarks, scores."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.network.history import explain_margin, mining_history, shock_of, trace_shock
from rerack.network.history.backtest import crps
from rerack.network.history.benchmarks import drift_forecast, regression_forecast
from rerack.network.history.margin import CAUSES, MiningMonth, log_mean
from rerack.network.history.record import HashrateRecord
from rerack.network.history.shock import HashrateShock
from rerack.network.history.structural import (
    foundry_growth,
    net_entry,
    order_gap,
)

MONTH = MiningMonth(
    price_usd=50_000.0,
    difficulty=20e12,
    subsidy_btc=6.25,
    fees_btc_per_block=0.5,
    efficiency_j_per_th=30.0,
    power_usd_per_mwh=50.0,
)


def test_a_margin_by_hand() -> None:
    # 86400e15 hashes a day over 20e12 x 2^32 a block, times 6.75 BTC, times 50,000 USD.
    paid = 86_400e15 / (20e12 * 2**32) * 6.75 * 50_000.0
    assert MONTH.hashprice_usd_per_ph_day == pytest.approx(paid, rel=1e-12)
    # 1 PH/s at 30 J/TH draws 30 kW: 0.72 MWh a day at 50 USD.
    assert MONTH.margin_frac == pytest.approx(1.0 - 36.0 / paid, rel=1e-12)
    assert MONTH.margin_usd_per_mwh == pytest.approx(paid / 0.72 - 50.0, rel=1e-12)


def test_one_cause_takes_all_of_a_change() -> None:
    changes = {
        "price": {"price_usd": 30_000.0},
        "difficulty": {"difficulty": 50e12},
        "subsidy": {"subsidy_btc": 3.125},
        "fees": {"fees_btc_per_block": 0.0},
        "efficiency": {"efficiency_j_per_th": 20.0},
        "energy price": {"power_usd_per_mwh": 80.0},
    }
    for cause, change in changes.items():
        after = replace(MONTH, **change)
        found = explain_margin(MONTH, after)
        whole = after.margin_frac - MONTH.margin_frac
        for name, part in zip(CAUSES, found.margin_frac, strict=True):
            assert part == pytest.approx(whole if name == cause else 0.0, abs=1e-14)


def test_a_doubling_of_price_and_of_difficulty_cancel_each_other() -> None:
    found = explain_margin(MONTH, replace(MONTH, price_usd=100_000.0, difficulty=40e12))
    assert found.margin_frac[0] == pytest.approx(-found.margin_frac[1], rel=1e-12)
    # The cost share stays 1 - margin, so its logarithmic mean is itself.
    assert found.margin_frac[0] == pytest.approx((1.0 - MONTH.margin_frac) * math.log(2.0))


def test_the_logarithmic_mean_keeps_its_digits() -> None:
    assert log_mean(3.0, 3.0) == 3.0
    assert log_mean(math.e, 1.0) == pytest.approx(math.e - 1.0, rel=1e-15)
    assert log_mean(1.0 + 1e-12, 1.0) == pytest.approx(1.0 + 5e-13, rel=1e-15)


def test_half_the_hashrate_leaves_for_one_epoch() -> None:
    difficulty = 100.0 * 1e18 * 600.0 / 2.0**32
    shock = HashrateShock(
        name="half",
        dates=("2026-01-01", "2026-01-29"),
        days=np.array([28.0, 28.0]),
        hashrate_eh_s=np.array([50.0, 50.0]),
        height=931_392,
        difficulty=difficulty,
    )
    found = trace_shock(shock)
    assert found.block_interval_s[0] == pytest.approx(1_200.0)
    # Paid 28 days later; 2015 intervals count, not 2016.
    assert found.start_days[1] == pytest.approx(28.0)
    assert found.pay_ratio[:2] == pytest.approx([1.0, 2.0 * 2015.0 / 2016.0])
    assert found.hashrate_eh_s[:2] == pytest.approx([50.0, 50.0])


def record(growth: float = 0.02, months: int = 60) -> HashrateRecord:
    """Return a network that grows evenly, paid evenly more, with rigs that do not improve."""
    at = np.arange(months)
    labels = tuple(f"{2012 + m // 12}-{m % 12 + 1:02d}" for m in at)
    level = growth * at
    return HashrateRecord(
        labels=labels,
        log_hashrate=level,
        log_revenue=level + math.log(100.0),
        log_paid=level + 5.0,
        log_frontier=np.full(months, math.log(30.0)),
    )


def test_benchmarks_carry_even_growth_on() -> None:
    even = record()
    ahead = 0.02 * (40.0 + np.arange(1, 13))
    assert drift_forecast(even, 40, 12) == pytest.approx(ahead)
    assert drift_forecast(even, 40, 12, 12) == pytest.approx(ahead)
    assert regression_forecast(even, 40, 12) == pytest.approx(ahead)


def test_the_gap_and_the_ceiling_by_hand() -> None:
    even = record()
    path = even.log_hashrate[None]
    # Hashprice is 100 throughout; the rig's power costs 0.024 x 30 x 50 = 36.
    assert order_gap(path, even.log_revenue, even.log_frontier, 40) == pytest.approx(
        [math.log(100.0 / 36.0)]
    )
    # Even growth: the last half-year is the best, (1 - e^-0.12) / 6 of today's hashrate a month.
    assert foundry_growth(path, even.log_frontier, 40) == pytest.approx(
        [(1.0 - math.exp(-0.12)) / 6.0]
    )


def test_orders_stop_at_the_barrier_and_at_the_ceiling() -> None:
    gap, most = np.array([0.0, 1.0, 3.0]), np.full(3, 0.04)
    # Below the barrier rigs only wear out, above it demand grows, then foundries bind.
    assert net_entry(gap, most, 0.05, 0.5, 1.5) == pytest.approx([-0.0025, 0.025, 0.06])


def test_crps_of_two_draws() -> None:
    # E|X - y| = 1, E|X - X'| / 2 = 1/2 for draws 0 and 2, y = 1.
    assert crps(np.array([0.0, 2.0]), 1.0) == pytest.approx(0.5)
    assert crps(np.array([3.0]), 1.0) == pytest.approx(2.0)


def test_a_price_file_adds_months(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("date,price_usd\n2025-12-01,90000\n2025-12-02,92000\n2025-06-30,\n")
    history = mining_history(file)
    i = history.index_of("2025-12")
    assert history.price_usd[i] == 91_000.0
    assert (history.fees_btc_per_block[i], history.status[i]) == (0.02, "assumed fees")
    file.write_text("month,price_usd,fees_btc_per_block\n2024-04,65000,0.978\n")
    again = mining_history(file)
    assert again.status[again.index_of("2024-04")] == "yours"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("date,price_usd\n2016-12-01,900\n", "2017-01"),
        ("date,price_usd\n2024-12-01,-3\n", "above 0"),
        ("date,price_usd\n2024-12-01,dear\n", "'dear'"),
        ("day,usd\n2024-12-01,3\n", "price_usd"),
        ("", "no rows"),
    ],
)
def test_price_files_are_refused_with_the_place(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "prices.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=told):
        mining_history(file)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("date,hashrate_eh_s\n2026-01-01,900\n", "two rows"),
        ("date,hashrate_eh_s\n2026-01-03,900\n2026-01-02,800\n", "rising"),
        ("date,hashrate_eh_s\n2026-01-01,900\n2026-01-02,\n", "hashrate_eh_s"),
        ("date,hashrate_eh_s\nsoon,900\nlater,800\n", "YYYY-MM-DD"),
        ("date,hashrate_eh_s\n2026-01-01,900\n2026-01-02,few\n", "'few'"),
    ],
)
def test_shock_files_are_refused_with_the_place(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "shock.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=told):
        shock_of(str(file))


def test_a_shock_file_begins_in_balance(tmp_path: Path) -> None:
    file = tmp_path / "shock.csv"
    file.write_text("date,hashrate_eh_s\n2026-01-01,900\n2026-01-15,600\n2026-02-12,900\n")
    found = trace_shock(shock_of(str(file)))
    assert found.block_interval_s[0] == pytest.approx(600.0, rel=1e-3)
    assert found.change_frac[2] == pytest.approx(-1.0 / 3.0, abs=2e-3)
