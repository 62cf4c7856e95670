"""Compiled: what generation behind the meter adds in every scenario-month, hour by hour."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel
from rerack.numerics.largest_kernel import sum_of_largest
from rerack.planning.power.hours import Hours


@kernel
def hour_gain(
    price: float,
    sale: float,
    export: float,
    ai: float,
    strike: FloatArray,
    capacity: FloatArray,
    cost: float,
    taken: float,
    size: float,
) -> float:
    """Return what `size` MW at `cost` earn in an hour, beyond `taken` MW that cheaper ones give.

    Uses by falling worth: not buying for AI and running rigs, at the price; rigs that the price
    keeps idle, at their strike; a sale, which never brings more than the price. Strikes fall along
    the arrays.
    """
    bought = ai
    k = 0
    while k < strike.size and strike[k] > price:
        bought += capacity[k]
        k += 1
    passed, left, earned = 0.0, size, 0.0
    worth, room = price, bought
    sold = False
    while left > 0.0:
        if worth <= cost:
            break
        free = max(passed + room - max(taken, passed), 0.0)
        piece = min(free, left)
        earned += piece * (worth - cost)
        left -= piece
        passed += room
        if not sold and (k == strike.size or strike[k] <= sale):
            worth, room, sold = sale, export, True
        elif k < strike.size:
            worth, room = strike[k], capacity[k]
            k += 1
        else:
            break
    return earned


@kernel
def generation_month(
    hours: Hours,
    export: float,
    cost: FloatArray,
    available: FloatArray,
    permit: FloatArray,
    ai: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
    s: int,
    m: int,
    floats: FloatArray,
) -> float:
    """Return the gain of scenario `s` in month `m`; parameters as of `generation_kernel`.

    `floats` is scratch for twice the hours of a month. The body allocates nothing, so that it is
    compiled for a GPU thread as it is.
    """
    n = hours.hours[m]
    first = hours.start[m] + hours.library_year[s, m] * n
    earned, taken = floats[:n], floats[n : 2 * n]
    for h in range(n):
        taken[h] = 0.0
    total = 0.0
    for g in range(cost.size):
        for h in range(n):
            shape = hours.shape_usd_per_mwh[first + h]
            price = (
                hours.level[s, m] * shape + hours.base_usd_per_mwh + hours.rate_usd_per_mwh[m, h]
            )
            # A call counts references of arrays: not made where there is nothing to earn.
            if price <= cost[g]:
                earned[h] = 0.0
                continue
            sale = hours.index_level[s, m] * shape - hours.discount_usd_per_mwh
            earned[h] = hour_gain(
                price, sale, export, ai[s, m], strike[s, m], capacity[s, m], cost[g], taken[h],
                available[g, m, h],
            )  # fmt: skip
        if permit[g, m] <= 0.0:
            continue
        if permit[g, m] < n:
            total += sum_of_largest(earned, n, int(permit[g, m]))
        else:
            whole = 0.0
            for h in range(n):
                whole += earned[h]
            total += whole
        for h in range(n):
            taken[h] += available[g, m, h]
    gain: float = total * hours.scale[m]
    return gain


@kernel
def generation_kernel(
    hours: Hours,
    export: float,
    cost: FloatArray,
    available: FloatArray,
    permit: FloatArray,
    ai: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
    wanted: FloatArray,
    gain: FloatArray,
) -> None:
    """Fill `gain` (scenario, month) of units by rising cost where `wanted` is not 0.

    `available` (unit, month, hour) is what a unit can give [MW], `permit` (unit, month) its hours.

    A unit with a permit runs in its best hours; without one the permit is infinite.
    """
    scenarios, months, _ = strike.shape
    floats = np.empty(2 * hours.hours.max())
    for m in range(months):
        for s in range(scenarios):
            if wanted[s, m] != 0.0:
                gain[s, m] = generation_month(
                    hours, export, cost, available, permit, ai, strike, capacity, s, m, floats
                )
