"""The whole problem as one mixed-integer linear program, for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.commitment import BoolArray
from rerack.dispatch.flexible_fill import Multipliers
from rerack.dispatch.programme_lp_rigs import add_rigs
from rerack.dispatch.programme_lp_switches import add_switches
from rerack.dispatch.programme_matrix import Program
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_schedule import Schedule


class Bounds(TypedDict):
    """Least and most that variables may be, in their shape."""

    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Columns:
    """Numbers of the variables, shapes as those of `Schedule`; `peak` and `short` by month."""

    step: IntArray
    offer: IntArray
    bought: IntArray
    sold: IntArray
    cut: IntArray
    generator: IntArray
    renewable: IntArray
    on: IntArray
    peak: IntArray
    short: IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Ahead:
    """What a window knows of the hours outside it.

    Parameters
    ----------
    past : Schedule or None
        Schedule of the first hours of the window, which is kept as it is.
    ai_usd_per_mwh : float
        Worth of AI curtailment kept for later [USD/MWh].
    take_usd_per_mwh : ndarray
        Worth of a MWh taken, shape (month,) [USD/MWh].
    free_peak_mw : ndarray
        Import of each month that is paid already or will be anyway [MW], shape (month,).
    hour_usd, start_usd : ndarray
        Worth of an hour and a start of each switch kept for later [USD], shape (switch,).
    """

    past: Schedule | None
    ai_usd_per_mwh: float
    take_usd_per_mwh: FloatArray
    free_peak_mw: FloatArray
    hour_usd: FloatArray
    start_usd: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Budgets:
    """Rows that couple many hours: AI curtailment (1,), peaks by hour, takes by month, or none."""

    ai: IntArray
    peak: IntArray
    take: IntArray


def solve_program(
    problem: Problem,
    *,
    limit_s: float = 600.0,
    gap_frac: float = 1e-9,
    ahead: Ahead | None = None,
    on: BoolArray | None = None,
) -> tuple[Schedule, float]:
    """Return the best schedule of all hours together, and what HiGHS proves about it.

    Parameters
    ----------
    problem : Problem
        The site.
    limit_s : float
        Time limit [s].
    gap_frac : float
        Gap at which a mixed-integer search may stop.
    ahead : Ahead or None
        What a rolling window knows of the rest; None for the whole horizon.
    on : ndarray of bool or None
        Positions in which the switches are held, shape (hour, switch); None: free.

    Returns
    -------
    tuple of Schedule and float
        Schedule, and the bound of the program [USD], constants left out.

    Raises
    ------
    SolverError
        If HiGHS finds no solution in time.
    """
    program, columns, _ = _built(problem, ahead, on)
    # The past carries rounding of its own, which a window must forgive.
    tolerance = 1e-9 if ahead is None else 1e-7
    solved = program.solve(
        relaxed=on is not None, limit_s=limit_s, gap_frac=gap_frac, tolerance=tolerance
    )
    return _schedule(columns, solved.value), solved.bound_usd


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
    """

    schedule: Schedule
    bound_usd: float
    prices: Multipliers


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
    program, columns, rows = _built(problem, None, None)
    solved = program.solve(relaxed=True, limit_s=limit_s, gap_frac=0.0, tolerance=1e-9)
    take, peak = np.zeros(problem.months), np.zeros(problem.hours)
    if rows.take.size:
        take = np.minimum(solved.price[rows.take], problem.take_usd_per_mwh)
    if rows.peak.size:
        peak = solved.price[rows.peak]
        total = np.bincount(problem.month, weights=peak, minlength=problem.months)
        # Rounding must not let the surcharge exceed the charge, or it would bound nothing.
        peak = (
            peak
            * (problem.demand_usd_per_mw / np.maximum(total, problem.demand_usd_per_mw))[
                problem.month
            ]
        )
    prices = Multipliers(
        ai_usd_per_mwh=float(solved.price[rows.ai].sum()),
        take_usd_per_mwh=take,
        peak_usd_per_mwh=peak,
    )
    return Relaxed(
        schedule=_schedule(columns, solved.value), bound_usd=solved.bound_usd, prices=prices
    )


def _built(
    problem: Problem, ahead: Ahead | None, on: BoolArray | None
) -> tuple[Program, Columns, Budgets]:
    """Return the program, its variables and its coupling rows."""
    program = Program()
    columns = _columns(program, problem, ahead, on)
    _balance(program, problem, columns)
    add_rigs(program, problem, columns.step, columns.offer)
    start_usd = np.zeros(len(problem.switches)) if ahead is None else ahead.start_usd
    add_switches(program, problem, columns.on, start_usd)
    _limits(program, problem, columns)
    return program, columns, _budgets(program, problem, columns, priced=ahead is not None)


def _columns(program: Program, p: Problem, ahead: Ahead | None, on: BoolArray | None) -> Columns:
    cost = np.array([g.marginal_usd_per_mwh for g in p.generators], dtype=np.float64)
    full = np.array([g.capacity_mw for g in p.generators], dtype=np.float64)
    hours, steps = p.step_mw.shape
    calls = np.zeros((hours, len(p.switches)))
    calls[:, : p.calls] = p.call_usd
    allowed = np.ones((hours, len(p.switches)))
    allowed[:, : p.calls] = p.call_allowed
    past = None if ahead is None else ahead.past
    take = np.zeros(p.months) if ahead is None else ahead.take_usd_per_mwh
    reward = take[p.month]
    cut_usd = p.ai_usd_per_mwh + (0.0 if ahead is None else ahead.ai_usd_per_mwh)
    if ahead is not None:
        calls = calls - ahead.hour_usd

    switches = _held(past, "on", allowed, calls.shape)
    if on is not None:
        switches = Bounds(lower=on.astype(np.float64), upper=on.astype(np.float64))
    return Columns(
        step=program.columns(
            (hours, steps),
            cost=p.strike_usd_per_mwh,
            **_held(past, "step_mw", p.step_mw, (hours, steps)),
        ),
        offer=program.columns(p.offer_usd_per_mwh.shape, cost=p.offer_usd_per_mwh),
        bought=program.columns(
            (hours,), cost=reward - p.import_usd_per_mwh, upper=p.interconnect_mw
        ),
        sold=program.columns((hours,), cost=p.sale_usd_per_mwh - reward, upper=p.export_mw),
        cut=program.columns(
            (hours,), cost=-cut_usd, **_held(past, "ai_cut_mw", p.ai_flexible_mw, (hours,))
        ),
        generator=program.columns((hours, full.size), cost=-cost, upper=full),
        renewable=program.columns((hours,), upper=p.renewable_mw),
        on=program.columns(calls.shape, cost=calls, integer=True, **switches),
        peak=program.columns(
            (p.months,),
            cost=-p.demand_usd_per_mw,
            lower=0.0 if ahead is None else ahead.free_peak_mw,
        ),
        short=program.columns((p.months,), cost=-p.take_usd_per_mwh),
    )


def _held(
    past: Schedule | None, name: str, upper: FloatArray | float, shape: tuple[int, ...]
) -> Bounds:
    """Return bounds of a block, equal in the hours that are past."""
    low, high = np.zeros(shape), np.array(np.broadcast_to(upper, shape), dtype=np.float64)
    if past is not None:
        held = np.asarray(getattr(past, name), dtype=np.float64)
        low[: len(held)] = high[: len(held)] = held
    return Bounds(lower=low, upper=high)


def _balance(program: Program, p: Problem, x: Columns) -> None:
    """Add the balance of every hour."""
    program.rows(
        [
            (x.step, 1.0), (x.sold, 1.0), (x.cut, -1.0), (x.bought, -1.0),
            (x.generator, -1.0), (x.renewable, -1.0),
        ],
        lower=-(p.idle_mw + p.ai_mw),
        upper=-(p.idle_mw + p.ai_mw),
    )  # fmt: skip


def _limits(program: Program, p: Problem, x: Columns) -> None:
    """Add what switches allow: import in calls, AI load in calls, output of generators."""
    for i in range(p.calls):
        spare = max(p.interconnect_mw - p.call_mw[i], 0.0)
        program.rows([(x.bought, 1.0), (x.on[:, i], spare)], upper=p.interconnect_mw)
        if not p.call_ai[i]:
            program.rows([(x.cut, 1.0), (x.on[:, i], p.ai_flexible_mw)], upper=p.ai_flexible_mw)
    if p.calls > 1:
        program.rows([(x.on[:, : p.calls], 1.0)], upper=1.0)
    for g, (generator, switch) in enumerate(zip(p.generators, p.committed, strict=True)):
        if switch < 0:
            continue
        output, on = (x.generator[:, g], 1.0), x.on[:, switch]
        program.rows([output, (on, -generator.capacity_mw)], upper=0.0)
        least = generator.min_load_frac * generator.capacity_mw
        program.rows([output, (on, -least)], lower=0.0)


def _budgets(program: Program, p: Problem, x: Columns, *, priced: bool) -> Budgets:
    """Add what couples many hours; minimum take is a reward where it is `priced`."""
    none = np.zeros(0, dtype=np.int64)
    ai = program.rows([(x.cut[np.newaxis], 1.0)], upper=p.ai_limit_mwh)
    peak, take = none, none
    if p.demand_usd_per_mw > 0.0:
        peak = program.rows([(x.bought, 1.0), (x.peak[p.month], -1.0)], upper=0.0)
    if p.take_usd_per_mwh > 0.0 and not priced:
        by_month = []
        for m in range(p.months):
            hours = p.month == m
            terms = [
                (x.bought[hours][np.newaxis], 1.0),
                (x.sold[hours][np.newaxis], -1.0),
                (x.short[m : m + 1], 1.0),
            ]
            by_month.append(program.rows(terms, lower=p.take_mwh[m]))
        take = np.concatenate(by_month)
    return Budgets(ai=ai, peak=peak, take=take)


def _schedule(x: Columns, value: FloatArray) -> Schedule:
    """Return the solution as a schedule, its rounding cleaned of negative dust."""
    clean = np.maximum(value, 0.0)
    both = np.minimum(clean[x.bought], clean[x.sold])
    return Schedule(
        step_mw=clean[x.step],
        offer_mw=clean[x.offer],
        import_mw=clean[x.bought] - both,
        export_mw=clean[x.sold] - both,
        ai_cut_mw=clean[x.cut],
        generator_mw=clean[x.generator],
        renewable_mw=clean[x.renewable],
        on=clean[x.on] > 0.5,
    )
