"""The proof that a schedule can be run: balances, limits, programmes, hour by hour."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import SolverError
from rerack.dispatch.commitment import BoolArray, starts_of
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_schedule import Schedule, on_frac

#: Largest breach of a limit, over the site's power.
_TOLERANCE_FRAC = 1e-6


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
    scale = p.interconnect_mw + p.ai_mw.max() + p.rated_mw.sum() + p.renewable_mw.max(initial=0.0)
    scale += sum(g.capacity_mw for g in p.generators)
    scale += 0.0 if p.store is None else p.store.battery.charge_mw + p.store.battery.discharge_mw
    slack = _TOLERANCE_FRAC * max(scale, 1.0)
    drawn = s.step_mw.sum(axis=1) + p.idle_mw + p.ai_mw - s.ai_cut_mw + s.export_mw + s.charge_mw
    given = s.import_mw + s.generator_mw.sum(axis=1) + s.renewable_mw + s.discharge_mw
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
        **_battery_breaches(p, s),
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


def _battery_breaches(p: Problem, s: Schedule) -> dict[str, FloatArray]:
    """Return breaches of power, energy, and of what the battery has sold as reserve."""
    used = s.charge_mw + s.discharge_mw + s.stored_mwh + s.reserve_mw.sum(axis=1)
    if p.store is None:
        return {"battery, which it has not": used}
    b, reserve = p.store.battery, s.reserve_mw.sum(axis=1)
    keep, out = b.hourly_keep_frac, b.discharge_efficiency_frac
    taken = s.discharge_mw / out - s.charge_mw * b.charge_efficiency_frac
    owed = s.reserve_mw @ p.store.call_hours / out
    before = keep * np.append(p.store.first_mwh, s.stored_mwh[:-1])
    return {
        "charging limit": s.charge_mw - b.charge_mw,
        "discharging limit": s.discharge_mw - b.discharge_mw,
        "charging and discharging at once": np.minimum(s.charge_mw, s.discharge_mw),
        "balance of stored energy": np.abs(p.store.taken_mwh(s.stored_mwh, s.reserve_mw) - taken),
        "energy of the battery": s.stored_mwh - b.energy_mwh,
        "last state of the battery": p.store.last_mwh - s.stored_mwh[-1:],
        "reserve of a battery too slow": s.reserve_mw[:, ~p.store.fits],
        "power behind the reserve": reserve + s.discharge_mw - s.charge_mw - b.discharge_mw,
        "energy behind the reserve": owed - np.minimum(before, s.stored_mwh),
        "room for the reserve at the meter": reserve - s.import_mw + s.export_mw - p.export_mw,
    }


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
