"""The check that every statement must pass: opening plus flows equals closing, to the cent."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rerack.base.checks import as_finite
from rerack.base.errors import SolverError

#: Half a cent: what rounds to zero on a statement in dollars and cents.
HALF_CENT_USD = 0.005


def balances(
    *, opening_usd: ArrayLike, flows_usd: ArrayLike, closing_usd: ArrayLike
) -> NDArray[np.bool_]:
    """Return where opening plus the sum of flows equals closing to the cent.

    Parameters
    ----------
    opening_usd : array_like
        Opening balance [USD], shape (...).
    flows_usd : array_like
        Signed flows [USD], shape (..., flow).
    closing_usd : array_like
        Closing balance [USD], shape (...).

    Returns
    -------
    NDArray[np.bool_]
        True where |opening + sum(flows) - closing| <= 0.005, shape (...).

    Notes
    -----
    Doubles hold cents up to about 4e13 USD; sums of hundreds of flows are safe to 1e11 each.

    Examples
    --------
    >>> bool(balances(opening_usd=100.0, flows_usd=[0.1, 0.2], closing_usd=100.3))
    True
    """
    flows = as_finite(flows_usd, "flows_usd")
    gap = (
        as_finite(opening_usd, "opening_usd")
        + flows.sum(axis=-1)
        - as_finite(closing_usd, "closing_usd")
    )
    return np.asarray(np.abs(gap) <= HALF_CENT_USD)


def require_balances(
    where: str, *, opening_usd: ArrayLike, flows_usd: ArrayLike, closing_usd: ArrayLike
) -> None:
    """Raise `SolverError` at `where` unless every statement balances to the cent.

    Parameters
    ----------
    where : str
        Name of the statement.
    opening_usd, flows_usd, closing_usd : array_like
        As in `balances`.

    Raises
    ------
    SolverError
        Names the statement, how many of its balances fail, and the first one.
    """
    ok = np.atleast_1d(
        balances(opening_usd=opening_usd, flows_usd=flows_usd, closing_usd=closing_usd)
    )
    if not ok.all():
        first = tuple(int(i) for i in np.argwhere(~ok)[0])
        raise SolverError(
            f"{where}: {int((~ok).sum())} of {ok.size} balances are off by more than half a cent, "
            f"the first at {list(first)}; opening plus flows must equal closing."
        )
