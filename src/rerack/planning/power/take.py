"""Take or pay: what it costs a month to run at a loss, or to pay for what is not drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rerack.assets.tariff_terms import MinimumTake
from rerack.base.checks import FloatArray
from rerack.planning.meter import Meter
from rerack.planning.power.class_run import run_class

#: Halvings of the premium: the last interval is below a ten-millionth of the price of a shortfall.
_HALVINGS = 24


def minimum_take_usd(
    term: MinimumTake,
    meter: Meter,
    classes: Sequence[tuple[FloatArray, FloatArray]],
    ai_mw: FloatArray,
) -> FloatArray:
    """Return what the clause takes from the margin [USD], 0 or less, shape (scenario, month).

    Parameters
    ----------
    term : MinimumTake
        The clause.
    meter : Meter
        Prices and charges.
    classes : sequence of (ndarray, ndarray)
        Strike [USD/MWh] and power when wanted [MW] of each class, both (scenario, month).
    ai_mw : ndarray
        Load in every hour [MW utility], shape (scenario, month).

    Notes
    -----
    With T the energy that must be taken beyond the AI load, c the price of a shortfall, and M(x)
    the margin of the classes when every strike is raised by x, linear programming duality gives

        margin with the clause = min over 0 <= x <= c of  M(x) - x T,

    whose optimum makes the energy drawn at x meet T, or is an end of the interval. The energy
    rises with x, so that x is found by halving; any x gives an upper bound, and at the last the
    error is below the energy times the interval.
    """
    hours = meter.grid.hours
    need = np.maximum(term.contract_mw * term.take_frac * hours - ai_mw * hours, 0.0)

    def at(premium: FloatArray) -> tuple[FloatArray, FloatArray]:
        margin, energy = np.zeros(need.shape), np.zeros(need.shape)
        for strike, mw in classes:
            run = run_class(meter, strike + premium, None)
            per_mw = ((strike + premium) * run.run_frac - run.run_price_usd_per_mwh) * hours
            margin += mw * (per_mw - run.demand_usd_per_mw - run.coincident_usd_per_mw)
            energy += mw * run.run_frac * hours
        return margin, energy

    free, drawn = at(np.zeros(need.shape))
    if bool((drawn >= need).all()):
        return np.zeros(need.shape)
    low, high = np.zeros(need.shape), np.full(need.shape, term.shortfall_usd_per_mwh)
    short_at_all = at(high)[1] < need
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        short = at(middle)[1] < need
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    premium = np.where(short_at_all, term.shortfall_usd_per_mwh, 0.5 * (low + high))
    premium = np.where(drawn >= need, 0.0, premium)
    margin, _ = at(premium)
    cost: FloatArray = np.minimum(margin - premium * need - free, 0.0)
    return cost
