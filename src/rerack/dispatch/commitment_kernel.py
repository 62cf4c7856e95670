"""Compiled best path through the states of switches, and its plain Python twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def path_kernel(
    reward: FloatArray,
    config: IntArray,
    first: IntArray,
    before: IntArray,
    cost: FloatArray,
    path: IntArray,
) -> float:
    """Fill `path` (hour,) with the best states and return what they earn.

    `reward` (hour, config) is earned in a state of that `config` (state,); the states that may
    come before state s are ``before[first[s] : first[s + 1]]``, at `cost`. All starts in state 0.
    """
    hours = reward.shape[0]
    states = config.size
    choice = np.empty((hours, states), np.int32)
    old = np.full(states, -np.inf)
    old[0] = 0.0
    new = np.empty(states)
    for h in range(hours):
        for s in range(states):
            best = -np.inf
            chosen = first[s]
            for e in range(first[s], first[s + 1]):
                worth = old[before[e]] - cost[e]
                if worth > best:
                    best = worth
                    chosen = e
            new[s] = best + reward[h, config[s]]
            choice[h, s] = chosen
        old, new = new, old
    state = int(np.argmax(old))
    total = old[state]
    for h in range(hours - 1, -1, -1):
        path[h] = state
        state = before[choice[h, state]]
    return float(total)


def path_plain(
    reward: FloatArray,
    config: IntArray,
    first: IntArray,
    before: IntArray,
    cost: FloatArray,
    path: IntArray,
) -> float:
    """Do what `path_kernel` does, one state at a time with NumPy."""
    edges = [np.arange(first[s], first[s + 1]) for s in range(config.size)]
    old = np.full(config.size, -np.inf)
    old[0] = 0.0
    came_from = []
    for row in reward:
        worth = [old[before[e]] - cost[e] for e in edges]
        picks = [int(np.argmax(w)) for w in worth]
        came_from.append([int(before[e[p]]) for e, p in zip(edges, picks, strict=True)])
        old = np.array([w[p] for w, p in zip(worth, picks, strict=True)]) + row[config]
    state = int(np.argmax(old))
    total = float(old[state])
    for h in range(reward.shape[0] - 1, -1, -1):
        path[h] = state
        state = came_from[h][state]
    return total
