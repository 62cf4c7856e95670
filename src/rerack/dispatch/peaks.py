"""The best monthly peak under a demand charge, found exactly from what import is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class MonthPeaks:
    """The peak to allow in each month, and what it costs each hour.

    Parameters
    ----------
    peak_mw : ndarray
        Import to allow [MW utility], shape (month,).
    surcharge_usd_per_mwh : ndarray
        Share of the demand charge that falls on each hour [USD/MWh], adding up to at most the
        charge in each month, shape (hour,).
    """

    peak_mw: FloatArray
    surcharge_usd_per_mwh: FloatArray


def best_peaks(
    level_mw: FloatArray,
    drop_usd_per_mwh: FloatArray,
    *,
    least_mw: FloatArray,
    month: IntArray,
    charge_usd_per_mw: float,
) -> MonthPeaks:
    """Return the peak of each month at which one MW more is worth what it is charged.

    Parameters
    ----------
    level_mw : ndarray
        Import at which the worth of more import in an hour falls [MW utility], shape (hour, use).
    drop_usd_per_mwh : ndarray
        By how much it falls there, 0 or more [USD/MWh], shape (hour, use).
    least_mw : ndarray
        Import that the hour cannot do without [MW utility], shape (hour,).
    month : ndarray of int
        Month of every hour, from 0, without gaps, shape (hour,).
    charge_usd_per_mw : float
        Demand charge of a month [USD/MW].

    Returns
    -------
    MonthPeaks
        Optimal peaks with multipliers that prove them.

    Notes
    -----
    ``max_D sum_h V_h(D) - charge D``: V_h is concave and piecewise linear, so the slopes of all
    hours of a month are added up from the highest level down until they reach the charge. The
    surcharge is the slope of each hour at the peak, mixed from both sides of the kink so that it
    adds up to the charge; priced with it, no hour sees a limit (linear programming duality).

    Examples
    --------
    >>> found = best_peaks(np.array([[10.0, 4.0], [8.0, 2.0]]), np.array([[5.0, 9.0], [3.0, 9.0]]),
    ...     least_mw=np.zeros(2), month=np.zeros(2, dtype=np.int64), charge_usd_per_mw=6.0)
    >>> found.peak_mw.tolist(), found.surcharge_usd_per_mwh.tolist()
    ([8.0], [5.0, 1.0])
    """
    months = int(month[-1]) + 1
    peak = np.zeros(months)
    surcharge = np.zeros(month.size)
    for m in range(months):
        hours = np.flatnonzero(month == m)
        levels, drops = level_mw[hours], drop_usd_per_mwh[hours]
        floor_at = hours[np.argmax(least_mw[hours])]
        floor = float(max(least_mw[floor_at], 0.0))
        peak[m] = max(_crossing(levels.ravel(), drops.ravel(), charge_usd_per_mw), floor)
        above = np.where(levels > peak[m], drops, 0.0).sum(axis=1)
        at = np.where((levels == peak[m]) & (levels > 0.0), drops, 0.0).sum(axis=1)
        rest = charge_usd_per_mw - above.sum()
        share = min(rest / at.sum(), 1.0) if at.sum() > 0.0 else 0.0
        surcharge[hours] = above + share * at
        if peak[m] == floor > 0.0:
            surcharge[floor_at] += max(rest - share * at.sum(), 0.0)
    return MonthPeaks(peak_mw=peak, surcharge_usd_per_mwh=surcharge)


def _crossing(level: FloatArray, drop: FloatArray, charge: float) -> float:
    """Return the highest level at which the slopes at and above it reach the charge, or 0."""
    useful = (drop > 0.0) & (level > 0.0)
    if not useful.any():
        return 0.0
    order = np.argsort(-level[useful], kind="stable")
    total = np.cumsum(drop[useful][order])
    reached = np.searchsorted(total, charge, side="left")
    return float(level[useful][order][reached]) if reached < total.size else 0.0
