"""Compiled: what calls of demand response bring in every scenario-month."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel
from rerack.numerics.largest_kernel import sum_of_largest
from rerack.planning.power.hours import Hours


@kernel
def response_month(
    hours: Hours,
    open_hours: FloatArray,
    cap: float,
    paid: float,
    standing: FloatArray,
    most: FloatArray,
    ai: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
    s: int,
    m: int,
    earned: FloatArray,
) -> float:
    """Return the gain of scenario `s` in month `m`; parameters as of `response_kernel`.

    `earned` is scratch for the hours of a month. The body allocates nothing, so that it is
    compiled for a GPU thread as it is.
    """
    if ai[s, m] > cap:
        return 0.0
    n = hours.hours[m]
    first = hours.start[m] + hours.library_year[s, m] * n
    for h in range(n):
        earned[h] = 0.0
        if open_hours[m, h] == 0.0:
            continue
        price = (
            hours.level[s, m] * hours.shape_usd_per_mwh[first + h]
            + hours.base_usd_per_mwh
            + hours.rate_usd_per_mwh[m, h]
        )
        served, lost = ai[s, m], 0.0
        for k in range(strike.shape[2]):
            if strike[s, m, k] <= price:
                break
            kept = min(capacity[s, m, k], max(cap - served, 0.0))
            lost += (capacity[s, m, k] - kept) * (strike[s, m, k] - price)
            served += kept
        earned[h] = max(paid - lost, 0.0)
    calls = sum_of_largest(earned, n, int(most[m]))
    gain: float = calls * hours.scale[m] + standing[m]
    return gain


@kernel
def response_kernel(
    hours: Hours,
    open_hours: FloatArray,
    cap: float,
    paid: float,
    standing: FloatArray,
    most: FloatArray,
    ai: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
    wanted: FloatArray,
    gain: FloatArray,
) -> None:
    """Fill `gain` (scenario, month) where `wanted` is not 0.

    Import is held to `cap` MW in the hours of call that pay best.

    `open_hours` (month, hour) is 1 where a call is possible, `most` (month,) the calls allowed,
    `paid` USD an hour of call, `standing` (month,) USD a month. An AI load above the cap can keep
    no promise: that month has neither calls nor standing payment.
    """
    scenarios, months, _ = strike.shape
    earned = np.empty(hours.hours.max())
    for m in range(months):
        for s in range(scenarios):
            if wanted[s, m] != 0.0:
                gain[s, m] = response_month(
                    hours, open_hours, cap, paid, standing, most, ai, strike, capacity, s, m, earned
                )
