"""Hours that are still allowed after the limits have been priced, taken one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.commitment import BoolArray, States, Switch, config_of, starts_of


def fill_up(
    switches: Sequence[Switch], states: States, reward_usd: FloatArray, on: BoolArray
) -> BoolArray:
    """Return `on` with single hours added while they pay and the limits allow them.

    Parameters
    ----------
    switches : sequence of Switch
        Switches with their limits.
    states : States
        ``States.of(switches)``.
    reward_usd : ndarray
        Reward of each hour in each configuration [USD], shape (hour, config).
    on : ndarray of bool
        A choice that keeps the limits, shape (hour, switch).

    Returns
    -------
    ndarray of bool
        A choice that keeps the limits and earns as much or more.

    Notes
    -----
    One switch at a time, the others staying. An hour may lengthen a run, or be a run of its own
    where a start is left and single hours are allowed. Runs are not joined.
    """
    on = on.copy()
    for i, switch in enumerate(switches):
        gain = _gain_usd(states, reward_usd, on, i)
        while True:
            allowed = _allowed(switch, on[:, i])
            fresh = allowed & ~_beside(on[:, i])
            worth = np.where(allowed, gain - fresh * switch.start_usd, -np.inf)
            hour = int(np.argmax(worth))
            if not worth[hour] > 0.0:
                break
            on[hour, i] = True
    return on


def _gain_usd(states: States, reward: FloatArray, on: BoolArray, i: int) -> FloatArray:
    """Return what turning switch `i` on is worth in each hour, -inf where it cannot be."""
    hours = np.arange(on.shape[0])
    without, within = on.copy(), on.copy()
    without[:, i], within[:, i] = False, True
    known = {tuple(row) for row in states.config_on.tolist()}
    possible = np.array([tuple(row) in known for row in within.tolist()])
    within[~possible] = without[~possible]
    gain = reward[hours, config_of(states, within)] - reward[hours, config_of(states, without)]
    return np.where(possible, gain, -np.inf)


def _beside(on: BoolArray) -> BoolArray:
    """Return which hours touch an hour that is on."""
    padded = np.concatenate([[False], on, [False]])
    return np.asarray(padded[:-2] | padded[2:])


def _allowed(switch: Switch, on: BoolArray) -> BoolArray:
    """Return the hours that may be added without breaking a limit."""
    if switch.limit_hours is not None and on.sum() >= switch.limit_hours:
        return np.zeros_like(on)
    padded = np.concatenate([[False], on, [False]])
    joins = padded[:-2] & padded[2:]
    beside = _beside(on)
    longer = beside & ~joins & ~on
    if switch.max_hours is not None:
        length = _run_length(on)
        around = np.concatenate([[0], length, [0]])
        longer &= np.maximum(around[:-2], around[2:]) < switch.max_hours
    starts = int(starts_of(on[:, np.newaxis])[0])
    room = switch.limit_starts is None or starts < switch.limit_starts
    single = switch.min_hours == 1 and room
    alone = ~on & ~beside if single else np.zeros_like(on)
    return np.asarray(longer | alone)


def _run_length(on: BoolArray) -> IntArray:
    """Return for every hour that is on the length of its run, else 0."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    length = np.zeros(on.size, dtype=np.int64)
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        length[first:end] = end - first
    return length
