"""Compiled: what runs at a hashprice, and the hashprice at which that is what is paid."""

from __future__ import annotations

import math

from rerack.network.world.arrays import CohortArrays
from rerack.network.world.records import State
from rerack.numerics.jit import kernel
from rerack.numerics.monotone_root_kernel import next_point

_ROOT_HALF = math.sqrt(0.5)
_DENSITY = 1.0 / math.sqrt(2.0 * math.pi)
#: Beyond it the normal distribution function is 0 or 1 to double precision.
_FAR = 8.3
#: Largest |ln(hashprice x hashrate / revenue)| accepted.
_TOLERANCE = 1e-10
#: The bracket is never wider than |f|, which halves at least every second step.
_MOST = 200


@kernel
def run_rigs(cohorts: CohortArrays, state: State, threshold: float) -> tuple[float, float]:
    """Fill `state.online`; return its sum and the derivative with respect to `threshold`.

    Parameters
    ----------
    cohorts : CohortArrays
        The cohorts.
    state : State
        Rigs and sites.
    threshold : float
        Logarithm of the hashprice up to whose break-even sites run, at the power prices of the
        start [USD/PH/day].
    """
    total = 0.0
    rise = 0.0
    share = 0.0
    density = 0.0
    half = math.nan
    spread = math.nan
    for c in range(state.rigs.size):
        rigs = state.rigs[c]
        if rigs <= 0.0:
            state.online[c] = 0.0
            continue
        # Owners of one place and generation have one distribution: it is evaluated once.
        if cohorts.log_half[c] != half or cohorts.spread[c] != spread:
            half, spread = cohorts.log_half[c], cohorts.spread[c]
            z = (threshold - half) / spread
            share = 1.0 if z > _FAR else 0.0
            density = 0.0
            if abs(z) <= _FAR:
                share = 0.5 * math.erfc(-z * _ROOT_HALF)
                density = _DENSITY * math.exp(-0.5 * z * z) / spread
        running = state.sites[c] * share
        slope = state.sites[c] * density
        if running >= rigs:
            running = rigs
            slope = 0.0
        floor = min(cohorts.floor_eh_s[c], rigs)
        if running < floor:
            running = floor
            slope = 0.0
        state.online[c] = running
        total += running
        rise += slope
    return total, rise


@kernel
def settle(
    cohorts: CohortArrays,
    state: State,
    log_revenue: float,
    start: float,
    before: float,
    band: float,
    log_level: float,
) -> tuple[float, float]:
    """Find the month's hashprice and fill `state.online`; return it and the threshold (logs).

    Parameters
    ----------
    cohorts : CohortArrays
        The cohorts.
    state : State
        Rigs and sites.
    log_revenue : float
        Logarithm of hashprice x hashrate [kUSD/day].
    start : float
        Guess at log hashprice.
    before : float
        Threshold of the month before, at the power prices of the start.
    band : float
        Half-width of the band in which nobody switches, in logs.
    log_level : float
        Logarithm of the level of power prices.

    Returns
    -------
    tuple of float
        Log hashprice (NaN where no root was found), and the new threshold.
    """
    x = start
    low = -math.inf
    high = math.inf
    known = math.nan
    total = 0.0
    rise = 0.0
    for _ in range(_MOST):
        real = x - log_level
        threshold = min(max(before, real - band), real + band)
        if threshold != known:
            total, rise = run_rigs(cohorts, state, threshold)
            known = threshold
        value = -1e3
        slope = 1.0
        if total > 0.0:
            value = x + math.log(total) - log_revenue
            if threshold != before:
                slope += rise / total
        if abs(value) <= _TOLERANCE:
            return x, threshold
        x, low, high = next_point(x, value, slope, low, high)
    return math.nan, before
