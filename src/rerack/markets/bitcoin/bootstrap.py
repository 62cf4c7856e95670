"""Block bootstrap: stretches of past monthly returns, joined at random."""

from __future__ import annotations

from typing import Final

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require
from rerack.base.streams import Streams

#: Months in a block: long enough to keep runs of bad months, short against 101 returns.
BLOCK_MONTHS: Final = 6


def bootstrap_martingale(
    log_returns: FloatArray,
    streams: Streams,
    *,
    paths: int,
    months: int,
    volatility_frac: float | None = None,
    first_path: int = 0,
) -> FloatArray:
    """Return paths of mean 1.

    Parameters
    ----------
    log_returns : array, shape (past month,)
        Monthly log returns of the history, at least two blocks of them.
    streams : Streams
        Blocks draw from stream ``bitcoin.blocks``.
    paths, months : int
        Shape of the result.
    volatility_frac : float or None
        Yearly volatility to which returns are scaled; None leaves them.
    first_path : int
        Index of the first path, a multiple of 64.

    Returns
    -------
    array, shape (scenario, month)
        Martingale at block ends and of mean 1 in every month; 1 in month 0.

    Notes
    -----
    Circular blocks of six months with equal probability. A block's first j returns multiply the
    price by an expected ``m_j``, their mean over all starts; dividing by it makes the mean exactly
    1. Reference: Politis and Romano 1992 (circular block bootstrap). It repeats the past: no fall
    beyond a chain of past falls. Blocks do not correlate with other drivers.
    """
    returns = as_finite(log_returns, "log_returns", ndim=1)
    count = returns.size
    require(
        count >= 2 * BLOCK_MONTHS,
        "log_returns",
        given=f"{count} months",
        allowed=f"{2 * BLOCK_MONTHS} or more",
        cure="Give a longer history or choose another model.",
    )
    if volatility_frac is not None:
        returns = returns * (volatility_frac / (returns.std() * np.sqrt(12.0)))
    wrapped = np.concatenate([returns, returns[: BLOCK_MONTHS - 1]])
    blocks = np.lib.stride_tricks.sliding_window_view(wrapped, BLOCK_MONTHS)
    climbs = np.cumsum(blocks - blocks.mean(), axis=1)
    climbs = climbs - np.log(np.exp(climbs).mean(axis=0))
    needed = -(-(months - 1) // BLOCK_MONTHS)
    uniforms = streams.uniforms(
        "bitcoin.blocks", paths=paths, shape=(max(needed, 1),), first_path=first_path
    )
    chosen = climbs[(uniforms * count).astype(np.int64)]
    before = np.cumsum(chosen[:, :, -1], axis=1) - chosen[:, :, -1]
    joined = (before[:, :, None] + chosen).reshape(paths, -1)
    walk = np.ones((paths, months))
    walk[:, 1:] = np.exp(joined[:, : months - 1])
    return walk
