"""Compiled queue of halls that a threshold rule decides one by one."""

from __future__ import annotations

from rerack.base.checks import BoolArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def queue_halls(exceeded: BoolArray, may: BoolArray, months: int, decided: IntArray) -> None:
    """Fill in the month of each hall: the queue moves by one hall a streak."""
    scenarios, horizon = exceeded.shape
    halls = decided.shape[1]
    for s in range(scenarios):
        streak = taken = 0
        for month in range(horizon):
            streak = streak + 1 if exceeded[s, month] else 0
            if streak >= months and taken < halls and may[s, month]:
                decided[s, taken] = month
                taken += 1
                streak = 0
