"""Programmes and tariffs that couple hours, with a battery beside them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np

from rerack.base.errors import SolverError
from rerack.dispatch.commitment import BoolArray
from rerack.dispatch.programme_exclusive import solve_exclusive
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_schedule import Schedule, cash_usd
from rerack.dispatch.programme_windows import WINDOW_HOURS, Guide, solve_windows

#: Hours that are given to the mixed-integer search whole, and the time that it gets [s].
_WHOLE_HOURS, _WHOLE_S = 750, 20.0
#: Gap of that search at which windows are not tried, relative.
_GOOD_GAP_FRAC = 1e-3


def solve_battery(
    problem: Problem, without: Schedule, *, limit_s: float
) -> tuple[Schedule, float, str, str]:
    """Return the best schedule with the battery, a bound, and who found and proved them.

    Parameters
    ----------
    problem : Problem
        The site, with a store.
    without : Schedule
        A schedule of the same site without its battery.
    limit_s : float
        Time that HiGHS may take for each program [s].

    Returns
    -------
    tuple of Schedule, float, str and str
        Schedule, what no schedule exceeds [USD], constants left out, method and bound method.

    Raises
    ------
    SolverError
        If HiGHS does not solve the linear program in time.

    Notes
    -----
    Without switches the whole is one linear program, solved as such. With switches its relaxation
    bounds the answer; the schedule is the best of three: windows, told by the relaxation what
    stored energy is worth at their ends; all hours together with the switches that the windows
    found; and with those of the site without a battery. A month or less goes to the
    mixed-integer search first, for `_WHOLE_S`. Letting the battery rest is tried too, so that
    having one never costs.
    """
    if not problem.switches or problem.hours <= WINDOW_HOURS:
        found, bound = solve_exclusive(problem, limit_s=limit_s)
        method, proof = "lp", "lp"
    else:
        found, bound, method, proof = _with_switches(problem, without, limit_s)
    at_rest = _resting(problem, without)
    if at_rest is not None:
        found = max(found, at_rest, key=lambda s: sum(cash_usd(problem, s).values()))
    return found, bound, method, proof


def _with_switches(
    problem: Problem, without: Schedule, limit_s: float
) -> tuple[Schedule, float, str, str]:
    """Return the better of the whole program, if it is short, and of windows."""
    whole: tuple[Schedule, float] | None = None
    if problem.hours <= _WHOLE_HOURS:
        # Where nothing is found in this time, windows are next.
        with suppress(SolverError):
            whole = solve_exclusive(
                problem, limit_s=min(limit_s, _WHOLE_S), gap_frac=0.1 * _GOOD_GAP_FRAC
            )
        if whole is not None and whole[1] - _earned_usd(problem, whole[0]) <= (
            _GOOD_GAP_FRAC * abs(whole[1])
        ):
            return *whole, "lp", "lp"
    found, bound = _in_windows(problem, without, limit_s)
    if whole is not None and _earned_usd(problem, whole[0]) > _earned_usd(problem, found):
        return whole[0], min(whole[1], bound), "lp", "lp"
    if whole is not None and whole[1] < bound:
        return found, whole[1], "windows", "lp"
    return found, bound, "windows", "lp relaxation"


def _earned_usd(problem: Problem, schedule: Schedule) -> float:
    """Return what a schedule earns, constants left out as in bounds."""
    constant = problem.block_usd + float(problem.standing_usd.sum())
    return sum(cash_usd(problem, schedule).values()) - constant


def _in_windows(problem: Problem, without: Schedule, limit_s: float) -> tuple[Schedule, float]:
    from rerack.dispatch.programme_dual import solve_dual
    from rerack.dispatch.programme_relax import relax_program

    relaxed = relax_program(problem, limit_s=limit_s)
    dual = solve_dual(replace(problem, store=None), relaxed.prices)
    found: list[Schedule] = []
    tried: list[BoolArray] = [without.on, relaxed.schedule.on]
    try:
        rolled = solve_windows(problem, Guide.of_relaxation(relaxed, dual))
    except SolverError:
        # A window without an answer in time; the switches known so far have to do.
        pass
    else:
        found.append(rolled)
        tried.insert(0, rolled.on)
    for on in tried[:2]:
        try:
            found.append(solve_exclusive(problem, limit_s=limit_s, on=on)[0])
        except SolverError:
            # These switches leave no schedule with the battery's last state.
            continue
    if not found:
        raise SolverError(f"{problem.site}: no schedule with the battery was found in time")
    return max(found, key=lambda s: sum(cash_usd(problem, s).values())), relaxed.bound_usd


def _resting(problem: Problem, without: Schedule) -> Schedule | None:
    """Return the schedule with the battery at rest, or None if it may not end that low."""
    store = problem.store
    assert store is not None
    ages = np.arange(1, problem.hours + 1)
    stored = np.asarray(store.first_mwh * store.battery.hourly_keep_frac**ages, np.float64)
    if stored[-1] < store.last_mwh:
        return None
    return replace(without, stored_mwh=stored)
