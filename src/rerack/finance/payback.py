"""Payback and money multiple: how soon, and how many times over, the money comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rerack.base.checks import FloatArray, IntArray, as_finite, require
from rerack.finance.npv import discount_factors

#: Rounding error of a cumulative sum, as a share of the gross flows in it.
ROUNDING_FRAC = 1e-13


@dataclass(frozen=True, kw_only=True)
class Payback:
    """Payback of each scenario.

    Parameters
    ----------
    after_months : IntArray
        Months from the start [months], shape (scenario,); meaningful only where `reached`.
    reached : NDArray[np.bool_]
        Mask of the scenarios that pay back within the horizon, shape (scenario,).
    """

    after_months: IntArray
    reached: NDArray[np.bool_]


def payback_months(cashflow_usd: ArrayLike, *, annual_rate_frac: float = 0.0) -> Payback:
    """Return the first month from which the cumulative cash flow is never negative again.

    Parameters
    ----------
    cashflow_usd : array_like
        Monthly cash flows [USD], shape (scenario, month); month 0 is the study start.
    annual_rate_frac : float
        Effective annual discount rate [1/year] for discounted payback; 0 for simple payback.

    Returns
    -------
    Payback
        Month m is reached m months after the start. A plan that is never under water pays back
        after 0 months; one that ends under water does not pay back (`reached` is False).

    Raises
    ------
    InputError
        No month, or a number that is not finite.

    Notes
    -----
    min { m : sum_{k <= j} c_k (1 + r)^(-k/12) >= 0 for all j >= m }. The "never again" matters for
    a site that earns before it converts: its cumulative starts above zero.

    Examples
    --------
    >>> paid = payback_months([[-100.0, 60.0, 60.0, -50.0, 40.0], [-1.0, 0.0, 0.0, 0.0, 0.5]])
    >>> paid.reached.tolist(), int(paid.after_months[0])
    ([True, False], 4)
    """
    flows = as_finite(cashflow_usd, "cashflow_usd", ndim=2)
    require(flows.shape[1] > 0, "cashflow_usd", given="no month", allowed="one month or more")
    value = flows * discount_factors(flows.shape[1], annual_rate_frac)
    # A sum that should be exactly zero may miss it by rounding.
    rounding = ROUNDING_FRAC * np.cumsum(np.abs(value), axis=1)
    under_water = np.cumsum(value, axis=1) < -rounding
    months = flows.shape[1]
    # Steps back from the end to the last month under water; argmax is 0 where there is none.
    from_end = under_water[:, ::-1].argmax(axis=1)
    after = np.where(under_water.any(axis=1), months - from_end, 0)
    return Payback(after_months=after.astype(np.int64), reached=after < months)


def moic(cashflow_usd: ArrayLike) -> FloatArray:
    """Return the multiple on invested capital: money received over money put in.

    Parameters
    ----------
    cashflow_usd : array_like
        Cash flows [USD], shape (scenario, period).

    Returns
    -------
    FloatArray
        Sum of positive flows over sum of negative ones [-], shape (scenario,); infinite where no
        period is negative.

    Notes
    -----
    Flows are netted within each period before they are sorted into received and put in, so a finer
    grid gives a figure no smaller in capital put in. Time has no value here: see `npv`.

    Examples
    --------
    >>> moic([[-100.0, 30.0, 120.0], [0.0, 5.0, 5.0]]).tolist()
    [1.5, inf]
    """
    flows = as_finite(cashflow_usd, "cashflow_usd", ndim=2)
    received = np.maximum(flows, 0.0).sum(axis=1)
    put_in = np.maximum(-flows, 0.0).sum(axis=1)
    multiple = np.full(flows.shape[0], np.inf)
    np.divide(received, put_in, out=multiple, where=put_in > 0.0)
    return multiple
