"""Compiled loop of the chain clock; `trace_epochs` finds the same epochs by another road."""

from __future__ import annotations

from rerack.base.checks import FloatArray
from rerack.chain.compact import HASHES_PER_DIFFICULTY
from rerack.chain.retarget import EPOCH_BLOCKS, MAX_STEP, TARGET_TIMESPAN_S
from rerack.chain.subsidy import FIRST_SUBSIDY_SAT, HALVING_BLOCKS, SATOSHI_PER_BTC
from rerack.numerics.jit import kernel

_COUNTED = (EPOCH_BLOCKS - 1) / EPOCH_BLOCKS
_SHORTEST_S = TARGET_TIMESPAN_S / MAX_STEP
_LONGEST_S = float(TARGET_TIMESPAN_S * MAX_STEP)


@kernel
def next_difficulty(difficulty: float, duration_s: float) -> float:
    """Return the difficulty after an epoch of 2016 blocks.

    Parameters
    ----------
    difficulty : float
        Difficulty of the epoch.
    duration_s : float
        Expected length of its 2016 intervals [s], of which consensus counts 2015.

    Returns
    -------
    float
        Difficulty of the next epoch, at most 4 times higher or lower and never below 1.
    """
    timespan_s = min(max(duration_s * _COUNTED, _SHORTEST_S), _LONGEST_S)
    return max(difficulty * TARGET_TIMESPAN_S / timespan_s, 1.0)


@kernel
def step_epochs(
    hashes_per_s: FloatArray,
    seconds: FloatArray,
    fees_btc: FloatArray,
    start_height: int,
    start_difficulty: float,
    elapsed_s: FloatArray,
    inverse_out: FloatArray,
    subsidised_out: FloatArray,
    earned_out: FloatArray,
    blocks_out: FloatArray,
    halving_out: FloatArray,
) -> None:
    """Step every scenario from event to event: end of month, retarget, halving.

    Parameters
    ----------
    hashes_per_s : array, shape (scenario, month)
        Network hashrate [H/s].
    seconds : array, shape (month,)
        Length of each month [s].
    fees_btc : array, shape (scenario, month)
        Fees [BTC per block].
    start_height : int
        Height of the next block.
    start_difficulty : float
        Difficulty of the running epoch.
    elapsed_s : array, shape (scenario,)
        Seconds that the running epoch has lasted.
    inverse_out, subsidised_out, earned_out, blocks_out : array, shape (scenario, month)
        Filled with the time means of 1/D, subsidy/D and (subsidy + fees)/D, and with the blocks.
    halving_out : array, shape (scenario, halving)
        Filled with the months to each halving that is reached; given as inf.
    """
    first_halving = start_height // HALVING_BLOCKS + 1
    for s in range(hashes_per_s.shape[0]):
        difficulty = start_difficulty
        # Heights stay integers and only progress is a float, so that no drift builds up.
        epoch_start = start_height - start_height % EPOCH_BLOCKS
        progress = float(start_height - epoch_start)
        halving = first_halving
        lasted_s = elapsed_s[s]
        for m in range(hashes_per_s.shape[1]):
            left_s = seconds[m]
            inverse = subsidised = blocks = 0.0
            while True:
                rate = hashes_per_s[s, m] / (difficulty * HASHES_PER_DIFFICULTY)
                to_halving = float(halving * HALVING_BLOCKS - epoch_start) - progress
                to_epoch = EPOCH_BLOCKS - progress
                step = min(to_halving, to_epoch)
                reached = rate * left_s >= step
                span_s = min(step / rate, left_s) if reached and step > 0.0 else 0.0
                if not reached:
                    span_s = left_s
                    step = rate * left_s
                subsidy_btc = (FIRST_SUBSIDY_SAT >> min(halving - 1, 63)) / SATOSHI_PER_BTC
                inverse += span_s / difficulty
                subsidised += span_s / difficulty * subsidy_btc
                blocks += step
                lasted_s += span_s
                left_s -= span_s
                if not reached:
                    progress += step
                    break
                if to_halving <= to_epoch:
                    column = halving - first_halving
                    if column < halving_out.shape[1]:
                        halving_out[s, column] = m + 1.0 - left_s / seconds[m]
                    progress = float(halving * HALVING_BLOCKS - epoch_start)
                    halving += 1
                else:
                    difficulty = next_difficulty(difficulty, lasted_s)
                    epoch_start += EPOCH_BLOCKS
                    progress = 0.0
                    lasted_s = 0.0
            inverse_out[s, m] = inverse / seconds[m]
            subsidised_out[s, m] = subsidised / seconds[m]
            earned_out[s, m] = inverse_out[s, m] * fees_btc[s, m] + subsidised_out[s, m]
            blocks_out[s, m] = blocks
