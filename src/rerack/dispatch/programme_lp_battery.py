"""Rows of a battery: state, limits, reserve that its energy covers, one direction at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.programme_matrix import Program, Term
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_schedule import Schedule
from rerack.dispatch.programme_store import Store

#: In each hour: 0 both directions may be mixed, 1 only charging, -1 only discharging, 2 either,
#: by a binary.
MIXED, CHARGING, DISCHARGING, EITHER = 0, 1, -1, 2


@dataclass(frozen=True, kw_only=True, eq=False)
class StoreColumns:
    """Numbers of a battery's variables, (hour,), reserve (hour, service), and rows of its state."""

    charge: IntArray
    discharge: IntArray
    stored: IntArray
    reserve: IntArray
    state_rows: IntArray


def add_store(
    program: Program,
    problem: Problem,
    ways: IntArray,
    *,
    past: Schedule | None = None,
    end_usd_per_mwh: float = 0.0,
) -> StoreColumns | None:
    """Add the battery's variables and the rows that are its own; None without one.

    Parameters
    ----------
    program : Program
        Program under construction.
    problem : Problem
        The site.
    ways : ndarray of int
        What the battery may do in each hour: `MIXED`, `CHARGING`, `DISCHARGING`, `EITHER`.
    past : Schedule or None
        First hours, held as they were.
    end_usd_per_mwh : float
        Worth of energy left after the last hour [USD/MWh].

    Notes
    -----
    ``stored = keep before + eta_c charge - (discharge + sum of q reserve) / eta_d``, with the
    convex hull of both directions, ``charge / charge_mw + discharge / discharge_mw <= 1``, which
    is exact where mixing them does not pay.
    """
    store = problem.store
    if store is None:
        return None
    b, hours = store.battery, problem.hours
    allowed = {
        "charge_mw": np.where(ways == DISCHARGING, 0.0, b.charge_mw),
        "discharge_mw": np.where(ways == CHARGING, 0.0, b.discharge_mw),
        "reserve_mw": np.broadcast_to(store.reserve_mw, (hours, store.fits.size)),
    }
    low = {name: np.zeros(most.shape) for name, most in allowed.items()}
    high = {name: np.array(most, dtype=np.float64) for name, most in allowed.items()}
    if past is not None:
        for name in allowed:
            held = getattr(past, name)
            low[name][: len(held)] = high[name][: len(held)] = held
    least, worth = np.zeros(hours), np.zeros(hours)
    least[-1], worth[-1] = min(store.last_mwh, b.energy_mwh), end_usd_per_mwh
    x = StoreColumns(
        charge=program.columns((hours,), lower=low["charge_mw"], upper=high["charge_mw"]),
        discharge=program.columns(
            (hours,),
            cost=-b.throughput_cost_usd_per_mwh,
            lower=low["discharge_mw"],
            upper=high["discharge_mw"],
        ),
        stored=program.columns((hours,), cost=worth, lower=least, upper=b.energy_mwh),
        reserve=program.columns(
            (hours, store.fits.size),
            cost=store.reserve_usd_per_mwh,
            lower=low["reserve_mw"],
            upper=high["reserve_mw"],
        ),
        state_rows=np.arange(program.height, program.height + hours, dtype=np.int64),
    )
    _state(program, store, x)
    _directions(program, store, x, np.flatnonzero(ways == EITHER))
    return x


def add_reserve(program: Program, p: Problem, x: StoreColumns, meter: tuple[Term, Term]) -> None:
    """Add what must stand behind the reserve: power, energy, and room at the meter.

    Parameters
    ----------
    program : Program
        Program under construction.
    p : Problem
        The site.
    x : StoreColumns
        Variables of the battery.
    meter : tuple of Term
        Import with -1, export with 1.

    Notes
    -----
    Reserve is dropped charging and added output, so ``reserve + discharge - charge`` is within
    the discharging limit. The store must hold a call's length of it at the start and at the end
    of the hour; a battery that charges from empty offers nothing, which is cautious.
    """
    store = p.store
    if store is None or not store.fits.any():
        return
    b, most = store.battery, p.export_mw
    program.rows([(x.reserve, 1.0), (x.discharge, 1.0), (x.charge, -1.0)], upper=b.discharge_mw)
    program.rows([(x.reserve, 1.0), *meter], upper=most)
    owed = np.broadcast_to(store.call_hours / b.discharge_efficiency_frac, x.reserve.shape)
    program.rows([(x.reserve, owed), (x.stored, -1.0)], upper=0.0)
    keep = b.hourly_keep_frac
    program.rows([(x.reserve[1:], owed[1:]), (x.stored[:-1], -keep)], upper=0.0)
    program.rows([(x.reserve[:1], owed[:1])], upper=keep * store.first_mwh)


def _state(program: Program, store: Store, x: StoreColumns) -> None:
    """Add the balance of stored energy, hour by hour."""
    b, out = store.battery, store.battery.discharge_efficiency_frac
    called = np.broadcast_to(store.called_frac / out, x.reserve.shape)
    keep = b.hourly_keep_frac

    def terms(hours: slice) -> list[Term]:
        return [
            (x.stored[hours], 1.0),
            (x.charge[hours], -b.charge_efficiency_frac),
            (x.discharge[hours], 1.0 / out),
            (x.reserve[hours], called[hours]),
        ]

    start = keep * store.first_mwh
    program.rows(terms(slice(0, 1)), lower=start, upper=start)
    later: Term = (x.stored[:-1], -keep)
    program.rows([*terms(slice(1, None)), later], lower=0.0, upper=0.0)


def _directions(program: Program, store: Store, x: StoreColumns, either: IntArray) -> None:
    """Forbid mixing directions beyond their hull, and at all in the hours of `either`."""
    b = store.battery
    if min(b.charge_mw, b.discharge_mw) == 0.0:
        return
    hull: list[Term] = [(x.charge, 1.0 / b.charge_mw), (x.discharge, 1.0 / b.discharge_mw)]
    program.rows(hull, upper=1.0)
    if either.size:
        charging = program.columns((either.size,), upper=1.0, integer=True)
        program.rows([(x.charge[either], 1.0), (charging, -b.charge_mw)], upper=0.0)
        program.rows([(x.discharge[either], 1.0), (charging, b.discharge_mw)], upper=b.discharge_mw)


def directions(store: Store, stored_mwh: FloatArray, reserve_mw: FloatArray) -> IntArray:
    """Return the way in which each hour moves the energy stored, `CHARGING` or `DISCHARGING`."""
    taken = store.taken_mwh(stored_mwh, reserve_mw)
    return np.where(taken < 0.0, CHARGING, DISCHARGING).astype(np.int64)
