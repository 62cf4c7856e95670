"""Compiled posting to a ledger: one pass over an amount instead of one for each book."""

from __future__ import annotations

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def add_post(
    per_mw: FloatArray,
    kept: FloatArray,
    sign: float,
    mw: float,
    total: FloatArray,
    summed: FloatArray,
) -> None:
    """Add ``sign per_mw kept mw`` to `total`, and its sum over scenarios per MW to `summed`.

    Parameters
    ----------
    per_mw, kept : ndarray, shape (scenario, month)
        Amount per MW, and the share of it that is posted.
    sign, mw : float
        1 for income and -1 for cost; megawatts that earn it.
    total : ndarray, shape (scenario, month)
        Book by scenario.
    summed : ndarray, shape (month,)
        Book by hall, before its megawatts.
    """
    scenarios, months = per_mw.shape
    for s in range(scenarios):
        for m in range(months):
            value = sign * (per_mw[s, m] * kept[s, m])
            total[s, m] += value * mw
            summed[m] += value


@kernel
def add_kept(per_mw: FloatArray, kept: FloatArray, summed: FloatArray) -> None:
    """Add the sum over scenarios of ``per_mw kept`` to `summed`, shape (month,)."""
    scenarios, months = per_mw.shape
    for s in range(scenarios):
        for m in range(months):
            summed[m] += per_mw[s, m] * kept[s, m]
