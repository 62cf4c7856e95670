"""One direction of the battery at a time: the program, mended only where it mixes both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import SolverError
from rerack.dispatch.commitment import BoolArray
from rerack.dispatch.programme_lp import Ahead, solve_program
from rerack.dispatch.programme_lp_battery import EITHER, directions
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_schedule import Schedule, cash_usd

#: Power that losses of a mixed hour may hide without counting, over the battery's power.
_WASTE_FRAC = 1e-9
#: Rounds of binaries added only where both directions were mixed; then all hours get one.
_ROUNDS = 4


def solve_exclusive(
    problem: Problem,
    *,
    limit_s: float = 600.0,
    gap_frac: float = 1e-9,
    ahead: Ahead | None = None,
    on: BoolArray | None = None,
) -> tuple[Schedule, float]:
    """Return the best schedule in which the battery never charges and discharges at once.

    Parameters
    ----------
    problem : Problem
        The site.
    limit_s, gap_frac, ahead, on
        As in `solve_program`; the time holds for each of a few programs.

    Returns
    -------
    tuple of Schedule and float
        Schedule, and a bound on the objective [USD], constants left out.

    Raises
    ------
    SolverError
        If HiGHS finds no schedule in time.

    Notes
    -----
    Mixing both directions wastes power; that pays only where one more MWh is a burden. The program
    that allows it is a relaxation. Where its solution mixes nothing it is exact. Else the hours
    that it mixed are held to the direction in which they move the state, which gives a schedule,
    and get a binary each, which gives a better bound; this repeats until schedule and bound meet,
    each round being exact in the hours that it knows of.
    """
    best, bound = solve_program(problem, limit_s=limit_s, gap_frac=gap_frac, ahead=ahead, on=on)
    mixed = _mixed(problem, best)
    if problem.store is None or not mixed.any():
        return _netted(problem, best), bound
    ways = np.zeros(problem.hours, dtype=np.int64)
    held: Schedule | None = None
    for step in range(_ROUNDS + 1):
        held = _better(problem, held, _held(problem, best, limit_s, ahead, on))
        if held is not None and _close(problem, held, bound, gap_frac) and ahead is None:
            break
        ways[mixed if step < _ROUNDS else slice(None)] = EITHER
        try:
            best, proved = solve_program(
                problem, limit_s=limit_s, gap_frac=gap_frac, ahead=ahead, on=on, ways=ways
            )
        except SolverError:
            if held is None:
                raise
            break
        bound, mixed = min(bound, proved), _mixed(problem, best)
        if not mixed.any():
            return _better(problem, held, _netted(problem, best)) or best, bound
    if held is None:
        raise SolverError(f"{problem.site}: no schedule with one direction an hour was found")
    return held, bound


def _held(
    problem: Problem, found: Schedule, limit_s: float, ahead: Ahead | None, on: BoolArray | None
) -> Schedule | None:
    """Return the best schedule in the directions of `found`, or None where there is none."""
    assert problem.store is not None
    ways = directions(problem.store, found.stored_mwh, found.reserve_mw)
    switches = found.on if on is None else on
    try:
        held, _ = solve_program(problem, limit_s=limit_s, ahead=ahead, on=switches, ways=ways)
    except SolverError:
        return None
    return _netted(problem, held)


def _better(problem: Problem, first: Schedule | None, second: Schedule | None) -> Schedule | None:
    found = [s for s in (first, second) if s is not None]
    return max(found, key=lambda s: sum(cash_usd(problem, s).values()), default=None)


def _close(problem: Problem, held: Schedule, bound: float, gap_frac: float) -> bool:
    """Whether the schedule earns what none exceeds, over the money that moves."""
    cash = cash_usd(problem, held)
    earned = sum(cash.values()) - problem.block_usd - float(problem.standing_usd.sum())
    scale = max(sum(abs(v) for v in cash.values()), 1.0)
    return bound - earned <= max(gap_frac, 1e-9) * scale


def _net(problem: Problem, s: Schedule) -> tuple[FloatArray, FloatArray]:
    """Return charge and discharge that move the state as the schedule does, one at a time."""
    assert problem.store is not None
    b, taken = problem.store.battery, problem.store.taken_mwh(s.stored_mwh, s.reserve_mw)
    return (
        np.maximum(-taken, 0.0) / b.charge_efficiency_frac,
        np.maximum(taken, 0.0) * b.discharge_efficiency_frac,
    )


def _mixed(problem: Problem, s: Schedule) -> BoolArray:
    """Return the hours in which mixing both directions hides power."""
    if problem.store is None:
        return np.zeros(problem.hours, dtype=bool)
    charge, discharge = _net(problem, s)
    waste = (discharge - charge) - (s.discharge_mw - s.charge_mw)
    b = problem.store.battery
    slack = _WASTE_FRAC * (b.charge_mw + b.discharge_mw + b.energy_mwh)
    both = np.minimum(s.charge_mw, s.discharge_mw) > slack
    return np.asarray(both & (waste > slack))


def _netted(problem: Problem, s: Schedule) -> Schedule:
    """Return the schedule with charge less discharge in hours that hold both to no effect."""
    if problem.store is None:
        return s
    charge, discharge = _net(problem, s)
    both = np.minimum(s.charge_mw, s.discharge_mw) > 0.0
    return replace(
        s,
        charge_mw=np.where(both, charge, s.charge_mw),
        discharge_mw=np.where(both, discharge, s.discharge_mw),
    )
