"""Compiled sum of loan tranches over draws, and its plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def add_tranches(draw: FloatArray, units: FloatArray, schedule: FloatArray) -> None:
    """Add the tranche of every draw (scenario, month) to `schedule` (scenario, 4, month).

    `units` (4, month) is the tranche of one dollar by age: interest, interest capitalised,
    principal, balance, as far as anything is owed or paid. Draws are few, so months without one
    are passed over.
    """
    months, ages = draw.shape[1], units.shape[1]
    for s in range(draw.shape[0]):
        for m in range(months):
            amount = draw[s, m]
            if amount == 0.0:
                continue
            for k in range(4):
                for age in range(min(ages, months - m)):
                    schedule[s, k, m + age] += amount * units[k, age]


def add_tranches_plain(draw: FloatArray, units: FloatArray) -> FloatArray:
    """Return the schedule that `add_tranches` fills, by one matrix product a row of `units`.

    Here `units` reaches to the last month of `draw`.
    """
    months = np.arange(draw.shape[1])
    age = months[None, :] - months[:, None]
    by_draw = np.where(age >= 0, units[:, np.maximum(age, 0)], 0.0)
    return np.stack([draw @ matrix for matrix in by_draw], axis=1)
