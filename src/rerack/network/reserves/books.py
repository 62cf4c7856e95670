"""Miners as arrays, and what they own and owe between steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray
from rerack.network.reserves.miner import POLICIES, Miner


class Rules(NamedTuple):
    """What of the miners stays: arrays of shape (miner,)."""

    hashrate_eh_s: FloatArray
    efficiency_j_per_th: FloatArray
    power_usd_per_mwh: FloatArray
    opex_usd_per_month: FloatArray
    cash_floor_usd: FloatArray
    covers: FloatArray
    sell_frac: FloatArray
    call_ltv_frac: FloatArray
    cure_ltv_frac: FloatArray
    coin_loan_frac_per_year: FloatArray
    debt_frac_per_year: FloatArray
    repay_usd_per_month: FloatArray
    covenant_frac: FloatArray


class Books(NamedTuple):
    """What miners own and owe: arrays of shape (scenario, miner)."""

    free_btc: FloatArray
    pledged_btc: FloatArray
    cash_usd: FloatArray
    coin_loan_usd: FloatArray
    debt_usd: FloatArray
    arrears_usd: FloatArray


def rules_of(miners: Sequence[Miner]) -> Rules:
    """Return the rules of miners, in their order."""
    shares = [m.sell_frac if m.policy == POLICIES[2] else 0.0 for m in miners]
    plain = {
        name: np.array([getattr(m, name) for m in miners], dtype=np.float64)
        for name in Rules._fields
        if name not in ("covers", "sell_frac")
    }
    return Rules(
        covers=np.array([float(m.policy == POLICIES[1]) for m in miners]),
        sell_frac=np.array(shares),
        **plain,
    )


def opening_books(miners: Sequence[Miner], scenarios: int) -> Books:
    """Return the books before the first step, the same in every scenario."""

    def column(name: str) -> FloatArray:
        values = np.array([getattr(m, name) for m in miners], dtype=np.float64)
        return np.repeat(values[None, :], scenarios, axis=0)

    return Books(
        free_btc=column("reserve_btc"),
        pledged_btc=column("pledged_btc"),
        cash_usd=column("cash_usd"),
        coin_loan_usd=column("coin_loan_usd"),
        debt_usd=column("debt_usd"),
        arrears_usd=np.zeros((scenarios, len(miners))),
    )
