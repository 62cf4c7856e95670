"""Compiled heart of `monotone_root`: where to look next."""

from __future__ import annotations

from rerack.numerics.jit import kernel


@kernel
def next_point(
    x: float, value: float, slope: float, low: float, high: float
) -> tuple[float, float, float]:
    """Return the next point and the bracket, for a function that rises at least as fast as x.

    Parameters
    ----------
    x : float
        Point just tried.
    value, slope : float
        Function and its derivative there.
    low, high : float
        Bracket before; may be infinite.

    Returns
    -------
    tuple of float
        Next point, lower end, upper end: the Newton point, unless the bracket did not halve, when
        it is the middle.
    """
    width = high - low
    # A slope of 1 or more puts the root within |value| of x: the bracket comes for free.
    if value > 0.0:
        low, high = max(low, x - value), min(high, x)
    else:
        low, high = max(low, x), min(high, x - value)
    step = x - value / max(slope, 1.0)
    if high - low > 0.5 * width or step <= low or step >= high:
        step = 0.5 * (low + high)
    return step, low, high
