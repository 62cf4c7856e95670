"""The fast route: prices on what couples hours, each hour solved exactly at those prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.commitment import BoolArray, States
from rerack.dispatch.commitment_search import IMPOSSIBLE_USD, choose
from rerack.dispatch.flexible_fill import Hours, Multipliers
from rerack.dispatch.programme_continuous import solve_continuous
from rerack.dispatch.programme_problem import Problem
from rerack.dispatch.programme_schedule import Schedule, cash_usd

_ROUNDS = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class DualAnswer:
    """A schedule and a proof of how good it is.

    Parameters
    ----------
    schedule : Schedule
        Feasible apart from what ties the hours of rigs together, which this route leaves out.
    objective_usd : float
        What it earns, rigs' starts left out [USD].
    bound_usd : float
        What no schedule exceeds [USD].
    multipliers : Multipliers
        Prices on what couples hours.
    hour_usd, start_usd : ndarray
        Prices of an hour and of a start of each switch [USD], shape (switch,).
    """

    schedule: Schedule
    objective_usd: float
    bound_usd: float
    multipliers: Multipliers
    hour_usd: FloatArray
    start_usd: FloatArray


def solve_dual(problem: Problem, start: Multipliers | None = None) -> DualAnswer:
    """Return a schedule by dual decomposition, with the bound that the prices prove.

    Parameters
    ----------
    problem : Problem
        The site. Start costs, restoring and minimum run times of rigs are left out; as they only
        ever cost, the bound holds with them too.
    start : Multipliers or None
        Prices to choose the first switches by; None begins with all switches off.

    Returns
    -------
    DualAnswer
        Best schedule met and least bound met.

    Notes
    -----
    Alternates two steps. (1) Switches given, the rest is a linear program that separates into
    hours at the right prices (`solve_continuous`). (2) Prices given, every
    configuration of the switches is worth a known sum in every hour, and `choose` finds the best
    hours under their limits. Without switches one pass is exact up to rounding.

    Reference: Fisher, Management Science 27 (1981), doi:10.1287/mnsc.27.1.1.
    """
    states = States.of(problem.switches)
    on = np.zeros((problem.hours, len(problem.switches)), dtype=bool)
    best: Schedule | None = None
    best_usd, bound_usd = -np.inf, np.inf
    kept = Multipliers.zero(problem)
    seen: list[BoolArray] = []
    if start is not None:
        choice = choose(problem.switches, states, _rewards_usd(problem, states, start))
        bound_usd, on = choice.bound_usd + _constant_usd(problem, start), choice.on
    for _ in range(_ROUNDS):
        seen.append(on)
        schedule, multipliers = solve_continuous(problem, on)
        earned = sum(cash_usd(problem, schedule).values())
        if earned > best_usd:
            best, best_usd, kept = schedule, earned, multipliers
        choice = choose(problem.switches, states, _rewards_usd(problem, states, multipliers))
        bound_usd = min(bound_usd, choice.bound_usd + _constant_usd(problem, multipliers))
        on = choice.on
        done = bound_usd - best_usd <= 1e-9 * max(abs(bound_usd), 1.0)
        if done or any(np.array_equal(on, old) for old in seen):
            break
    assert best is not None
    return DualAnswer(
        schedule=best,
        objective_usd=best_usd,
        bound_usd=max(bound_usd, best_usd),
        multipliers=kept,
        hour_usd=choice.hour_usd,
        start_usd=choice.start_usd,
    )


def _constant_usd(problem: Problem, prices: Multipliers) -> float:
    """Return what the prices add to the bound besides the worth of hours."""
    return (
        prices.ai_usd_per_mwh * problem.ai_limit_mwh
        - float(prices.take_usd_per_mwh @ problem.take_mwh)
        + problem.block_usd
        + float(problem.standing_usd.sum())
    )


def _rewards_usd(problem: Problem, states: States, prices: Multipliers) -> FloatArray:
    """Return the Lagrangian worth of every configuration in every hour, (hour, config)."""
    out = np.empty((problem.hours, states.config_on.shape[0]))
    for c, config in enumerate(states.config_on):
        on = np.broadcast_to(config, (problem.hours, config.size))
        worth, _ = Hours(problem, on).fill(prices)
        barred = (config[: problem.calls] & ~problem.call_allowed).any(axis=1)
        out[:, c] = np.where(barred | ~np.isfinite(worth), IMPOSSIBLE_USD, worth)
    return out
