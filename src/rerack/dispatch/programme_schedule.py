"""A schedule of everything on a site, and what each part of it earns."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from rerack.base.checks import FloatArray, frozen_array
from rerack.dispatch.commitment import BoolArray, start_cost_usd
from rerack.dispatch.programme_problem import Problem


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
    charge_mw, discharge_mw : ndarray
        Power that the battery draws and gives at the bus, calls of reserve apart [MW], (hour,).
    stored_mwh : ndarray
        Energy in the battery at the end of the hour, mean calls taken off [MWh], shape (hour,).
    reserve_mw : ndarray
        Reserve that the battery offers to each service [MW], shape (hour, service).
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
    charge_mw: FloatArray
    discharge_mw: FloatArray
    stored_mwh: FloatArray
    reserve_mw: FloatArray
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
    if p.store is not None:
        wear = p.store.battery.throughput_cost_usd_per_mwh
        cash["battery wear"] = -wear * float(s.discharge_mw.sum())
    for a, service in enumerate(p.services):
        cash[f"ancillary: {service}"] = float(service_usd(p, s, a).sum())
    for i, switch in enumerate(p.switches[: p.calls]):
        paid = float(s.on[:, i] @ p.call_usd[:, i]) + float(p.standing_usd[i])
        cash[f"demand response: {switch.name}"] = paid
    return cash


def service_usd(problem: Problem, schedule: Schedule, service: int) -> FloatArray:
    """Return what halls and battery earn by one ancillary service [USD], shape (hour,)."""
    p, s = problem, schedule
    earned = (s.offer_mw[:, :, service] * p.offer_usd_per_mwh[:, :, service]).sum(axis=1)
    if p.store is not None:
        earned = earned + s.reserve_mw[:, service] * p.store.reserve_usd_per_mwh[:, service]
    return np.asarray(earned)


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
