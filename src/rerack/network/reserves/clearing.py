"""How many coins a step sells: the least fixed point of sales that cause sales."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rerack.base.checks import FloatArray
from rerack.base.errors import SolverError

#: Accepted difference between sales assumed and sales wanted, as a share of them (or in BTC).
TOLERANCE = 1e-11
_MOST = 20_000


def least_sales(
    wanted_btc: Callable[[FloatArray], FloatArray], start_btc: FloatArray, where: str
) -> tuple[FloatArray, int]:
    """Climb from `start_btc` to the least fixed point above it.

    Parameters
    ----------
    wanted_btc : callable
        Sales wanted if so many are sold, shape (scenario,) to the same; it does not fall, and is
        continuous from below.
    start_btc : array, shape (scenario,)
        Sales that are certain to be made, such as 0 [BTC].
    where : str
        For the message if there is no end.

    Returns
    -------
    sales_btc : array, shape (scenario,)
        The fixed point [BTC].
    rounds : int
        Evaluations.

    Raises
    ------
    SolverError
        No end after 20,000 rounds.

    Notes
    -----
    Knaster and Tarski: a map that does not fall has a least and a greatest fixed point. From below,
    each round is what miners sell who see the price of the round before; the sequence rises and,
    the map being continuous from below, its limit is the least fixed point: the cascade as it
    happens, with no sale that another fixed point would justify only by itself.
    """
    return _iterate(wanted_btc, start_btc, where)


def greatest_sales(
    wanted_btc: Callable[[FloatArray], FloatArray], everything_btc: FloatArray, where: str
) -> tuple[FloatArray, int]:
    """Descend from all coins to the greatest fixed point: the run that would justify itself.

    Parameters
    ----------
    wanted_btc : callable
        As in `least_sales`.
    everything_btc : array, shape (scenario,)
        At least all that can be sold [BTC].
    where : str
        For the message if there is no end.
    """
    return _iterate(wanted_btc, everything_btc, where)


def _iterate(
    wanted: Callable[[FloatArray], FloatArray], start: FloatArray, where: str
) -> tuple[FloatArray, int]:
    sales, done = start, np.zeros(start.shape, dtype=bool)
    for rounds in range(1, _MOST + 1):
        again = wanted(sales)
        settled = np.abs(again - sales) <= TOLERANCE * np.maximum(1.0, again)
        # A scenario that has settled stays, or it would depend on how long others take.
        sales = np.where(done, sales, again)
        done |= settled
        if done.all():
            return sales, rounds
    raise SolverError(f"{where}: sales did not settle in {_MOST:,} rounds")
