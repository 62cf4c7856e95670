"""Simulated double spends by a majority: the distribution behind the closed form's mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, frozen_array, require
from rerack.base.streams import Streams
from rerack.security.majority import require_race


@dataclass(frozen=True, kw_only=True)
class SimulatedRaces:
    """Lengths of simulated attacks.

    Parameters
    ----------
    intervals : array, shape (race,)
        Length of each [block intervals of the honest network].
    hashrate_ratio : float
        Attacker's hashrate over the honest.
    """

    intervals: FloatArray
    hashrate_ratio: float

    @property
    def mean_intervals(self) -> float:
        """Mean length [block intervals]."""
        return float(self.intervals.mean())

    @property
    def standard_error(self) -> float:
        """Standard error of the mean length [block intervals]."""
        return float(self.intervals.std(ddof=1) / self.intervals.size**0.5)


def simulate_majority(
    confirmations: int, hashrate_ratio: float, *, races: int = 20_000, seed: int = 0
) -> SimulatedRaces:
    """Simulate double spends by a majority, block by block.

    Parameters
    ----------
    confirmations, hashrate_ratio
        As in `majority_double_spend`, but at most 1,000 confirmations and a ratio of 1.01 or more:
        nearer to 1 a race can last for ever.
    races : int
        Attacks to simulate, 2 to 1,000,000.
    seed : int
        Seed of the named stream; race i is the same whatever the number of races.

    Examples
    --------
    >>> found = simulate_majority(6, 2.0, races=20_000, seed=1)
    >>> abs(found.mean_intervals - 6.41) < 0.1
    True
    """
    require_race(confirmations, hashrate_ratio)
    require(confirmations <= 1_000, "confirmations", given=confirmations, allowed="up to 1000")
    require(hashrate_ratio >= 1.01, "hashrate_ratio", given=hashrate_ratio, allowed="1.01 or more")
    require(2 <= races <= 1_000_000, "races", given=races, allowed="2 to 1,000,000")
    from rerack.security.majority_kernel import race

    found = np.empty(races)
    race(confirmations, hashrate_ratio, Streams(seed).generator("security.majority"), found)
    return SimulatedRaces(intervals=frozen_array(found), hashrate_ratio=hashrate_ratio)
