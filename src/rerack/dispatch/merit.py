"""Merit order: which class gets how much of a limit that all share."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, as_finite, require


def merit_capacity_mw(
    capacity_mw: FloatArray, strike_usd_per_mwh: FloatArray, limit_mw: float | FloatArray
) -> FloatArray:
    """Return the power that each class gets when it runs, dearest strike first.

    Parameters
    ----------
    capacity_mw : ndarray
        Power that each class can draw [MW utility], 0 or more, shape (..., unit).
    strike_usd_per_mwh : ndarray
        Strike prices [USD/MWh], shape (..., unit).
    limit_mw : float or ndarray
        Power that the classes share [MW utility], 0 or more, shape (...).

    Returns
    -------
    ndarray
        Power of each class whenever it runs [MW utility], the broadcast shape (..., unit); the
        marginal class gets the rest. Of classes with one strike, the first is served first.

    Notes
    -----
    All classes see one price, so margins per MWh rank as the strikes do *at every price*, and a
    class runs only in hours in which every class of higher strike runs too. The share of the
    limit that a class gets is hence the same in all hours in which it runs, and

    ``margin of a month = sum_k merit_capacity_k * hours * margin per MW-hour_k``

    is exact with the limit binding. It is not once hours are coupled (storage, peaks, starts) or
    classes see different prices.

    Examples
    --------
    >>> merit_capacity_mw(np.array([60.0, 60.0]), np.array([70.0, 80.0]), 100.0).tolist()
    [40.0, 60.0]
    """
    capacity = as_finite(capacity_mw, "capacity_mw")
    strike = as_finite(strike_usd_per_mwh, "strike_usd_per_mwh")
    limit = as_finite(limit_mw, "limit_mw")[..., np.newaxis]
    for name, values in (("capacity_mw", capacity), ("limit_mw", limit)):
        require(not (values < 0.0).any(), name, given="a negative value", allowed="0 MW or more")
    shape = np.broadcast_shapes(capacity.shape, strike.shape, (*limit.shape[:-1], 1))
    if (capacity.sum(axis=-1, keepdims=True) <= limit).all():
        return np.broadcast_to(capacity, shape).copy()
    order = np.argsort(-np.broadcast_to(strike, shape), axis=-1, kind="stable")
    ranked = np.take_along_axis(np.broadcast_to(capacity, shape), order, axis=-1)
    before = np.cumsum(ranked, axis=-1) - ranked
    served = np.clip(limit - before, 0.0, ranked)
    out = np.empty(shape)
    np.put_along_axis(out, order, served, axis=-1)
    return out
