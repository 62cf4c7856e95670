"""Laws of mining history: parts sum to the whole, forecasts see no future."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rerack.network.history import explain_margin, fit_supply, forecast_hashrate
from rerack.network.history.benchmarks import drift_forecast, regression_forecast
from rerack.network.history.margin import MiningMonth
from rerack.network.history.record import hashrate_record

MONTHS = st.builds(
    MiningMonth,
    price_usd=st.floats(1.0, 1e7),
    difficulty=st.floats(1.0, 1e17),
    subsidy_btc=st.floats(0.01, 50.0),
    fees_btc_per_block=st.floats(0.0, 50.0),
    efficiency_j_per_th=st.floats(1.0, 1e4),
    power_usd_per_mwh=st.floats(1.0, 500.0),
)


@given(before=MONTHS, after=MONTHS)
def test_parts_sum_to_the_whole(before: MiningMonth, after: MiningMonth) -> None:
    found = explain_margin(before, after)
    for name in ("margin_frac", "margin_usd_per_mwh", "hashprice_usd_per_ph_day"):
        parts = getattr(found, name)
        whole = getattr(after, name) - getattr(before, name)
        scale = max(abs(p) for p in parts) + abs(getattr(after, name)) + abs(getattr(before, name))
        assert abs(sum(parts) - whole) <= 1e-11 * scale + 1e-12


@given(before=MONTHS, after=MONTHS)
def test_turning_time_turns_every_sign(before: MiningMonth, after: MiningMonth) -> None:
    there, back = explain_margin(before, after), explain_margin(after, before)
    assert np.allclose(there.margin_frac, -np.array(back.margin_frac), rtol=1e-9, atol=1e-12)


@given(origin=st.sampled_from(["2017-12", "2020-06", "2021-07", "2023-03"]), seed=st.integers(0, 9))
@settings(max_examples=12)
def test_no_forecast_sees_what_came(origin: str, seed: int) -> None:
    real = hashrate_record()
    at = real.index_of(origin)
    noise = np.random.default_rng(seed).normal(size=len(real.labels))
    noise[: at + 1] = 0.0
    # Other hashrate and other rigs after the origin; the revenue path is given to all.
    other = replace(
        real,
        log_hashrate=real.log_hashrate + noise,
        log_frontier=real.log_frontier - np.abs(noise),
    )
    model = fit_supply(real, at)
    assert fit_supply(other, at) == model
    assert np.array_equal(
        forecast_hashrate(other, model, at, 12), forecast_hashrate(real, model, at, 12)
    )
    assert np.array_equal(drift_forecast(other, at, 12), drift_forecast(real, at, 12))
    assert np.array_equal(regression_forecast(other, at, 12), regression_forecast(real, at, 12))
    # Nor does the fit see revenue that came later.
    dearer = replace(real, log_revenue=real.log_revenue + np.abs(noise))
    assert fit_supply(dearer, at) == model


@given(rise=st.floats(0.0, 1.0))
@settings(max_examples=20)
def test_a_higher_price_never_lowers_hashrate(rise: float) -> None:
    real = hashrate_record()
    at = real.index_of("2022-06")
    model = fit_supply(real, at)
    dearer = real.log_revenue.copy()
    dearer[at + 1 :] += rise
    there = forecast_hashrate(replace(real, log_revenue=dearer), model, at, 12)
    assert (there - forecast_hashrate(real, model, at, 12) >= -1e-12).all()


def test_shocks_enter_one_for_one_in_their_month() -> None:
    real = hashrate_record()
    at = real.index_of("2022-06")
    model = fit_supply(real, at)
    shocks = np.zeros((2, 12))
    shocks[1, 0] = 0.1
    found = forecast_hashrate(real, model, at, 12, shocks=shocks)
    assert found[1, 0] - found[0, 0] == pytest.approx(0.1)
    # More hashrate means less hashprice, hence fewer orders: the lead does not grow for ever.
    assert found[1, 11] - found[0, 11] < 0.25
