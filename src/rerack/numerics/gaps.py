"""Gaps in a series of whole steps, filled by a rule that somebody chose."""

from __future__ import annotations

import numpy as np

from rerack.base.checks import BoolArray, FloatArray, IntArray, require

#: Rules by which a gap may be filled.
FILL_RULES = ("none", "linear", "previous")


def fill_gaps(
    places: IntArray, values: FloatArray, rule: str
) -> tuple[IntArray, FloatArray, BoolArray]:
    """Return a series without a gap, and which of its values were made up.

    Parameters
    ----------
    places : ndarray of int
        Rising numbers of steps, shape (observation,).
    values : ndarray
        Their values, shape (observation,).
    rule : str
        ``linear`` draws a line over a gap, ``previous`` repeats the value before it.

    Returns
    -------
    tuple of ndarray
        Places, values and marks of every step from the first to the last, shape (step,).

    Examples
    --------
    >>> fill_gaps(np.array([3, 6]), np.array([1.0, 4.0]), "linear")[1].tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    require(rule in FILL_RULES[1:], "fill", given=repr(rule), allowed=", ".join(FILL_RULES[1:]))
    whole = np.arange(places[0], places[-1] + 1)
    before = np.searchsorted(places, whole, side="right") - 1
    filled = np.interp(whole, places, values) if rule == "linear" else values[before]
    return whole, filled, places[before] != whole
