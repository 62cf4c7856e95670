"""A class of miners as several whose loans differ, so that they are not called all at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rerack.base.checks import require_between
from rerack.network.reserves.miner import CashCall, Miner

_SHARED = (
    "hashrate_eh_s",
    "opex_usd_per_month",
    "reserve_btc",
    "cash_usd",
    "cash_floor_usd",
    "pledged_btc",
    "debt_usd",
    "repay_usd_per_month",
)


def split_miner(miner: Miner, parts: int, *, loan_spread_frac: float = 0.0) -> tuple[Miner, ...]:
    """Return a class as equal miners; only their coin-backed loans differ.

    Parameters
    ----------
    miner : Miner
        The class.
    parts : int
        Number of miners, 1 to 1,000.
    loan_spread_frac : float
        Loans lie evenly from (1 - spread) to (1 + spread) times the mean, 0 to 1.

    Returns
    -------
    tuple of Miner
        Named "NAME 1" and so on; their sums are the class.

    Examples
    --------
    >>> many = split_miner(Miner(name="p", pledged_btc=90.0, coin_loan_usd=3e6), 3,
    ...                    loan_spread_frac=0.1)
    >>> [round(m.coin_loan_usd) for m in many]
    [900000, 1000000, 1100000]
    """
    require_between(parts, 1, 1_000, "parts")
    require_between(loan_spread_frac, 0.0, 1.0, "loan_spread_frac")
    if parts == 1:
        return (miner,)
    offsets = np.linspace(-loan_spread_frac, loan_spread_frac, parts)
    shared = {name: getattr(miner, name) / parts for name in _SHARED}
    calls = tuple(CashCall(day=c.day, amount_usd=c.amount_usd / parts) for c in miner.calls)
    return tuple(
        replace(
            miner,
            name=f"{miner.name} {i + 1}",
            coin_loan_usd=miner.coin_loan_usd / parts * (1.0 + float(offset)),
            calls=calls,
            **shared,
        )
        for i, offset in enumerate(offsets)
    )
