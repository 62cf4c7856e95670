"""Rows of rigs: offers of reserve, shares on, starts, restoring in waves, minimum run times."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import IntArray
from rerack.dispatch.programme_matrix import Program, Term
from rerack.dispatch.programme_problem import Problem


def add_rigs(program: Program, problem: Problem, step: IntArray, offer: IntArray) -> None:
    """Add the rows of all halls.

    Parameters
    ----------
    program : Program
        Program under construction.
    problem : Problem
        The site.
    step : ndarray of int
        Variables of the steps, shape (hour, step).
    offer : ndarray of int
        Variables of the offers, shape (hour, step, service).
    """
    _offers(program, problem, step, offer)
    for k, how in enumerate(problem.operations):
        if how.couples_hours and problem.rated_mw[k] > 0.0:
            _hall(program, problem, step, k)


def _offers(program: Program, p: Problem, step: IntArray, offer: IntArray) -> None:
    """Let a running MW be offered once, and only the share that qualifies."""
    if not p.services or step.size == 0:
        return
    flat = step.reshape(-1)
    program.rows([(offer.reshape(flat.size, -1), 1.0), (flat, -1.0)], upper=0.0)
    for a in range(len(p.services)):
        share = np.tile(p.offer_frac[:, a], p.hours)
        program.rows([(offer[:, :, a].reshape(-1), 1.0), (flat, -share)], upper=0.0)


def _hall(program: Program, p: Problem, step: IntArray, k: int) -> None:
    """Tie the hours of one hall; the share on is its first step over that step's full power."""
    how = p.operations[k]
    steps = np.flatnonzero(p.step_hall == k)
    first, full = step[:, steps[0]], p.step_full_mw[steps]
    for s, width in zip(steps[1:], full[1:], strict=True):
        program.rows([(step[:, s], 1.0 / width), (first, -1.0 / full[0])], upper=0.0)
    if how.restore_mw_per_hour is not None:
        terms: list[Term] = [(step[1:, steps], 1.0), (step[:-1, steps], -1.0)]
        program.rows(terms, upper=how.restore_mw_per_hour)
    change: list[Term] = [(first[1:], 1.0 / full[0]), (first[:-1], -1.0 / full[0])]
    if how.start_usd_per_mw > 0.0 or how.min_up_hours > 1:
        cost = -how.start_usd_per_mw * p.rated_mw[k]
        start = program.columns((p.hours - 1,), cost=cost, upper=1.0)
        program.rows([*change, (start, -1.0)], upper=0.0)
        if how.min_up_hours > 1:
            _minimum_run(program, p, first, start, k)
    if how.stop_usd_per_mw > 0.0:
        cost = -how.stop_usd_per_mw * p.rated_mw[k]
        stop = program.columns((p.hours - 1,), cost=cost, upper=1.0)
        program.rows([*change, (stop, 1.0)], lower=0.0)


def _minimum_run(program: Program, p: Problem, first: IntArray, start: IntArray, k: int) -> None:
    """Keep on what was started in the last hours, where the inlet is cool enough."""
    hours = p.operations[k].min_up_hours
    step = p.first_step(k)
    cool = np.flatnonzero(p.step_mw[1:, step] > 0.0)
    begins = cool[:, np.newaxis] - np.arange(hours)
    inside = begins >= 0
    recent = start[np.maximum(begins, 0)]
    program.rows(
        [(recent, inside.astype(np.float64)), (first[1:][cool], -1.0 / p.step_full_mw[step])],
        upper=0.0,
    )
