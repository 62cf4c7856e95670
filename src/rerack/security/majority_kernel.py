"""Compiled race of a majority attacker against the honest; its own Python is the plain twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def race(
    confirmations: int, hashrate_ratio: float, rng: np.random.Generator, intervals: FloatArray
) -> None:
    """Run races block by block, one after the other from one generator.

    Parameters
    ----------
    confirmations : int
        Honest blocks that the merchant waits for.
    hashrate_ratio : float
        Attacker's hashrate over the honest.
    rng : numpy.random.Generator
        Source of one exponential and one uniform number a block.
    intervals : array, shape (race,)
        Length of each race [honest block intervals]; overwritten.
    """
    rate = 1.0 + hashrate_ratio
    for i in range(intervals.size):
        elapsed, honest, attacker = 0.0, 0, 0
        while honest < confirmations or attacker <= honest:
            elapsed += rng.standard_exponential() / rate
            if rng.random() * rate < hashrate_ratio:
                attacker += 1
            else:
                honest += 1
        intervals[i] = elapsed
