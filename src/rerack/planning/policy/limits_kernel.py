"""Who is served first where halls share crews and megawatts (compiled)."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def serve_halls(
    score: FloatArray,
    months: IntArray,
    lead_months: IntArray,
    utility_mw: FloatArray,
    crews: int,
    ai_mw: float,
) -> tuple[IntArray, IntArray]:
    """Return date and offer of each hall, scenario by scenario, shape (scenario, hall).

    Parameters
    ----------
    score : ndarray, shape (scenario, date, offer, hall)
        Fitted gain over waiting [USD/MW].
    months, lead_months : ndarray of int
        Decision months, shape (date,); months for which a crew is kept, shape (offer,).
    utility_mw : ndarray, shape (hall,)
        Size of each hall [MW utility].
    crews : int
        Halls that may be under conversion at once.
    ai_mw : float
        Utility MW that may ever be converted [MW]; inf for all.

    Notes
    -----
    Halls of equal gain are served in their order; of equal offers the first is taken.
    """
    scenarios, dates, offers, halls = score.shape
    date = np.full((scenarios, halls), -1, dtype=np.int64)
    use = np.full((scenarios, halls), -1, dtype=np.int64)
    for s in range(scenarios):
        busy_until = np.zeros(halls, dtype=np.int64)
        left_mw = ai_mw
        for d in range(dates):
            tried = np.zeros(halls, dtype=np.bool_)
            for _ in range(halls):
                first, best, gain = -1, 0, 0.0
                for h in range(halls):
                    if date[s, h] >= 0 or tried[h]:
                        continue
                    offer = 0
                    for k in range(1, offers):
                        if score[s, d, k, h] > score[s, d, offer, h]:
                            offer = k
                    if score[s, d, offer, h] * utility_mw[h] > gain:
                        first, best, gain = h, offer, score[s, d, offer, h] * utility_mw[h]
                if first < 0:
                    break
                tried[first] = True
                busy = 0
                for h in range(halls):
                    busy += busy_until[h] > months[d]
                if busy < crews and utility_mw[first] <= left_mw:
                    date[s, first], use[s, first] = d, best
                    busy_until[first] = months[d] + lead_months[best]
                    left_mw -= utility_mw[first]
    return date, use
