"""Mining as a use of a megawatt: monthly money per utility MW of a hall."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from rerack.assets import RigFleet
from rerack.assets.operating_points import HallOperation
from rerack.base.checks import FloatArray
from rerack.chain import breakeven_usd_per_mwh
from rerack.dispatch.flexible_hull import hull_vertices
from rerack.network import NetworkOutlook
from rerack.planning.inflation import growth_path
from rerack.planning.meter import Meter
from rerack.planning.power.class_run import Reserve, run_class
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
    demand_usd_per_mw, coincident_usd_per_mw : ndarray
        Charges for the month's peak and for the system's [USD/MW].
    services_usd_per_mw : ndarray
        Income of reserves, what calls lose and save included [USD/MW].
    idle_mw_per_mw : float
        Power that rigs draw in every hour, running or not, uptime included.
    step_mw_per_mw : ndarray
        Power that each step of the rigs draws when wanted, uptime included, shape (step,).
    step_strike_usd_per_mwh : ndarray
        What a MWh of each step earns before power [USD/MWh], shape (step, scenario, month).
    """

    revenue_usd_per_mw: FloatArray
    power_usd_per_mw: FloatArray
    operations_usd_per_mw: FloatArray
    rigs_usd_per_mw: FloatArray
    coins_btc_per_mw: FloatArray
    energy_mwh_per_mw: FloatArray
    demand_usd_per_mw: FloatArray
    coincident_usd_per_mw: FloatArray
    services_usd_per_mw: FloatArray
    idle_mw_per_mw: float
    step_mw_per_mw: FloatArray
    step_strike_usd_per_mwh: FloatArray

    def margin_usd_per_mw(self) -> FloatArray:
        """Return revenue and reserves less power, peaks and operations, before new rigs."""
        earned = self.revenue_usd_per_mw + self.services_usd_per_mw
        peaks = self.demand_usd_per_mw + self.coincident_usd_per_mw
        return earned - self.power_usd_per_mw - peaks - self.operations_usd_per_mw


def mining_cash(
    fleet: RigFleet,
    network: NetworkOutlook,
    meter: Meter,
    *,
    end_month: int,
    inflation_frac_per_year: float,
    operation: HallOperation | None = None,
    reserve: Reserve | None = None,
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
    operation : HallOperation or None
        Operating points and idle draw; None runs rigs at rated power or not at all.
    reserve : Reserve or None
        Reserve that the rigs can answer.

    Notes
    -----
    Energy per MW is ``uptime * run_frac * hours``; revenue is energy times the break-even price
    ``hashprice 1e3 / (24 J/TH) (1 - fee)``. The class runs in an hour iff its strike price exceeds
    the price at the meter, so margin is exact for every hour of every month (model.md section 5).
    Charges for peaks and reserves are decided by `run_class`. With operating points each step of
    the concave hull is a class of its own; idle power is drawn in all hours.
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
    hours = meter.grid.hours * fleet.uptime_frac
    steps = _steps(operation)
    strikes = [gain * income - fleet.variable_om_usd_per_mwh for _, gain in steps]
    runs = [run_class(meter, strike, reserve) for strike in strikes]
    widths, gains = (list(part) for part in zip(*steps, strict=True))
    drawn = [width * run.run_frac * hours for width, run in zip(widths, runs, strict=True)]
    energy, rated = _weighted(drawn, [1.0] * len(steps)), _weighted(drawn, gains)
    fixed = fleet.fixed_om_usd_per_mw_year / 12.0 * growth
    idle = (0.0 if operation is None else operation.idle_frac) * fleet.uptime_frac
    idle_power = idle * meter.grid.hours * meter.mean_usd_per_mwh() if idle else 0.0
    up = fleet.uptime_frac
    nothing = np.broadcast_to(0.0, energy.shape)

    def over(part: str) -> FloatArray:
        return _weighted([getattr(run, part) for run in runs], widths)

    def peaks(part: str, charge: FloatArray) -> FloatArray:
        return over(part) * up + idle * charge if meter.charges_peaks else nothing

    def whole(values: FloatArray) -> FloatArray:
        return _filled_up(values, months)

    return MiningCash(
        revenue_usd_per_mw=whole(rated * income),
        power_usd_per_mw=whole(over("run_price_usd_per_mwh") * hours + idle_power),
        operations_usd_per_mw=whole(energy * fleet.variable_om_usd_per_mwh + fixed),
        rigs_usd_per_mw=whole(rigs),
        coins_btc_per_mw=whole(rated * coins),
        energy_mwh_per_mw=whole(energy + idle * meter.grid.hours if idle else energy),
        demand_usd_per_mw=whole(peaks("demand_usd_per_mw", meter.demand_usd_per_mw())),
        coincident_usd_per_mw=whole(peaks("coincident_usd_per_mw", meter.coincident_usd_per_mw())),
        services_usd_per_mw=whole(over("services_usd_per_mwh") * hours if reserve else nothing),
        idle_mw_per_mw=idle,
        step_mw_per_mw=np.array([width * up for width in widths]),
        step_strike_usd_per_mwh=np.stack([whole(strike) for strike in strikes]),
    )


def _filled_up(values: FloatArray, months: int) -> FloatArray:
    """Return values followed by months of nothing, shape (scenario, month)."""
    if values.shape[1] == months:
        return values
    padded = np.zeros((values.shape[0], months))
    padded[:, : values.shape[1]] = values
    return padded


def _weighted(parts: list[FloatArray], weights: list[float]) -> FloatArray:
    """Return the sum of `parts` times their weights; a single part of weight 1 is not copied."""
    scaled = (p if w == 1.0 else w * p for p, w in zip(parts, weights, strict=True))
    return reduce(np.add, scaled)


def _steps(operation: HallOperation | None) -> list[tuple[float, float]]:
    """Return width over rated power, and income over rated income, of each step of the rigs."""
    if operation is None:
        return [(1.0, 1.0)]
    power, hashes = hull_vertices(operation.points, operation.idle_frac)
    width = np.diff(power)
    return [(float(w), float(g)) for w, g in zip(width, np.diff(hashes) / width, strict=True)]
