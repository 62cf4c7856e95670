"""Decision months of the threshold rule."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import BoolArray, FloatArray, IntArray
from rerack.planning.hosting import NEVER


def threshold_months(
    ai_margin_usd_per_mw: FloatArray,
    mining_margin_usd_per_mw: FloatArray,
    *,
    halls: int,
    ratio: float,
    months: int,
    open_: BoolArray | None = None,
) -> IntArray:
    """Return the month in which each hall, in order, is decided.

    Parameters
    ----------
    ai_margin_usd_per_mw, mining_margin_usd_per_mw : ndarray, shape (scenario, month)
        Monthly margin per utility MW if signed that month, and of mining [USD/MW].
    halls : int
        Number of halls in the queue.
    ratio : float
        AI must exceed `ratio` times mining (times 0 if mining loses money).
    months : int
        Consecutive months; the count restarts after each decision.
    open_ : ndarray of bool, shape (scenario, month), or None
        Where the offer may be signed; the rule waits elsewhere. None: always.

    Returns
    -------
    ndarray of int, shape (scenario, hall)
        Decision month, or `NEVER`.

    Notes
    -----
    Uses only margins up to and including the month of decision, so a desk could run it.
    """
    exceeded = ai_margin_usd_per_mw > ratio * np.maximum(mining_margin_usd_per_mw, 0.0)
    scenarios, horizon = exceeded.shape
    decided = np.full((scenarios, halls), NEVER, dtype=np.int64)
    streak = np.zeros(scenarios, dtype=np.int64)
    taken = np.zeros(scenarios, dtype=np.int64)
    for month in range(horizon):
        streak = np.where(exceeded[:, month], streak + 1, 0)
        ripe = (streak >= months) & (taken < halls)
        acts = np.flatnonzero(ripe if open_ is None else ripe & open_[:, month])
        decided[acts, taken[acts]] = month
        taken[acts] += 1
        streak[acts] = 0
    return decided
