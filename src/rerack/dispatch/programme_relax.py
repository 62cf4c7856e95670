"""The linear relaxation: a bound, and prices on all that couples hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.flexible_fill import Multipliers
from rerack.dispatch.programme_lp import built, schedule_of
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_schedule import Schedule


@dataclass(frozen=True, kw_only=True, eq=False)
class Relaxed:
    """The program with switches that may be partly on.

    Parameters
    ----------
    schedule : Schedule
        Its solution, switches rounded; the best schedule if there are no switches.
    bound_usd : float
        Its value, constants left out: no schedule earns more [USD].
    prices : Multipliers
        Prices that it puts on what couples hours.
    stored_usd_per_mwh : ndarray
        Worth of one more MWh in the battery during each hour [USD/MWh], shape (hour,).
    """

    schedule: Schedule
    bound_usd: float
    prices: Multipliers
    stored_usd_per_mwh: FloatArray


def relax_program(problem: Problem, *, limit_s: float) -> Relaxed:
    """Return the linear relaxation of all hours together.

    Parameters
    ----------
    problem : Problem
        The site.
    limit_s : float
        Time limit [s].

    Returns
    -------
    Relaxed
        Bound, prices and the relaxed schedule.

    Raises
    ------
    SolverError
        If HiGHS does not finish in time.
    """
    program, columns, rows = built(problem, relaxed=True)
    solved = program.solve(limit_s=limit_s, gap_frac=0.0, tolerance=1e-9)
    price = solved.price
    take, peak = np.zeros(problem.months), np.zeros(problem.hours)
    if rows.take.size:
        take = np.minimum(price[rows.take], problem.take_usd_per_mwh)
    if rows.peak.size:
        peak = price[rows.peak]
        total = np.bincount(problem.month, weights=peak, minlength=problem.months)
        # Rounding must not let the surcharge exceed the charge, or it would bound nothing.
        peak = (
            peak
            * (problem.demand_usd_per_mw / np.maximum(total, problem.demand_usd_per_mw))[
                problem.month
            ]
        )
    stored = np.zeros(problem.hours)
    if columns.store is not None:
        stored = solved.worth[columns.store.state_rows]
    prices = Multipliers(
        ai_usd_per_mwh=float(price[rows.ai].sum()),
        take_usd_per_mwh=take,
        peak_usd_per_mwh=peak,
    )
    return Relaxed(
        schedule=schedule_of(problem, columns, solved.value),
        bound_usd=solved.bound_usd,
        prices=prices,
        stored_usd_per_mwh=stored,
    )
