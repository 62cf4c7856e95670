"""The one root of a function that rises at least as fast as its argument."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from rerack.base.errors import SolverError


@dataclass(frozen=True, kw_only=True)
class MonotoneRoot:
    """A root and how it was found.

    Parameters
    ----------
    x : float
        The root.
    residual : float
        Function at `x`.
    iterations : int
        Evaluations of the function.
    """

    x: float
    residual: float
    iterations: int


def monotone_root(
    function: Callable[[float], tuple[float, float]],
    start: float,
    *,
    tolerance: float = 1e-12,
    most: int = 200,
) -> MonotoneRoot:
    """Return the root of a continuous function whose slope is nowhere below 1.

    Parameters
    ----------
    function : callable
        x -> (value, derivative). Where the derivative jumps, either side's will do.
    start : float
        Where to begin; any finite number.
    tolerance : float
        Largest |value| accepted; a larger one only where the bracket has closed to four times the
        spacing of doubles, so that no better x can be written.
    most : int
        Evaluations after which the search fails.

    Returns
    -------
    MonotoneRoot
        The root is unique, since the function rises.

    Raises
    ------
    SolverError
        The value is not finite, or the tolerance is not met.

    Notes
    -----
    f(b) - f(a) >= b - a, so the root lies between x and x - f(x): every evaluation gives a bracket
    no wider than |f|. Newton's point lies inside it; the middle is taken where the bracket did not
    halve, which makes the search linear at worst.

    Examples
    --------
    >>> round(monotone_root(lambda x: (x + x**3 - 2.0, 1.0 + 3.0 * x * x), 9.0).x, 12)
    1.0
    """
    from rerack.numerics.monotone_root_kernel import next_point  # numba: only when it is needed

    x, low, high = start, -math.inf, math.inf
    value = math.nan
    for evaluations in range(1, most + 1):
        value, slope = function(x)
        if not math.isfinite(value):
            break
        # A function steeper than tolerance / spacing steps over zero between neighbouring doubles.
        if abs(value) <= tolerance or high - low <= 4.0 * math.ulp(x):
            return MonotoneRoot(x=x, residual=value, iterations=evaluations)
        x, low, high = next_point(x, value, slope, low, high)
    raise SolverError(
        f"no root within {tolerance:g} after {most} evaluations from {start:g}; "
        f"the last value was {value:g}"
    )
