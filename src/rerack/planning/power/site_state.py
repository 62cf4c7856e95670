"""What stands behind the meter in every scenario-month of a plan: AI load and classes of rigs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.planning.mining import MiningCash


@dataclass(frozen=True, kw_only=True, eq=False)
class SiteState:
    """Loads of a site under one plan.

    Parameters
    ----------
    ai_mw : ndarray
        AI and idle load that is served in every hour [MW utility], shape (scenario, month).
    strike_usd_per_mwh : ndarray
        Strike of each class, falling along the last axis [USD/MWh], (scenario, month, class).
    capacity_mw : ndarray
        Power of each class when wanted [MW utility], shape (scenario, month, class).
    """

    ai_mw: FloatArray
    strike_usd_per_mwh: FloatArray
    capacity_mw: FloatArray

    def same(self, other: SiteState) -> np.ndarray:
        """Return where two plans have the same loads, shape (scenario, month)."""
        if self.capacity_mw.shape != other.capacity_mw.shape:
            return np.zeros(self.ai_mw.shape, dtype=bool)
        both = self.capacity_mw == other.capacity_mw
        running = (self.capacity_mw > 0.0) | (other.capacity_mw > 0.0)
        alike = (self.strike_usd_per_mwh == other.strike_usd_per_mwh) | ~running
        found: np.ndarray = (both & alike).all(axis=2) & (self.ai_mw == other.ai_mw)
        return found


def site_state(mining: list[tuple[MiningCash, FloatArray]], ai_mw: FloatArray) -> SiteState:
    """Put halls together: halls of equal rigs are one class.

    Parameters
    ----------
    mining : list of (MiningCash, ndarray)
        Money per MW of each hall with rigs, and its installed MW that still mine, shape
        (scenario, month).
    ai_mw : ndarray
        AI load [MW utility], shape (scenario, month).
    """
    groups: dict[int, tuple[MiningCash, FloatArray]] = {}
    for cash, mw in mining:
        known = groups.get(id(cash))
        groups[id(cash)] = (cash, mw if known is None else known[1] + mw)
    strikes, capacity = [], []
    for cash, mw in groups.values():
        for width, strike in zip(cash.step_mw_per_mw, cash.step_strike_usd_per_mwh, strict=True):
            strikes.append(strike)
            capacity.append(width * mw)
    if not strikes:
        empty = np.zeros((*ai_mw.shape, 0))
        return SiteState(ai_mw=ai_mw, strike_usd_per_mwh=empty, capacity_mw=empty)
    strike, mw = np.stack(strikes, axis=2), np.stack(capacity, axis=2)
    order = np.argsort(-strike, axis=2, kind="stable")
    return SiteState(
        ai_mw=ai_mw,
        strike_usd_per_mwh=np.ascontiguousarray(np.take_along_axis(strike, order, axis=2)),
        capacity_mw=np.ascontiguousarray(np.take_along_axis(mw, order, axis=2)),
    )
