"""Decision months of the threshold rule."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import BoolArray, FloatArray, IntArray
from rerack.numerics.jit import kernel
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
    may = exceeded if open_ is None else np.broadcast_to(open_, exceeded.shape)
    decided = np.full((exceeded.shape[0], halls), NEVER, dtype=np.int64)
    _queue(exceeded, np.ascontiguousarray(may), months, decided)
    return decided


@kernel
def _queue(exceeded: BoolArray, may: BoolArray, months: int, decided: IntArray) -> None:
    """Fill in the month of each hall: the queue moves by one hall a streak."""
    scenarios, horizon = exceeded.shape
    halls = decided.shape[1]
    for s in range(scenarios):
        streak = taken = 0
        for month in range(horizon):
            streak = streak + 1 if exceeded[s, month] else 0
            if streak >= months and taken < halls and may[s, month]:
                decided[s, taken] = month
                taken += 1
                streak = 0
