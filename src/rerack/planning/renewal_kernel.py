"""When a fleet of rigs is replaced, and by what (compiled)."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel

#: Hours of the mean month, used by the payback test only.
_MONTH_HOURS = 730.0


@kernel
def renew_fleet(
    hashprice: FloatArray,
    rig_price: FloatArray,
    frontier: FloatArray,
    power_price: FloatArray,
    efficiency: float,
    first_month: int,
    every_months: int,
    payback_months: float,
    fee_frac: float,
    variable_om: float,
    uptime_frac: float,
    end_month: int,
) -> tuple[FloatArray, FloatArray]:
    """Return each month's fleet efficiency and the cost of new rigs per MW.

    Parameters
    ----------
    hashprice, rig_price, power_price : ndarray, shape (scenario, month)
        [USD/PH/day], [USD/TH] of the best rig on sale, mean price at the meter [USD/MWh].
    frontier : ndarray, shape (month or more,)
        Efficiency of the best rig on sale [J/TH].
    efficiency : float
        Of the fleet at the start [J/TH].
    first_month, every_months : int
        First replacement date and age at replacement [months]; 0 never replaces.
    payback_months : float
        Longest simple payback at which a due replacement is bought [months].
    fee_frac, variable_om, uptime_frac : float
        Pool fee, [USD/MWh], share of hours hashed.
    end_month : int
        Month in which mining is known to end.

    Returns
    -------
    tuple of ndarray, shapes (scenario, end month) and (scenario, month)
        Efficiency [J/TH] while it mines, and rig cost [USD/MW utility].

    Notes
    -----
    A due replacement is bought in the first month in which
    ``price / (uptime (hashprice/1000 (1-fee) 730/24 - eff 730e-6 (power + om))) <= payback``
    and that many months are left. Until then the old rigs run on.
    """
    scenarios, months = hashprice.shape
    eff = np.empty((scenarios, end_month))
    cost = np.zeros((scenarios, months))
    for s in range(scenarios):
        current = efficiency
        due = first_month
        for m in range(end_month):
            if every_months > 0 and m >= due and m + payback_months <= end_month:
                new = frontier[m]
                income = hashprice[s, m] / 1e3 * (1.0 - fee_frac) * _MONTH_HOURS / 24.0
                expense = new * 1e-6 * _MONTH_HOURS * (power_price[s, m] + variable_om)
                net = uptime_frac * (income - expense)
                if net > 0.0 and rig_price[s, m] <= payback_months * net:
                    current = new
                    cost[s, m] = 1e6 / new * rig_price[s, m]
                    due = m + every_months
            eff[s, m] = current
    return eff, cost
