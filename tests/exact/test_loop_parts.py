"""Parts of the closed loop by hand: who has left, who waits, what a calculator assumes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from rerack.base.errors import InputError
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets import BitcoinSpec, MarketSpec, build_outlook
from rerack.network import NetworkSpec
from rerack.network.typed_growth import past_growth_frac_per_year, typed_growth_path
from rerack.study.loop import queued

START = NetworkSpec(start_height=927_360, start_difficulty=148.1953e12)


def test_crews_let_so_many_leave_and_the_rest_wait() -> None:
    gone = np.array([[100.0, 100.0, 700.0, 700.0, 700.0, 700.0]])
    assert queued(gone, 250.0).tolist() == [[100.0, 250.0, 250.0, 100.0, 0.0, 0.0]]


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, (3, 9), elements=st.floats(0.0, 500.0)), st.floats(1.0, 900.0))
def test_nobody_is_lost_in_the_queue(steps: np.ndarray, limit: float) -> None:
    gone = np.cumsum(steps, axis=1)
    out = queued(gone, limit)
    assert (out <= limit).all()
    # What leaves at the end of a month no longer mines in the next.
    assert (np.cumsum(out, axis=1)[:, :-1] <= gone[:, 1:] + 1e-6).all()
    free = queued(gone, 1e9)
    assert_allclose(np.cumsum(free, axis=1)[:, :-1], gone[:, 1:], atol=1e-6)


def test_typed_growth_halves_income_as_difficulty_doubles() -> None:
    market = MarketSpec(bitcoin=BitcoinSpec(price_usd=85_000.0, volatility_frac=1e-9))
    outlook = build_outlook(market, MonthGrid.parse("2026-01", 25), Streams(7), paths=2)
    still, grown = (typed_growth_path(START, outlook, g) for g in (0.0, 1.0))
    assert_allclose(grown.hashrate_eh_s[1, 24], 4.0 * grown.hashrate_eh_s[0, 0], rtol=1e-12)
    ratio = grown.hashprice_usd_per_ph_day[:, 24] / still.hashprice_usd_per_ph_day[:, 24]
    # Difficulty lags hashrate by about half an epoch, which growth of 100 % a year makes 3 %.
    assert_allclose(ratio, 0.25, rtol=0.05)
    assert still.lease_left_frac is None
    with pytest.raises(InputError, match="growth_frac_per_year"):
        typed_growth_path(START, outlook, 9.0)


def test_growth_of_the_past_is_that_of_the_two_worlds() -> None:
    hand = (149.301206 / 83.12699734) ** (12.0 / 20.0) - 1.0
    assert past_growth_frac_per_year() == pytest.approx(hand, rel=1e-6)
