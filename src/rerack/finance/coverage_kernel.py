"""Compiled debt service coverage on a trailing window, and its plain NumPy twin."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import BoolArray, FloatArray, IntArray
from rerack.numerics.jit import kernel


@kernel
def trailing_coverage(
    cash: FloatArray,
    service: FloatArray,
    window_months: int,
    least_usd: float,
    dscr: FloatArray,
    tested: BoolArray,
    worst: FloatArray,
    worst_month: IntArray,
    mean: FloatArray,
) -> None:
    """Fill ratios, where they are tested, and each scenario's lowest and mean.

    Parameters
    ----------
    cash, service : ndarray, shape (scenario, month)
        Cash available and debt service [USD].
    window_months : int
        Length of the window [months].
    least_usd : float
        Service up to this is rounding dust: a prepaid loan owes nothing.
    dscr, tested : ndarray, shape (scenario, month)
        Ratio, infinite where it is not tested.
    worst, worst_month, mean : ndarray, shape (scenario,)
        Infinite, 0 and infinite where a scenario is never tested.
    """
    scenarios, months = cash.shape
    windows = months - window_months + 1
    due, available = np.empty(windows), np.empty(windows)
    for s in range(scenarios):
        # Window sums afresh, not differences of running sums: those leave dust where service is
        # zero. Month by month of the window, so that the loops run over contiguous months.
        for m in range(windows):
            due[m], available[m] = service[s, m], cash[s, m]
        for later in range(1, window_months):
            for m in range(windows):
                due[m] += service[s, later + m]
                available[m] += cash[s, later + m]
        for m in range(window_months - 1):
            dscr[s, m], tested[s, m] = np.inf, False
        worst[s], worst_month[s] = np.inf, 0
        paid, tests, summed = 0.0, 0, 0.0
        for m in range(windows):
            paid += service[s, m]
            end = m + window_months - 1
            tested[s, end] = paid > least_usd and due[m] > least_usd
            dscr[s, end] = np.inf
            if tested[s, end]:
                ratio = available[m] / due[m]
                dscr[s, end] = ratio
                summed += ratio
                tests += 1
                if ratio < worst[s]:
                    worst[s], worst_month[s] = ratio, end
        mean[s] = summed / tests if tests > 0 else np.inf


def trailing_coverage_plain(
    cash: FloatArray, service: FloatArray, window_months: int, least_usd: float
) -> tuple[FloatArray, BoolArray]:
    """Return (ratios, where they are tested) as `trailing_coverage` fills them."""
    windows = np.lib.stride_tricks.sliding_window_view
    due = windows(service, window_months, axis=1).sum(axis=2)
    available = windows(cash, window_months, axis=1).sum(axis=2)
    tested = np.zeros(cash.shape, dtype=np.bool_)
    began = np.cumsum(service, axis=1)[:, : due.shape[1]] > least_usd
    tested[:, window_months - 1 :] = began & (due > least_usd)
    dscr = np.full(cash.shape, np.inf)
    ends = dscr[:, window_months - 1 :]
    np.divide(available, due, out=ends, where=tested[:, window_months - 1 :])
    return dscr, tested
