"""Dispatch one site with a battery, to the best of all schedules."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rerack.assets import Battery, Site
from rerack.base.checks import FloatArray, require
from rerack.base.errors import SolverError
from rerack.dispatch.site_dispatch import Method, rig_capacity_mw, solve
from rerack.dispatch.storage_inputs import (
    StorageCase,
    bus_of,
    energy_of,
    prices_of,
    stack_of,
    unreachable,
)
from rerack.dispatch.storage_kernel import scratch_of, storage_kernel
from rerack.dispatch.storage_result import OBJECTIVE_TOLERANCE_FRAC, StorageDispatch
from rerack.dispatch.storage_schedule import dispatch_of


def solve_storage(
    site: Site,
    battery: Battery,
    price_usd_per_mwh: FloatArray,
    hashprice_usd_per_ph_day: float | FloatArray,
    *,
    method: Method = "fast",
    time_limit_s: float = 60.0,
) -> StorageDispatch:
    """Decide hour by hour what halls run and what the battery does, all prices being known.

    Parameters
    ----------
    site : Site
        Interconnect, halls, firm load and tariff, with terms of export if it may sell.
    battery : Battery
        The battery behind the meter.
    price_usd_per_mwh : ndarray
        Index price [USD/MWh], may be negative, shape (hour,).
    hashprice_usd_per_ph_day : float or ndarray
        Hashprice [USD/PH/s/day], one number or shape (hour,).
    method : {"fast", "lp"}
        Recursion on the value of stored energy, or the same program solved by HiGHS.
    time_limit_s : float
        Longest search for a mixed-integer program [s].

    Returns
    -------
    StorageDispatch
        The best schedule, its `method` as used ("fast", "lp" or "milp"), `bound_usd` and `notes`.

    Raises
    ------
    InputError
        If a number is NaN or out of range, the tariff has terms that couple hours, or the final
        state cannot be reached.
    SolverError
        If a schedule cannot be certified.

    Notes
    -----
    With x the energy taken out of the battery and R_h(y) the best margin of hour h when the
    battery gives y MW to the bus, V_h(s) = max_x f_h(x) + V_{h+1}(keep s - x), where
    f_h(x) = R_h(eta_d x) - wear eta_d x for x >= 0 and R_h(x / eta_c) for x < 0. R_h is concave
    and piecewise linear with the strikes and prices as slopes. f_h is concave unless the bus
    would pay to be rid of power, lambda < 0, and the loss outweighs the wear,
    ``-lambda (1 - eta) > wear eta``: charging and discharging at once would then pay, which one
    battery cannot do. Such an hour is replaced by its concave envelope. The schedule found is
    feasible and the value an upper bound; where they agree to 1e-9 the schedule is exact, else
    a mixed-integer program takes over and the notes say so.

    Perfect foresight: an upper bound on what a desk can earn. Do not use it with demand charges,
    peaks, start costs or call-limited programmes, which couple hours in other ways.

    Examples
    --------
    >>> from rerack.assets import Tariff
    >>> site = Site(name="Demo", interconnect_mw=10.0, halls=(), tariff=Tariff(),
    ...             firm_load_mw=5.0)
    >>> battery = Battery(charge_mw=5.0, discharge_mw=5.0, energy_mwh=10.0, initial_frac=0.0)
    >>> found = solve_storage(site, battery, np.array([10.0, 20.0, 300.0, 90.0]), 40.0)
    >>> found.battery_mw.tolist(), found.gain_usd
    ([-5.0, -5.0, 5.0, 5.0], 1800.0)
    """
    require(method in ("fast", "lp"), "method", given=repr(method), allowed="'fast' or 'lp'")
    case = _case(site, battery, price_usd_per_mwh, hashprice_usd_per_ph_day)
    if method == "lp":
        return _proved(case, time_limit_s)
    found = _recursion(case)
    if not found.exact(case):
        return _settled(case, found, time_limit_s)
    objective_usd = case.base.objective_usd + found.gain_usd
    return dispatch_of(
        case, found.stored_mwh, method="fast", objective_usd=objective_usd, bound_usd=objective_usd
    )


def _case(
    site: Site, battery: Battery, index: FloatArray, hashprice: float | FloatArray
) -> StorageCase:
    _, sale = prices_of(site.tariff, np.asarray(index, dtype=np.float64))
    # Without a battery there is nothing to sell.
    base = solve(replace(site, tariff=replace(site.tariff, export=None)), index, hashprice)
    strike = base.strike_usd_per_mwh.values
    return StorageCase(
        site=site,
        battery=battery,
        base=base,
        capacity_mw=rig_capacity_mw(site),
        strike_usd_per_mwh=strike[:1] if np.ndim(hashprice) == 0 else strike,
        export_price_usd_per_mwh=sale,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Found:
    """A schedule of the battery, what it adds to the objective, and what none adds more than."""

    stored_mwh: FloatArray
    hourly_gain_usd: FloatArray
    bound_usd: float
    bridged_hours: int

    @property
    def gain_usd(self) -> float:
        return float(self.hourly_gain_usd.sum())

    @property
    def gap_usd(self) -> float:
        return self.bound_usd - self.gain_usd

    def exact(self, case: StorageCase) -> bool:
        """Whether every hour was concave, or the schedule attains the bound all the same."""
        base = case.base
        terms = float(abs(base.margin_usd.values).sum()) + abs(base.firm_cost_usd)
        terms += float(abs(self.hourly_gain_usd).sum())
        return self.bridged_hours == 0 or self.gap_usd <= OBJECTIVE_TOLERANCE_FRAC * max(terms, 1.0)


def _recursion(case: StorageCase) -> _Found:
    hours = case.base.price_usd_per_mwh.size
    stack = stack_of(case.strike_usd_per_mwh, case.capacity_mw)
    periods = stack.strike.shape[0]
    stored, earned, gain = np.empty(hours), np.empty(hours), np.empty((1, periods))
    bound, bridged = np.empty(1), np.empty(1, dtype=np.int64)
    storage_kernel(
        scratch_of(hours, stack.strike.shape[1]),
        bus_of(case.site, case.battery),
        case.base.price_usd_per_mwh[np.newaxis],
        case.export_price_usd_per_mwh[np.newaxis],
        np.array([0, hours]) if periods == 1 else np.arange(hours + 1),
        stack.strike[np.newaxis],
        stack.capacity[np.newaxis],
        energy_of(case.battery),
        stored,
        earned,
        gain,
        bound,
        bridged,
    )
    if np.isnan(bound[0]):
        raise unreachable(case.battery)
    return _Found(
        stored_mwh=stored,
        hourly_gain_usd=earned,
        bound_usd=float(bound[0]),
        bridged_hours=int(bridged[0]),
    )


def _proved(case: StorageCase, time_limit_s: float) -> StorageDispatch:
    """Return the schedule that HiGHS finds."""
    from rerack.dispatch.storage_lp import proved_schedule

    found = proved_schedule(case, time_limit_s)
    return dispatch_of(
        case,
        found.stored_mwh,
        method=found.method,
        objective_usd=found.objective_usd,
        bound_usd=found.bound_usd,
        notes=found.notes,
    )


def _settled(case: StorageCase, ours: _Found, time_limit_s: float) -> StorageDispatch:
    """Return the better of the recursion's schedule and the one that HiGHS finds."""
    from rerack.dispatch.storage_lp import proved_schedule

    objective_usd = case.base.objective_usd + ours.gain_usd
    bound_usd = case.base.objective_usd + ours.bound_usd
    note = (
        "where prices are negative, charging and discharging at once would pay: the recursion "
        f"left a gap of {ours.gap_usd:,.2f} USD"
    )
    try:
        theirs = proved_schedule(case, time_limit_s)
    except SolverError as error:
        return dispatch_of(
            case,
            ours.stored_mwh,
            method="fast",
            objective_usd=objective_usd,
            bound_usd=bound_usd,
            notes=(f"{note} and no mixed-integer schedule was found to close it: {error}",),
        )
    more_usd = theirs.objective_usd - objective_usd
    found = f"found {more_usd:,.2f} USD more" if more_usd > 0.0 else "found nothing better"
    best_usd = max(objective_usd, theirs.objective_usd)
    return dispatch_of(
        case,
        theirs.stored_mwh if more_usd > 0.0 else ours.stored_mwh,
        method=theirs.method if more_usd > 0.0 else "fast",
        objective_usd=best_usd,
        bound_usd=max(min(theirs.bound_usd, bound_usd), best_usd),
        notes=(f"{note} and the mixed-integer program {found}", *theirs.notes),
    )
