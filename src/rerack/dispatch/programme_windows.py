"""Rolling windows: for rigs that cost to start, restore in waves or run for a least time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.commitment import BoolArray, starts_of
from rerack.dispatch.flexible_fill import Multipliers
from rerack.dispatch.programme_dual import DualAnswer
from rerack.dispatch.programme_exclusive import solve_exclusive
from rerack.dispatch.programme_lp import Ahead
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_relax import Relaxed
from rerack.dispatch.programme_schedule import Schedule, month_peaks_mw
from rerack.dispatch.programme_store import least_states_mwh

#: Hours decided by a window, and hours that it sees beyond them.
CORE_HOURS = 120
AHEAD_HOURS = 48
WINDOW_HOURS = CORE_HOURS + AHEAD_HOURS
_WINDOW_S = 10.0
_WINDOW_GAP_FRAC = 1e-4


@dataclass(frozen=True, kw_only=True, eq=False)
class Guide:
    """What windows are told of the whole horizon.

    Parameters
    ----------
    import_mw : ndarray
        Import of a schedule of the whole horizon; its monthly peaks will be paid [MW], (hour,).
    prices : Multipliers
        Prices on AI curtailment and energy taken.
    hour_usd, start_usd : ndarray
        Prices of an hour and a start of each switch [USD], shape (switch,).
    stored_usd_per_mwh : ndarray
        Worth of one more MWh in the battery during each hour [USD/MWh], shape (hour,).
    """

    import_mw: FloatArray
    prices: Multipliers
    hour_usd: FloatArray
    start_usd: FloatArray
    stored_usd_per_mwh: FloatArray

    @classmethod
    def of_dual(cls, dual: DualAnswer) -> Guide:
        """Return the guide of the dual alone."""
        return cls(
            import_mw=dual.schedule.import_mw,
            prices=dual.multipliers,
            hour_usd=dual.hour_usd,
            start_usd=dual.start_usd,
            stored_usd_per_mwh=np.zeros(dual.schedule.import_mw.size),
        )

    @classmethod
    def of_relaxation(cls, relaxed: Relaxed, dual: DualAnswer) -> Guide:
        """Return the guide of the relaxation, with prices of switches from the dual."""
        return cls(
            import_mw=relaxed.schedule.import_mw,
            prices=relaxed.prices,
            hour_usd=dual.hour_usd,
            start_usd=dual.start_usd,
            stored_usd_per_mwh=relaxed.stored_usd_per_mwh,
        )


def solve_windows(problem: Problem, guide: Guide) -> Schedule:
    """Return a schedule found window by window.

    Parameters
    ----------
    problem : Problem
        The site.
    guide : Guide
        Its prices tell a window what limits are worth later, its import where monthly peaks
        will be.

    Returns
    -------
    Schedule
        A schedule that keeps every limit of the whole horizon.

    Raises
    ------
    SolverError
        If HiGHS cannot solve a window in time.

    Notes
    -----
    Each window is the full program over `CORE_HOURS` plus `AHEAD_HOURS`, or the longest of the
    engines' shortest runs; the core is kept, and the hours before it are held fixed as far back
    as any run time reaches. A limit on the whole
    horizon has a price in the window and its remainder as a hard limit.
    """
    past_hours = max(
        [1, *(o.min_up_hours for o in problem.operations), *(s.ages for s in problem.switches)]
    )
    # A run begun in the core must be seen to its end, or a limit on hours could cut it short.
    seen_hours = max([WINDOW_HOURS, *(CORE_HOURS + s.min_hours for s in problem.switches)])
    parts: list[Schedule] = []
    least_mwh = _least_states_mwh(problem)
    for start in range(0, problem.hours, CORE_HOURS):
        first = max(start - past_hours, 0)
        end = min(start + seen_hours, problem.hours)
        done = _joined(parts) if parts else None
        past = None if done is None else _slice(done, first, start)
        window = _left(problem.window(first, end), done, first)
        window = _stored(window, done, first, float(least_mwh[end - 1]))
        months = slice(int(problem.month[first]), int(problem.month[end - 1]) + 1)
        ahead = Ahead(
            past=past,
            ai_usd_per_mwh=guide.prices.ai_usd_per_mwh,
            take_usd_per_mwh=guide.prices.take_usd_per_mwh[months],
            free_peak_mw=_free_peaks_mw(problem, guide, done)[months],
            hour_usd=guide.hour_usd,
            start_usd=guide.start_usd,
            was_on=_on_before(problem, done, first),
            stored_usd_per_mwh=_left_usd_per_mwh(problem, guide, end),
        )
        found, _ = solve_exclusive(
            window, limit_s=_WINDOW_S, gap_frac=_WINDOW_GAP_FRAC, ahead=ahead
        )
        stop = min(start + CORE_HOURS, problem.hours)
        parts.append(_slice(found, start - first, stop - first))
    return _joined(parts)


def _left(window: Problem, done: Schedule | None, first: int) -> Problem:
    """Return the window with what is left of each limit; its own first hours count in it."""
    if done is None:
        return window
    used = done.on[:first].sum(axis=0)
    started = starts_of(done.on[:first])
    switches = tuple(
        replace(
            s,
            limit_hours=None if s.limit_hours is None else s.limit_hours - int(used[i]),
            limit_starts=None if s.limit_starts is None else s.limit_starts - int(started[i]),
        )
        for i, s in enumerate(window.switches)
    )
    cut = float(done.ai_cut_mw[:first].sum())
    return replace(window, switches=switches, ai_limit_mwh=max(window.ai_limit_mwh - cut, 0.0))


def _on_before(problem: Problem, done: Schedule | None, first: int) -> BoolArray:
    """Return which switches were on in the hour before a window, (switch,)."""
    if done is None or first == 0:
        return np.zeros(len(problem.switches), dtype=bool)
    return np.asarray(done.on[first - 1], dtype=bool)


def _stored(window: Problem, done: Schedule | None, first: int, least_mwh: float) -> Problem:
    """Return the window with what its battery holds before it and must hold after it."""
    store = window.store
    if store is None:
        return window
    held = store.first_mwh if done is None or first == 0 else float(done.stored_mwh[first - 1])
    return replace(window, store=replace(store, first_mwh=held, last_mwh=least_mwh))


def _least_states_mwh(problem: Problem) -> FloatArray:
    """Return the least energy after each hour that still reaches the last state by import."""
    p = problem
    if p.store is None:
        return np.zeros(p.hours)
    spare = np.maximum(p.interconnect_mw - p.idle_mw - p.ai_mw, 0.0)
    return least_states_mwh(p.store, spare)


def _left_usd_per_mwh(problem: Problem, guide: Guide, end: int) -> float:
    """Return what energy left in the battery after hour ``end - 1`` is worth later."""
    if problem.store is None or end >= problem.hours:
        return 0.0
    return problem.store.battery.hourly_keep_frac * float(guide.stored_usd_per_mwh[end])


def _free_peaks_mw(problem: Problem, guide: Guide, done: Schedule | None) -> FloatArray:
    """Return the import of each month that was reached, or will be by the guide's schedule."""
    expected = month_peaks_mw(problem, guide.import_mw)
    if done is None:
        return expected
    reached = np.zeros(problem.hours)
    reached[: done.import_mw.size] = done.import_mw
    return np.maximum(expected, month_peaks_mw(problem, reached))


def _slice(schedule: Schedule, first: int, end: int) -> Schedule:
    """Return hours `first` to ``end - 1``."""
    return Schedule(**{f.name: getattr(schedule, f.name)[first:end] for f in fields(Schedule)})


def _joined(parts: Sequence[Schedule]) -> Schedule:
    """Return the schedules one after the other."""
    return Schedule(
        **{f.name: np.concatenate([getattr(s, f.name) for s in parts]) for f in fields(Schedule)}
    )
