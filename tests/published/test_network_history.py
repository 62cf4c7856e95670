"""What is known of mining's past must come out: margins, retargets, the score of forecasts."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from rerack.network.history import (
    HashrateBacktest,
    HashrateShock,
    backtest_hashrate,
    margin_frac,
    mining_history,
    shock_of,
    trace_shock,
)
from rerack.network.history.record import hashrate_record

# Retargets, public chain facts (reference figures, section 0.1) [%].
BAN_2021 = (-15.97, -5.30, -27.94, -4.81)
STORM_2026 = (-11.16, 14.73)
# Root mean square error of log hashrate 3, 6 and 12 months ahead, origins from 2018 (issue 4).
PUBLISHED = {
    "random walk with drift": (0.196, 0.331, 0.576),
    "constant growth": (0.199, 0.341, 0.585),
    "regression on revenue": (0.185, 0.325, 0.542),
}


@pytest.fixture(scope="module")
def found() -> HashrateBacktest:
    return backtest_hashrate()


def test_a_margin_near_ninety_per_cent_is_gone_by_late_2025() -> None:
    history = mining_history()
    year = np.array([m.startswith("2021") for m in history.labels])
    rig = margin_frac(history, efficiency_j_per_th=30.0, power_usd_per_mwh=45.0)
    assert rig[year].mean() == pytest.approx(0.89, abs=0.02)
    assert rig[history.index_of("2025-11")] == pytest.approx(0.19, abs=0.01)
    # At the all-in cost of the survey of 2024 nothing is left.
    whole = margin_frac(history, efficiency_j_per_th=30.0, power_usd_per_mwh=55.5)
    assert abs(whole[-1]) < 0.01


def test_published_hashprices_after_the_packaged_months() -> None:
    history = mining_history()
    paid = history.hashprice_usd_per_ph_day
    # Luxor: monthly means of August and November 2025.
    assert paid[history.index_of("2025-08")] == pytest.approx(56.44, rel=2e-3)
    assert paid[history.index_of("2025-11")] == pytest.approx(39.82, rel=2e-3)


def test_the_packaged_months_pay_what_they_paid(shared_reference: Path) -> None:
    history = mining_history()
    paid = dict(zip(history.labels, history.hashprice_usd_per_ph_day, strict=True))
    lines = (shared_reference / "papers.md").read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("| 2017-01 |"))
    rows = [[cell.strip() for cell in line.split("|")] for line in lines[start : start + 102]]
    table = {row[1]: float(row[4]) for row in rows}
    for month, value in table.items():
        assert paid[month] == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "first", "published", "tolerance"),
    # Three-day means and an unknown hour of the retarget: two thirds of a point where a tenth
    # leaves, and one where most come back within a week.
    [("ban-2021", 2, BAN_2021, 0.6), ("storm-2026", 3, STORM_2026, 1.0)],
)
def test_retargets_of_a_described_shock(
    name: str, first: int, published: tuple[float, ...], tolerance: float
) -> None:
    change = 100.0 * trace_shock(shock_of(name)).change_frac[first : first + len(published)]
    np.testing.assert_allclose(change, published, atol=tolerance)


def test_blocks_stretch_at_once_and_pay_follows_at_the_retarget() -> None:
    trace = trace_shock(shock_of("ban-2021"))
    worst = int(np.nanargmax(trace.block_interval_s))
    assert trace.start_dates()[worst] == "2021-06-13"
    assert trace.block_interval_s[worst] > 800.0
    # During the slowest epoch a PH/s is paid about as before the ban; two thirds more after it.
    assert trace.pay_ratio[worst] < 1.1
    assert trace.pay_ratio[worst + 1] / trace.pay_ratio[worst] == pytest.approx(1.39, abs=0.02)


@pytest.mark.parametrize(
    ("first_day", "last_day", "published", "skipped"),
    [("2021-05-13", "2021-08-19", BAN_2021, 2), ("2026-01-08", "2026-03-19", STORM_2026, 3)],
)
def test_retargets_from_every_day_of_the_real_chain(
    shared_data: Path, first_day: str, last_day: str, published: tuple[float, ...], skipped: int
) -> None:
    with (shared_data / "btc_chain_daily_2020_2026.csv").open() as file:
        days = [r for r in csv.DictReader(file) if first_day <= r["date"] < last_day]
    named = shock_of("ban-2021" if first_day < "2022" else "storm-2026")
    daily = HashrateShock(
        name="days",
        dates=tuple(r["date"] for r in days),
        days=np.ones(len(days)),
        hashrate_eh_s=np.array([float(r["hashrate_ehs_est"]) for r in days]),
        height=named.height,
        difficulty=named.difficulty,
        epoch_hours=named.epoch_hours,
    )
    change = 100.0 * trace_shock(daily).change_frac[skipped : skipped + len(published)]
    np.testing.assert_allclose(change, published, atol=0.75)


def test_benchmarks_are_those_of_the_issue(found: HashrateBacktest) -> None:
    for method, published in PUBLISHED.items():
        # The regression is not specified there: ours is the nearest of those tried.
        tolerance = 0.0035 if method == "regression on revenue" else 0.001
        ours = [found.rmse_log(h, method) for h in (3, 6, 12)]
        np.testing.assert_allclose(ours, published, atol=tolerance)


def test_structure_reaches_the_goal(found: HashrateBacktest) -> None:
    assert found.rmse_log(6, "structure") < 0.30
    assert found.rmse_log(12, "structure") < 0.52
    for method in PUBLISHED:
        gap, error = found.difference_log(12, method)
        assert gap < 0.0
        # Against constant growth, whose errors come in one great block, it is under two errors.
        assert gap / error < (-1.5 if method == "constant growth" else -2.0)


def test_the_distribution_is_honest(found: HashrateBacktest) -> None:
    for k in range(3):
        known = np.isfinite(found.crps_log[:, k])
        assert found.crps_log[known, k].mean() < found.drift_crps_log[known, k].mean()
        assert 0.80 <= found.covered[known, k].mean() <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize("start", ["2014-07", "2015-07", "2016-01"])
def test_the_goal_does_not_hang_on_where_the_sample_begins(start: str) -> None:
    first = "2017-12" if start < "2016" else "2018-01"
    found = backtest_hashrate(sample_start=start, first=first)
    assert found.rmse_log(6, "structure") < 0.30
    assert found.rmse_log(12, "structure") < 0.52


def test_the_record_is_the_daily_data(shared_data: Path) -> None:
    days: dict[str, list[float]] = {}
    with (shared_data / "btc_daily_coinmetrics.csv").open() as file:
        for row in csv.DictReader(file):
            if row["date"] >= "2012-01":
                days.setdefault(row["date"][:7], []).append(float(row["hashrate_ths"]) / 1e6)
    record = hashrate_record()
    means = [np.mean(days[m]) for m in record.labels]
    np.testing.assert_allclose(np.exp(record.log_hashrate), means, rtol=6e-4)
