"""Rates of return: 10,000 series of 241 months against pyxirr called in a loop.

The peer returns one rate a series; rerack returns all of them, so quality is reported with time:
the share of series where the peer's rate is among ours, and the largest NPV left at any rate.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import pyxirr

from rerack.base.checks import FloatArray
from rerack.finance import irr_many

MONTHS = 241
PEER_SERIES = 500
#: Both sides run in turn this often and the best time of each counts.
REPEATS = 5


def investments(series: int) -> FloatArray:
    """Return series that pay 200 m USD at once, 30 m in year 5, and earn 3 m a month, noisily."""
    rng = np.random.default_rng(1)
    flows = rng.normal(3e6, 2e6, (series, MONTHS))
    flows[:, 0] = -2e8
    flows[:, 60] -= 3e7
    return flows


def conversions(series: int) -> FloatArray:
    """Return series that earn first, then pay 300 m USD, and end with 50 m of clean-up."""
    rng = np.random.default_rng(2)
    flows = rng.normal(3e6, 2e6, (series, MONTHS))
    flows[:, 60] -= 3e8
    flows[:, -1] -= 5e7
    return flows


def compare(make: Callable[[int], FloatArray], series: int = 10_000) -> dict[str, float]:
    """Return seconds for `series` rates of ours and the peer's (from a part), and their quality."""
    flows = make(series)
    irr_many(flows[:2], periods_per_year=12)
    own_s, peer_s = np.inf, np.inf
    for _ in range(REPEATS):
        start = time.perf_counter()
        ours = irr_many(flows, periods_per_year=12)
        own_s = min(own_s, time.perf_counter() - start)
        start = time.perf_counter()
        peers = [pyxirr.irr(row) for row in flows[:PEER_SERIES]]
        peer_s = min(peer_s, (time.perf_counter() - start) * series / PEER_SERIES)
    annual = np.array([np.nan if p is None else np.expm1(12 * np.log1p(p)) for p in peers])
    known = ~np.isnan(annual)
    gap = np.abs(ours.roots_frac[:PEER_SERIES][known] - annual[known, None])
    gap /= 1.0 + annual[known, None]
    nearest = np.where(np.isnan(gap), np.inf, gap).min(axis=1, initial=np.inf)
    return {
        "series": float(series),
        "own_s": own_s,
        "peer_s": peer_s,
        "times_faster": peer_s / own_s,
        "peer_found_frac": float(known.mean()),
        "peer_rate_among_ours_frac": float((nearest < 1e-8).mean()),
        "rates_per_series": float(ours.count.mean()),
        "worst_npv_left_frac": worst_npv_left(flows[:PEER_SERIES], ours.roots_frac[:PEER_SERIES]),
    }


def worst_npv_left(flows: FloatArray, rates: FloatArray) -> float:
    """Return the largest |NPV| over gross present value at any rate found [-]."""
    worst = 0.0
    for row, found in zip(flows, rates, strict=True):
        # 1 + rate keeps too few digits of a rate next to -1 to be put back into the series.
        for rate in found[found > -0.999]:
            # Value at the end instead of the start where the factor would grow beyond range.
            x = (1.0 + rate) ** (-1.0 / 12.0)
            terms = (row if x <= 1.0 else row[::-1]) * min(x, 1.0 / x) ** np.arange(row.size)
            worst = max(worst, abs(float(terms.sum())) / float(np.abs(terms).sum()))
    return worst


def cases() -> dict[str, Callable[[], dict[str, float]]]:
    """Return the named cases of this benchmark; each call measures and returns its figures."""
    return {
        "irr 10,000 x 241, investments": partial(compare, investments),
        "irr 10,000 x 241, conversions": partial(compare, conversions),
    }
