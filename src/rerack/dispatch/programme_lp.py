"""The whole problem as one mixed-integer linear program, for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.commitment import BoolArray
from rerack.dispatch.programme_lp_battery import MIXED, StoreColumns, add_reserve, add_store
from rerack.dispatch.programme_lp_rigs import add_rigs
from rerack.dispatch.programme_lp_switches import add_switches
from rerack.dispatch.programme_matrix import Program, Term
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
    store: StoreColumns | None


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
    stored_usd_per_mwh : float
        Worth of energy left in the battery for later [USD/MWh].
    was_on : ndarray of bool
        Whether each switch was on before the window, shape (switch,).
    """

    past: Schedule | None
    ai_usd_per_mwh: float
    take_usd_per_mwh: FloatArray
    free_peak_mw: FloatArray
    hour_usd: FloatArray
    start_usd: FloatArray
    was_on: BoolArray
    stored_usd_per_mwh: float = 0.0


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
    ways: IntArray | None = None,
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
    ways : ndarray of int or None
        What the battery may do in each hour, as `add_store` takes it; None: both directions may
        be mixed.

    Returns
    -------
    tuple of Schedule and float
        Schedule, and the bound of the program [USD], constants left out.

    Raises
    ------
    InfeasibleError
        If no schedule keeps all limits.
    SolverError
        If HiGHS finds no solution in time.
    """
    program, columns, _ = built(problem, ahead, on, ways)
    # The past carries rounding of its own, which a window must forgive.
    tolerance = 1e-9 if ahead is None else 1e-7
    solved = program.solve(limit_s=limit_s, gap_frac=gap_frac, tolerance=tolerance)
    return schedule_of(problem, columns, solved.value), solved.bound_usd


def built(
    problem: Problem,
    ahead: Ahead | None = None,
    on: BoolArray | None = None,
    ways: IntArray | None = None,
    *,
    relaxed: bool = False,
) -> tuple[Program, Columns, Budgets]:
    """Return the program, its variables and its coupling rows; see `solve_program`.

    Parameters
    ----------
    problem, ahead, on, ways
        As in `solve_program`.
    relaxed : bool
        Whether switches may be partly on.
    """
    program = Program()
    ways = np.full(problem.hours, MIXED) if ways is None else ways
    store = add_store(
        program,
        problem,
        ways,
        past=None if ahead is None else ahead.past,
        end_usd_per_mwh=0.0 if ahead is None else ahead.stored_usd_per_mwh,
    )
    columns = _columns(program, problem, ahead, on, store, relaxed=relaxed)
    _balance(program, problem, columns)
    if store is not None:
        add_reserve(program, problem, store, ((columns.bought, -1.0), (columns.sold, 1.0)))
    add_rigs(program, problem, columns.step, columns.offer)
    none = np.zeros(len(problem.switches))
    add_switches(
        program,
        problem,
        columns.on,
        none if ahead is None else ahead.start_usd,
        none > 0.0 if ahead is None else ahead.was_on,
    )
    _limits(program, problem, columns)
    return program, columns, _budgets(program, problem, columns, priced=ahead is not None)


def _columns(
    program: Program,
    p: Problem,
    ahead: Ahead | None,
    on: BoolArray | None,
    store: StoreColumns | None,
    *,
    relaxed: bool,
) -> Columns:
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
        on=program.columns(calls.shape, cost=calls, integer=on is None and not relaxed, **switches),
        peak=program.columns(
            (p.months,),
            cost=-p.demand_usd_per_mw,
            lower=0.0 if ahead is None else ahead.free_peak_mw,
        ),
        short=program.columns((p.months,), cost=-p.take_usd_per_mwh),
        store=store,
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
    battery: list[Term] = []
    if x.store is not None:
        battery = [(x.store.charge, 1.0), (x.store.discharge, -1.0)]
    program.rows(
        [
            (x.step, 1.0), (x.sold, 1.0), (x.cut, -1.0), (x.bought, -1.0),
            (x.generator, -1.0), (x.renewable, -1.0), *battery,
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


def schedule_of(p: Problem, x: Columns, value: FloatArray) -> Schedule:
    """Return the solution as a schedule, its rounding cleaned of negative dust.

    Parameters
    ----------
    p : Problem
        The site.
    x : Columns
        Variables of its program.
    value : ndarray
        Their values.
    """
    clean = np.maximum(value, 0.0)
    both = np.minimum(clean[x.bought], clean[x.sold])
    none = np.zeros(p.hours)
    s = x.store
    return Schedule(
        step_mw=clean[x.step],
        offer_mw=clean[x.offer],
        import_mw=clean[x.bought] - both,
        export_mw=clean[x.sold] - both,
        ai_cut_mw=clean[x.cut],
        generator_mw=clean[x.generator],
        renewable_mw=clean[x.renewable],
        charge_mw=none if s is None else clean[s.charge],
        discharge_mw=none if s is None else clean[s.discharge],
        stored_mwh=none if s is None else clean[s.stored],
        reserve_mw=np.zeros((p.hours, len(p.services))) if s is None else clean[s.reserve],
        on=clean[x.on] > 0.5,
    )
