"""Mining as a use of a megawatt: monthly money per utility MW of a hall."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rerack.assets import RigFleet
from rerack.assets.operating_points import HallOperation
from rerack.base.checks import FloatArray
from rerack.dispatch.flexible_hull import hull_vertices
from rerack.network import NetworkOutlook
from rerack.planning.inflation import growth_path
from rerack.planning.meter import Meter
from rerack.planning.power.class_run import ClassRun, Reserve, run_class

#: Lines of the ledger that every class posts, and their signs there.
MINING_LINES = {
    "mining revenue": 1.0,
    "mining power": -1.0,
    "mining operations": -1.0,
    "rigs": -1.0,
}


@dataclass(frozen=True, kw_only=True)
class MiningCash:
    """Monthly amounts per utility MW of installed rigs, shape (scenario, month) if not said.

    Parameters
    ----------
    lines_usd_per_mw : ndarray, shape (line, scenario, month)
        Income and costs of `MINING_LINES`, all as positive numbers [USD/MW].
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

    lines_usd_per_mw: FloatArray
    coins_btc_per_mw: FloatArray
    energy_mwh_per_mw: FloatArray
    demand_usd_per_mw: FloatArray
    coincident_usd_per_mw: FloatArray
    services_usd_per_mw: FloatArray
    idle_mw_per_mw: float
    step_mw_per_mw: FloatArray
    step_strike_usd_per_mwh: FloatArray

    def _line(self, at: int) -> FloatArray:
        line: FloatArray = self.lines_usd_per_mw[at]
        return line

    @property
    def revenue_usd_per_mw(self) -> FloatArray:
        """Income from coins [USD/MW], shape (scenario, month)."""
        return self._line(0)

    @property
    def power_usd_per_mw(self) -> FloatArray:
        """Cost of energy [USD/MW], shape (scenario, month)."""
        return self._line(1)

    @property
    def operations_usd_per_mw(self) -> FloatArray:
        """Operating cost [USD/MW], shape (scenario, month)."""
        return self._line(2)

    @property
    def rigs_usd_per_mw(self) -> FloatArray:
        """Cost of new rigs [USD/MW], shape (scenario, month)."""
        return self._line(3)

    @cached_property
    def rarer_lines(self) -> dict[str, tuple[float, FloatArray]]:
        """Sign and amount of what few sites pay or earn, by line of the ledger; none that is 0."""
        there = {
            "demand charge": (-1.0, self.demand_usd_per_mw),
            "coincident peak": (-1.0, self.coincident_usd_per_mw),
            "grid services": (1.0, self.services_usd_per_mw),
        }
        return {line: found for line, found in there.items() if found[1].any()}

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
    from rerack.planning.mining_kernel import monthly_amounts

    scenarios, months = network.hashprice_usd_per_ph_day.shape
    widths, gains = _steps(operation)
    efficiency, rigs = _renewals(fleet, network, meter, end_month)
    earned, strikes = _strikes(fleet, network, efficiency, gains, end_month)
    runs = [run_class(meter, strike[:, :end_month], reserve) for strike in strikes]
    up = fleet.uptime_frac
    idle = (0.0 if operation is None else operation.idle_frac) * up
    growth = growth_path(inflation_frac_per_year, months)
    hours = meter.grid.hours * up
    lines, produced = np.zeros((4, scenarios, months)), np.zeros((2, scenarios, months))
    monthly_amounts(
        np.stack([run.run_frac for run in runs]),
        np.stack([run.run_price_usd_per_mwh for run in runs]),
        earned,
        meter.mean_usd_per_mwh(),
        widths,
        gains,
        hours,
        idle * meter.grid.hours,
        fleet.fixed_om_usd_per_mw_year / 12.0 * growth,
        fleet.variable_om_usd_per_mwh,
        lines,
        produced,
    )
    lines[3] = rigs

    demand, coincident = _peak_charges(runs, widths * up, idle, meter, end_month)
    services: FloatArray = np.broadcast_to(0.0, (scenarios, months))
    if reserve is not None:
        offered = [run.services_usd_per_mwh for run in runs]
        services = _filled_up(offered, widths, months) * hours
    return MiningCash(
        lines_usd_per_mw=lines,
        coins_btc_per_mw=produced[0],
        energy_mwh_per_mw=produced[1],
        demand_usd_per_mw=demand,
        coincident_usd_per_mw=coincident,
        services_usd_per_mw=services,
        idle_mw_per_mw=idle,
        step_mw_per_mw=widths * up,
        step_strike_usd_per_mwh=strikes,
    )


def buys_alike(
    cash: MiningCash, fleet: RigFleet, network: NetworkOutlook, meter: Meter, end_month: int
) -> bool:
    """Tell whether a fleet that ends earlier buys the same rigs until then, and so earns the same.

    Parameters
    ----------
    cash : MiningCash
        The fleet's money if it mines to the horizon.
    fleet, network, meter
        As for `mining_cash`.
    end_month : int
        Month in which it ends instead.
    """
    _, rigs = _renewals(fleet, network, meter, end_month)
    return np.array_equal(rigs[:, :end_month], cash.rigs_usd_per_mw[:, :end_month])


def _strikes(
    fleet: RigFleet,
    network: NetworkOutlook,
    efficiency: FloatArray,
    gains: FloatArray,
    end_month: int,
) -> tuple[FloatArray, FloatArray]:
    """Return dollars and coins by MWh, (2, scenario, end_month), and strikes by step."""
    from rerack.planning.mining_kernel import step_strikes

    scenarios, months = network.hashprice_usd_per_ph_day.shape
    earned = np.empty((2, scenarios, end_month))
    strikes = np.zeros((gains.size, scenarios, months))
    step_strikes(
        network.hashprice_usd_per_ph_day,
        network.btc_per_ph_day,
        efficiency,
        fleet.pool_fee_frac,
        fleet.variable_om_usd_per_mwh,
        gains,
        earned,
        strikes,
    )
    return earned, strikes


def _renewals(
    fleet: RigFleet, network: NetworkOutlook, meter: Meter, end_month: int
) -> tuple[FloatArray, FloatArray]:
    from rerack.planning.renewal_kernel import renew_fleet

    return renew_fleet(
        network.hashprice_usd_per_ph_day,
        network.rig_price_usd_per_th,
        network.frontier_j_per_th,
        meter.mean_usd_per_mwh(),
        fleet.efficiency_j_per_th,
        fleet.first_refresh_month,
        fleet.refresh_months,
        float(fleet.refresh_payback_months),
        fleet.pool_fee_frac,
        fleet.variable_om_usd_per_mwh,
        fleet.uptime_frac,
        end_month,
    )


def _peak_charges(
    runs: list[ClassRun], mw_per_mw: FloatArray, idle: float, meter: Meter, end_month: int
) -> tuple[FloatArray, FloatArray]:
    """Return the charges for the month's peak and for the system's, (scenario, month) each."""
    months = meter.grid.months
    if not meter.charges_peaks:
        nothing = np.broadcast_to(0.0, (runs[0].run_frac.shape[0], months))
        return nothing, nothing
    mines = np.arange(months) < end_month
    demand = _filled_up([run.demand_usd_per_mw for run in runs], mw_per_mw, months)
    caused = _filled_up([run.coincident_usd_per_mw for run in runs], mw_per_mw, months)
    return (
        demand + idle * meter.demand_usd_per_mw() * mines,
        caused + idle * meter.coincident_usd_per_mw() * mines,
    )


def _filled_up(parts: list[FloatArray], weights: FloatArray, months: int) -> FloatArray:
    """Return the weighted sum of `parts`, followed by months of nothing, (scenario, month)."""
    padded = np.zeros((parts[0].shape[0], months))
    for part, weight in zip(parts, weights, strict=True):
        padded[:, : part.shape[1]] += weight * part
    return padded


def _steps(operation: HallOperation | None) -> tuple[FloatArray, FloatArray]:
    """Return width over rated power, and income over rated income, of each step of the rigs."""
    if operation is None:
        return np.ones(1), np.ones(1)
    power, hashes = hull_vertices(operation.points, operation.idle_frac)
    width = np.diff(power)
    return width, np.diff(hashes) / width
