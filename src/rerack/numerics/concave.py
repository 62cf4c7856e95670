"""The best use of a store, exactly, by recursion on a concave piecewise-linear value function.

A store of `capacity` is filled and drawn over steps 0 .. T - 1. Step t offers *segments*: fills,
each an amount at a unit cost, and draws, each an amount at a unit gain, nearest to rest first. A
step uses fills or draws, never both. With f_t(x) what drawing x brings (x < 0 fills),

    V_T(s) = 0 on [last, capacity],
    V_t(s) = max over x of  f_t(x) + V_{t+1}(keep * s - x),   0 <= keep * s - x <= capacity.

f_t is concave if and only if no fill of the step costs less than its draws pay. Then the maximum
is a sup-convolution of concave functions: merge the step's slopes into the sorted slopes of
V_{t+1} and cut both ends back to the capacity (Rockafellar 1970, Convex Analysis, theorem 16.4,
for the conjugates; Nascimento and Powell 2009, Math. Oper. Res. 34, doi:10.1287/moor.1080.0360,
for concave values of a storage). Where it is not, the step is replaced by its concave envelope:
the value is then an upper bound, and it is attained if the schedule avoids the bridged part.

For the schedule only one number a segment is kept, its *level*: the state above which a fill is
not used, or below which a draw is not. That is the width of the slopes of V_{t+1} beyond the
segment's own.

A step with k segments costs O(k) list operations plus the slopes passed over, so that a year
grows linearly with its steps while the list stays short; it holds about as many slopes as steps
fit into the store. Do not use it where steps are coupled otherwise (start costs, peaks) or where
the store has a second state such as temperature.

The functions here are the plain twin of `concave_kernel`: whole lists sorted anew at every step,
and a schedule that tries every corner of f_t and V_{t+1}, without levels. They exist to check it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from rerack.base.checks import FloatArray, IntArray

#: Slopes with the widths over which they hold, slopes falling.
Slopes = list[tuple[float, float]]
#: Rounding granted where a state is compared with the ends of a value function.
_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class PlainStore:
    """A store and the segments that its steps offer.

    Parameters
    ----------
    slope, width : ndarray
        Unit cost or gain, and amount, shape (segment,).
    start : ndarray of int
        First segment of each step, and the number of segments, shape (step + 1,).
    split : ndarray of int
        First draw of each step, shape (step,).
    capacity, first, last : float
        Largest state, state at the start, least state at the end.
    keep : float
        Share of the state that is left after a step of rest.
    """

    slope: FloatArray
    width: FloatArray
    start: IntArray
    split: IntArray
    capacity: float
    first: float
    last: float
    keep: float = 1.0

    def step(self, t: int) -> tuple[Slopes, Slopes]:
        """Return the fills and the draws of a step, nearest first."""
        pairs = list(zip(self.slope.tolist(), self.width.tolist(), strict=True))
        begin, middle, end = self.start[t], self.split[t], self.start[t + 1]
        return pairs[begin:middle], pairs[middle:end]


@dataclass(frozen=True, kw_only=True)
class ConcaveValue:
    """A concave piecewise-linear function: where it begins, its value there, its slopes."""

    low: float
    value: float
    slopes: Slopes

    @property
    def high(self) -> float:
        """Where it ends."""
        return self.low + sum(width for _, width in self.slopes)

    def at(self, x: float) -> float:
        """Return the value at `x`, minus infinity outside."""
        if not self.low - _ROUNDING <= x <= self.high + _ROUNDING:
            return float("-inf")
        return self.value + cut(self.slopes, x - self.low)[1]

    def corners(self) -> list[float]:
        """Return the points between which the function is linear."""
        points = [self.low]
        for _, width in self.slopes:
            points.append(points[-1] + width)
        return points


def cut(slopes: Slopes, amount: float) -> tuple[Slopes, float]:
    """Return the list without its first `amount`, and the value of what was cut.

    Examples
    --------
    >>> cut([(5.0, 2.0), (1.0, 2.0)], 3.0)
    ([(1.0, 1.0)], 11.0)
    """
    left, value = list(slopes), 0.0
    while left and amount > 0.0:
        slope, width = left.pop(0)
        piece = min(width, amount)
        amount -= piece
        value += slope * piece
        if width > piece:
            left.insert(0, (slope, width - piece))
    return left, value


def envelope(fills: Slopes, draws: Slopes) -> ConcaveValue:
    """Return the concave envelope of what a step brings, as a function of what it draws.

    Examples
    --------
    >>> envelope([(30.0, 1.0)], [(10.0, 1.0)]).slopes
    [(30.0, 1.0), (10.0, 1.0)]
    >>> bridged = envelope([(-30.0, 1.0)], [(-10.0, 1.0)])
    >>> bridged.slopes, bridged.at(0.0)
    ([(-20.0, 2.0)], 10.0)
    """
    corners, x, y = [(0.0, 0.0)], 0.0, 0.0
    for slope, width in fills:
        x, y = x - width, y - slope * width
        corners.insert(0, (x, y))
    x = y = 0.0
    for slope, width in draws:
        x, y = x + width, y + slope * width
        corners.append((x, y))
    hull: list[tuple[float, float]] = []
    for x, y in corners:
        while len(hull) > 1 and _turns_up(hull[-2], hull[-1], (x, y)):
            hull.pop()
        hull.append((x, y))
    slopes = [
        ((b[1] - a[1]) / (b[0] - a[0]), b[0] - a[0]) for a, b in pairwise(hull) if b[0] > a[0]
    ]
    return ConcaveValue(low=hull[0][0], value=hull[0][1], slopes=slopes)


def _turns_up(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return (b[1] - a[1]) * (c[0] - b[0]) < (c[1] - b[1]) * (b[0] - a[0])


def recede_plain(store: PlainStore) -> list[ConcaveValue]:
    """Return V_0 .. V_T, an upper bound of them where a step had to be bridged.

    Examples
    --------
    >>> import numpy as np
    >>> store = PlainStore(slope=np.array([20.0, 90.0]), width=np.array([2.0, 2.0]),
    ...                    start=np.array([0, 1, 2]), split=np.array([1, 1]),
    ...                    capacity=1.5, first=0.5, last=0.0)
    >>> recede_plain(store)[0].at(0.5)
    115.0
    """
    values = [ConcaveValue(low=store.last, value=0.0, slopes=[(0.0, store.capacity - store.last)])]
    for t in range(store.split.size - 1, -1, -1):
        after, step = values[0], envelope(*store.step(t))
        slopes = sorted(after.slopes + step.slopes, key=lambda pair: -pair[0])
        bottom, top = after.low + step.low, after.high + step.high
        slopes, lost = cut(slopes, max(0.0, -bottom))
        slopes = cut(slopes[::-1], max(0.0, top - store.keep * store.capacity))[0][::-1]
        low = max(bottom, 0.0) / store.keep
        reached = low <= store.capacity + _ROUNDING
        values.insert(
            0,
            ConcaveValue(
                low=low,
                value=after.value + step.value + lost if reached else float("-inf"),
                slopes=[(s * store.keep, w / store.keep) for s, w in slopes],
            ),
        )
    return values


def advance_plain(store: PlainStore) -> list[float]:
    """Return the best state after every step, by trying every corner of f_t and of V_{t+1}."""
    states, s = [], store.first
    values = recede_plain(store)
    for t in range(store.split.size):
        step, after, held = envelope(*store.step(t)), values[t + 1], store.keep * s
        tried = [held, *(held - x for x in step.corners()), *after.corners()]
        s = max((step.at(held - to) + after.at(to), to) for to in tried)[1]
        states.append(s)
    return states
