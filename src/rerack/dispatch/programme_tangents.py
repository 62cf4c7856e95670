"""The lowest point of convex piecewise linear functions, exactly, from tangents on both sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rerack.base.checks import FloatArray
from rerack.dispatch.commitment import BoolArray

#: Every so many steps halves the interval instead, so that none can stall.
_HALVE_EVERY = 4
#: Height above the tangents that counts as none, over the scale of values.
_SAME_FRAC = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class Tangent:
    """Points of several functions at once, all arrays of one shape.

    Parameters
    ----------
    at, value, slope : ndarray
        Argument, value there, and a slope there.
    """

    at: FloatArray
    value: FloatArray
    slope: FloatArray


class Bracket:
    """An interval around the lowest point of each function.

    Parameters
    ----------
    floor, ceiling : Tangent
        Points on both sides; where the slope at the floor is not negative, or that at the ceiling
        not positive, the end itself is lowest.
    scale : float
        Size of the values, for rounding.

    Notes
    -----
    The next point is where the two tangents meet. If the function is no higher there, it is the
    lowest point and both ends' tangents pass through it; else the point replaces one end. On a
    function of finitely many pieces this ends.

    Examples
    --------
    >>> def at(x):  # the larger of 4 - x and 2 x - 8
    ...     x = np.array([x])
    ...     return Tangent(at=x, value=np.maximum(4 - x, 2 * x - 8),
    ...                    slope=np.where(x < 4, -1.0, 2.0))
    >>> bracket = Bracket(at(0.0), at(10.0), scale=1.0)
    >>> bracket.next().tolist()
    [4.0]
    >>> bracket.narrow(at(4.0)).tolist(), bracket.best.tolist(), bool(bracket.done)
    ([True], [4.0], True)
    """

    def __init__(self, floor: Tangent, ceiling: Tangent, *, scale: float) -> None:
        self.floor, self.ceiling, self._scale = floor, ceiling, max(scale, 1.0)
        self.best = np.where(floor.slope >= 0.0, floor.at, ceiling.at)
        self._closed = (floor.slope >= 0.0) | (ceiling.slope <= 0.0)
        self._step = 0

    @property
    def done(self) -> bool:
        """Whether all lowest points are known."""
        return bool(self._closed.all())

    @property
    def ceiling_share(self) -> FloatArray:
        """Share of the ceiling in the mix of both ends that is level."""
        rise = self.ceiling.slope - self.floor.slope
        share = np.zeros(rise.shape)
        np.divide(-self.floor.slope, rise, out=share, where=rise > 0.0)
        return np.clip(share, 0.0, 1.0)

    def next(self) -> FloatArray:
        """Return the points to evaluate, the lowest one where it is known."""
        self._step += 1
        low, high = self.floor, self.ceiling
        middle = 0.5 * (low.at + high.at)
        fall = low.slope - high.slope
        meet = high.value - low.value + low.slope * low.at - high.slope * high.at
        point = middle.copy()
        if self._step % _HALVE_EVERY:
            np.divide(meet, fall, out=point, where=fall < 0.0)
        point = np.clip(point, low.at, high.at)
        return np.where(self._closed, self.best, point)

    def narrow(self, found: Tangent) -> BoolArray:
        """Take in evaluated points; return where they became ceilings and not floors."""
        low, high = self.floor, self.ceiling
        under = np.maximum(
            low.value + low.slope * (found.at - low.at),
            high.value + high.slope * (found.at - high.at),
        )
        meets = found.value - under <= _SAME_FRAC * self._scale
        lowest = meets & (self._step % _HALVE_EVERY != 0) & ~self._closed
        tight = (high.at - low.at <= 1e-13 * np.abs(high.at)) & ~self._closed
        right = (found.slope >= 0.0) & ~self._closed
        left = (found.slope < 0.0) & ~self._closed
        self.floor, self.ceiling = _either(low, found, left), _either(high, found, right)
        self.best = np.where(self._closed, self.best, np.where(lowest, found.at, self.ceiling.at))
        self._closed |= lowest | tight
        return np.asarray(right)


def _either(old: Tangent, new: Tangent, choose_new: BoolArray) -> Tangent:
    return Tangent(
        at=np.where(choose_new, new.at, old.at),
        value=np.where(choose_new, new.value, old.value),
        slope=np.where(choose_new, new.slope, old.slope),
    )
