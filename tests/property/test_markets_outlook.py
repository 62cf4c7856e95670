"""Laws of the market outlook: independence of counts, correlation, immutability."""

from __future__ import annotations

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.base.streams import Streams
from rerack.base.timegrid import MonthGrid
from rerack.markets import (
    BitcoinSpec,
    Correlation,
    MarketSpec,
    Outlook,
    PriceLibrary,
    build_outlook,
)
from rerack.markets.correlation import DRIVERS, correlated_shocks

NAMES = ("btc_price_usd", "fees_btc_per_block", "network_shock", "lease_index", "gpu_index")
FLAT = PriceLibrary.from_years("flat", "test", np.full((1, 8_760), 40.0))


def outlook(paths: int, *, model: str = "gbm", first_path: int = 0, pairs: tuple = ()) -> Outlook:  # type: ignore[type-arg]
    spec = MarketSpec(
        bitcoin=BitcoinSpec(price_usd=85_000.0, model=model), correlation=Correlation(pairs=pairs)
    )
    grid = MonthGrid.parse("2026-01", 30)
    return build_outlook(spec, grid, Streams(7), paths=paths, first_path=first_path, library=FLAT)


@pytest.mark.parametrize("model", ["gbm", "jump", "regime", "bootstrap"])
def test_path_is_the_same_whatever_the_count(model: str) -> None:
    few, many = outlook(10, model=model), outlook(1_000, model=model)
    for name in NAMES:
        assert (getattr(few, name) == getattr(many, name)[:10]).all()
    assert (few.power.level == many.power.level[:10]).all()


@pytest.mark.parametrize("model", ["gbm", "jump", "regime", "bootstrap"])
def test_chunks_join_to_the_whole(model: str) -> None:
    whole, second = outlook(192, model=model), outlook(64, model=model, first_path=128)
    for name in NAMES:
        assert (getattr(second, name) == getattr(whole, name)[128:]).all()


def test_month_zero_holds_the_start_values() -> None:
    made = outlook(5)
    assert (made.btc_price_usd[:, 0] == 85_000.0).all()
    assert made.fees_btc_per_block[:, 0] == pytest.approx(0.02)
    assert (made.lease_index[:, 0] == 1.0).all()
    assert (made.gpu_index[:, 0] == 1.0).all()


def test_correlations_are_recovered() -> None:
    pairs = (("bitcoin", "fees", 0.3), ("bitcoin", "lease", -0.5), ("power", "gpu", 0.9))
    wanted = Correlation(pairs=pairs)
    drawn = correlated_shocks(wanted, Streams(1), paths=2_000, months=20)
    found = np.corrcoef([drawn[name].ravel() for name in DRIVERS])
    error = (1.0 - wanted.matrix() ** 2) / np.sqrt(40_000)
    assert (np.abs(found - wanted.matrix()) <= 4.0 * error + 1e-12).all()


def test_a_correlation_leaves_earlier_drivers_alone() -> None:
    plain, related = outlook(64), outlook(64, pairs=(("bitcoin", "gpu", 0.5),))
    assert (plain.btc_price_usd == related.btc_price_usd).all()
    assert (plain.lease_index == related.lease_index).all()
    assert (plain.gpu_index != related.gpu_index)[:, 1:].all()


def test_the_bootstrap_refuses_a_correlation_it_cannot_give() -> None:
    with pytest.raises(InputError, match="bitcoin/lease"):
        outlook(2, model="bootstrap", pairs=(("bitcoin", "lease", 0.5),))


def test_arrays_cannot_be_written() -> None:
    made = outlook(2)
    with pytest.raises(ValueError, match="read-only"):
        made.btc_price_usd[0, 0] = 1.0


def test_labelled_knows_axes_and_unit() -> None:
    made = outlook(2).labelled("btc_price_usd")
    assert made.dims == ("scenario", "month")
    assert made.coords["month"][0] == "2026-01"
    with pytest.raises(InputError, match="lease_index"):
        outlook(2).labelled("btc")


def test_an_outlook_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="paths"):
        outlook(0)
