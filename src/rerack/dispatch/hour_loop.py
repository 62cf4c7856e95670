"""The hour loop: monthly margins from explicit hourly prices."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray, as_finite, require
from rerack.dispatch.hour_kernel import hour_kernel
from rerack.dispatch.run_margins import RunMargins


def hour_margins(
    price_usd_per_mwh: FloatArray, *, month_hours: IntArray, strike_usd_per_mwh: FloatArray
) -> RunMargins:
    """Compare every hour's price with the strike that holds in its month.

    Parameters
    ----------
    price_usd_per_mwh : ndarray
        Price at the meter [USD/MWh], shape (scenario, hour).
    month_hours : ndarray of int
        Hours of each month, 1 or more, adding up to the hours given, shape (month,).
    strike_usd_per_mwh : ndarray
        Strike prices, constant within a month [USD/MWh], shape (scenario, month, unit).

    Returns
    -------
    RunMargins
        Share of hours that run and the cost of their power.

    Raises
    ------
    InputError
        If a number is NaN or infinite, or the shapes disagree.

    Notes
    -----
    ``run_frac = mean_h 1[p_h < x]``, ``run_price = mean_h p_h 1[p_h < x]`` for strike x. Time
    grows with scenarios x hours x units. Where prices are drawn from a library of weather years,
    `margins` gives the same numbers from a sorted library in a fraction of the time. The kernel
    releases the interpreter lock, so a caller may split the scenarios over threads.

    Examples
    --------
    >>> price = np.array([[10.0, 30.0, -5.0, 90.0]])
    >>> strike = np.array([[[20.0]]])
    >>> found = hour_margins(price, month_hours=np.array([4]), strike_usd_per_mwh=strike)
    >>> found.run_frac.item(), found.margin_usd_per_mwh(strike).item()
    (0.5, 8.75)
    """
    price = as_finite(price_usd_per_mwh, "price_usd_per_mwh", ndim=2)
    strike = as_finite(strike_usd_per_mwh, "strike_usd_per_mwh", ndim=3)
    hours = np.asarray(month_hours, dtype=np.int64)
    require(
        hours.shape == strike.shape[1:2] and price.shape[0] == strike.shape[0],
        "strike_usd_per_mwh",
        given=f"shape {strike.shape}",
        allowed=f"({price.shape[0]} scenarios, {hours.size} months, units)",
    )
    require(
        bool((hours > 0).all()) and int(hours.sum()) == price.shape[1],
        "month_hours",
        given=f"{int(hours.sum())} hours in all",
        allowed=f"months of 1 hour or more that add up to the {price.shape[1]} hours of prices",
    )
    start = np.concatenate([[0], np.cumsum(hours)]).astype(np.int64)
    run_frac, run_price = np.empty(strike.shape), np.empty(strike.shape)
    hour_kernel(
        np.ascontiguousarray(price), start, np.ascontiguousarray(strike), run_frac, run_price
    )
    return RunMargins(run_frac=run_frac, run_price_usd_per_mwh=run_price)
