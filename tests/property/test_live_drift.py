"""Drift: silent at the stated rate on data of the parameters, loud on data that moved."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from rerack.base.errors import DataError, InputError
from rerack.base.streams import Streams
from rerack.cli.main import cli
from rerack.livedata import Observations, cache, series_specs
from rerack.livedata.cache import Record
from rerack.livedata.drift import (
    bitcoin_drift,
    fee_drift,
    power_drift,
    simulated_fees,
    simulated_prices,
    simulated_returns,
)
from rerack.livedata.recalibrate import live_history, markets_on_live_data, power_prices
from rerack.markets.parameters import packaged, read_parameters
from rerack.markets.power.parameters import PowerParameters

TRIALS = 60
#: Odds of 5 or more alarms in 60 independent trials at 1 % are 0.0003.
MOST_ALARMS = 4


def test_bitcoin_alarms_at_the_stated_rate() -> None:
    model = packaged("bitcoin")
    returns = simulated_returns(model, paths=TRIALS, streams=Streams(77), vary=False)
    prices = 1e5 * np.exp(np.cumsum(np.pad(returns, ((0, 0), (1, 0))), axis=1))
    alarms = sum(any(t.drifted for t in bitcoin_drift(p, model)) for p in prices)
    assert alarms <= MOST_ALARMS


def test_fees_alarm_at_the_stated_rate() -> None:
    model = packaged("fees")
    logs = simulated_fees(model, paths=TRIALS, streams=Streams(78), vary=False)
    alarms = sum(any(t.drifted for t in fee_drift(np.exp(row), model)) for row in logs)
    assert alarms <= MOST_ALARMS


def test_bitcoin_that_moved_is_found() -> None:
    model = packaged("bitcoin")
    returns = simulated_returns(model, paths=10, streams=Streams(79), vary=False)
    for factor, shift, at in ((2.5, 0.0, 1), (0.25, 0.0, 1), (1.0, 0.02, 0)):
        moved = factor * returns + shift
        prices = 1e5 * np.exp(np.cumsum(np.pad(moved, ((0, 0), (1, 0))), axis=1))
        assert all(bitcoin_drift(p, model)[at].drifted for p in prices)


def test_fees_that_moved_are_found() -> None:
    model = packaged("fees")
    logs = simulated_fees(model, paths=10, streams=Streams(80), vary=False)
    found = [fee_drift(np.exp(row + 6.0), model)[0].drifted for row in logs]
    assert sum(found) >= 9


def test_power_in_range_is_silent_and_a_tripled_level_is_found() -> None:
    model = PowerParameters.load("ercot_north")
    end = np.datetime64("2026-03-10T23")
    drawn = simulated_prices(model, end, years=8, streams=Streams(81))
    calm = np.median(drawn, axis=1).argsort()[4]
    assert not any(t.drifted for t in power_drift(drawn[calm], end, model))
    assert power_drift(6.0 * drawn[calm], end, model)[0].drifted


@pytest.mark.parametrize("day", ["12-31T23", "03-01T05", "02-29T07"])
def test_a_leap_year_is_compared_with_the_same_days(day: str) -> None:
    model = PowerParameters.load("ercot_north")
    common = day.replace("02-29", "02-28")

    def prices(end: str) -> np.ndarray:
        return simulated_prices(model, np.datetime64(end), years=2, streams=Streams(82))

    assert np.array_equal(prices(f"2028-{day}"), prices(f"2027-{common}"))


def test_too_short_a_window_is_refused() -> None:
    with pytest.raises(InputError, match="91 or more"):
        bitcoin_drift(np.ones(50), packaged("bitcoin"))


def _keep(folder: Path, name: str, values: np.ndarray, last: np.datetime64) -> None:
    spec = series_specs()[name]
    step = np.timedelta64(1, "h" if spec.step == "hour" else "D")
    times = last - step * np.arange(len(values))[::-1]
    now = np.datetime64("now", "s")
    record = Record(
        name=name,
        unit=spec.unit,
        step=spec.step,
        summary=spec.summary,
        source=spec.source,
        origin="test",
        licence="test",
        fetched_at=str(now),
        fresh_hours=spec.fresh_hours,
        update_hours=spec.update_hours,
    )
    seen = Observations(
        times=times.astype("datetime64[s]"),
        values=values,
        filled=np.zeros(len(values), dtype=np.bool_),
    )
    cache.write(folder, record, seen)


def test_the_command_tells_by_its_exit_code_and_refuses_the_stale(tmp_path: Path) -> None:
    model = packaged("bitcoin")
    returns = simulated_returns(model, paths=1, streams=Streams(82), vary=False)[0]
    today = np.datetime64("now", "D")
    words = ["data", "drift", "--json", "--folder", str(tmp_path)]
    _keep(tmp_path, "coinmetrics_price", 1e5 * np.exp(np.cumsum(np.r_[0, returns])), today)
    calm = CliRunner().invoke(cli, words)
    assert calm.exit_code == 0, calm.output
    assert {row["verdict"] for row in json.loads(calm.stdout)} == {"in range"}
    _keep(tmp_path, "coinmetrics_price", 1e5 * np.exp(np.cumsum(np.r_[0, 3 * returns])), today)
    wild = CliRunner().invoke(cli, words)
    assert wild.exit_code == 6
    assert "DRIFTED" in wild.stdout
    _keep(tmp_path, "coinmetrics_price", 1e5 * np.exp(np.cumsum(np.r_[0, returns])), today - 30)
    stale = CliRunner().invoke(cli, words)
    assert isinstance(stale.exception, DataError)
    assert "STALE" in str(stale.exception)
    assert CliRunner().invoke(cli, [*words, "--stale"]).exit_code == 0


def test_live_months_are_sums_and_means_of_days(tmp_path: Path) -> None:
    last = np.datetime64("2026-03-10", "D")
    constant = {"price": 1e5, "hashrate": 900.0, "fees": 4.32, "issuance": 450.0, "blocks": 144.0}
    for kind, value in constant.items():
        _keep(tmp_path, f"coinmetrics_{kind}", np.full(69, value), last)
    history = live_history(tmp_path)
    assert history.labels == ("2026-01", "2026-02")
    assert history.hashprice_usd_per_ph_day == pytest.approx([454.32 * 1e5 / 900e3] * 2)
    assert history.fees_btc_per_block == pytest.approx([0.03] * 2)
    assert history.fee_share_frac == pytest.approx([4.32 / 454.32] * 2)
    assert history.revenue_usd[1] == pytest.approx(28 * 454.32 * 1e5)


def test_live_days_give_the_packaged_parameters(tmp_path: Path, shared_data: Path) -> None:
    with (shared_data / "btc_daily_coinmetrics.csv").open(encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["date"] >= "2014-12-01"]
    last = np.datetime64(rows[-1]["date"], "D")
    for kind, column in (("price", "price_usd"), ("blocks", "blocks"), ("fees", "fees_btc")):
        values = np.array([float(row[column]) for row in rows])
        _keep(tmp_path, f"coinmetrics_{kind}", values, last)
    for path in markets_on_live_data(tmp_path, tmp_path):
        if path.stem in ("bitcoin", "fees"):
            assert dict(read_parameters(path).estimates) == dict(packaged(path.stem).estimates)


def test_calibrations_take_a_file_or_a_series(tmp_path: Path) -> None:
    _keep(tmp_path, "coinmetrics_price", np.ones(5), np.datetime64("2026-03-10", "D"))
    with pytest.raises(InputError, match="hourly prices"):
        power_prices(tmp_path, "coinmetrics_price")
    both = CliRunner().invoke(cli, ["calibrate", "power", "--name", "x"])
    assert both.exit_code == 2
    assert "--data NAME" in both.output
