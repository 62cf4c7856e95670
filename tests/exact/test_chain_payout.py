"""Payout schemes against the Poisson law."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rerack.base.errors import InputError
from rerack.chain import PayoutIncome, btc_per_ph_day, payout_income

MINER: dict[str, Any] = {
    "hashrate_eh_s": 2.0,
    "difficulty": 150e12,
    "subsidy_btc": 3.125,
    "fees_btc": 0.025,
    "days": 30.0,
}


def test_all_schemes_expect_the_same_income_less_the_fee() -> None:
    gross = btc_per_ph_day(150e12, 3.125, 0.025) * 2000.0 * 30.0
    for scheme, pool in (("fpps", None), ("pplns", 40.0), ("solo", None)):
        income = payout_income(scheme, pool_fee_frac=0.02, pool_hashrate_eh_s=pool, **MINER)  # type: ignore[arg-type]
        assert income.expected_btc == pytest.approx(0.98 * gross, rel=1e-14)


def test_solo_deviation_is_that_of_a_sampled_poisson_month() -> None:
    income = payout_income("solo", **MINER)
    expected_blocks = 2e18 * 86_400 * 30 / (150e12 * 2**32)
    blocks = np.random.default_rng(1).poisson(expected_blocks, 400_000)
    assert income.expected_btc == pytest.approx(3.15 * expected_blocks, rel=1e-12)
    assert income.variance_btc2 == pytest.approx(3.15**2 * expected_blocks, rel=1e-12)
    assert (3.15 * blocks).std() == pytest.approx(income.deviation_btc, rel=5e-3)


def test_pplns_is_solo_for_a_pool_of_one_and_steadier_in_proportion() -> None:
    solo = payout_income("solo", pool_fee_frac=0.01, **MINER)
    alone = payout_income("pplns", pool_fee_frac=0.01, pool_hashrate_eh_s=2.0, **MINER)
    pooled = payout_income("pplns", pool_fee_frac=0.01, pool_hashrate_eh_s=200.0, **MINER)
    assert alone == solo
    assert pooled.deviation_btc == pytest.approx(solo.deviation_btc / 10.0, rel=1e-14)


def test_fpps_bears_no_luck_and_nothing_expected_means_nothing_relative() -> None:
    assert payout_income("fpps", **MINER).deviation_btc == 0.0
    idle = payout_income("solo", **{**MINER, "hashrate_eh_s": 0.0})
    assert idle == PayoutIncome(expected_btc=0.0, deviation_btc=0.0)
    assert idle.relative_deviation_frac == 0.0


@pytest.mark.parametrize(
    ("scheme", "changes", "where"),
    [
        ("pps", {}, "scheme"),
        ("pplns", {}, "pool_hashrate_eh_s"),
        ("pplns", {"pool_hashrate_eh_s": 1.0}, "pool_hashrate_eh_s"),
        ("pplns", {"pool_hashrate_eh_s": float("nan")}, "pool_hashrate_eh_s"),
        ("solo", {"pool_hashrate_eh_s": 9.0}, "pool_hashrate_eh_s"),
        ("solo", {"hashrate_eh_s": -1.0}, "hashrate_eh_s"),
        ("solo", {"days": float("nan")}, "days"),
        ("fpps", {"pool_fee_frac": 1.5}, "pool_fee_frac"),
        ("fpps", {"difficulty": 0.0}, "difficulty"),
    ],
)
def test_bad_input_names_its_place(scheme: Any, changes: dict[str, float], where: str) -> None:
    with pytest.raises(InputError, match=where):
        payout_income(scheme, **{**MINER, **changes})


def test_income_checks_itself() -> None:
    with pytest.raises(InputError, match="deviation_btc"):
        PayoutIncome(expected_btc=1.0, deviation_btc=-1.0)
