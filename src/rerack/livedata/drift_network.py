"""Has the network left the calibrated range? Block bootstrap of the history it was fitted on."""

from __future__ import annotations

import math

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.streams import Streams
from rerack.livedata.drift import DriftTest, compared

#: Changes of a window of hashrate [month], and days of a window of block times.
HASHRATE_MONTHS = 6
BLOCK_DAYS = 90
#: Months of a block: runs of bad months stay together, and a window is more than one block.
_BLOCK_MONTHS = 3
_PATHS = 4_096
_TARGET_S = 600.0
_EPOCH_BLOCKS = 2_016


def hashrate_drift(
    hashrate_eh_s: FloatArray, calibrated_eh_s: FloatArray, *, seed: int = 0
) -> tuple[DriftTest, ...]:
    """Test growth and volatility of the last 6 months of hashrate against the calibrated history.

    Parameters
    ----------
    hashrate_eh_s : ndarray
        Means by whole month up to today [EH/s], 7 or more, shape (month,).
    calibrated_eh_s : ndarray
        Months that the parameters were estimated on [EH/s], 13 or more, shape (month,).
    seed : int
        Seed of the reference draws.

    Notes
    -----
    The reference joins stretches of three past monthly changes (circular block bootstrap, Politis
    and Romano 1992), so it keeps the fat tails and runs of the history, unlike the normal shocks of
    the fitted model. It repeats the past: no fall beyond a chain of the past's worst. Where the
    window overlaps the history it is compared with itself in part, and alarms less.
    """
    recent = _positive(hashrate_eh_s, "hashrate_eh_s", HASHRATE_MONTHS + 1, "months")
    changes = np.diff(np.log(recent[-HASHRATE_MONTHS - 1 :]))
    drawn = simulated_changes(
        calibrated_eh_s, months=HASHRATE_MONTHS, paths=_PATHS, streams=Streams(seed)
    )
    return compared(
        "hashrate",
        {
            "growth, log change in 6 months": (changes.sum(), drawn.sum(axis=1)),
            "volatility, monthly": (changes.std(ddof=1), drawn.std(axis=1, ddof=1)),
        },
    )


def block_time_drift(
    blocks_per_day: FloatArray, calibrated_eh_s: FloatArray, *, seed: int = 0
) -> tuple[DriftTest, ...]:
    """Test the mean block time of the last 90 days against what calibrated growth makes of it.

    Parameters
    ----------
    blocks_per_day : ndarray
        Blocks by day, 90 or more, shape (day,).
    calibrated_eh_s : ndarray
        As for `hashrate_drift`.
    seed : int
        Seed of the reference draws.

    Notes
    -----
    An epoch's difficulty is that of the hashrate one epoch before, two weeks at 600 s a block, so a
    hashrate that grows at rate g finds a block in ``600 s * exp(-14 d * g)`` on average; g is
    redrawn from the history in stretches of three months. Finding blocks is a Poisson process: the
    mean of n intervals errs by ``1 / sqrt(n)``.
    """
    counts = _positive(blocks_per_day, "blocks_per_day", BLOCK_DAYS, "days")[-BLOCK_DAYS:]
    drawn = simulated_block_times(calibrated_eh_s, paths=_PATHS, streams=Streams(seed))
    mean_s = 86_400.0 * BLOCK_DAYS / float(counts.sum())
    return compared("block time", {"mean of 90 days, s": (mean_s, drawn)})


def simulated_changes(
    calibrated_eh_s: FloatArray, *, months: int, paths: int, streams: Streams
) -> FloatArray:
    """Return monthly log changes redrawn from a history in blocks, shape (path, month).

    Parameters
    ----------
    calibrated_eh_s : ndarray
        Months of the history [EH/s], 13 or more, shape (month,).
    months, paths : int
        Shape of the result.
    streams : Streams
        Uses ``drift.hashrate.blocks``.
    """
    known = _positive(calibrated_eh_s, "calibrated_eh_s", 13, "months")
    changes = np.diff(np.log(known))
    count = -(-months // _BLOCK_MONTHS)
    starts = streams.uniforms("drift.hashrate.blocks", paths=paths, shape=(count,))
    first = (starts * changes.size).astype(np.int64)
    places = (first[:, :, None] + np.arange(_BLOCK_MONTHS)) % changes.size
    drawn: FloatArray = changes[places].reshape(paths, -1)[:, :months]
    return drawn


def simulated_block_times(
    calibrated_eh_s: FloatArray, *, paths: int, streams: Streams
) -> FloatArray:
    """Return mean block times of 90 days [s], shape (path,).

    Parameters
    ----------
    calibrated_eh_s : ndarray
        As for `simulated_changes`.
    paths : int
        Paths.
    streams : Streams
        Uses ``drift.hashrate.blocks`` and ``drift.block-time``.
    """
    months = round(BLOCK_DAYS / 30.4375)
    growth = simulated_changes(calibrated_eh_s, months=months, paths=paths, streams=streams)
    lag_s = _EPOCH_BLOCKS * _TARGET_S
    per_s = growth.sum(axis=1) / (BLOCK_DAYS * 86_400.0)
    expected_s = _TARGET_S * np.exp(-lag_s * per_s)
    z = streams.normals("drift.block-time", paths=paths, shape=(1,))[:, 0]
    drawn: FloatArray = expected_s * (1.0 + z * np.sqrt(expected_s / (BLOCK_DAYS * 86_400.0)))
    return drawn


def _positive(values: FloatArray, name: str, least: int, unit: str) -> FloatArray:
    checked = as_finite(values, name, ndim=1)
    require(checked.size >= least, name, given=f"{checked.size} {unit}",
            allowed=f"{least} or more")  # fmt: skip
    lowest = float(checked.min())
    require(lowest > 0.0 and math.isfinite(lowest), name, given=lowest, allowed="above 0")
    return checked
