"""The strike price: the price at the meter above which a rig class earns less than it costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np

from rerack.assets import Hall, RigFleet
from rerack.base.checks import FloatArray
from rerack.chain.hashprice import breakeven_usd_per_mwh


@overload
def strike_usd_per_mwh(fleet: RigFleet, hashprice_usd_per_ph_day: float) -> float: ...
@overload
def strike_usd_per_mwh(fleet: RigFleet, hashprice_usd_per_ph_day: FloatArray) -> FloatArray: ...
def strike_usd_per_mwh(
    fleet: RigFleet, hashprice_usd_per_ph_day: float | FloatArray
) -> float | FloatArray:
    """Return the price at the meter at which a fleet is indifferent between hashing and idling.

    Parameters
    ----------
    fleet : RigFleet
        Rigs, with their efficiency at the hall's meter, pool fee and variable operating cost.
    hashprice_usd_per_ph_day : float or array
        Hashprice [USD/PH/s/day], 0 or more, any shape.

    Returns
    -------
    float or array
        Strike price [USD/MWh], same shape; negative where operating cost exceeds income.

    Raises
    ------
    InputError
        If hashprice is NaN, infinite or negative.

    Notes
    -----
    ``strike = hashprice * 1e3 / (24 * J/TH) * (1 - pool fee) - variable O&M``. Uptime is not in
    it: a rig that is down neither earns nor draws. Nor is the cost of stopping and starting: do
    not use it for rigs that age with every restart.

    Examples
    --------
    >>> round(strike_usd_per_mwh(RigFleet(model="S21", efficiency_j_per_th=17.5), 35.06), 1)
    83.5
    """
    strike = _strikes((fleet,), hashprice_usd_per_ph_day)[..., 0]
    return float(strike) if strike.ndim == 0 else strike


def hall_strikes_usd_per_mwh(
    halls: Sequence[Hall], hashprice_usd_per_ph_day: float | FloatArray
) -> FloatArray:
    """Return the strike price of every hall's rigs.

    Parameters
    ----------
    halls : sequence of Hall
        Halls; one without rigs earns nothing from a MWh, so its strike is 0.
    hashprice_usd_per_ph_day : float or array
        Hashprice [USD/PH/s/day], 0 or more, any shape.

    Returns
    -------
    ndarray
        Strike prices [USD/MWh], shape of hashprice with the unit axis added last.

    Examples
    --------
    >>> rigs = RigFleet(model="S21", efficiency_j_per_th=17.5)
    >>> halls = (Hall(name="A", utility_mw=50.0, rigs=rigs), Hall(name="B", utility_mw=50.0))
    >>> hall_strikes_usd_per_mwh(halls, 42.0).tolist()
    [100.0, 0.0]
    """
    strikes = np.zeros((*np.shape(hashprice_usd_per_ph_day), len(halls)))
    mining = [k for k, hall in enumerate(halls) if hall.rigs is not None]
    fleets = tuple(hall.rigs for hall in halls if hall.rigs is not None)
    strikes[..., mining] = _strikes(fleets, hashprice_usd_per_ph_day)
    return strikes


def _strikes(fleets: Sequence[RigFleet], hashprice: float | FloatArray) -> FloatArray:
    """Return strikes with the fleets along a new last axis."""
    breakeven = breakeven_usd_per_mwh(
        np.asarray(hashprice, dtype=np.float64)[..., np.newaxis],
        np.array([f.efficiency_j_per_th for f in fleets], dtype=np.float64),
        np.array([f.pool_fee_frac for f in fleets], dtype=np.float64),
    )
    return np.asarray(breakeven) - np.array(
        [f.variable_om_usd_per_mwh for f in fleets], dtype=np.float64
    )
