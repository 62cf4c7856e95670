"""A schedule of everything on a site, what it earns, and the proof that it can be run."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from rerack.base.checks import FloatArray, frozen_array
from rerack.base.errors import SolverError
from rerack.dispatch.commitment import BoolArray, start_cost_usd, starts_of
from rerack.dispatch.programme_problem import Problem

#: Largest breach of a limit, over the site's power.
_TOLERANCE_FRAC = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class Schedule:
    """Power of every part of a site by hour.

    Parameters
    ----------
    step_mw : ndarray
        Power of each step of each hall above idle [MW utility], shape (hour, step).
    offer_mw : ndarray
        Part of it offered to each ancillary service [MW utility], shape (hour, step, service).
    import_mw, export_mw : ndarray
        Power through the meter [MW utility], shape (hour,).
    ai_cut_mw : ndarray
        Firm load curtailed [MW utility], shape (hour,).
    generator_mw : ndarray
        Output [MW utility], shape (hour, generator).
    renewable_mw : ndarray
        Sun and wind used [MW utility], shape (hour,).
    on : ndarray of bool
        Calls, then committed generators, shape (hour, switch).
    """

    step_mw: FloatArray
    offer_mw: FloatArray
    import_mw: FloatArray
    export_mw: FloatArray
    ai_cut_mw: FloatArray
    generator_mw: FloatArray
    renewable_mw: FloatArray
    on: BoolArray

    def __post_init__(self) -> None:
        for f in fields(self):
            if f.name != "on":
                object.__setattr__(self, f.name, frozen_array(getattr(self, f.name)))


def cash_usd(problem: Problem, schedule: Schedule) -> dict[str, float]:
    """Return what each part of a schedule earns or costs.

    Parameters
    ----------
    problem : Problem
        The site.
    schedule : Schedule
        Its schedule.

    Returns
    -------
    dict of str to float
        Income positive, cost negative [USD]; the objective is the sum.
    """
    p, s = problem, schedule
    cash = {
        "hashing": float((s.step_mw * p.strike_usd_per_mwh).sum()),
        "energy": -float(s.import_mw @ p.meter_usd_per_mwh),
        "coincident peak": -float(s.import_mw @ p.peak_usd_per_mwh),
        "demand charge": -p.demand_usd_per_mw * float(month_peaks_mw(p, s.import_mw).sum()),
        "minimum take": -p.take_usd_per_mwh * float(take_shortfall_mwh(p, s).sum()),
        "export": float(s.export_mw @ p.sale_usd_per_mwh),
        "AI compensation": -p.ai_usd_per_mwh * float(s.ai_cut_mw.sum()),
        "generation": -float(
            s.generator_mw.sum(axis=0) @ [g.marginal_usd_per_mwh for g in p.generators]
        ),
        "generator starts": -start_cost_usd(p.switches, s.on),
        "rig starts and stops": -rig_start_usd(p, s.step_mw),
        "fixed block": p.block_usd,
    }
    for a, service in enumerate(p.services):
        offered = s.offer_mw[:, :, a] * p.offer_usd_per_mwh[:, :, a]
        cash[f"ancillary: {service}"] = float(offered.sum())
    for i, switch in enumerate(p.switches[: p.calls]):
        paid = float(s.on[:, i] @ p.call_usd[:, i]) + float(p.standing_usd[i])
        cash[f"demand response: {switch.name}"] = paid
    return cash


def month_peaks_mw(problem: Problem, import_mw: FloatArray) -> FloatArray:
    """Return the highest import of each month [MW utility], shape (month,)."""
    peak = np.zeros(problem.months)
    np.maximum.at(peak, problem.month, import_mw)
    return peak


def take_shortfall_mwh(problem: Problem, schedule: Schedule) -> FloatArray:
    """Return the energy of each month that is paid for but not taken [MWh], shape (month,)."""
    net = schedule.import_mw - schedule.export_mw
    taken = np.bincount(problem.month, weights=net, minlength=problem.months)
    return np.maximum(problem.take_mwh - taken, 0.0)


def on_frac(problem: Problem, step_mw: FloatArray) -> FloatArray:
    """Return which share of each hall is on, shape (hour, hall)."""
    out = np.zeros((problem.hours, len(problem.halls)))
    for k in range(len(problem.halls)):
        step = problem.first_step(k)
        if problem.step_full_mw[step] > 0.0:
            out[:, k] = step_mw[:, step] / problem.step_full_mw[step]
    return out


def rig_start_usd(problem: Problem, step_mw: FloatArray) -> float:
    """Return what starting and stopping rigs costs; the state before the first hour is free."""
    change = np.diff(on_frac(problem, step_mw), axis=0) * problem.rated_mw
    start = np.array([o.start_usd_per_mw for o in problem.operations])
    stop = np.array([o.stop_usd_per_mw for o in problem.operations])
    up, down = np.maximum(change, 0.0).sum(axis=0), np.maximum(-change, 0.0).sum(axis=0)
    return float(up @ start + down @ stop)


def certify(problem: Problem, schedule: Schedule) -> None:
    """Raise `SolverError` unless the schedule balances every hour and keeps every limit.

    Parameters
    ----------
    problem : Problem
        The site.
    schedule : Schedule
        Its schedule.
    """
    p, s = problem, schedule
    scale = p.interconnect_mw + p.ai_mw + p.rated_mw.sum() + p.renewable_mw.max(initial=0.0)
    scale += sum(g.capacity_mw for g in p.generators)
    slack = _TOLERANCE_FRAC * max(scale, 1.0)
    drawn = s.step_mw.sum(axis=1) + p.idle_mw + p.ai_mw - s.ai_cut_mw + s.export_mw
    given = s.import_mw + s.generator_mw.sum(axis=1) + s.renewable_mw
    running = s.step_mw[:, :, np.newaxis]
    breaches = {
        "energy balance": np.abs(drawn - given),
        "interconnect": s.import_mw - p.interconnect_mw,
        "export limit": s.export_mw - p.export_mw,
        "import and export at once": np.minimum(s.import_mw, s.export_mw),
        "sun and wind": s.renewable_mw - p.renewable_mw,
        "steps": s.step_mw - p.step_mw,
        "AI depth": s.ai_cut_mw - p.ai_flexible_mw,
        "AI hours": (s.ai_cut_mw.sum() - p.ai_limit_mwh) / max(p.hours, 1),
        "offers": s.offer_mw - p.offer_frac * running,
        "offers sold twice": s.offer_mw.sum(axis=2) - s.step_mw,
        **{f"{f.name} negative": -getattr(s, f.name) for f in fields(Schedule) if f.name != "on"},
        **_generation_breaches(p, s),
        **_call_breaches(p, s),
        **_rig_breaches(p, s),
    }
    for what, breach in breaches.items():
        worst = float(np.max(breach, initial=0.0))
        if not worst <= slack:
            raise SolverError(f"{p.site}: the schedule breaks its {what} by {worst:g} MW")
    _certify_switches(p, s.on)


def _generation_breaches(p: Problem, s: Schedule) -> dict[str, FloatArray]:
    found = {}
    for g, generator in enumerate(p.generators):
        switch = p.committed[g]
        on = s.on[:, switch] if switch >= 0 else np.ones(p.hours)
        low = on * generator.min_load_frac * generator.capacity_mw
        found[f"capacity of {generator.name}"] = s.generator_mw[:, g] - on * generator.capacity_mw
        found[f"least load of {generator.name}"] = low - s.generator_mw[:, g]
    return found


def _call_breaches(p: Problem, s: Schedule) -> dict[str, FloatArray]:
    found = {}
    for i, switch in enumerate(p.switches[: p.calls]):
        on = s.on[:, i]
        found[f"cap of {switch.name}"] = on * (s.import_mw - p.call_mw[i])
        found[f"hours of {switch.name}"] = 1.0 * (on & ~p.call_allowed[:, i])
        if not p.call_ai[i]:
            found[f"AI load in {switch.name}"] = on * s.ai_cut_mw
    return found


def _rig_breaches(p: Problem, s: Schedule) -> dict[str, FloatArray]:
    """Return breaches of restoring in waves and of minimum run times."""
    found = {}
    on = on_frac(p, s.step_mw)
    for k, how in enumerate(p.operations):
        steps = p.step_hall == k
        if how.restore_mw_per_hour is not None:
            power = s.step_mw[:, steps].sum(axis=1)
            found[f"restoring of {how.hall}"] = np.diff(power) - how.restore_mw_per_hour
        if how.min_up_hours > 1:
            begun = np.maximum(np.diff(on[:, k]), 0.0)
            total = np.concatenate([[0.0], np.cumsum(begun)])
            ends = np.arange(1, p.hours)
            recent = total[ends] - total[np.maximum(ends - how.min_up_hours, 0)]
            free = p.step_mw[1:, p.first_step(k)] > 0.0
            found[f"minimum run of {how.hall}"] = free * (recent - on[1:, k]) * p.rated_mw[k]
    return found


def _certify_switches(p: Problem, on: BoolArray) -> None:
    if (on[:, : p.calls].sum(axis=1) > 1).any():
        raise SolverError(f"{p.site}: two calls in one hour")
    starts = starts_of(on)
    for i, switch in enumerate(p.switches):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], on[:, i].astype(np.int8), [0]])))
        lengths = edges[1::2] - edges[::2]
        ended = lengths if not on[-1, i] else lengths[:-1]
        checks = (
            switch.limit_hours is None or on[:, i].sum() <= switch.limit_hours,
            switch.limit_starts is None or starts[i] <= switch.limit_starts,
            switch.max_hours is None or lengths.max(initial=0) <= switch.max_hours,
            bool((ended >= switch.min_hours).all()),
        )
        if not all(checks):
            raise SolverError(f"{p.site}: {switch.name} breaks its limits on hours or starts")
