"""Dispatch a site whose tariff, rigs or programmes couple hours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from rerack.assets import Battery, Site
from rerack.assets.programmes import SiteProgrammes
from rerack.base.checks import FloatArray, require
from rerack.base.errors import SolverError
from rerack.base.labelled import Labelled
from rerack.dispatch.commitment import BoolArray
from rerack.dispatch.programme_certificate import certify
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_resolve import resolve
from rerack.dispatch.programme_result import ProgrammeDispatch
from rerack.dispatch.programme_schedule import Schedule, cash_usd
from rerack.dispatch.tariff_price import HourlyPrices

if TYPE_CHECKING:
    from rerack.dispatch.programme_dual import DualAnswer

#: Gap that the fast route does not try to close further, relative.
GOOD_GAP_FRAC = 1e-3
#: Gap above which windows are worth their time where rigs are not tied, relative.
ROLL_GAP_FRAC = 1e-2
#: Time for the linear relaxation of the fast route; without it the dual's own bound stands [s].
_RELAX_S = 60.0
#: Nothing besides halls and tariff.
NOTHING = SiteProgrammes()


def solve_programmes(
    site: Site,
    prices: HourlyPrices,
    hashprice_usd_per_ph_day: float | FloatArray,
    *,
    programmes: SiteProgrammes = NOTHING,
    battery: Battery | None = None,
    firm_mw: FloatArray | None = None,
    method: Literal["fast", "lp"] = "fast",
    limit_s: float = 600.0,
) -> ProgrammeDispatch:
    """Decide what runs in every hour under a full tariff, with flexibility and programmes.

    Parameters
    ----------
    site : Site
        Interconnect, halls, tariff, firm AI load.
    prices : HourlyPrices
        Index and calendar; capacity prices, system load and inlet temperature where needed.
    hashprice_usd_per_ph_day : float or ndarray
        Hashprice [USD/PH/s/day], one number or shape (hour,).
    programmes : SiteProgrammes
        Operating points, AI flexibility, generation, demand response, ancillary services.
    battery : Battery or None
        Battery behind the meter; one without energy counts as none.
    firm_mw : ndarray or None
        Firm AI load by hour instead of the site's constant one [MW utility], shape (hour,); an
        agreement to curtail it takes its depth of the hour and its hours of the mean.
    method : {"fast", "lp"}
        Dual decomposition; where its gap stays above `GOOD_GAP_FRAC`, again at the prices of the
        linear relaxation; where that is not enough, or starts, restoring or minimum run times
        tie the hours of rigs together, rolling windows. With a battery, one linear program, and
        windows where there are calls or committed generators. Or one program for HiGHS.
    limit_s : float
        Time that HiGHS may take for ``"lp"``, and for each program with a battery [s]; a
        mixed-integer answer that it cannot prove in time comes back with its gap.

    Returns
    -------
    ProgrammeDispatch
        Certified schedule, revenue by part, and the gap to a proven bound.

    Raises
    ------
    InputError
        If a series does not cover the calendar, or something needed is missing.
    SolverError
        If no schedule can be certified.

    Notes
    -----
    All prices are known in advance, so the answer bounds what a desk can earn. Limits by the year
    hold for the hours given. The bound of the fast route is the lower of the dual's and, where it
    was needed, that of the linear relaxation by HiGHS, which knows starts; `bound_method` says
    which.

    Examples
    --------
    >>> from rerack.assets import Hall, RigFleet, Tariff
    >>> from rerack.dispatch.tariff_calendar import HourCalendar
    >>> rigs = RigFleet(model="S21", efficiency_j_per_th=17.5)
    >>> site = Site(name="Demo", interconnect_mw=10.0, tariff=Tariff(),
    ...             halls=(Hall(name="A", utility_mw=10.0, rigs=rigs),))
    >>> hours = HourCalendar(start_utc="2024-01-01T00", hours=2)
    >>> prices = HourlyPrices(calendar=hours, index_usd_per_mwh=np.array([40.0, 120.0]))
    >>> found = solve_programmes(site, prices, 42.0)
    >>> found.hall_mw.values.tolist(), round(found.objective_usd, 6), found.gap_frac < 1e-12
    ([[10.0], [0.0]], 600.0, True)
    """
    require(method in ("fast", "lp"), "method", given=repr(method), allowed="'fast' or 'lp'")
    problem = resolve(site, prices, hashprice_usd_per_ph_day, programmes, battery, firm_mw)
    if problem.store is not None:
        return _with_battery(problem, method, limit_s)
    if method == "lp":
        return _by_program(problem, limit_s)
    return _fast(problem)


def _with_battery(problem: Problem, method: str, limit_s: float) -> ProgrammeDispatch:
    """Solve without the battery, then with it."""
    from rerack.dispatch.programme_battery import solve_battery
    from rerack.dispatch.programme_exclusive import solve_exclusive
    from rerack.dispatch.programme_matrix import InfeasibleError
    from rerack.dispatch.storage_inputs import unreachable

    assert problem.store is not None
    bare = replace(problem, store=None)
    without = _by_program(bare, limit_s) if method == "lp" else _fast(bare)
    try:
        if method == "lp":
            schedule, bound = solve_exclusive(problem, limit_s=limit_s)
            found = (schedule, bound, "lp", "lp")
        else:
            found = solve_battery(problem, without.schedule, limit_s=limit_s)
    except InfeasibleError:
        # Without the battery there is a schedule: its last state is what cannot be had.
        raise unreachable(problem.store.battery) from None
    schedule, bound, *names = found
    result = _result(problem, schedule, bound + _constant_usd(problem), *names)
    return replace(result, without_battery_usd=without.objective_usd)


def _fast(problem: Problem) -> ProgrammeDispatch:
    """Go on to dearer methods only while the gap is not closed."""
    from rerack.dispatch.programme_dual import solve_dual

    dual = solve_dual(problem)
    if not problem.couples_rigs:
        found = _result(problem, dual.schedule, dual.bound_usd, "dual", "dual")
        if found.gap_frac <= GOOD_GAP_FRAC:
            return found
    return _beyond_dual(problem, dual)


def _beyond_dual(problem: Problem, dual: DualAnswer) -> ProgrammeDispatch:
    """Use the linear relaxation and windows; the best schedule that any step found counts."""
    from rerack.dispatch.programme_dual import solve_dual
    from rerack.dispatch.programme_relax import relax_program
    from rerack.dispatch.programme_windows import WINDOW_HOURS, Guide, solve_windows

    if problem.hours <= WINDOW_HOURS:
        return _by_program(problem, _RELAX_S)
    guide, bound, proof = Guide.of_dual(dual), dual.bound_usd, "dual"
    try:
        relaxed = relax_program(problem, limit_s=_RELAX_S)
    except SolverError:
        # Too large for the time: the dual's own prices and bound have to do.
        relaxed = None
    if relaxed is not None:
        total = relaxed.bound_usd + _constant_usd(problem)
        if not problem.switches:
            return _result(problem, relaxed.schedule, total, "lp", "lp")
        again = solve_dual(problem, relaxed.prices)
        guide = Guide.of_relaxation(relaxed, again)
        bound, proof = min((bound, "dual"), (again.bound_usd, "dual"), (total, "lp relaxation"))
        dual = max(dual, again, key=lambda d: d.objective_usd)
    found = []
    if not problem.couples_rigs:
        found.append(_result(problem, dual.schedule, bound, "dual", proof))
        if found[0].gap_frac <= ROLL_GAP_FRAC:
            return found[0]
    tried = [dual.schedule.on]
    try:
        rolled = solve_windows(problem, guide)
    except SolverError:
        # A window without an answer in time; the switches known so far have to do.
        if relaxed is None and not found:
            raise
    else:
        found.append(_result(problem, rolled, bound, "windows", proof))
        tried.insert(0, rolled.on)
    if relaxed is not None:
        for on in tried:
            held = _with_switches(problem, on)
            if held is not None:
                found.append(_result(problem, held, bound, "windows", proof))
    if not found:
        raise SolverError(f"{problem.site}: no schedule was found in time")
    return max(found, key=lambda r: r.objective_usd)


def _with_switches(problem: Problem, on: BoolArray) -> Schedule | None:
    """Return the best schedule with the switches held, or None where the rigs cannot follow."""
    from rerack.dispatch.programme_lp import solve_program

    try:
        return solve_program(problem, on=on, limit_s=_RELAX_S)[0]
    except SolverError:
        return None


def _by_program(problem: Problem, limit_s: float) -> ProgrammeDispatch:
    from rerack.dispatch.programme_lp import solve_program

    schedule, bound_usd = solve_program(problem, limit_s=limit_s)
    return _result(problem, schedule, bound_usd + _constant_usd(problem), "lp", "lp")


def _constant_usd(problem: Problem) -> float:
    """Return what is in the objective but not in the program."""
    return problem.block_usd + float(problem.standing_usd.sum())


def _result(
    problem: Problem, schedule: Schedule, bound_usd: float, method: str, bound_method: str
) -> ProgrammeDispatch:
    certify(problem, schedule)
    cash = cash_usd(problem, schedule)
    revenue = Labelled(
        name="revenue by part",
        values=np.array(list(cash.values())),
        dims=("unit",),
        unit="USD",
        coords={"unit": tuple(cash)},
    )
    return ProgrammeDispatch(
        problem=problem,
        schedule=schedule,
        revenue_usd=revenue,
        bound_usd=bound_usd,
        method=method,
        bound_method=bound_method,
    )
