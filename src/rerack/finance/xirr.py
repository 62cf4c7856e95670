"""Internal rates of return of dated cash flows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require
from rerack.finance.irr import DUST_FRAC, ZERO_RATE_FRAC, Irr

#: Days of a year in the convention of spreadsheets: actual/365.
YEAR_DAYS = 365.0
#: Force of interest searched [1/year]: effective rates from -99.9955 % to 2.2 million percent.
_LOWEST, _HIGHEST, _CELLS = -10.0, 10.0, 4096


def xirr(dates: Sequence[dt.date], cashflow_usd: ArrayLike) -> Irr:
    """Return the internal rates of return of cash flows on given dates.

    Parameters
    ----------
    dates : sequence of date
        One a flow, in any order; flows of one day are netted.
    cashflow_usd : array_like
        Cash flows [USD], money in positive, shape (flow,).

    Returns
    -------
    Irr
        Rates as effective annual fractions, actual/365 as spreadsheets count.

    Notes
    -----
    Roots of sum_k c_k e^(-d y_k), y_k = days / 365, rate e^d - 1. The number of roots is at most
    the number of sign changes of the flows in date order, and differs from it by an even number
    (Descartes' rule holds for sums of exponentials: Polya and Szego, Problems and Theorems in
    Analysis II, part V, problem 77). One sign change: the one root is bracketed. More: 4,096 equal
    cells of force of interest are searched from -10 to 10, so two roots within one cell, 0.5 % of
    rate apart, can be missed; `irr` proves its count on an even grid. The value follows the rule
    of `irr`.

    Examples
    --------
    >>> xirr([dt.date(2026, 1, 1), dt.date(2027, 1, 1)], [-100.0, 110.0])
    10.00%
    """
    flows = as_finite(cashflow_usd, "cashflow_usd", ndim=1)
    require(
        len(dates) == flows.size and flows.size > 0,
        "dates",
        given=f"{len(dates)} dates for {flows.size} flows",
        allowed="one date a flow, one flow or more",
    )
    years, money = _netted(dates, flows)
    roots = _roots(years, money)
    if not roots:
        return Irr(roots_frac=(), value_frac=None, status="none", reason=_why_none(money))
    if len(roots) == 1:
        return Irr(roots_frac=tuple(roots), value_frac=roots[0], status="unique")
    above = [r for r in roots if r >= -ZERO_RATE_FRAC]
    pays_back = money.sum() >= -ZERO_RATE_FRAC * np.abs(money).sum()
    clear = len(above) == 1 and money[0] < 0.0 and pays_back
    return Irr(
        roots_frac=tuple(roots),
        value_frac=above[0] if clear else None,
        status="multiple",
        reason="the only rate at or above 0, investment first"
        if clear
        else "no single rate at or above 0 with investment first",
    )


def _netted(dates: Sequence[dt.date], flows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return years since the first date and the flows in date order, zeros left out."""
    days, position = np.unique([d.toordinal() for d in dates], return_inverse=True)
    money = np.bincount(position, weights=flows, minlength=days.size)
    kept = np.abs(money) > DUST_FRAC * np.abs(money).max()
    if not kept.any():
        return np.zeros(1), np.zeros(1)
    days, money = days[kept], money[kept]
    return np.asarray((days - days[0]) / YEAR_DAYS), np.asarray(money)


def _roots(years: FloatArray, money: FloatArray) -> list[float]:
    """Return the rates, rising, that make the present value zero."""
    if (money >= 0.0).all() or (money <= 0.0).all():
        return []
    force = np.linspace(_LOWEST, _HIGHEST, _CELLS + 1)
    sign = np.array([_sign(d, years, money) for d in force])
    cells = np.flatnonzero(sign[:-1] * sign[1:] < 0)
    found = [_bisected(force[k], force[k + 1], years, money) for k in cells]
    found += [float(force[k]) for k in np.flatnonzero(sign == 0)]
    return sorted(float(np.expm1(d)) for d in found)


def _sign(force: float, years: FloatArray, money: FloatArray) -> float:
    return float(np.sign(_scaled_value(force, years, money)))


def _scaled_value(force: float, years: FloatArray, money: FloatArray) -> float:
    """Return the present value over its largest discount factor, so that nothing overflows."""
    exponent = -force * years
    return float(money @ np.exp(exponent - exponent.max()))


def _bisected(low: float, high: float, years: FloatArray, money: FloatArray) -> float:
    at_low = _sign(low, years, money)
    for _ in range(80):
        middle = 0.5 * (low + high)
        if _sign(middle, years, money) == at_low:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _why_none(money: FloatArray) -> str:
    if not money.any():
        return "all flows are zero"
    if (money >= 0.0).all() or (money <= 0.0).all():
        return "cash flow never changes sign"
    return "no rate between -99.99 % and 2.2 million percent"
