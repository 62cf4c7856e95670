"""How long a new rig takes to earn its price, when everybody else may buy one too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, frozen_array, require, require_between
from rerack.network.rig_market import margin_usd_per_th_month
from rerack.network.world.result import NetworkSimulation


@dataclass(frozen=True, kw_only=True, eq=False)
class RigPayback:
    """Payback of one rig bought in one month.

    Parameters
    ----------
    months : array, shape (scenario,)
        Months until the margin has paid the price; inf where it has not by the end.
    naive_months : array, shape (scenario,)
        Price over the margin of the month of purchase, as a calculator with constant difficulty
        and price says; inf where that margin is not above 0.
    """

    months: FloatArray
    naive_months: FloatArray

    @property
    def reached_frac(self) -> float:
        """Share of scenarios that pay back within the simulation."""
        return float(np.isfinite(self.months).mean())


def rig_payback(
    simulation: NetworkSimulation,
    *,
    efficiency_j_per_th: float,
    power_usd_per_mwh: float,
    price_usd_per_th: float,
    month: int = 0,
) -> RigPayback:
    """Return the payback of a rig in every scenario, beside the naive figure.

    Parameters
    ----------
    simulation : NetworkSimulation
        Hashprice as it was paid, entry and exit of all others included.
    efficiency_j_per_th : float
        The rig's [J/TH].
    power_usd_per_mwh : float
        Power price in the first month [USD/MWh]; it rises with the world's inflation.
    price_usd_per_th : float
        All that the rig costs, place included [USD/TH].
    month : int
        Month of purchase and first month of income, from the start of the simulation.

    Returns
    -------
    RigPayback
        A month's margin counts only where it is above 0: else the rig is off.

    Notes
    -----
    min { n : sum over n months of max(margin, 0) >= price }, the last month in proportion. Pool
    fee as in the world's behaviour. Not for a power price that varies by the hour: what can be
    earned by switching off in dear hours is left out.
    """
    months = simulation.grid.months
    require_between(month, 0, months - 1, "month")
    for name, value in (
        ("efficiency_j_per_th", efficiency_j_per_th),
        ("price_usd_per_th", price_usd_per_th),
    ):
        require(0.0 < value < 1e6, name, given=value, allowed="a number above 0")
    require_between(power_usd_per_mwh, 0.0, 1e4, "power_usd_per_mwh")
    rules = simulation.world.behaviour
    level = (1.0 + rules.inflation_frac_per_year) ** (np.arange(months) / 12.0)
    income = simulation.hashprice_usd_per_ph_day * (1.0 - rules.pool_fee_frac)
    power = power_usd_per_mwh * level
    margin = np.maximum(
        margin_usd_per_th_month(income, np.array(efficiency_j_per_th), power)[:, month:], 0.0
    )
    first = margin[:, 0]
    naive = np.full(first.shape, np.inf)
    np.divide(price_usd_per_th, first, out=naive, where=first > 0.0)
    return RigPayback(
        months=frozen_array(_first_reached(margin, price_usd_per_th)),
        naive_months=frozen_array(naive),
    )


def _first_reached(margin: FloatArray, price: float) -> FloatArray:
    total = np.cumsum(margin, axis=1)
    reached = total[:, -1] >= price
    last = np.argmax(total >= price, axis=1)
    rows = np.arange(margin.shape[0])
    earned = margin[rows, last]
    short = price - (total[rows, last] - earned)
    part = np.divide(short, earned, out=np.ones_like(short), where=earned > 0.0)
    months: FloatArray = np.where(reached, last + part, np.inf)
    return months
