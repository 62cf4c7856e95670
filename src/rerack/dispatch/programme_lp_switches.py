"""Rows of switches: starts, shortest and longest runs, limits on hours and starts."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.commitment import BoolArray, Switch
from rerack.dispatch.programme_matrix import Program
from rerack.dispatch.programme_problem import Problem


def add_switches(
    program: Program,
    problem: Problem,
    on: IntArray,
    start_usd: FloatArray,
    was_on: BoolArray,
) -> None:
    """Add the rows of all switches.

    Parameters
    ----------
    program : Program
        Program under construction.
    problem : Problem
        The site.
    on : ndarray of int
        Variables of the switches, shape (hour, switch).
    start_usd : ndarray
        Worth of a start kept for later, on top of its cost [USD], shape (switch,).
    was_on : ndarray of bool
        Whether each switch was on before the first hour, shape (switch,). A run that was under way
        must have its shortest time, and its end by its longest, in hours that are held.
    """
    for i, switch in enumerate(problem.switches):
        if switch.limit_hours is not None:
            program.rows([(on[:, i][np.newaxis], 1.0)], upper=switch.limit_hours)
        counted = switch.limit_starts is not None or switch.start_usd + start_usd[i] > 0.0
        if counted or switch.min_hours > 1 or switch.max_hours is not None:
            cost_usd = switch.start_usd + float(start_usd[i])
            _runs(program, switch, on[:, i], cost_usd, before=float(was_on[i]))


def _runs(
    program: Program, switch: Switch, on: IntArray, cost_usd: float, *, before: float
) -> None:
    """Tie the hours of one switch, on (1) or off (0) `before` the first."""
    hours = on.size
    start = program.columns((hours,), cost=-cost_usd, upper=1.0)
    program.rows([(on[:1], 1.0), (start[:1], -1.0)], upper=before)
    program.rows([(start[:1], 1.0)], upper=1.0 - before)
    program.rows([(on[1:], 1.0), (on[:-1], -1.0), (start[1:], -1.0)], upper=0.0)
    program.rows([(start, 1.0), (on, -1.0)], upper=0.0)
    program.rows([(start[1:], 1.0), (on[:-1], 1.0)], upper=1.0)
    if switch.limit_starts is not None:
        program.rows([(start[np.newaxis], 1.0)], upper=switch.limit_starts)
    at = np.arange(hours)[:, np.newaxis]
    if switch.min_hours > 1:
        begins = at - np.arange(switch.min_hours)
        kept = (begins >= 0).astype(np.float64)
        program.rows([(start[np.maximum(begins, 0)], kept), (on, -1.0)], upper=0.0)
    if switch.max_hours is not None:
        begins = at - np.arange(switch.max_hours)
        kept = (begins >= 0).astype(np.float64)
        # A run from before the first hour has its start outside.
        longest = np.where(at[:, 0] < switch.max_hours - 1, before, 0.0)
        program.rows([(on, 1.0), (start[np.maximum(begins, 0)], -kept)], upper=longest)
