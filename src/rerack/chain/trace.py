"""Epoch by epoch: the retargets that one path of hashrate brings about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray, IntArray, frozen_array, require
from rerack.chain.clock_inputs import ChainStart, checked_hashrate
from rerack.chain.compact import HASHES_PER_DIFFICULTY
from rerack.chain.retarget import EPOCH_BLOCKS, MAX_STEP, TARGET_TIMESPAN_S


@dataclass(frozen=True, kw_only=True)
class EpochTrace:
    """The epochs of one path, the running one first, the last one unfinished.

    Parameters
    ----------
    start_height : array, shape (epoch,)
        Height of the first block of each epoch.
    start_hour : array, shape (epoch,)
        Hours from the start of the path to the start of the epoch; negative for the first, whose
        blocks partly lie before it.
    difficulty : array, shape (epoch,)
        Difficulty of the epoch.

    Notes
    -----
    Arrays are read-only.
    """

    start_height: IntArray
    start_hour: FloatArray
    difficulty: FloatArray

    def __post_init__(self) -> None:
        count = self.difficulty.shape
        same = len(count) == 1 and self.start_height.shape == count == self.start_hour.shape
        require(same, "difficulty", given=f"shape {count}", allowed="one value an epoch, in each")
        object.__setattr__(self, "start_hour", frozen_array(self.start_hour))
        object.__setattr__(self, "difficulty", frozen_array(self.difficulty))
        heights = self.start_height.view()
        heights.flags.writeable = False
        object.__setattr__(self, "start_height", heights)

    @property
    def change_frac(self) -> FloatArray:
        """Change of difficulty at each retarget, shape (epoch - 1,)."""
        change: FloatArray = self.difficulty[1:] / self.difficulty[:-1] - 1.0
        return change

    @property
    def block_interval_s(self) -> FloatArray:
        """Mean block interval of each finished epoch [s], shape (epoch - 1,)."""
        interval: FloatArray = np.diff(self.start_hour) * (3600.0 / EPOCH_BLOCKS)
        return interval


def trace_epochs(
    *,
    hashrate_eh_s: FloatArray,
    hours: FloatArray,
    start_height: int,
    start_difficulty: float,
    epoch_elapsed_s: float | None = None,
) -> EpochTrace:
    """Follow one path of hashrate retarget by retarget, to see a shock that months would hide.

    Parameters
    ----------
    hashrate_eh_s : array, shape (period,)
        Network hashrate, constant within a period [EH/s], 0 or more.
    hours : array, shape (period,)
        Length of each period [h]: days, weeks, months.
    start_height : int
        Height of the next block.
    start_difficulty : float
        Difficulty of the running epoch.
    epoch_elapsed_s : float, optional
        Seconds since the last block of the epoch before. Left out, the blocks of the running
        epoch are taken to have come at the hashrate of the first period.

    Returns
    -------
    EpochTrace
        Start and difficulty of every epoch begun within the path.

    Raises
    ------
    InputError
        If a value is NaN, infinite or out of range, or shapes do not match.

    Notes
    -----
    The model of `run_epochs`, found by another road: with W(t) the work done by hour t, piecewise
    linear, an epoch ends where W has grown by ``2016 * D * 2^32`` hashes. Not for many scenarios:
    it is a Python loop over epochs.

    Examples
    --------
    >>> half_leaves = trace_epochs(hashrate_eh_s=np.full(60, 75.0), hours=np.full(60, 24.0),
    ...                            start_height=685_440, start_difficulty=21.0e12)
    >>> [round(float(change), 4) for change in half_leaves.change_frac]
    [-0.5008, -0.0, -0.0]
    """
    start = ChainStart(
        height=start_height, difficulty=start_difficulty, epoch_elapsed_s=epoch_elapsed_s
    )
    path, span_hours = checked_hashrate(np.atleast_2d(hashrate_eh_s), hours)
    require(
        len(path) == 1,
        "hashrate_eh_s",
        given=f"{len(path)} paths",
        allowed="one path",
        cure="Use run_epochs for many.",
    )
    rate = path[0] * (1e18 * 3600.0)
    clock = np.concatenate(([0.0], np.cumsum(span_hours)))
    work = np.concatenate(([0.0], np.cumsum(rate * span_hours)))
    begun_hours = -float(start.elapsed_s(path[:, 0])[0]) / 3600.0
    return _walk(start, begun_hours, clock, work, rate)


def _walk(
    start: ChainStart, begun_hours: float, clock: FloatArray, work: FloatArray, rate: FloatArray
) -> EpochTrace:
    """Go from epoch to epoch along the curve of work done."""
    heights = [start.height - start.epoch_blocks]
    begun, difficulties = [begun_hours], [start.difficulty]
    done = 0.0
    missing = EPOCH_BLOCKS - start.epoch_blocks
    while True:
        done += missing * difficulties[-1] * HASHES_PER_DIFFICULTY
        if done > work[-1]:
            return EpochTrace(
                start_height=np.asarray(heights, dtype=np.int64),
                start_hour=np.asarray(begun),
                difficulty=np.asarray(difficulties),
            )
        period = int(np.searchsorted(work, done, side="left")) - 1
        ended = float(clock[period] + (done - work[period]) / rate[period])
        counted_s = (ended - begun[-1]) * 3600.0 * (EPOCH_BLOCKS - 1) / EPOCH_BLOCKS
        step = min(max(TARGET_TIMESPAN_S / counted_s, 1.0 / MAX_STEP), float(MAX_STEP))
        difficulties.append(max(difficulties[-1] * step, 1.0))
        heights.append(heights[-1] + EPOCH_BLOCKS)
        begun.append(ended)
        missing = EPOCH_BLOCKS
