"""The best schedule of a site on the user's prices, with its sums by hour, day, month or year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from rerack.assets import Battery, Site
from rerack.base.checks import FloatArray, as_finite, frozen_array
from rerack.dispatch.desk_account import (
    Account,
    Outcome,
    outcome_of,
    refuse_unknown_terms,
    settle,
)
from rerack.dispatch.desk_periods import By, Periods
from rerack.dispatch.result import Dispatch
from rerack.dispatch.site_dispatch import rig_capacity_mw, solve
from rerack.markets.files import HourlySeries

if TYPE_CHECKING:
    from rerack.dispatch.storage_result import StorageDispatch


@dataclass(frozen=True, kw_only=True, eq=False)
class SiteSchedule:
    """A site's best schedule with every price known beforehand.

    Parameters
    ----------
    site : str
        Name of the site.
    hours : ndarray of datetime64[h]
        Hours, UTC, shape (hour,).
    outcome : Outcome
        Prices, strikes and available power.
    account : Account
        Money and energy of the rigs and of the block.
    dispatch : Dispatch
        The certified schedule; a `StorageDispatch` where there is a battery.
    hashprice_usd_per_ph_day : ndarray
        Hashprice [USD/PH/s/day], shape (hour,).
    battery_usd : ndarray or None
        What the battery earns [USD], shape (hour,); None without one.
    """

    site: str
    hours: np.ndarray[Any, np.dtype[np.datetime64]]
    outcome: Outcome
    account: Account
    dispatch: Dispatch
    hashprice_usd_per_ph_day: FloatArray
    battery_usd: FloatArray | None

    def __post_init__(self) -> None:
        if self.battery_usd is not None:
            object.__setattr__(self, "battery_usd", frozen_array(self.battery_usd))

    @property
    def net_usd(self) -> FloatArray:
        """Rig margin and battery, less firm power, plus block settlement [USD], shape (hour,)."""
        out = self.outcome
        battery = 0.0 if self.battery_usd is None else self.battery_usd
        return self.account.margin_usd + battery - out.firm_cost_usd + out.block_settlement_usd

    def table(self, by: By = "month") -> dict[str, Any]:
        """Return sums by period as columns, each of shape (period,).

        Parameters
        ----------
        by : {"hour", "day", "month", "year"}
            Length of a period, UTC. Hours carry the power of each hall as well.

        Notes
        -----
        ``net = margin + battery - firm cost + block settlement``. `run_frac` is energy drawn over
        energy available. Of `block_settlement_usd`, `credits_usd` is the part that the site did
        not use itself; with a battery it is left out, the block serving that too.
        """
        periods, out, account = Periods(self.hours, by), self.outcome, self.account
        available = periods.sum(out.available_mw.sum(axis=1))
        mined = periods.sum(account.mining_mwh)
        table: dict[str, Any] = {
            "period": np.array(periods.labels),
            "hours": periods.hours,
            "price_usd_per_mwh": periods.mean(out.index_usd_per_mwh),
            "meter_price_usd_per_mwh": periods.mean(out.meter_usd_per_mwh),
            "hashprice_usd_per_ph_day": periods.mean(self.hashprice_usd_per_ph_day),
            "mining_mwh": mined,
            "run_frac": np.divide(mined, available, out=np.zeros_like(mined), where=available > 0),
            "margin_usd": periods.sum(account.margin_usd),
            "firm_cost_usd": periods.sum(out.firm_cost_usd),
            "block_settlement_usd": periods.sum(out.block_settlement_usd),
        }
        if self.battery_usd is None:
            table["credits_usd"] = periods.sum(account.credits_usd)
        else:
            table["battery_usd"] = periods.sum(self.battery_usd)
        table["net_usd"] = periods.sum(self.net_usd)
        return table | (self._hour_columns() if by == "hour" else {})

    def _hour_columns(self) -> dict[str, FloatArray]:
        """Return what only hours have: the power of each hall, and of the battery."""
        skip = {"hour", "price_usd_per_mwh", "firm_mw", "mining_mw", "margin_usd"}
        return {name: v for name, v in self.dispatch.table().items() if name not in skip}


def schedule_site(
    site: Site,
    series: HourlySeries,
    hashprice_usd_per_ph_day: float | FloatArray,
    *,
    battery: Battery | None = None,
    block_end: np.datetime64 | None = None,
) -> SiteSchedule:
    """Dispatch a site through the hours of a price file.

    Parameters
    ----------
    site : Site
        The site.
    series : HourlySeries
        Index prices, all known beforehand.
    hashprice_usd_per_ph_day : float or ndarray
        Hashprice [USD/PH/s/day], one number or shape (hour,).
    battery : Battery or None
        Battery behind the meter.
    block_end : numpy.datetime64 or None
        Hour from which the fixed-price block is out of contract; None keeps it throughout.

    Returns
    -------
    SiteSchedule
        The schedule, certified, with its sums.

    Raises
    ------
    InputError
        If a number is missing or out of range, or the tariff has terms that need the bill.
    SolverError
        If the schedule cannot be certified.

    Examples
    --------
    >>> from rerack.assets import Hall, RigFleet, Tariff
    >>> rigs = RigFleet(model="S21", efficiency_j_per_th=17.5)
    >>> site = Site(name="Demo", interconnect_mw=10.0, tariff=Tariff(),
    ...             halls=(Hall(name="A", utility_mw=10.0, rigs=rigs),))
    >>> prices = HourlySeries(name="p", start=np.datetime64("2024-01-01T00"),
    ...                       prices_usd_per_mwh=np.array([40.0, 160.0]))
    >>> found = schedule_site(site, prices, 42.0).table()
    >>> found["run_frac"].tolist(), [round(v, 6) for v in found["net_usd"].tolist()]
    ([0.5], [600.0])
    """
    refuse_unknown_terms(site)
    index = series.prices_usd_per_mwh
    # The block changes no schedule and may end within the hours: it is settled by the account.
    unblocked = replace(site, tariff=replace(site.tariff, block=None))
    dispatch, earned = _dispatched(unblocked, battery, index, hashprice_usd_per_ph_day)
    # A battery lets rigs draw more than the interconnect: all that is installed is available.
    installed = np.broadcast_to(rig_capacity_mw(site), dispatch.run_mw.values.shape)
    outcome = outcome_of(
        site,
        dispatch,
        series,
        available_mw=None if battery is None else installed,
        block_end=block_end,
    )
    hashprice = as_finite(hashprice_usd_per_ph_day, "hashprice_usd_per_ph_day")
    return SiteSchedule(
        site=site.name,
        hours=series.hours,
        outcome=outcome,
        account=settle(outcome, dispatch.run_mw.values),
        dispatch=dispatch,
        hashprice_usd_per_ph_day=np.broadcast_to(hashprice, index.shape),
        battery_usd=earned,
    )


def _dispatched(
    site: Site, battery: Battery | None, index: FloatArray, hashprice: float | FloatArray
) -> tuple[Dispatch, FloatArray | None]:
    """Return the schedule, and what the battery earns in every hour if there is one."""
    if battery is None:
        return solve(site, index, hashprice), None
    from rerack.dispatch.storage import solve_storage

    found = solve_storage(site, battery, index, hashprice)
    return found, _battery_usd(found)


def _battery_usd(found: StorageDispatch) -> FloatArray:
    wear = found.battery.throughput_cost_usd_per_mwh * np.maximum(found.battery_mw, 0.0)
    return np.asarray(found.price_usd_per_mwh * found.battery_mw - wear)
