"""A battery among programmes: its state at both ends, and the reserve that it may sell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from rerack.assets import Battery
from rerack.assets.programmes import AncillaryService
from rerack.base.checks import FloatArray
from rerack.dispatch.commitment import BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Store:
    """A battery over the hours of a problem.

    Parameters
    ----------
    battery : Battery
        Limits, losses, wear.
    first_mwh, last_mwh : float
        Energy stored before the first hour, and the least after the last one [MWh].
    fits : ndarray of bool
        Services that the battery answers in time, shape (service,).
    call_hours : ndarray
        Length of a call that the stored energy must cover [h], shape (service,).
    called_frac : ndarray
        Mean share of offered energy that is called, shape (service,).
    reserve_usd_per_mwh : ndarray
        Worth of offering a MW for an hour, calls and their wear included [USD/MWh],
        shape (hour, service).
    """

    battery: Battery
    first_mwh: float
    last_mwh: float
    fits: BoolArray
    call_hours: FloatArray
    called_frac: FloatArray
    reserve_usd_per_mwh: FloatArray

    @property
    def reserve_mw(self) -> FloatArray:
        """Most reserve by service: full output instead of full charging [MW], (service,)."""
        return np.where(self.fits, self.battery.charge_mw + self.battery.discharge_mw, 0.0)

    def taken_mwh(self, stored_mwh: FloatArray, reserve_mw: FloatArray) -> FloatArray:
        """Return the energy that each hour takes out, mean calls of reserve apart [MWh].

        Parameters
        ----------
        stored_mwh : ndarray
            Energy stored at the end of each hour [MWh], shape (hour,).
        reserve_mw : ndarray
            Reserve offered [MW], shape (hour, service).
        """
        before = self.battery.hourly_keep_frac * np.append(self.first_mwh, stored_mwh[:-1])
        called = reserve_mw @ self.called_frac / self.battery.discharge_efficiency_frac
        return np.asarray(before - stored_mwh - called)

    def window(self, first: int, end: int) -> Self:
        """Return hours `first` to ``end - 1`` alone, states at both ends unchanged."""
        return replace(self, reserve_usd_per_mwh=self.reserve_usd_per_mwh[first:end])


def store_of(
    battery: Battery | None,
    services: Sequence[AncillaryService],
    meter_usd_per_mwh: FloatArray,
    capacity_usd_per_mwh: Mapping[str, FloatArray],
) -> Store | None:
    """Return the battery as the routes take it, None where it can do nothing.

    Parameters
    ----------
    battery : Battery or None
        The battery.
    services : sequence of AncillaryService
        Reserves of the site.
    meter_usd_per_mwh : ndarray
        Price at the meter [USD/MWh], shape (hour,).
    capacity_usd_per_mwh : mapping of str to ndarray
        Capacity prices by service [USD per MW and hour], each of shape (hour,).

    Notes
    -----
    An offered MW earns ``capacity + q (price at the meter + energy payment - wear)``, q the mean
    share of the hour in which it is called, and takes ``q / discharge efficiency`` MWh out of the
    store. The share of a service that halls may offer does not bind a battery; its energy does.
    """
    if battery is None or battery.energy_mwh == 0.0:
        return None
    response = battery.response_s
    worth = np.zeros((meter_usd_per_mwh.size, len(services)))
    for a, service in enumerate(services):
        paid = meter_usd_per_mwh + service.energy_usd_per_mwh - battery.throughput_cost_usd_per_mwh
        worth[:, a] = capacity_usd_per_mwh[service.name] + service.deployed_frac * paid
    return Store(
        battery=battery,
        first_mwh=battery.initial_mwh,
        last_mwh=battery.final_mwh,
        fits=np.array([response is not None and response <= s.response_s for s in services], bool),
        call_hours=np.array([s.call_hours for s in services], dtype=np.float64),
        called_frac=np.array([s.deployed_frac for s in services], dtype=np.float64),
        reserve_usd_per_mwh=worth,
    )


def reachable(store: Store, hours: int) -> bool:
    """Return whether charging at full power in every hour reaches the last state."""
    b, state = store.battery, store.first_mwh
    gain = b.charge_efficiency_frac * b.charge_mw
    for _ in range(hours):
        after = min(b.hourly_keep_frac * state + gain, b.energy_mwh)
        if after == state:
            break
        state = after
    return state >= store.last_mwh - 1e-9 * max(b.energy_mwh, 1.0)


def least_states_mwh(store: Store, charge_mw: FloatArray) -> FloatArray:
    """Return the least state after each hour from which the last state is still reached.

    Parameters
    ----------
    store : Store
        The battery.
    charge_mw : ndarray
        Power that is there to charge with in each hour [MW], shape (hour,).

    Returns
    -------
    ndarray
        Energy [MWh], shape (hour,).

    Examples
    --------
    >>> battery = Battery(charge_mw=2.0, discharge_mw=2.0, energy_mwh=8.0, final_frac=0.5)
    >>> store = store_of(battery, (), np.zeros(3), {})
    >>> least_states_mwh(store, np.full(3, 1.5)).tolist()
    [1.0, 2.5, 4.0]
    """
    b = store.battery
    least = np.empty(charge_mw.size)
    need = store.last_mwh
    for t in range(charge_mw.size - 1, -1, -1):
        least[t] = need
        gain = b.charge_efficiency_frac * min(charge_mw[t], b.charge_mw)
        need = max(0.0, (need - gain) / b.hourly_keep_frac)
    return least
