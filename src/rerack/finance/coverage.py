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
    from rerack.finance.coverage_kernel import trailing_coverage

    scenarios = cash.shape[0]
    dscr, tested = np.empty(cash.shape), np.empty(cash.shape, dtype=np.bool_)
    worst, mean = np.empty(scenarios), np.empty(scenarios)
    worst_month = np.empty(scenarios, dtype=np.int64)
    trailing_coverage(
        np.ascontiguousarray(cash),
        np.ascontiguousarray(service),
        window_months,
        HALF_CENT_USD,
        dscr,
        tested,
        worst,
        worst_month,
        mean,
    )
    return Coverage(dscr=dscr, tested=tested, worst=worst, worst_month=worst_month, mean=mean)
