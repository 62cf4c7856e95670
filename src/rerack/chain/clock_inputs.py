"""What a chain clock is given: where the chain stands, and the hashrate that drives it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require, require_between
from rerack.chain.compact import DIFFICULTY_ONE_TARGET, HASHES_PER_DIFFICULTY
from rerack.chain.integers import require_int
from rerack.chain.retarget import EPOCH_BLOCKS
from rerack.chain.subsidy import HALVING_BLOCKS, LAST_HALVING

#: Largest hashrate accepted [EH/s], a guard against a wrong unit and against overflow.
MAX_HASHRATE_EH_S: Final = 1e12
#: Difficulty of target 1, the hardest there is.
MAX_DIFFICULTY: Final = float(DIFFICULTY_ONE_TARGET)


@dataclass(frozen=True, kw_only=True)
class ChainStart:
    """Where the chain stands when a simulation begins.

    Parameters
    ----------
    height : int
        Height of the next block to be found, so ``height % 2016`` blocks of the running epoch
        are already there.
    difficulty : float
        Difficulty of the running epoch, 1 or more.
    epoch_elapsed_s : float, optional
        Seconds since the last block of the epoch before. Left out, the blocks of the running
        epoch are taken to have come at the first month's hashrate.

    Examples
    --------
    >>> ChainStart(height=927_360, difficulty=148.1953e12).epoch_blocks
    0
    """

    height: int
    difficulty: float
    epoch_elapsed_s: float | None = None

    def __post_init__(self) -> None:
        require_int(self.height, 0, HALVING_BLOCKS * LAST_HALVING, "start_height")
        require_between(self.difficulty, 1.0, MAX_DIFFICULTY, "start_difficulty")
        if self.epoch_elapsed_s is None:
            return
        require_between(self.epoch_elapsed_s, 0.0, 1e10, "epoch_elapsed_s")
        require(
            self.epoch_elapsed_s > 0.0 or self.epoch_blocks == 0,
            "epoch_elapsed_s",
            given=f"0 with {self.epoch_blocks} blocks of the epoch found",
            allowed="the seconds that these blocks took",
            cure="Give the time since the last retarget, or leave it out.",
        )

    @property
    def epoch_blocks(self) -> int:
        """Blocks of the running epoch found before the start."""
        return self.height % EPOCH_BLOCKS

    def elapsed_s(self, first_hashrate_eh_s: FloatArray) -> FloatArray:
        """Return seconds elapsed in the running epoch, shape (scenario,).

        Parameters
        ----------
        first_hashrate_eh_s : array, shape (scenario,)
            Hashrate of the first month [EH/s], used where the elapsed time is not given.
        """
        if self.epoch_elapsed_s is not None:
            return np.full(first_hashrate_eh_s.shape, self.epoch_elapsed_s)
        if self.epoch_blocks == 0:
            return np.zeros(first_hashrate_eh_s.shape)
        require(
            bool((first_hashrate_eh_s > 0.0).all()),
            "epoch_elapsed_s",
            given="nothing, with no hashrate in the first month",
            allowed="the seconds that the blocks of the running epoch took",
            cure="Give the time since the last retarget.",
        )
        hashes = self.epoch_blocks * self.difficulty * HASHES_PER_DIFFICULTY
        elapsed: FloatArray = hashes / (first_hashrate_eh_s * 1e18)
        return elapsed


def checked_hashrate(hashrate_eh_s: FloatArray, hours: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return hashrate and lengths as contiguous arrays, refusing bad numbers and shapes.

    Parameters
    ----------
    hashrate_eh_s : array, shape (scenario, period)
        Network hashrate [EH/s], 0 or more.
    hours : array, shape (period,)
        Length of each period [h], above 0.

    Returns
    -------
    tuple of array
        The two, contiguous, of the same shapes.

    Raises
    ------
    InputError
        If a value is NaN, infinite or out of range, or shapes do not match.
    """
    hashrate = np.ascontiguousarray(as_finite(hashrate_eh_s, "hashrate_eh_s", ndim=2))
    span_hours = np.ascontiguousarray(as_finite(hours, "hours", ndim=1))
    require(
        hashrate.size > 0 and span_hours.shape == hashrate.shape[1:],
        "hours",
        given=f"{span_hours.size} lengths with hashrate_eh_s of shape {hashrate.shape}",
        allowed="one length for each of one or more periods",
    )
    for extreme in (float(hashrate.min()), float(hashrate.max())):
        require_between(extreme, 0.0, MAX_HASHRATE_EH_S, "hashrate_eh_s")
    shortest = float(span_hours.min())
    require(shortest > 0.0, "hours", given=str(shortest), allowed="lengths above 0")
    return hashrate, span_hours
