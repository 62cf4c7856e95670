"""What a class of rigs does in a month once it pays for its peak and may sell its readiness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.assets.programmes import AncillaryService
from rerack.base.checks import FloatArray
from rerack.planning.meter import Meter


@dataclass(frozen=True, kw_only=True)
class Reserve:
    """A reserve that a class can answer, at one capacity price for all hours.

    Parameters
    ----------
    service : AncillaryService
        The service.
    capacity_usd_per_mwh : float
        Paid per MW offered and hour [USD/MWh].
    """

    service: AncillaryService
    capacity_usd_per_mwh: float


@dataclass(frozen=True, kw_only=True)
class ClassRun:
    """A month of one class per installed MW that answers, all shape (scenario, month).

    Parameters
    ----------
    run_frac : ndarray
        Share of hours run, calls of reserve apart.
    run_price_usd_per_mwh : ndarray
        Price at the meter in hours that run, over all hours [USD/MWh].
    services_usd_per_mwh : ndarray
        Income of the reserve over all hours, what calls lose and save included [USD/MWh].
    demand_usd_per_mw : ndarray
        Demand charge of the month [USD/MW].
    coincident_usd_per_mw : ndarray
        Coincident-peak charge caused in the month [USD/MW].
    """

    run_frac: FloatArray
    run_price_usd_per_mwh: FloatArray
    services_usd_per_mwh: FloatArray
    demand_usd_per_mw: FloatArray
    coincident_usd_per_mw: FloatArray


def run_class(meter: Meter, strike_usd_per_mwh: FloatArray, reserve: Reserve | None) -> ClassRun:
    """Decide a class's month.

    Parameters
    ----------
    meter : Meter
        Prices and charges.
    strike_usd_per_mwh : ndarray
        What a MWh earns before power [USD/MWh], shape (scenario, month), of all months or the
        first few.
    reserve : Reserve or None
        Reserve that it can answer.

    Notes
    -----
    Without charges the class runs in every hour whose price is below its strike; with a reserve
    up to a price somewhat above it, as running earns the right to be paid for readiness.

    *Demand charge* D a MW of the month's peak. Classes run in falling order of strike, so the
    import is highest in hours in which all run, and each MW of a class adds one MW to the peak or
    none: it runs through the month if its margin S = sum of max(0, strike - price) exceeds D, and
    stands still otherwise. That is the optimum, as the margin is concave in the peak allowed with
    slope S of the class at the margin.

    *Coincident peak* C a MW in each listed month. A class either runs through and pays C, or stops
    for `stop_hours`, which is taken to cost that share of its margin, and still pays the share
    `missed_frac` of C. The better of the two is taken. How often a desk must stop and how often it
    misses is an input, because the library has prices but no system load.

    Behind a meter where nothing may stop it runs through, pays every peak and offers no reserve.
    """
    if not meter.may_stop:
        return _throughout(meter, strike_usd_per_mwh)
    frac, price, services = _freely(meter, strike_usd_per_mwh, reserve)
    if not meter.charges_peaks:
        nothing = np.broadcast_to(0.0, frac.shape)
        return ClassRun(
            run_frac=frac,
            run_price_usd_per_mwh=price,
            services_usd_per_mwh=services,
            demand_usd_per_mw=nothing,
            coincident_usd_per_mw=nothing,
        )
    months = frac.shape[1]
    hours = meter.grid.hours[:months]
    margin = (strike_usd_per_mwh * frac - price + services) * hours
    demand = np.broadcast_to(meter.demand_usd_per_mw()[:months], margin.shape)
    charge = np.broadcast_to(meter.coincident_usd_per_mw()[:months], margin.shape)
    share, caused = np.ones_like(margin), charge
    term = meter.tariff.coincident_peak
    if term is not None:
        kept = np.where(charge > 0.0, np.maximum(1.0 - term.stop_hours / hours, 0.0), 1.0)
        stops = margin * kept - term.missed_frac * charge > margin - charge
        share = np.where(stops, kept, 1.0)
        caused = np.where(stops, term.missed_frac * charge, charge)
    runs = margin * share - caused - demand > 0.0
    on = np.where(runs, share, 0.0)
    return ClassRun(
        run_frac=frac * on,
        run_price_usd_per_mwh=price * on,
        services_usd_per_mwh=services * on,
        demand_usd_per_mw=np.where(runs, demand, 0.0),
        coincident_usd_per_mw=np.where(runs, caused, 0.0),
    )


def _throughout(meter: Meter, strike: FloatArray) -> ClassRun:
    """Return what a class does that runs in every hour."""
    frac, price = meter.run(strike)
    months = frac.shape[1]
    return ClassRun(
        run_frac=frac,
        run_price_usd_per_mwh=price,
        services_usd_per_mwh=np.broadcast_to(0.0, frac.shape),
        demand_usd_per_mw=np.broadcast_to(meter.demand_usd_per_mw()[:months], frac.shape),
        coincident_usd_per_mw=np.broadcast_to(meter.coincident_usd_per_mw()[:months], frac.shape),
    )


def _freely(
    meter: Meter, strike: FloatArray, reserve: Reserve | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return share of hours, their price and income of the reserve, without charges for peaks.

    A running MW of price p may offer the share a for ``K + q (p - s)``, K = capacity + q energy,
    worth it where p > s - K / q. It runs where ``s - p + a max(0, K + q (p - s)) > 0``: up to
    ``s + a K / (1 - a q)``.
    """
    if reserve is None:
        frac, price = meter.run(strike)
        return frac, price, np.broadcast_to(0.0, frac.shape)
    service = reserve.service
    share, called = service.share_frac, service.deployed_frac
    worth = reserve.capacity_usd_per_mwh + called * service.energy_usd_per_mwh
    frac, price = meter.run(strike + share * worth / (1.0 - share * called))
    below, below_price = np.zeros_like(frac), np.zeros_like(frac)
    if called > 0.0:
        below, below_price = meter.run(strike - worth / called)
    offered = frac - below
    gained = worth * offered + called * (price - below_price - strike * offered)
    return frac, price, share * gained
