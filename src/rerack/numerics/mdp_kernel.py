"""Compiled sweeps over a flat decision process; `mdp` holds their plain twin's description."""

from __future__ import annotations

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def improve(
    state_start: IntArray,
    action_start: IntArray,
    outcome_state: IntArray,
    outcome_prob: FloatArray,
    reward: FloatArray,
    value: FloatArray,
    policy: IntArray,
) -> float:
    """Sweep once from the last state to the first, taking the best action; return the change.

    Parameters
    ----------
    state_start, action_start, outcome_state, outcome_prob : array
        The process, as `rerack.numerics.mdp.RatioProcess` lays it out.
    reward : array, shape (action,)
        Expected reward of each action.
    value : array, shape (state,)
        Expected reward until the next visit of state 0; overwritten.
    policy : array, shape (state,)
        Best action; overwritten.
    """
    change = 0.0
    for state in range(value.size - 1, -1, -1):
        best = -1e300
        for action in range(state_start[state], state_start[state + 1]):
            total = reward[action]
            for k in range(action_start[action], action_start[action + 1]):
                # Arrival in state 0 ends the cycle: nothing is to come in it.
                if outcome_state[k] != 0:
                    total += outcome_prob[k] * value[outcome_state[k]]
            if total > best:
                best = total
                policy[state] = action
        change = max(change, abs(best - value[state]))
        value[state] = best
    return change


@kernel
def evaluate(
    action_start: IntArray,
    outcome_state: IntArray,
    outcome_prob: FloatArray,
    reward: FloatArray,
    policy: IntArray,
    value: FloatArray,
) -> float:
    """Sweep once with the actions of `policy`, overwriting `value`; return the largest change."""
    change = 0.0
    for state in range(value.size - 1, -1, -1):
        action = policy[state]
        total = reward[action]
        for k in range(action_start[action], action_start[action + 1]):
            if outcome_state[k] != 0:
                total += outcome_prob[k] * value[outcome_state[k]]
        change = max(change, abs(total - value[state]))
        value[state] = total
    return change
