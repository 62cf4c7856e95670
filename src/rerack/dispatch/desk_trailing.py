"""Windows over what a desk has seen so far."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from rerack.base.checks import FloatArray, IntArray


def delayed(values: FloatArray, hours: int) -> FloatArray:
    """Return values as they were so many hours before, (hour,); the oldest stands in for older."""
    return np.concatenate([np.full(min(hours, values.size), values[0]), values[:-hours]])


def trailing_max(values: FloatArray, window: int) -> FloatArray:
    """Return the largest of the last `window` values, this one included, (hour,)."""
    padded = np.concatenate([np.full(window - 1, -np.inf), values])
    return np.asarray(sliding_window_view(padded, window).max(axis=1))


def trailing_mean(values: FloatArray, window: int) -> FloatArray:
    """Return the mean of the last `window` values, this one included, (hour,).

    The oldest value stands in for what is older. Each window is summed anew: a running sum would
    carry the rounding of one hour into all later ones.
    """
    padded = np.concatenate([np.full(window - 1, values[0]), values])
    return np.asarray(sliding_window_view(padded, window).mean(axis=1))


def highest_of_month(known: FloatArray, month: IntArray, lead_hours: int) -> FloatArray:
    """Return the highest value known of the month so far, (hour,); minus infinity while none is.

    Parameters
    ----------
    known : ndarray
        Values known in each hour, `lead_hours` old, shape (hour,).
    month : ndarray of int
        As `summer_month` gives it, shape (hour,).
    lead_hours : int
        Hours between the last value known and the hour.
    """
    highest = np.full(known.shape, -np.inf)
    for wanted in np.unique(month[month >= 0]):
        at = np.flatnonzero(month == wanted)[lead_hours:]
        highest[at] = np.maximum.accumulate(known[at])
    return highest
