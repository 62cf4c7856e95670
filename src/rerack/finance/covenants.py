"""Covenants of a loan: what is tested, when it is first breached, how likely by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from rerack.base.checks import FloatArray, IntArray, as_finite, require, require_between


@dataclass(frozen=True, kw_only=True)
class Covenants:
    """Levels that a borrower has promised to keep; None where there is no such promise.

    Parameters
    ----------
    min_dscr : float or None
        Least trailing debt service coverage [-].
    max_leverage : float or None
        Most debt over trailing twelve-month EBITDA [years of EBITDA].
    min_liquidity_usd : float or None
        Least cash and coins, net of loans against coins [USD].
    """

    min_dscr: float | None = None
    max_leverage: float | None = None
    min_liquidity_usd: float | None = None

    def __post_init__(self) -> None:
        for name, high in (
            ("min_dscr", 20.0),
            ("max_leverage", 100.0),
            ("min_liquidity_usd", 1e13),
        ):
            value = getattr(self, name)
            if value is not None:
                require_between(value, 0.0, high, name)


@dataclass(frozen=True, kw_only=True)
class CovenantTest:
    """One covenant in every scenario and month.

    Parameters
    ----------
    name : str
        ``min DSCR``, ``max leverage`` or ``min liquidity``.
    level : float
        The promise, in the covenant's own unit.
    breached : NDArray[np.bool_]
        Shape (scenario, month).
    """

    name: str
    level: float
    breached: NDArray[np.bool_]

    @property
    def first_month(self) -> IntArray:
        """Month of the first breach, -1 where there is none, shape (scenario,)."""
        first = self.breached.argmax(axis=1)
        return np.where(self.breached.any(axis=1), first, -1).astype(np.int64)

    @property
    def breached_frac(self) -> FloatArray:
        """Share of scenarios in breach, shape (month,)."""
        return np.asarray(self.breached.mean(axis=0))


def leverage(debt_usd: ArrayLike, ebitda_usd: ArrayLike, *, window_months: int = 12) -> FloatArray:
    """Return debt over trailing EBITDA, annualised.

    Parameters
    ----------
    debt_usd, ebitda_usd : array_like
        Debt at the end of each month, and its EBITDA [USD], shape (scenario, month).
    window_months : int
        Trailing window [months], 1 to the horizon.

    Returns
    -------
    FloatArray
        Years of EBITDA, shape (scenario, month): 0 without debt, infinite where debt meets EBITDA
        of zero or less, NaN never. Before the first full window there is none: 0.

    Examples
    --------
    >>> leverage([[0.0, 240.0, 240.0]], [[5.0, 5.0, -5.0]], window_months=2).tolist()
    [[0.0, 4.0, inf]]
    """
    debt = as_finite(debt_usd, "debt_usd", ndim=2)
    ebitda = as_finite(ebitda_usd, "ebitda_usd", ndim=2)
    require(
        debt.shape == ebitda.shape,
        "ebitda_usd",
        given=f"shape {ebitda.shape}",
        allowed=f"the shape of debt_usd, {debt.shape}",
    )
    require_between(window_months, 1, debt.shape[1], "window_months")
    trailing = sliding_window_view(ebitda, window_months, axis=1).sum(axis=2)
    earned = trailing * (12.0 / window_months)
    owed = debt[:, window_months - 1 :]
    out = np.zeros(debt.shape)
    ratio = np.where(owed > 0.0, np.inf, 0.0)
    np.divide(owed, earned, out=ratio, where=(owed > 0.0) & (earned > 0.0))
    out[:, window_months - 1 :] = ratio
    return out


def covenant_tests(
    covenants: Covenants,
    *,
    dscr: ArrayLike,
    leverage_ratio: ArrayLike,
    in_repayment: NDArray[np.bool_],
    liquidity_usd: ArrayLike,
) -> tuple[CovenantTest, ...]:
    """Return where each covenant is breached.

    Parameters
    ----------
    covenants : Covenants
        Levels promised.
    dscr : array_like
        Trailing coverage, infinite where it is not tested, shape (scenario, month).
    leverage_ratio : array_like
        From `leverage`, same shape.
    in_repayment : NDArray[np.bool_]
        Months in which leverage is tested: construction is exempt, as in most facilities.
    liquidity_usd : array_like
        Cash and coins net of loans against coins [USD], same shape.

    Notes
    -----
    A breach is reported, not acted on: no default interest, lock-up, cure or acceleration.
    """
    shape = in_repayment.shape
    found: list[CovenantTest] = []
    if covenants.min_dscr is not None:
        below = np.asarray(dscr) < covenants.min_dscr
        found.append(CovenantTest(name="min DSCR", level=covenants.min_dscr, breached=below))
    if covenants.max_leverage is not None:
        over = (np.asarray(leverage_ratio) > covenants.max_leverage) & in_repayment
        found.append(CovenantTest(name="max leverage", level=covenants.max_leverage, breached=over))
    if covenants.min_liquidity_usd is not None:
        # Half a cent: cash that is topped up to the minimum meets it whatever the rounding.
        short = np.asarray(liquidity_usd) < covenants.min_liquidity_usd - 0.005
        found.append(
            CovenantTest(name="min liquidity", level=covenants.min_liquidity_usd, breached=short)
        )
    for one in found:
        require(
            one.breached.shape == shape,
            one.name,
            given=f"shape {one.breached.shape}",
            allowed=f"the shape of in_repayment, {shape}",
        )
    return tuple(found)
