"""What a battery adds on many price paths, by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import Battery, Site
from rerack.base.checks import FloatArray, IntArray, as_finite, frozen_array, require
from rerack.dispatch.site_dispatch import rig_capacity_mw
from rerack.dispatch.storage_inputs import bus_of, energy_of, prices_of, stack_of, unreachable
from rerack.dispatch.storage_kernel import scratch_of, storage_kernel
from rerack.dispatch.strike import hall_strikes_usd_per_mwh


@dataclass(frozen=True, kw_only=True, eq=False)
class StorageValues:
    """What a battery adds to the margin of a site.

    Parameters
    ----------
    gain_usd : ndarray
        Gain over the same site without the battery, of one feasible schedule through all months
        [USD], shape (scenario, month). A month that charges for the next one may lose.
    bound_usd : ndarray
        No schedule gains more over all months [USD], shape (scenario,).
    bridged_hours : ndarray of int
        Hours in which charging and discharging at once would pay, shape (scenario,); in scenarios
        without any, the gain is exact.
    """

    gain_usd: FloatArray
    bound_usd: FloatArray
    bridged_hours: IntArray

    def __post_init__(self) -> None:
        for name in ("gain_usd", "bound_usd"):
            object.__setattr__(self, name, frozen_array(getattr(self, name)))

    @property
    def gap_usd(self) -> FloatArray:
        """What a better schedule could add at most [USD], shape (scenario,)."""
        return np.where(self.bridged_hours > 0, self.bound_usd - self.gain_usd.sum(axis=1), 0.0)


def storage_values(
    site: Site,
    battery: Battery,
    price_usd_per_mwh: FloatArray,
    hashprice_usd_per_ph_day: FloatArray,
    *,
    month_hours: IntArray,
) -> StorageValues:
    """Return what a battery adds on every price path, all prices of a path being known.

    Parameters
    ----------
    site : Site
        Interconnect, halls, firm load and tariff, with terms of export if it may sell.
    battery : Battery
        The battery.
    price_usd_per_mwh : ndarray
        Index price [USD/MWh], shape (scenario, hour).
    hashprice_usd_per_ph_day : ndarray
        Hashprice, constant within a month [USD/PH/s/day], shape (scenario, month).
    month_hours : ndarray of int
        Hours of each month, 1 or more, adding up to the hours given, shape (month,).

    Returns
    -------
    StorageValues
        Gain by month, its bound, and where it is not proved exact.

    Raises
    ------
    InputError
        If a number is NaN or out of range, shapes disagree, the tariff has terms that couple
        hours, or the battery's final state cannot be reached.

    Notes
    -----
    The recursion of `solve_storage`, whose notes give the equations; add the gain to the margins
    of the price-duration route. Time and scratch memory grow with hours x (segments an hour). The
    kernel releases the interpreter lock, so a caller may split the scenarios over threads. It
    never calls HiGHS: where `gap_usd` is too large, `solve_storage` settles a path.

    Examples
    --------
    >>> from rerack.assets import Tariff
    >>> site = Site(name="Demo", interconnect_mw=10.0, halls=(), tariff=Tariff(),
    ...             firm_load_mw=5.0)
    >>> battery = Battery(charge_mw=5.0, discharge_mw=5.0, energy_mwh=10.0, initial_frac=0.0)
    >>> found = storage_values(site, battery, np.array([[10.0, 20.0, 300.0, 90.0]]),
    ...                        np.array([[40.0, 40.0]]), month_hours=np.array([2, 2]))
    >>> found.gain_usd.tolist(), found.bound_usd.tolist()
    ([[-150.0, 1950.0]], [1800.0])
    """
    index = as_finite(price_usd_per_mwh, "price_usd_per_mwh", ndim=2)
    hashprice = as_finite(hashprice_usd_per_ph_day, "hashprice_usd_per_ph_day", ndim=2)
    hours = np.asarray(month_hours, dtype=np.int64)
    require(
        hashprice.shape == (index.shape[0], hours.size),
        "hashprice_usd_per_ph_day",
        given=f"shape {hashprice.shape}",
        allowed=f"({index.shape[0]} scenarios, {hours.size} months)",
    )
    require(
        bool((hours > 0).all()) and int(hours.sum()) == index.shape[1] > 0,
        "month_hours",
        given=f"{int(hours.sum())} hours in all",
        allowed=f"months of 1 hour or more that add up to the {index.shape[1]} hours of prices",
    )
    price, sale = prices_of(site.tariff, index)
    stack = stack_of(hall_strikes_usd_per_mwh(site.halls, hashprice), rig_capacity_mw(site))
    gain, bound = np.empty(hashprice.shape), np.empty(index.shape[0])
    bridged = np.empty(index.shape[0], dtype=np.int64)
    storage_kernel(
        scratch_of(index.shape[1], stack.strike.shape[2]),
        bus_of(site, battery),
        np.ascontiguousarray(price),
        np.ascontiguousarray(sale),
        np.concatenate([[0], np.cumsum(hours)]),
        stack.strike,
        stack.capacity,
        energy_of(battery),
        np.empty(index.shape[1]),
        np.empty(index.shape[1]),
        gain,
        bound,
        bridged,
    )
    if np.isnan(bound).any():
        raise unreachable(battery)
    return StorageValues(gain_usd=gain, bound_usd=bound, bridged_hours=bridged)
