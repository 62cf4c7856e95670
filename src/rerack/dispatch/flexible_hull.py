"""A hall's operating points as a few blocks of power, each worth running below its own strike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import RigFleet
from rerack.assets.operating_points import OperatingPoint
from rerack.base.checks import FloatArray, as_finite, require
from rerack.chain.hashprice import breakeven_usd_per_mwh


@dataclass(frozen=True, kw_only=True, eq=False)
class Hull:
    """Concave upper hull of a fleet's operating points above idle.

    Parameters
    ----------
    width_frac : ndarray
        Power of each step over rated power, first step first, shape (step,).
    strike_usd_per_mwh : ndarray
        What a MWh of the step earns before power [USD/MWh], falling along the steps,
        shape (hour or 1, step).
    """

    width_frac: FloatArray
    strike_usd_per_mwh: FloatArray


def hull_vertices(
    points: tuple[OperatingPoint, ...], idle_frac: float
) -> tuple[FloatArray, FloatArray]:
    """Return power and hashrate of the points on the concave hull, idle first.

    Parameters
    ----------
    points : tuple of OperatingPoint
        Settings, any order.
    idle_frac : float
        Idle draw over rated power.

    Returns
    -------
    tuple of ndarray
        Power and hashrate over rated, both shape (vertex,), power rising.

    Notes
    -----
    Andrew's monotone chain over power. A step may lose hashrate: it is run where power is paid
    for being used.

    Examples
    --------
    >>> low = OperatingPoint(power_frac=0.6, hashrate_frac=0.7)
    >>> bad = OperatingPoint(power_frac=0.8, hashrate_frac=0.75)
    >>> full = OperatingPoint(power_frac=1.0, hashrate_frac=1.0)
    >>> [v.tolist() for v in hull_vertices((full, bad, low), 0.0)]
    [[0.0, 0.6, 1.0], [0.0, 0.7, 1.0]]
    """
    ordered = sorted([(idle_frac, 0.0), *((p.power_frac, p.hashrate_frac) for p in points)])
    chain: list[tuple[float, float]] = []
    for power, hashes in ordered:
        while len(chain) >= 2 and _turns_left(chain[-2], chain[-1], (power, hashes)):
            chain.pop()
        chain.append((power, hashes))
    kept = np.array(chain)
    return kept[:, 0], kept[:, 1]


def _turns_left(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether b lies on or under the line from a to c."""
    return (b[1] - a[1]) * (c[0] - a[0]) <= (c[1] - a[1]) * (b[0] - a[0])


def hull_of(
    fleet: RigFleet,
    points: tuple[OperatingPoint, ...],
    idle_frac: float,
    hashprice_usd_per_ph_day: float | FloatArray,
) -> Hull:
    """Return the steps of power that a fleet offers and the strike price of each.

    Parameters
    ----------
    fleet : RigFleet
        Efficiency at rated power, pool fee, variable operating cost.
    points : tuple of OperatingPoint
        Settings relative to rated power.
    idle_frac : float
        Idle draw over rated power.
    hashprice_usd_per_ph_day : float or ndarray
        Hashprice [USD/PH/s/day], one number or shape (hour,).

    Returns
    -------
    Hull
        Steps above idle. One number of hashprice gives one row of strikes.

    Notes
    -----
    With rated income B [USD/MWh], the step from (a0, b0) to (a1, b1) strikes at
    ``B (b1 - b0) / (a1 - a0) - variable O&M``. Strikes fall along the steps, so running every
    step whose strike exceeds the price picks the best mix of settings at that price, and the
    merit order stays exact. Variable operating cost is charged on power above idle. Do not use it
    for a few large machines that cannot be mixed.

    Examples
    --------
    >>> fleet = RigFleet(model="S21", efficiency_j_per_th=17.5)
    >>> low = OperatingPoint(power_frac=0.6, hashrate_frac=0.7)
    >>> full = OperatingPoint(power_frac=1.0, hashrate_frac=1.0)
    >>> hull_of(fleet, (low, full), 0.0, 42.0).strike_usd_per_mwh.round(2).tolist()
    [[116.67, 75.0]]
    """
    require(len(points) > 0, "points", given="none", allowed="one operating point or more")
    hashprice = as_finite(hashprice_usd_per_ph_day, "hashprice_usd_per_ph_day").reshape(-1, 1)
    power, hashes = hull_vertices(points, idle_frac)
    income = breakeven_usd_per_mwh(
        hashprice, np.array(fleet.efficiency_j_per_th), np.array(fleet.pool_fee_frac)
    )
    width = np.diff(power)
    strike = np.asarray(income) * (np.diff(hashes) / width) - fleet.variable_om_usd_per_mwh
    return Hull(width_frac=width, strike_usd_per_mwh=strike)
