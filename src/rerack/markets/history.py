"""The built-in monthly history of price, hashrate, hashprice and fees."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array

#: Where the figures come from; shown wherever they are.
SOURCE: Final = (
    "monthly means and sums derived from Coin Metrics community network data "
    "(coinmetrics.io/community-network-data, CC BY-NC 4.0), 2017-01 to 2025-06"
)


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkHistory:
    """The Bitcoin network by month, four significant digits, read-only arrays (month,).

    Parameters
    ----------
    labels : tuple of str
        Months such as ``2017-01``.
    price_usd : array
        Mean price [USD/BTC].
    hashrate_eh_s : array
        Mean hashrate estimated from block counts [EH/s]; about 1.5 % noise a month.
    hashprice_usd_per_ph_day : array
        Revenue of the month over the sum of daily hashrates [USD/PH/day].
    fees_btc_per_block : array
        Mean fees [BTC per block].
    fee_share_frac : array
        Fees over subsidy plus fees.
    revenue_usd : array
        Revenue of all miners in the month [USD].
    """

    labels: tuple[str, ...]
    price_usd: FloatArray
    hashrate_eh_s: FloatArray
    hashprice_usd_per_ph_day: FloatArray
    fees_btc_per_block: FloatArray
    fee_share_frac: FloatArray
    revenue_usd: FloatArray

    def __post_init__(self) -> None:
        for f in fields(self)[1:]:
            object.__setattr__(self, f.name, frozen_array(as_finite(getattr(self, f.name), f.name)))

    def in_year(self, year: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return the mask of a calendar year, shape (month,)."""
        return np.array([label.startswith(f"{year:04d}-") for label in self.labels])


@cache
def network_history() -> NetworkHistory:
    """Return the built-in history, read once.

    Examples
    --------
    >>> history = network_history()
    >>> history.labels[0], history.labels[-1], float(history.hashprice_usd_per_ph_day[-1])
    ('2017-01', '2025-06', 53.41)
    """
    path = files("rerack.markets").joinpath("data", "network_monthly.csv")
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    rows = list(csv.DictReader(lines))

    def column(name: str) -> FloatArray:
        return np.array([float(row[name]) for row in rows])

    names = [f.name for f in fields(NetworkHistory)[1:]]
    return NetworkHistory(
        labels=tuple(row["month"] for row in rows), **{name: column(name) for name in names}
    )
