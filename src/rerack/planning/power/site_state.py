"""What stands behind the meter in every scenario-month of a plan: AI load and classes of rigs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import Battery
from rerack.base.checks import FloatArray
from rerack.planning.mining import MiningCash


@dataclass(frozen=True, kw_only=True, eq=False)
class SiteState:
    """Loads of a site under one plan.

    Parameters
    ----------
    ai_mw : ndarray
        AI and idle load that is served in every hour [MW utility], shape (scenario, month).
    room_mw : ndarray
        Interconnect less that load [MW utility], shape (scenario, month).
    strike_usd_per_mwh : ndarray
        Strike of each class, falling along the last axis [USD/MWh], (scenario, month, class).
        Strikes differ, and classes that are not there come last, with strike and capacity 0.
    capacity_mw : ndarray
        Power of each class when wanted [MW utility], shape (scenario, month, class).
    """

    ai_mw: FloatArray
    room_mw: FloatArray
    strike_usd_per_mwh: FloatArray
    capacity_mw: FloatArray

    def same(self, other: SiteState) -> np.ndarray:
        """Return where two plans have the same loads, shape (scenario, month)."""
        found: np.ndarray = (self.ai_mw == other.ai_mw) & (self.room_mw == other.room_mw)
        for mine, theirs in (
            (self.capacity_mw, other.capacity_mw),
            (self.strike_usd_per_mwh, other.strike_usd_per_mwh),
        ):
            both = min(mine.shape[2], theirs.shape[2])
            found &= (mine[:, :, :both] == theirs[:, :, :both]).all(axis=2)
            # One of the two has no more classes; those of the other must be empty.
            for rest in (mine[:, :, both:], theirs[:, :, both:]):
                found &= (rest == 0.0).all(axis=2)
        return found


def site_state(
    mining: list[tuple[MiningCash, FloatArray]], ai_mw: FloatArray, interconnect_mw: float
) -> SiteState:
    """Put halls together: rigs of equal strike are one class.

    Parameters
    ----------
    mining : list of (MiningCash, ndarray)
        Money per MW of each hall with rigs, and its installed MW that still mine, shape
        (scenario, month).
    ai_mw : ndarray
        AI load [MW utility], shape (scenario, month).
    interconnect_mw : float
        Limit of the interconnect [MW utility].
    """
    from rerack.planning.power.state_kernel import merge_kernel

    groups: dict[int, tuple[MiningCash, FloatArray]] = {}
    for cash, mw in mining:
        known = groups.get(id(cash))
        groups[id(cash)] = (cash, mw if known is None else known[1] + mw)
    strikes, capacity = [], []
    for cash, mw in groups.values():
        for width, strike in zip(cash.step_mw_per_mw, cash.step_strike_usd_per_mwh, strict=True):
            strikes.append(strike)
            capacity.append(width * mw)
    shape = (*ai_mw.shape, len(strikes))
    strike = np.stack(strikes, axis=2) if strikes else np.zeros(shape)
    mw = np.stack(capacity, axis=2) if strikes else np.zeros(shape)
    order = np.argsort(-strike, axis=2, kind="stable")
    strike = np.ascontiguousarray(np.take_along_axis(strike, order, axis=2))
    mw = np.ascontiguousarray(np.take_along_axis(mw, order, axis=2))
    most = merge_kernel(strike, mw)
    return SiteState(
        ai_mw=ai_mw,
        room_mw=interconnect_mw - ai_mw,
        strike_usd_per_mwh=np.ascontiguousarray(strike[:, :, :most]),
        capacity_mw=np.ascontiguousarray(mw[:, :, :most]),
    )


def near_battery(state: SiteState, battery: Battery) -> SiteState:
    """Return the loads cut to what the battery's gain depends on, for a site without exports.

    Parameters
    ----------
    state : SiteState
        Loads under a plan.
    battery : Battery
        The battery, C MW in and D MW out at the bus.

    Notes
    -----
    With A the AI load, R the room left of the interconnect, and K the power of all classes:

    - discharging saves A + (what runs) MW of purchases first, so that A counts up to D only;
    - with R at K + C or more, charging never takes power from rigs. Then classes matter only as
      what discharging serves below their strike once A is served: the first D - A MW of them,
      dearest first, and R no more than C above those.

    Plans that differ beyond these limits have the same gain, and it is reckoned once.
    """
    from rerack.planning.power.state_kernel import (
        near_battery_kernel,
    )

    ai, room = state.ai_mw.copy(), state.room_mw.copy()
    strike, capacity = state.strike_usd_per_mwh.copy(), state.capacity_mw.copy()
    near_battery_kernel(battery.charge_mw, battery.discharge_mw, ai, room, strike, capacity)
    return SiteState(ai_mw=ai, room_mw=room, strike_usd_per_mwh=strike, capacity_mw=capacity)
