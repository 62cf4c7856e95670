"""The monthly record that forecasts of hashrate start from, and what was known of rigs when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array, require
from rerack.markets import NetworkHistory, network_history
from rerack.network.history.facts import read_rows

#: Months over which the pace of the frontier is measured before an origin.
PACE_MONTHS: Final = 36


@dataclass(frozen=True, kw_only=True, eq=False)
class HashrateRecord:
    """Consecutive months of the network; read-only arrays of shape (month,).

    Parameters
    ----------
    labels : tuple of str
        Months such as ``2015-01``.
    log_hashrate : array
        Logarithm of mean hashrate [EH/s].
    log_revenue : array
        Logarithm of revenue at 144 blocks a day over 1 EH/s [USD/PH/day]: less `log_hashrate` it
        is log hashprice, free of the luck of blocks.
    log_paid : array
        Logarithm of what miners were paid in a day [USD/day].
    log_frontier : array
        Logarithm of the best rig on sale [J/TH], steps at the release.
    """

    labels: tuple[str, ...]
    log_hashrate: FloatArray
    log_revenue: FloatArray
    log_paid: FloatArray
    log_frontier: FloatArray

    def __post_init__(self) -> None:
        for name in ("log_hashrate", "log_revenue", "log_paid", "log_frontier"):
            values = as_finite(getattr(self, name), f"record.{name}")
            require(
                values.shape == (len(self.labels),),
                f"record.{name}",
                given=f"shape {values.shape}",
                allowed=f"({len(self.labels)},)",
            )
            object.__setattr__(self, name, frozen_array(values))

    def index_of(self, month: str) -> int:
        """Return the position of a month; an unknown one is refused."""
        require(
            month in self.labels,
            "month",
            given=repr(month),
            allowed=f"{self.labels[0]} to {self.labels[-1]}",
        )
        return self.labels.index(month)

    def frontier_known_at(self, origin: int) -> FloatArray:
        """Return log frontier as foreseen at an origin, shape (month,) [log J/TH].

        Parameters
        ----------
        origin : int
            Last month that is known.

        Notes
        -----
        After the origin it falls at the mean pace of the 36 months before it: no later release is
        looked at.
        """
        found = self.log_frontier.copy()
        back = min(PACE_MONTHS, origin)
        pace = (found[origin - back] - found[origin]) / max(back, 1)
        ahead = np.arange(1, found.size - origin)
        found[origin + 1 :] = found[origin] - pace * ahead
        return found


@cache
def hashrate_record() -> HashrateRecord:
    """Return the packaged record, 2012-01 to 2025-06, read once.

    Examples
    --------
    >>> record = hashrate_record()
    >>> record.labels[0], record.labels[-1], len(record.labels)
    ('2012-01', '2025-06', 162)
    """
    before, since = _before_2017(), network_history()
    labels = before.labels + since.labels
    hashrate = np.concatenate([before.hashrate_eh_s, since.hashrate_eh_s])
    fees = np.concatenate([before.fees_btc_per_block, since.fees_btc_per_block])
    share = np.concatenate([before.fee_share_frac, since.fee_share_frac])
    price = np.concatenate([before.price_usd, since.price_usd])
    paid = np.concatenate([before.revenue_usd, since.revenue_usd])
    days = np.array([_days_in(month) for month in labels])
    steps = read_rows("frontier_by_release.csv")
    releases = [row["month"] for row in steps]
    best = np.array([float(row["best_j_per_th"]) for row in steps])
    at = np.array([sum(month <= label for month in releases) - 1 for label in labels])
    return HashrateRecord(
        labels=labels,
        log_hashrate=np.log(hashrate),
        log_revenue=np.log(0.144 * fees / share * price),
        log_paid=np.log(paid / days),
        log_frontier=np.log(best[at]),
    )


def _before_2017() -> NetworkHistory:
    rows = read_rows("network_monthly_before_2017.csv")

    def column(name: str) -> FloatArray:
        return np.array([float(row[name]) for row in rows])

    return NetworkHistory(
        labels=tuple(row["month"] for row in rows),
        price_usd=column("price_usd"),
        hashrate_eh_s=column("hashrate_eh_s"),
        hashprice_usd_per_ph_day=column("hashprice_usd_per_ph_day"),
        fees_btc_per_block=column("fees_btc_per_block"),
        fee_share_frac=column("fee_share_frac"),
        revenue_usd=column("revenue_usd"),
    )


def _days_in(month: str) -> float:
    start = np.datetime64(month, "M")
    return float(((start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(int))
