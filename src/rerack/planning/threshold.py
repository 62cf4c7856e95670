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
    from rerack.planning.threshold_kernel import queue_halls

    exceeded = ai_margin_usd_per_mw > ratio * np.maximum(mining_margin_usd_per_mw, 0.0)
    may = exceeded if open_ is None else np.broadcast_to(open_, exceeded.shape)
    decided = np.full((exceeded.shape[0], halls), NEVER, dtype=np.int64)
    queue_halls(exceeded, np.ascontiguousarray(may), months, decided)
    return decided
