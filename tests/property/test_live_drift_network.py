"""Drift of hashrate and block time: silent on the calibrated history, loud when it moved."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tests.property.test_live_drift import MOST_ALARMS, TRIALS, _keep

from rerack.base.errors import InputError
from rerack.base.streams import Streams
from rerack.cli.main import cli
from rerack.livedata.drift_network import (
    block_time_drift,
    hashrate_drift,
    simulated_block_times,
    simulated_changes,
)
from rerack.livedata.recalibrate import network_on_live_data
from rerack.markets import network_history

HISTORY = network_history().hashrate_eh_s


def test_a_redrawn_history_alarms_at_the_stated_rate() -> None:
    changes = simulated_changes(HISTORY, months=6, paths=TRIALS, streams=Streams(90))
    paths = 900.0 * np.exp(np.cumsum(np.pad(changes, ((0, 0), (1, 0))), axis=1))
    alarms = sum(any(t.drifted for t in hashrate_drift(path, HISTORY)) for path in paths)
    assert alarms <= MOST_ALARMS
    times = simulated_block_times(HISTORY, paths=TRIALS, streams=Streams(91))
    days = [np.full(90, 86_400.0 / seconds) for seconds in times]
    assert sum(block_time_drift(d, HISTORY)[0].drifted for d in days) <= MOST_ALARMS


def test_blocks_keep_runs_and_are_of_the_history() -> None:
    changes = np.diff(np.log(HISTORY))
    drawn = simulated_changes(HISTORY, months=6, paths=500, streams=Streams(92))
    places = np.array([[int(np.abs(changes - v).argmin()) for v in row] for row in drawn])
    assert np.allclose(changes[places], drawn, rtol=0, atol=1e-12)
    for first in (0, 3):
        runs = places[:, first : first + 3]
        # Four significant digits of the history make two changes equal now and then.
        assert (np.diff(runs, axis=1) % changes.size == 1).mean() > 0.98


def test_a_network_that_moved_is_found() -> None:
    changes = simulated_changes(HISTORY, months=6, paths=10, streams=Streams(93))
    for shift, factor, at in ((-0.4, 1.0, 0), (0.4, 1.0, 0), (0.0, 8.0, 1)):
        moved = factor * changes + shift
        paths = 900.0 * np.exp(np.cumsum(np.pad(moved, ((0, 0), (1, 0))), axis=1))
        found = [hashrate_drift(path, HISTORY)[at].drifted for path in paths]
        assert sum(found) >= 8


def test_block_time_is_ten_minutes_without_growth_and_errs_as_poisson_does() -> None:
    flat = np.full(40, 500.0)
    times = simulated_block_times(flat, paths=20_000, streams=Streams(94))
    assert times.mean() == pytest.approx(600.0, abs=0.2)
    assert times.std() == pytest.approx(600.0 / np.sqrt(90 * 144), rel=0.03)
    # Hashrate that grows by 10 % a month is two weeks ahead of its difficulty.
    growing = 500.0 * np.exp(0.1 * np.arange(40))
    fast = simulated_block_times(growing[:20], paths=2_000, streams=Streams(95))
    assert np.median(fast) == pytest.approx(600.0 * np.exp(-14 * 0.1 * 3 / 90), rel=0.01)
    assert block_time_drift(np.full(90, 144.0), flat)[0].drifted is False
    assert block_time_drift(np.full(90, 150.0), flat)[0].drifted is True


@pytest.mark.parametrize(("months", "words"), [(np.ones(6), "7 or more"), (np.zeros(9), "above 0")])
def test_what_is_no_hashrate_is_refused(months: np.ndarray, words: str) -> None:
    with pytest.raises(InputError, match=words):
        hashrate_drift(months, HISTORY)


def test_real_windows_of_the_history_alarm_seldom(shared_data: Path) -> None:
    with (shared_data / "btc_daily_coinmetrics.csv").open(encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["date"] >= "2017-01-01"]
    blocks = np.array([float(row["blocks"]) for row in rows])
    windows = range(0, len(blocks) - 90, 90)
    alarms = [block_time_drift(blocks[i : i + 90], HISTORY)[0] for i in windows]
    inside = sum(t.low <= t.value <= t.high for t in alarms)
    # 95 % are meant to be inside; the lag of two weeks is a mean, windows hold 6 or 7 epochs.
    assert inside >= 0.85 * len(alarms)
    assert sum(t.drifted for t in alarms) <= 0.06 * len(alarms)


def test_the_command_tests_hashrate_and_block_time(tmp_path: Path) -> None:
    today = np.datetime64("now", "D")
    _keep(tmp_path, "coinmetrics_hashrate", 900.0 * 1.0007 ** np.arange(300), today)
    words = ["data", "drift", "--json", "--folder", str(tmp_path)]
    alone = json.loads(CliRunner().invoke(cli, words).stdout)
    assert {row["driver"] for row in alone} == {"hashrate"}
    _keep(tmp_path, "coinmetrics_blocks", np.full(300, 145.0), today)
    both = json.loads(CliRunner().invoke(cli, words).stdout)
    assert [row["driver"] for row in both] == ["hashrate", "hashrate", "block time"]
    assert both[2]["value"] == pytest.approx(86_400 / 145)
    assert both[2]["verdict"] == "in range"
    _keep(tmp_path, "coinmetrics_blocks", np.full(300, 110.0), today)
    assert CliRunner().invoke(cli, words).exit_code == 6


def test_own_parameters_are_tested_against_the_months_they_rest_on(tmp_path: Path) -> None:
    today = np.datetime64("now", "D")
    days = int((today - np.datetime64("2016-12-01", "D")).astype(int)) + 1
    wave = np.exp(0.001 * np.arange(days) + 0.1 * np.sin(np.arange(days) / 60.0))
    for kind, values in {
        "hashrate": 3.0 * wave,
        "price": np.full(days, 5e4) * (1 + 0.3 * np.sin(np.arange(days) / 90.0)),
        "fees": np.full(days, 20.0),
        "issuance": np.full(days, 900.0),
        "blocks": np.full(days, 144.0),
    }.items():
        _keep(tmp_path, f"coinmetrics_{kind}", values, today)
    network_on_live_data(tmp_path, tmp_path)
    words = ["data", "drift", "--json", "--folder", str(tmp_path), "--parameters", str(tmp_path)]
    for name in ("bitcoin", "fees"):
        (tmp_path / f"coinmetrics_{'price' if name == 'bitcoin' else name}.csv").unlink()
    found = CliRunner().invoke(cli, words)
    assert {row["driver"] for row in json.loads(found.stdout)} == {"hashrate", "block time"}
    _keep(tmp_path, "coinmetrics_hashrate", 3.0 * wave[-500:], today)
    short = CliRunner().invoke(cli, words)
    assert isinstance(short.exception, InputError)
    assert "2016-12-01" in str(short.exception)
