"""A backtest: the desk's account beside the best and the laziest, by hour and by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rerack.base.checks import FloatArray, IntArray, frozen_array, require
from rerack.dispatch.desk_account import Account, Outcome
from rerack.dispatch.desk_periods import By, Periods

#: Rigs drawing less than this share of what is available count as off at a peak.
_OFF_FRAC = 0.05

#: By what an hour's chance of a peak was judged: outside summer; in a summer without load, without
#: an earlier complete summer to learn from, by load alone, by load and weather.
PEAK_JUDGES = ("", "no load", "no earlier summer", "load", "load, weather")

_BY_HOUR = ("hashprice_usd_per_ph_day", "believed_usd_per_mwh", "peak_chance_frac", "peak_judge")
#: Columns that no sum over periods makes sense of.
_WORDS = ("period", "peaks_judged_by")


@dataclass(frozen=True, kw_only=True, eq=False)
class Backtest:
    """What a desk earned through past hours, and what could have been earned.

    Parameters
    ----------
    site : str
        Name of the site.
    hours : ndarray of datetime64[h]
        Hours, UTC, shape (hour,).
    outcome : Outcome
        Prices, strikes and peaks as they turned out.
    hashprice_usd_per_ph_day : ndarray
        Hashprice [USD/PH/s/day], shape (hour,).
    believed_usd_per_mwh : ndarray
        Index price that the desk reckoned with [USD/MWh], shape (hour,).
    peak_chance_frac : ndarray
        Chance that the desk gave the hour to set the month's peak, shape (hour,).
    peak_judge : ndarray of int
        What that chance was judged by, a place in `PEAK_JUDGES`, shape (hour,).
    desk : Account
        The desk, with what it could know.
    foresight : Account
        Every price and peak known beforehand: the upper bound.
    always : Account
        Rigs that never stop.
    notes : tuple of str
        What was assumed for want of data.
    """

    site: str
    hours: np.ndarray[Any, np.dtype[np.datetime64]]
    outcome: Outcome
    hashprice_usd_per_ph_day: FloatArray
    believed_usd_per_mwh: FloatArray
    peak_chance_frac: FloatArray
    peak_judge: IntArray
    desk: Account
    foresight: Account
    always: Account
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in _BY_HOUR:
            values = getattr(self, name)
            require(
                values.shape == self.hours.shape,
                f"backtest {name}",
                given=f"shape {values.shape}",
                allowed=f"shape {self.hours.shape}, one an hour",
            )
            object.__setattr__(self, name, frozen_array(values))

    def net_usd(self, account: Account) -> FloatArray:
        """Return margin less firm power, plus block settlement, less peak charge [USD], (hour,).

        Parameters
        ----------
        account : Account
            One of the three.
        """
        out = self.outcome
        fixed = out.block_settlement_usd - out.firm_cost_usd
        return account.margin_usd + fixed - account.peak_charge_usd

    def table(self, by: By = "month") -> dict[str, Any]:
        """Return sums by period as columns, each of shape (period,).

        Parameters
        ----------
        by : {"hour", "day", "month", "year"}
            Length of a period, UTC.

        Notes
        -----
        Prices and hashprice are plain means over hours. ``*_curtailed_hours`` are equivalent
        hours: the share of available rig power that stood still, added up. ``*_peaks_avoided``
        counts peaks at which rigs drew less than a twentieth of what was available;
        ``peaks_judged_by`` says by what their chance was judged. The columns
        of money add up: ``net = margin - firm cost + block settlement - peak charge``.
        """
        periods = Periods(self.hours, by)
        out = self.outcome
        table: dict[str, Any] = {
            "period": np.array(periods.labels),
            "hours": periods.hours,
            "price_usd_per_mwh": periods.mean(out.index_usd_per_mwh),
            "hashprice_usd_per_ph_day": periods.mean(self.hashprice_usd_per_ph_day),
            "available_mwh": periods.sum(out.available_mw.sum(axis=1)),
            "firm_cost_usd": periods.sum(out.firm_cost_usd),
            "block_settlement_usd": periods.sum(out.block_settlement_usd),
            "peaks": periods.sum(out.is_peak.astype(np.float64)).astype(np.int64),
            "peaks_judged_by": np.array(PEAK_JUDGES)[periods.largest(self.peak_judge)],
        }
        for name in ("desk", "foresight", "always"):
            table |= self._sums(periods, name)
        table["foregone_usd"] = table["foresight_net_usd"] - table["desk_net_usd"]
        return table

    def total(self) -> dict[str, Any]:
        """Return the sums over all hours: a row of `table` without its words."""
        table = self.table("hour")
        means = {"price_usd_per_mwh", "hashprice_usd_per_ph_day"}
        return {
            name: (values.mean() if name in means else values.sum()).item()
            for name, values in table.items()
            if name not in _WORDS
        }

    def _sums(self, periods: Periods, name: str) -> dict[str, Any]:
        account: Account = getattr(self, name)
        off = self.outcome.is_peak & (account.curtailed_frac > 1.0 - _OFF_FRAC)
        return {
            f"{name}_mining_mwh": periods.sum(account.mining_mwh),
            f"{name}_margin_usd": periods.sum(account.margin_usd),
            f"{name}_curtailed_hours": periods.sum(account.curtailed_frac),
            f"{name}_resold_mwh": periods.sum(account.resold_mwh),
            f"{name}_resold_usd": periods.sum(account.resold_usd),
            f"{name}_credits_usd": periods.sum(account.credits_usd),
            f"{name}_peak_charge_usd": periods.sum(account.peak_charge_usd),
            f"{name}_peaks_avoided": periods.sum(off.astype(np.float64)).astype(np.int64),
            f"{name}_net_usd": periods.sum(self.net_usd(account)),
        }

    def __repr__(self) -> str:
        found = self.total()
        return (
            f"Backtest of {self.site}, {self.hours.size:,} h from {self.hours[0]}:00Z: desk "
            f"{found['desk_net_usd']:,.0f} USD, foresight {found['foresight_net_usd']:,.0f} USD, "
            f"never stopped {found['always_net_usd']:,.0f} USD; {found['desk_peaks_avoided']} of "
            f"{found['peaks']} peaks avoided"
        )
