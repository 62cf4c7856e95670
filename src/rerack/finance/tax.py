"""Income tax by calendar year with losses carried forward."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rerack.base.checks import FloatArray, as_finite, require, require_between


@dataclass(frozen=True, kw_only=True)
class IncomeTax:
    """Tax of each year and the losses behind it.

    Parameters
    ----------
    tax_usd : FloatArray
        Income tax [USD], 0 or more, shape (scenario, year).
    loss_used_usd : FloatArray
        Losses of earlier years deducted [USD], shape (scenario, year).
    loss_balance_usd : FloatArray
        Losses still carried when the year ends [USD], shape (scenario, year).
    """

    tax_usd: FloatArray
    loss_used_usd: FloatArray
    loss_balance_usd: FloatArray


def income_tax(
    taxable_income_usd: ArrayLike,
    *,
    rate_frac: float,
    carryforward_limit_frac: float = 0.8,
    opening_loss_usd: ArrayLike = 0.0,
    minimum_frac: float = 0.0,
) -> IncomeTax:
    r"""Return the income tax of each year when losses carry forward without expiring.

    Parameters
    ----------
    taxable_income_usd : array_like
        Income before the loss deduction [USD], negative in a loss year, shape (scenario, year).
    rate_frac : float
        Tax rate [-], 0 to 1; 0.21 is the United States federal rate (26 U.S.C. 11(b)).
    carryforward_limit_frac : float
        Share of a year's income that earlier losses may cover [-], 0 to 1.
    opening_loss_usd : array_like
        Losses carried into the first year [USD], 0 or more, a number or shape (scenario,).
    minimum_frac : float
        Least tax as a share of income before the loss deduction [-]; 0 for none. It stands for
        minimum taxes of any level of government; no credit for it is carried.

    Returns
    -------
    IncomeTax
        Tax, losses used, losses carried.

    Notes
    -----
    For income x_t and losses L_t (26 U.S.C. 172(a)(2), losses arising after 2017)::

        u_t   = min(L_{t-1}, limit * max(x_t, 0))
        tax_t = max(rate (max(x_t, 0) - u_t), minimum * max(x_t, 0))
        L_t   = L_{t-1} - u_t + max(-x_t, 0)

    Not modelled: carry-back, section 382 limits after a change of owner. One rate stands for all
    levels of government: `combined_rate_frac` makes it. `interest_deduction` limits interest.

    Examples
    --------
    >>> due = income_tax([[-100.0, 50.0, 200.0]], rate_frac=0.21)
    >>> due.tax_usd.round(2).tolist(), due.loss_balance_usd.tolist()
    ([[0.0, 2.1, 29.4]], [[100.0, 60.0, 0.0]])
    """
    income = np.ascontiguousarray(as_finite(taxable_income_usd, "taxable_income_usd", ndim=2))
    require_between(rate_frac, 0.0, 1.0, "rate_frac")
    require_between(carryforward_limit_frac, 0.0, 1.0, "carryforward_limit_frac")
    require_between(minimum_frac, 0.0, 1.0, "minimum_frac")
    opening = np.array(
        np.broadcast_to(as_finite(opening_loss_usd, "opening_loss_usd"), income.shape[:1])
    )
    require(
        bool((opening >= 0.0).all()),
        "opening_loss_usd",
        given=opening.min(initial=0.0),
        allowed="0 or more",
        cure="Give losses as positive numbers.",
    )
    from rerack.finance.tax_kernel import carry_losses

    used, balance = np.empty_like(income), np.empty_like(income)
    carry_losses(income, opening, carryforward_limit_frac, used, balance)
    tax = rate_frac * (np.maximum(income, 0.0) - used)
    if minimum_frac > 0.0:
        tax = np.maximum(tax, minimum_frac * np.maximum(income, 0.0))
    return IncomeTax(tax_usd=tax, loss_used_usd=used, loss_balance_usd=balance)


def combined_rate_frac(federal_frac: float, state_frac: float) -> float:
    """Return the rate of federal and state income tax together, the state's being deductible.

    Parameters
    ----------
    federal_frac, state_frac : float
        Rates on income [-], 0 to 1.

    Notes
    -----
    f (1 - s) + s: state income tax is deducted from federal income (26 U.S.C. 164(a)(3)); both are
    taken on the same base, which few states follow to the letter.

    Examples
    --------
    >>> round(combined_rate_frac(0.21, 0.05), 4)
    0.2495
    """
    require_between(federal_frac, 0.0, 1.0, "federal_frac")
    require_between(state_frac, 0.0, 1.0, "state_frac")
    return federal_frac * (1.0 - state_frac) + state_frac
