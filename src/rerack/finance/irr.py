"""Internal rates of return: every one of them, or a plain word that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rerack.base.checks import FloatArray, IntArray, as_finite, frozen_array, require
from rerack.finance.npv import require_periods_per_year

Status = Literal["unique", "multiple", "none"]

#: Flows below this share of the largest are rounding dust of the sums that made them.
DUST_FRAC = 1e-14
#: A root this close to 0 counts as 0 when roots at or above 0 are counted.
ZERO_RATE_FRAC = 1e-12


@dataclass(frozen=True, kw_only=True, repr=False)
class Irr:
    """Internal rates of return of one cash flow.

    Parameters
    ----------
    roots_frac : tuple of float
        Every effective annual rate above -1 at which NPV is zero, rising [1/year].
    value_frac : float or None
        The rate to compare with a hurdle rate [1/year], by the rule of `irr`; None where no one
        rate can stand for the series.
    status : {"unique", "multiple", "none"}
        How many rates there are.
    reason : str
        Why there is no rate, or how the value was chosen; empty for a unique rate.
    """

    roots_frac: tuple[float, ...]
    value_frac: float | None
    status: Status
    reason: str = ""

    def __repr__(self) -> str:
        if self.status == "none":
            return f"none: {self.reason}"
        if self.status == "unique":
            return f"{self.roots_frac[0]:.2%}"
        listed = ", ".join(f"{r:.2%}" for r in self.roots_frac)
        value = "no single value" if self.value_frac is None else f"{self.value_frac:.2%}"
        return f"{value} of {len(self.roots_frac)} rates ({listed}): {self.reason}"


@dataclass(frozen=True, kw_only=True)
class IrrMany:
    """Internal rates of return of many cash flows.

    Parameters
    ----------
    roots_frac : FloatArray
        Every effective annual rate above -1, rising, padded with NaN, shape (scenario, K).
    count : IntArray
        Number of rates, shape (scenario,).
    value_frac : FloatArray
        The rate by the rule of `irr`, shape (scenario,); meaningful where `has_value`, else NaN.
    has_value : NDArray[np.bool_]
        Mask of the scenarios that have a value, shape (scenario,).
    """

    roots_frac: FloatArray
    count: IntArray
    value_frac: FloatArray
    has_value: NDArray[np.bool_]


def irr(cashflow_usd: ArrayLike, *, periods_per_year: int = 1) -> Irr:
    """Return all internal rates of return of one cash flow.

    Parameters
    ----------
    cashflow_usd : array_like
        Cash flows [USD] of equal periods, money in positive, shape (period,); of any scale.
    periods_per_year : int
        12 for months, 1 for years.

    Returns
    -------
    Irr
        Rates as effective annual fractions.

    Notes
    -----
    A rate r solves sum_m c_m x^m = 0 with x = (1 + r)^(-1 / periods_per_year); the positive roots
    x are found by `rerack.numerics.roots.positive_roots`, which certifies their number.

    Rule for the value: the only rate where there is one. Where there are several, the only rate at
    or above 0, provided that money goes out first and NPV at rate 0 is not negative; then for every
    hurdle rate at or above 0, "rate above hurdle" and "NPV above zero" say the same. Else none.

    Flows smaller than 1e-14 of the largest are taken as zero: they are rounding dust, and a first
    flow of dust would make a meaningless rate of 10^12.

    A rate within 1e-16 of -1 shows as -1, one beyond 1e308 as infinite: the root exists, its
    double does not.

    When not to use it: to rank plans of different size or life, or where several rates are
    reported; use NPV (Hartman and Schafrick 2004, doi:10.1080/00137910490453419).

    Examples
    --------
    >>> irr([-100.0, 110.0])
    10.00%
    >>> irr([-100.0, 230.0, -132.0])
    no single value of 2 rates (10.00%, 20.00%): several rates at or above 0
    >>> irr([5.0, 6.0])
    none: cash flow never changes sign
    """
    flows = as_finite(cashflow_usd, "cashflow_usd", ndim=1)
    return irr_each(flows[None, :], periods_per_year=periods_per_year)[0]


def irr_each(cashflow_usd: ArrayLike, *, periods_per_year: int = 1) -> tuple[Irr, ...]:
    """Return all internal rates of return of each of several cash flows, in words where none.

    Parameters
    ----------
    cashflow_usd : array_like
        Cash flows [USD] of equal periods, money in positive, shape (series, period).
    periods_per_year : int
        12 for months, 1 for years.

    Returns
    -------
    tuple of Irr
        What `irr` returns for each series; `irr_many` is for many of them, without words.

    Examples
    --------
    >>> irr_each([[-100.0, 110.0], [5.0, 6.0]])
    (10.00%, none: cash flow never changes sign)
    """
    flows = as_finite(cashflow_usd, "cashflow_usd", ndim=2)
    many = irr_many(flows, periods_per_year=periods_per_year)
    return tuple(_in_words(flows[k], many, k) for k in range(len(flows)))


def _in_words(flows: FloatArray, many: IrrMany, row: int) -> Irr:
    """Return one row of `many` with what there is to say of it."""
    count = int(many.count[row])
    roots = tuple(many.roots_frac[row, :count].tolist())
    value = float(many.value_frac[row]) if many.has_value[row] else None
    if count == 0:
        return Irr(roots_frac=(), value_frac=None, status="none", reason=_why_none(flows))
    if count == 1:
        return Irr(roots_frac=roots, value_frac=value, status="unique")
    return Irr(
        roots_frac=roots, value_frac=value, status="multiple", reason=_why_chosen(roots, value)
    )


def irr_many(cashflow_usd: ArrayLike, *, periods_per_year: int = 1) -> IrrMany:
    """Return all internal rates of return of many cash flows.

    Parameters
    ----------
    cashflow_usd : array_like
        Cash flows [USD] of equal periods, money in positive, shape (scenario, period).
    periods_per_year : int
        12 for months, 1 for years.

    Returns
    -------
    IrrMany
        Rates as effective annual fractions; the same answers as `irr` row by row.

    Examples
    --------
    >>> many = irr_many([[-100.0, 0.0, 121.0], [1.0, 1.0, 1.0]])
    >>> many.count.tolist(), many.value_frac.round(6).tolist()
    ([1, 0], [0.1, nan])
    """
    from rerack.numerics.roots import positive_roots

    flows = as_finite(cashflow_usd, "cashflow_usd", ndim=2)
    require(flows.shape[1] >= 1, "cashflow_usd", given="no period", allowed="one period or more")
    require_periods_per_year(periods_per_year)
    flows = _without_dust(flows)
    found = positive_roots(flows)
    # A falling discount factor is a rising rate; NaN sorts behind either way.
    rates = np.sort(np.expm1(-periods_per_year * np.log(found.roots)), axis=1)
    value = _values(flows, rates, found.count)
    return IrrMany(
        roots_frac=frozen_array(rates),
        count=found.count,
        value_frac=frozen_array(value),
        has_value=~np.isnan(value),
    )


def _without_dust(flows: FloatArray) -> FloatArray:
    size = np.abs(flows)
    dust = size < DUST_FRAC * size.max(axis=1, keepdims=True)
    return np.where(dust, 0.0, flows)


def _values(flows: FloatArray, rates: FloatArray, count: IntArray) -> FloatArray:
    """Return the one rate of each row by the rule of `irr`, shape (scenario,), NaN for none."""
    value = np.full(count.size, np.nan)
    value[count == 1] = rates[count == 1, 0]
    several = np.flatnonzero(count > 1)
    if several.size:
        flows, rates = flows[several], rates[several]
        first = np.take_along_axis(flows, (flows != 0.0).argmax(axis=1)[:, None], axis=1)[:, 0]
        gross = np.abs(flows).sum(axis=1)
        at_or_above = rates >= -ZERO_RATE_FRAC
        clear = (
            (at_or_above.sum(axis=1) == 1)
            & (first < 0.0)
            & (flows.sum(axis=1) >= -ZERO_RATE_FRAC * gross)
        )
        chosen = np.take_along_axis(rates, at_or_above.argmax(axis=1)[:, None], axis=1)[:, 0]
        value[several[clear]] = chosen[clear]
    return value


def _why_none(flows: FloatArray) -> str:
    if not flows.any():
        return "all flows are zero"
    kept = _without_dust(flows[None, :])[0]
    if (kept >= 0.0).all() or (kept <= 0.0).all():
        return "cash flow never changes sign"
    side = "positive" if kept.sum() > 0.0 else "negative"
    return f"net present value is {side} at every rate"


def _why_chosen(roots: tuple[float, ...], value: float | None) -> str:
    if value is not None:
        return "the only rate at or above 0, investment first"
    above = sum(r >= -ZERO_RATE_FRAC for r in roots)
    if above > 1:
        return "several rates at or above 0"
    if above == 1:
        return "money does not go out first, or never comes back at rate 0"
    return "no rate at or above 0"
