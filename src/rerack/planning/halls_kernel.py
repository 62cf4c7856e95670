"""Compiled: what the scenarios of a hall do in each month, and its plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def use_months(
    ends: IntArray,
    opens: IntArray,
    served: FloatArray,
    has_rigs: bool,
    still_mining: FloatArray,
    shares: FloatArray,
) -> None:
    """Fill in which months rigs are there, and how many scenarios are in each use.

    Parameters
    ----------
    ends, opens : ndarray of int, shape (scenario,)
        First month without rigs, and month of first service, neither past the horizon. A hall
        opens after its rigs have gone.
    served : ndarray, shape (scenario, month)
        Share of an AI hall in service; of no month where there is none.
    has_rigs : bool
        Whether there are rigs to clear out.
    still_mining : ndarray, shape (scenario, month)
        1 until the rigs are cleared out, then 0.
    shares : ndarray, shape (4, month)
        Scenarios that mine, host, are under conversion and stand idle: together all of them.
    """
    scenarios, months = still_mining.shape
    shares[:] = 0.0
    for s in range(scenarios):
        mined = max(ends[s], 0) if has_rigs else 0
        for m in range(mined):
            still_mining[s, m] = 1.0
            shares[0, m] += 1.0
        for m in range(mined, months):
            still_mining[s, m] = 0.0
        for m in range(max(ends[s], 0), opens[s]):
            shares[2, m] += 1.0
        for m in range(served.shape[1]):
            shares[1, m] += served[s, m] > 0.0
    for m in range(months):
        shares[3, m] = scenarios - shares[0, m] - shares[1, m] - shares[2, m]


def use_months_plain(
    ends: IntArray, opens: IntArray, served: FloatArray, has_rigs: bool, months: int
) -> tuple[FloatArray, FloatArray]:
    """Return (still_mining, shares) as `use_months` fills them."""
    month = np.arange(months)[None, :]
    still_mining = ((month < ends[:, None]) & has_rigs).astype(np.float64)
    mining = still_mining.sum(axis=0)
    hosting = (served > 0.0).sum(axis=0) if served.shape[1] else np.zeros(months)
    converting = ((month >= ends[:, None]) & (month < opens[:, None])).sum(axis=0)
    idle = ends.size - mining - hosting - converting
    return still_mining, np.stack([mining, hosting, converting, idle])
