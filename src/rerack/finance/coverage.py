"""Debt service coverage: cash available over debt service, on a trailing window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rerack.base.checks import FloatArray, IntArray, as_finite, require
from rerack.finance.balance import HALF_CENT_USD


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Debt service coverage of each scenario.

    Parameters
    ----------
    dscr : FloatArray
        Trailing ratio [-], infinite where `tested` is False, shape (scenario, month).
    tested : NDArray[np.bool_]
        Whether the month ends a full window of the repayment period: debt service had begun in
        the window's first month and fell due within it, shape (scenario, month).
    worst : FloatArray
        Lowest ratio [-], infinite where a scenario is never tested, shape (scenario,).
    worst_month : IntArray
        Month of the lowest ratio, 0 where a scenario is never tested, shape (scenario,).
    mean : FloatArray
        Mean over the tested months [-], infinite where there are none, shape (scenario,).
    """

    dscr: FloatArray
    tested: NDArray[np.bool_]
    worst: FloatArray
    worst_month: IntArray
    mean: FloatArray


def debt_service_coverage(
    cash_available_usd: ArrayLike, debt_service_usd: ArrayLike, *, window_months: int = 12
) -> Coverage:
    """Return the trailing debt service coverage ratio, its lowest and its mean.

    Parameters
    ----------
    cash_available_usd : array_like
        Cash flow available for debt service (CFADS) [USD]: after operating cost, tax and
        maintenance, before debt; shape (scenario, month).
    debt_service_usd : array_like
        Interest paid and scheduled principal [USD], 0 or more, same shape;
        `LoanSchedule.scheduled_service_usd` gives it.
    window_months : int
        Length of the trailing window [months], 1 to the horizon.

    Returns
    -------
    Coverage
        Tested from the first full window of the repayment period on.

    Notes
    -----
    DSCR_m = sum_{k=m-w+1..m} CFADS_k / sum_{k=m-w+1..m} service_k, from the first window that lies
    wholly in the repayment period: a window that only just reaches into it would divide by a month
    or two of service. Lenders' definitions differ on that start (Yescombe, Principles of Project
    Finance, chapter on debt cover ratios).

    Examples
    --------
    >>> cover = debt_service_coverage([[3.0, 3.0, 1.0]], [[0.0, 2.0, 2.0]], window_months=2)
    >>> cover.dscr.tolist(), cover.worst.tolist(), cover.worst_month.tolist()
    ([[inf, inf, 1.0]], [1.0], [2])
    """
    cash = as_finite(cash_available_usd, "cash_available_usd", ndim=2)
    service = as_finite(debt_service_usd, "debt_service_usd", ndim=2)
    months = cash.shape[1]
    require(
        cash.shape == service.shape,
        "debt_service_usd",
        given=f"shape {service.shape}",
        allowed=f"the shape of cash_available_usd, {cash.shape}",
    )
    require(
        1 <= window_months <= months,
        "window_months",
        given=window_months,
        allowed=f"from 1 to the {months} months of the horizon",
    )
    require(
        bool((service >= 0.0).all()),
        "debt_service_usd",
        given=service.min(initial=0.0),
        allowed="0 or more",
        cure="Give payments as positive numbers.",
    )
    # Window sums afresh, not differences of running sums: those leave dust where service is zero.
    due, available = _window_sums(service, window_months), _window_sums(cash, window_months)
    tested = np.zeros(cash.shape, dtype=np.bool_)
    # Service of less than half a cent is rounding dust: a prepaid loan owes nothing.
    began = np.cumsum(service, axis=1)[:, : months - window_months + 1] > HALF_CENT_USD
    tested[:, window_months - 1 :] = began & (due > HALF_CENT_USD)
    dscr = np.full(cash.shape, np.inf)
    ends = dscr[:, window_months - 1 :]
    np.divide(available, due, out=ends, where=tested[:, window_months - 1 :])
    tests = tested.sum(axis=1)
    mean = np.full(tests.size, np.inf)
    np.divide(np.where(tested, dscr, 0.0).sum(axis=1), tests, out=mean, where=tests > 0)
    return Coverage(
        dscr=dscr,
        tested=tested,
        worst=dscr.min(axis=1),
        worst_month=dscr.argmin(axis=1).astype(np.int64),
        mean=mean,
    )


def _window_sums(values: FloatArray, window_months: int) -> FloatArray:
    """Return the sum of each full window, shape (scenario, month - window + 1)."""
    windows = values.shape[1] - window_months + 1
    out = values[:, :windows].copy()
    for later in range(1, window_months):
        out += values[:, later : later + windows]
    return out
