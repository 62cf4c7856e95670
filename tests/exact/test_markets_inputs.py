"""What the market models refuse, and how their files are read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rerack.base.errors import DataError, InputError
from rerack.base.streams import Streams
from rerack.markets import BitcoinSpec, Correlation, FeesSpec, GpuSpec, LeaseSpec
from rerack.markets.bitcoin.bootstrap import bootstrap_martingale
from rerack.markets.calibrate import calibrate_fees
from rerack.markets.calibrate.source import FILE_NAME, read_daily
from rerack.markets.correlation import DRIVERS, cholesky
from rerack.markets.parameters import (
    Calibration,
    Estimate,
    packaged,
    read_parameters,
    write_parameters,
)


@pytest.mark.parametrize(
    ("build", "where"),
    [
        (lambda: BitcoinSpec(price_usd=0.0), "bitcoin.price_usd"),
        (lambda: BitcoinSpec(price_usd=float("nan")), "bitcoin.price_usd"),
        (lambda: BitcoinSpec(price_usd=1.0, model="garch"), "bitcoin.model"),
        (lambda: BitcoinSpec(price_usd=1.0, volatility_frac=-0.1), "bitcoin.volatility_frac"),
        (lambda: FeesSpec(level_btc_per_block=0.0), "fees.level_btc_per_block"),
        (lambda: LeaseSpec(volatility_frac=9.0), "lease.volatility_frac"),
        (lambda: GpuSpec(decline_frac_per_year=1.0), "gpu.decline_frac_per_year"),
        (lambda: Correlation(pairs=(("bitcoin", "gold", 0.1),)), "correlation bitcoin/gold"),
        (lambda: Correlation(pairs=(("gpu", "gpu", 0.1),)), "correlation gpu/gpu"),
        (lambda: Correlation(pairs=(("gpu", "lease", 1.1),)), "correlation gpu/lease"),
    ],
)
def test_bad_numbers_are_refused_by_name(build: object, where: str) -> None:
    assert callable(build)
    with pytest.raises(InputError) as caught:
        build()
    assert caught.value.problems[0].where == where


def test_a_pair_named_twice_is_refused() -> None:
    with pytest.raises(InputError, match="twice"):
        Correlation(pairs=(("gpu", "lease", 0.1), ("lease", "gpu", 0.2)))


def test_impossible_correlations_name_the_pairs() -> None:
    pairs = (("bitcoin", "lease", 0.9), ("lease", "gpu", 0.9), ("bitcoin", "gpu", -0.9))
    with pytest.raises(InputError, match=r"bitcoin/lease 0\.9, lease/gpu 0\.9, bitcoin/gpu -0\.9"):
        Correlation(pairs=pairs)


def test_cholesky_takes_a_driver_that_another_fixes() -> None:
    matrix = Correlation(pairs=(("bitcoin", "lease", 1.0), ("bitcoin", "gpu", 0.4),
                                ("lease", "gpu", 0.4))).matrix()  # fmt: skip
    factor = cholesky(matrix)
    np.testing.assert_allclose(factor @ factor.T, matrix, atol=1e-12)
    assert (np.triu(factor, 1) == 0.0).all()
    assert factor.shape == (len(DRIVERS),) * 2


def test_bootstrap_needs_two_blocks() -> None:
    with pytest.raises(InputError, match="12 or more"):
        bootstrap_martingale(np.zeros(11), Streams(1), paths=1, months=2)


def test_parameter_files_round_trip(tmp_path: Path) -> None:
    written = Calibration(
        name="x",
        date="2025-06",
        sample="s",
        source="t",
        method="m",
        estimates={"a": Estimate(value=1.5, se=None, unit="u", note="n")},
        diagnostics={"d": 2.0},
    )
    assert read_parameters(write_parameters(written, tmp_path)) == written


@pytest.mark.parametrize("text", ["", "[1]", '{"name": "x"}', "\x00"])
def test_broken_parameter_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"x\.json"):
        read_parameters(path)
    with pytest.raises(DataError):
        read_parameters(tmp_path / "absent.json")


@pytest.mark.parametrize("name", ["bitcoin", "fees", "lease", "gpu"])
def test_packaged_parameters_carry_their_provenance(name: str) -> None:
    found = packaged(name)
    assert all((found.date, found.sample, found.source, found.method))
    assert all(e.unit and (e.se is not None or e.note) for e in found.estimates.values())


HEADER = "date,price_usd,blocks,fees_btc\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,price_usd\n2020-01-01,1\n", "no column blocks, fees_btc"),
        (HEADER, "no rows"),
        (HEADER + "2020-01-01,1,1,1\n2020-01-03,1,1,1\n", "2020-01-03 after 2020-01-01"),
        (HEADER + "2020-01-01,,1,1\n", "price_usd '' on 2020-01-01"),
        (HEADER + "2020-01-01,1,nan,1\n", "blocks 'nan'"),
        (HEADER + "2020-13-01,1,1,1\n", "month must be in 1..12"),
    ],
)
def test_daily_file_refusals(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(DataError) as caught:
        read_daily(tmp_path)
    assert said in str(caught.value)


def test_an_absent_daily_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=FILE_NAME):
        read_daily(tmp_path)


def test_an_unfinished_month_is_left_out(tmp_path: Path) -> None:
    rows = [f"2020-01-{d:02d},1,1,1\n" for d in range(1, 32)] + ["2020-02-01,1,1,1\n"]
    (tmp_path / FILE_NAME).write_text(HEADER + "".join(rows))
    assert read_daily(tmp_path).labels[-1] == "2020-01-31"


def test_fees_that_do_not_revert_are_refused() -> None:
    labels = tuple(f"2020-{m:02d}" for m in range(1, 13))
    rising = np.exp(np.arange(12.0) ** 1.5)
    with pytest.raises(InputError, match="reverts"):
        calibrate_fees(labels, rising, np.linspace(1.0, 2.0, 12), source="x")
