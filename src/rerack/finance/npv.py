"""Net present value of periodic cash flows, the first at the study start."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rerack.base.checks import FloatArray, as_finite, require


def discount_factors(
    periods: int, annual_rate_frac: float, *, periods_per_year: int = 12
) -> FloatArray:
    """Return the value today of one dollar in each period, the first being today.

    Parameters
    ----------
    periods : int
        Number of periods, 0 or more.
    annual_rate_frac : float
        Effective annual rate r [1/year], above -1; nominal, as the cash flows are.
    periods_per_year : int
        12 for months, 1 for years.

    Returns
    -------
    FloatArray
        (1 + r)^(-m / periods_per_year) for m = 0, 1, ..., shape (periods,).

    Examples
    --------
    >>> discount_factors(25, 0.10)[[0, 12, 24]].round(6).tolist()
    [1.0, 0.909091, 0.826446]
    """
    require(periods >= 0, "periods", given=periods, allowed="0 or more")
    require_periods_per_year(periods_per_year)
    rate = float(as_finite(annual_rate_frac, "annual_rate_frac", ndim=0))
    require(
        rate > -1.0,
        "annual_rate_frac",
        given=annual_rate_frac,
        allowed="above -1",
        cure="Give 8 % as 0.08.",
    )
    factors: FloatArray = np.exp(-np.log1p(rate) / periods_per_year * np.arange(periods))
    return factors


@overload
def npv(
    cashflow_usd: list[float], annual_rate_frac: float, *, periods_per_year: int = 12
) -> float: ...
@overload
def npv(
    cashflow_usd: NDArray[np.float64], annual_rate_frac: float, *, periods_per_year: int = 12
) -> float | FloatArray: ...
def npv(
    cashflow_usd: ArrayLike, annual_rate_frac: float, *, periods_per_year: int = 12
) -> float | FloatArray:
    """Return the net present value at the time of the first flow.

    Parameters
    ----------
    cashflow_usd : array_like
        Owner's cash flows [USD, nominal], money in positive, shape (period,) or (scenario, period).
    annual_rate_frac : float
        Effective annual discount rate [1/year], above -1.
    periods_per_year : int
        12 for months, 1 for years.

    Returns
    -------
    float or FloatArray
        NPV [USD]: a float for one series, shape (scenario,) for many.

    Notes
    -----
    NPV = sum_m c_m (1 + r)^(-m / periods_per_year): the flow of period m falls at its beginning, m
    periods after the start (Brealey, Myers, Allen, Principles of Corporate Finance, chapter 2).
    Flows spread over a month are so valued half a month early: 0.4 % of their value at 10 % a year.

    Examples
    --------
    >>> round(npv([-100.0, 60.0, 60.0], 0.10, periods_per_year=1), 4)
    4.1322
    """
    flows = as_finite(cashflow_usd, "cashflow_usd")
    require(
        flows.ndim in (1, 2),
        "cashflow_usd",
        given=f"{flows.ndim} dimensions",
        allowed="shape (period,) or (scenario, period)",
    )
    factors = discount_factors(flows.shape[-1], annual_rate_frac, periods_per_year=periods_per_year)
    value = flows @ factors
    return float(value) if flows.ndim == 1 else np.asarray(value, dtype=np.float64)


def require_periods_per_year(periods_per_year: int) -> None:
    """Raise unless the number of periods in a year is at least one."""
    require(
        periods_per_year >= 1,
        "periods_per_year",
        given=periods_per_year,
        allowed="1 or more",
        cure="Give 12 for months, 1 for years.",
    )
