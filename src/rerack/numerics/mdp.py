"""Markov decision processes that maximise a ratio: gain per unit of weight over renewal cycles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray, as_finite, require
from rerack.base.errors import SolverError

#: Sweeps after which a value that still moves is given up.
MAX_SWEEPS = 200_000
#: Ratios after which Dinkelbach's method is given up; it needs some six.
MAX_RATIOS = 60


@dataclass(frozen=True, kw_only=True)
class RatioProcess:
    """A finite decision process in flat arrays, whose cycles begin and end in state 0.

    Parameters
    ----------
    state_start : array of int, shape (state + 1,)
        First action of each state; the last entry is the number of actions. Each state has some.
    action_start : array of int, shape (action + 1,)
        First outcome of each action; the last entry is the number of outcomes.
    outcome_state : array of int, shape (outcome,)
        State that an outcome leads to.
    outcome_prob : array, shape (outcome,)
        Its probability; those of one action add up to 1.
    gain, weight : array, shape (action,)
        Expected gain and weight of each action; weights are 0 or more.

    Notes
    -----
    Sweeps run from the last state to the first, each using what the sweep has just found: number
    the states so that most outcomes lead to higher numbers, and a sweep does most of the work.
    """

    state_start: IntArray
    action_start: IntArray
    outcome_state: IntArray
    outcome_prob: FloatArray
    gain: FloatArray
    weight: FloatArray

    def __post_init__(self) -> None:
        states, actions = self.state_start.size - 1, self.action_start.size - 1
        require(
            states > 0 and bool((np.diff(self.state_start) > 0).all()),
            "process.state_start",
            given=f"{states} states, some without an action",
            allowed="states with one action or more each",
        )
        shapes = (self.gain.size, self.weight.size, int(self.state_start[-1]))
        require(
            shapes == (actions,) * 3 and self.outcome_state.size == int(self.action_start[-1]),
            "process",
            given=f"gains, weights, actions {shapes}",
            allowed=f"{actions} of each, and an outcome_state for every outcome",
        )
        for name in ("outcome_prob", "gain", "weight"):
            as_finite(getattr(self, name), f"process.{name}")
        inside = (self.outcome_state >= 0) & (self.outcome_state < states)
        require(
            bool(inside.all()),
            "process.outcome_state",
            given=str(self.outcome_state[~inside][:1]),
            allowed=f"0 to {states - 1}",
        )
        sums = np.add.reduceat(self.outcome_prob, self.action_start[:-1])
        require(
            bool((self.outcome_prob >= 0.0).all() and np.allclose(sums, 1.0, atol=1e-12)),
            "process.outcome_prob",
            given=f"sums from {sums.min()} to {sums.max()}",
            allowed="probabilities that add up to 1 for each action",
        )


@dataclass(frozen=True, kw_only=True)
class RatioPolicy:
    """What `best_ratio` found.

    Parameters
    ----------
    ratio : float
        Greatest expected gain per expected weight of a cycle.
    action : array of int, shape (state,)
        Action to take in each state, an index into the actions of the process.
    sweeps : int
        Sweeps over all states that it took.
    """

    ratio: float
    action: IntArray
    sweeps: int


def best_ratio(process: RatioProcess, *, tolerance: float = 1e-11) -> RatioPolicy:
    r"""Return the policy with the greatest gain per weight in the long run.

    Parameters
    ----------
    process : RatioProcess
        Every policy must come back to state 0 and have weight on the way.
    tolerance : float
        Change of a value in one sweep, and of the ratio, at which it is taken as found.

    Raises
    ------
    SolverError
        The values do not settle: some policy does not return to state 0, or returns too rarely.

    Notes
    -----
    By the renewal theorem the long-run ratio is E[gain] / E[weight] over a cycle. Dinkelbach's
    method (1967, doi:10.1287/mnsc.13.7.492): with reward gain - rho weight the best cycle is worth
    0 exactly at the best ratio; the policy best at rho gives the next rho, its own ratio, and the
    sequence rises to the answer quadratically. Each inner problem is a stochastic shortest path,
    solved by value iteration with fresh values (Gauss-Seidel). The ratio returned is that of a
    policy, evaluated, so it errs only downwards.
    """
    from rerack.numerics.mdp_kernel import evaluate, improve

    p = process
    states = p.state_start.size - 1
    value, gains, weights = np.zeros(states), np.zeros(states), np.zeros(states)
    policy = p.state_start[:-1].astype(np.int64)
    arrays = (p.action_start, p.outcome_state, p.outcome_prob)
    ratio, sweeps = 0.0, 0
    for _ in range(MAX_RATIOS):
        reward = p.gain - ratio * p.weight
        while improve(p.state_start, *arrays, reward, value, policy) > tolerance:
            sweeps = _counted(sweeps)
        for rate, total in ((p.gain, gains), (p.weight, weights)):
            while evaluate(*arrays, rate, policy, total) > tolerance:
                sweeps = _counted(sweeps)
        if weights[0] <= 0.0:
            raise SolverError("a policy returns to state 0 without weight: the ratio is undefined")
        found = float(gains[0] / weights[0])
        if abs(found - ratio) <= tolerance:
            return RatioPolicy(ratio=found, action=policy, sweeps=sweeps)
        ratio = found
    raise SolverError(f"the ratio did not settle in {MAX_RATIOS} steps")


def _counted(sweeps: int) -> int:
    if sweeps >= MAX_SWEEPS:
        raise SolverError(
            f"values still move after {MAX_SWEEPS} sweeps: some policy hardly returns to state 0"
        )
    return sweeps + 1
