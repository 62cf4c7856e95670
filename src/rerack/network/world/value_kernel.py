"""Compiled: what a rig is worth to its buyer."""

from __future__ import annotations

import math

from rerack.numerics.jit import kernel

#: USD a year and TH/s for a margin of 1 USD a day and PH/s.
YEAR_PER_TH = 0.36525


@kernel
def rig_value(
    hashprice: float,
    cost: float,
    discount: float,
    decline: float,
    life: float,
    to_halving: float,
    keep: float,
) -> float:
    """Return the present value of a rig's margin until it no longer pays its power [USD/TH].

    Parameters
    ----------
    hashprice, cost : float
        Hashprice now, and the one that just pays the power [USD/PH/day].
    discount, decline : float
        Discount rate and the rate at which hashprice is believed to fall, continuous [1/year].
    life : float
        Longest life [year].
    to_halving : float
        Time to the next halving [year]; later ones are left out.
    keep : float
        Factor on hashprice at the halving.

    Returns
    -------
    float
        ``0.36525 x integral of (h(t) - cost) e^(-discount t)`` from 0 until h(t) meets cost.
    """
    if hashprice <= cost:
        return 0.0
    rate = discount + decline
    first = min(life, math.log(hashprice / cost) / decline)
    last = first
    if first > to_halving:
        first = to_halving
        last = min(life, max(math.log(keep * hashprice / cost) / decline, to_halving))
    income = 1.0 - math.exp(-rate * first)
    if last > first:
        income += keep * (math.exp(-rate * first) - math.exp(-rate * last))
    outlay = cost * (1.0 - math.exp(-discount * last)) / discount
    return YEAR_PER_TH * (hashprice * income / rate - outlay)
