"""Mining as a use of a megawatt: monthly money per utility MW of a hall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets import RigFleet
from rerack.base.checks import FloatArray
from rerack.chain import breakeven_usd_per_mwh
from rerack.network import NetworkOutlook
from rerack.planning.inflation import growth_path
from rerack.planning.meter import Meter
from rerack.planning.renewal import renew_fleet


@dataclass(frozen=True, kw_only=True)
class MiningCash:
    """Monthly amounts per utility MW of installed rigs, all shape (scenario, month).

    Parameters
    ----------
    revenue_usd_per_mw, power_usd_per_mw, operations_usd_per_mw, rigs_usd_per_mw : ndarray
        Income and costs as positive numbers [USD/MW].
    coins_btc_per_mw : ndarray
        Coins mined, pool fee deducted [BTC/MW].
    energy_mwh_per_mw : ndarray
        Energy drawn [MWh/MW].
    """

    revenue_usd_per_mw: FloatArray
    power_usd_per_mw: FloatArray
    operations_usd_per_mw: FloatArray
    rigs_usd_per_mw: FloatArray
    coins_btc_per_mw: FloatArray
    energy_mwh_per_mw: FloatArray

    def margin_usd_per_mw(self) -> FloatArray:
        """Return revenue less power and operations, before new rigs."""
        return self.revenue_usd_per_mw - self.power_usd_per_mw - self.operations_usd_per_mw


def mining_cash(
    fleet: RigFleet,
    network: NetworkOutlook,
    meter: Meter,
    *,
    end_month: int,
    inflation_frac_per_year: float,
) -> MiningCash:
    """Run a fleet against every hour's price and return its money per MW.

    Parameters
    ----------
    fleet : RigFleet
        Rigs of the hall.
    network : NetworkOutlook
        Hashprice, best rig on sale and its price.
    meter : Meter
        Hourly prices at the meter.
    end_month : int
        Month in which mining is known to end: nothing is earned or spent from then on, and no
        rigs are bought that could not pay back before it.
    inflation_frac_per_year : float
        Growth of operating cost.

    Notes
    -----
    Energy per MW is ``uptime * run_frac * hours``; revenue is energy times the break-even price
    ``hashprice 1e3 / (24 J/TH) (1 - fee)``. The class runs in an hour iff its strike price exceeds
    the price at the meter, so margin is exact for every hour of every month (model.md section 5).
    """
    months = meter.grid.months
    meter = meter.until(end_month)
    hashprice = network.hashprice_usd_per_ph_day[:, :end_month]
    efficiency, rigs = renew_fleet(
        hashprice,
        network.rig_price_usd_per_th[:, :end_month],
        network.frontier_j_per_th,
        meter.mean_usd_per_mwh(),
        fleet.efficiency_j_per_th,
        fleet.first_refresh_month,
        fleet.refresh_months,
        float(fleet.refresh_payback_months),
        fleet.pool_fee_frac,
        fleet.variable_om_usd_per_mwh,
        fleet.uptime_frac,
    )
    growth = growth_path(inflation_frac_per_year, end_month)
    income = breakeven_usd_per_mwh(hashprice, efficiency, fleet.pool_fee_frac)
    coins = breakeven_usd_per_mwh(
        network.btc_per_ph_day[:, :end_month], efficiency, fleet.pool_fee_frac
    )
    run_frac, run_price = meter.run(income - fleet.variable_om_usd_per_mwh)
    hours = meter.grid.hours * fleet.uptime_frac
    energy = run_frac * hours
    fixed = fleet.fixed_om_usd_per_mw_year / 12.0 * growth

    def whole(values: FloatArray) -> FloatArray:
        return np.pad(values, ((0, 0), (0, months - end_month)))

    return MiningCash(
        revenue_usd_per_mw=whole(energy * income),
        power_usd_per_mw=whole(run_price * hours),
        operations_usd_per_mw=whole(energy * fleet.variable_om_usd_per_mwh + fixed),
        rigs_usd_per_mw=whole(rigs),
        coins_btc_per_mw=whole(energy * coins),
        energy_mwh_per_mw=whole(energy),
    )
