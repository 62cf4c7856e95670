"""The chain clock: difficulty, blocks and halvings that follow from a path of network hashrate."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, as_finite, frozen_array, require, require_between
from rerack.base.errors import InputError
from rerack.chain.clock_inputs import ChainStart, checked_hashrate
from rerack.chain.compact import HASHES_PER_DIFFICULTY
from rerack.chain.hashprice import HASHES_PER_PH_DAY
from rerack.chain.subsidy import HALVING_BLOCKS, LAST_HALVING

#: Largest fees accepted [BTC per block]: no block can pay more than all coins.
MAX_FEES_BTC: Final = 21e6


@dataclass(frozen=True, kw_only=True)
class EpochPaths:
    """What the chain does month by month under given hashrate.

    Parameters
    ----------
    btc_per_ph_day : array, shape (scenario, month)
        Expected income of a PH/s that runs through [BTC/PH/s/day]:
        ``1e15 * 86400 / 2^32 * time mean of (subsidy + fees) / D``.
    difficulty_mean : array, shape (scenario, month)
        Harmonic time mean of difficulty, ``1 / time mean of 1/D``: at constant hashrate this is
        the plain mean over blocks.
    subsidy_btc_mean : array, shape (scenario, month)
        Subsidy [BTC per block], weighted by time / D, hence the mean over blocks; with it
        `hashprice_usd_per_ph_day` of the two means and the month's fees is exact.
    blocks : array, shape (scenario, month)
        Blocks expected in the month.
    end_height : array, shape (scenario, month)
        Height of the next block at the end of the month.
    halving_month : array, shape (scenario, halving)
        Months from the start to each halving still to come, as a fraction of its month; inf where
        beyond the horizon. Column j is halving ``start_height // 210000 + 1 + j``.

    Notes
    -----
    Arrays are read-only.
    """

    btc_per_ph_day: FloatArray
    difficulty_mean: FloatArray
    subsidy_btc_mean: FloatArray
    blocks: FloatArray
    end_height: FloatArray
    halving_month: FloatArray

    def __post_init__(self) -> None:
        shape = self.btc_per_ph_day.shape
        require(len(shape) == 2, "btc_per_ph_day", given=f"shape {shape}", allowed="2 dimensions")
        for field in fields(self):
            array: FloatArray = getattr(self, field.name)
            fits = array.shape == shape
            if field.name == "halving_month":
                fits = array.ndim == 2 and array.shape[0] == shape[0]
            require(fits, field.name, given=f"shape {array.shape}", allowed=f"rows as in {shape}")
            require(not np.isnan(array).any(), field.name, given="NaN", allowed="numbers")
            object.__setattr__(self, field.name, frozen_array(array))


def run_epochs(
    *,
    hashrate_eh_s: FloatArray,
    hours: FloatArray,
    fees_btc: FloatArray,
    start_height: int,
    start_difficulty: float,
    epoch_elapsed_s: float | None = None,
) -> EpochPaths:
    """Run the chain through months of given hashrate: retargets, halvings, income per hashrate.

    Parameters
    ----------
    hashrate_eh_s : array, shape (scenario, month)
        Network hashrate, constant within a month [EH/s], 0 or more.
    hours : array, shape (month,)
        Length of each month [h]. Any other step will do, such as days of 24 h.
    fees_btc : array, shape (scenario, month)
        Fees [BTC per block], or anything that broadcasts to that shape.
    start_height : int
        Height of the next block, so ``start_height % 2016`` blocks of the epoch have been found.
    start_difficulty : float
        Difficulty of the running epoch.
    epoch_elapsed_s : float, optional
        Seconds since the last block of the epoch before. Left out, the blocks of the running
        epoch are taken to have come at the hashrate of the first month.

    Returns
    -------
    EpochPaths
        Monthly means and halving times.

    Raises
    ------
    InputError
        If a value is NaN, infinite or out of range, or shapes do not match.

    Notes
    -----
    Blocks flow at their expected rate ``H / (D * 2^32)``, H a step function of the month. After
    2016 blocks that took t seconds::

        D' = max(1, D * T / clamp(t * 2015/2016, T/4, 4T)),  T = 1,209,600 s

    2015/2016 because consensus measures 2015 of the 2016 intervals. A sudden exit so stretches
    the blocks at once, while income per PH/s stays until the retarget. The subsidy changes at its
    height, in the middle of an epoch and a month. Reference: Bitcoin Core, src/pow.cpp.

    Difficulty is a float here; compact rounding (below 1 in 32,768) is for `next_bits`. Luck is
    left out: of one epoch's length 2.2 %, and a bias of 1/2014 in the mean of D'. Not for single
    blocks or hours.

    Examples
    --------
    >>> paths = run_epochs(hashrate_eh_s=np.full((1, 2), 1000.0), hours=np.full(2, 720.0),
    ...                    fees_btc=np.zeros((1, 2)), start_height=927_360,
    ...                    start_difficulty=148.1953e12)
    >>> [round(float(d) / 1e12, 2) for d in paths.difficulty_mean[0]]
    [143.82, 139.77]
    """
    from rerack.chain.epochs_kernel import step_epochs  # numba: only when it is needed

    start = ChainStart(
        height=start_height, difficulty=start_difficulty, epoch_elapsed_s=epoch_elapsed_s
    )
    hashrate, span_hours = checked_hashrate(hashrate_eh_s, hours)
    fees = _checked_fees(fees_btc, hashrate.shape)
    scenarios, months = hashrate.shape
    inverse, subsidised, earned, blocks = (np.empty((scenarios, months)) for _ in range(4))
    halvings_left = max(LAST_HALVING - start.height // HALVING_BLOCKS, 0)
    halving_month = np.full((scenarios, halvings_left), np.inf)
    step_epochs(
        hashrate * 1e18,
        span_hours * 3600.0,
        fees,
        start.height,
        start.difficulty,
        start.elapsed_s(hashrate[:, 0]),
        inverse,
        subsidised,
        earned,
        blocks,
        halving_month,
    )
    return EpochPaths(
        btc_per_ph_day=HASHES_PER_PH_DAY / HASHES_PER_DIFFICULTY * earned,
        difficulty_mean=1.0 / inverse,
        subsidy_btc_mean=subsidised / inverse,
        blocks=blocks,
        end_height=start.height + np.cumsum(blocks, axis=1),
        halving_month=halving_month,
    )


def _checked_fees(fees_btc: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Return fees as a contiguous array of the shape of hashrate, refusing bad numbers."""
    fees = as_finite(fees_btc, "fees_btc")
    try:
        full = np.broadcast_to(fees, shape)
    except ValueError:
        raise InputError.of(
            "fees_btc",
            given=f"shape {fees.shape}",
            allowed=f"a shape that broadcasts to {shape}",
            cure="Give one value, one a month, or one a scenario and month.",
        ) from None
    for extreme in (float(full.min()), float(full.max())):
        require_between(extreme, 0.0, MAX_FEES_BTC, "fees_btc")
    return np.ascontiguousarray(full)
