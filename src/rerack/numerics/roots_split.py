"""Compiled certified subdivision: isolates every root of one polynomial on an interval from 0.

The polynomial is kept as p = P - N with P and N of nonnegative coefficients. On x >= 0 both and
all their derivatives rise, so values at the two ends of an interval bound everything inside it,
and each is computed without cancellation, to a known relative error.
"""

from __future__ import annotations

import math

import numpy as np

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel

#: Unit roundoff of double precision.
UNIT_ROUNDOFF = 2.0**-53
#: Pending right ends; an interval halves at each level, so doubles are exhausted before this.
MAX_DEPTH = 160
#: Splits spent on one polynomial before it is handed to exact arithmetic.
MAX_SPLITS = 20_000
#: Places tried for a split point that is surely no root.
SPLIT_FRACTIONS = (0.5, 0.4621, 0.5379, 0.4153, 0.5847)
#: Newton steps on ln(P/N) or bisections; a bisection alone gains a bit each time.
MAX_STEPS = 200


@kernel
def evaluate(coefficients: FloatArray, x: float, node: FloatArray) -> None:
    """Write x, P, N, P', N', P'', N'' at `x` to `node` (7,) by Horner's rule."""
    p = n = p1 = n1 = p2 = n2 = 0.0
    for j in range(coefficients.size - 1, -1, -1):
        c = coefficients[j]
        p2 = p2 * x + p1
        n2 = n2 * x + n1
        p1 = p1 * x + p
        n1 = n1 * x + n
        p = p * x + max(c, 0.0)
        n = n * x + max(-c, 0.0)
    node[0] = x
    node[1] = p
    node[2] = n
    node[3] = p1
    node[4] = n1
    node[5] = 2.0 * p2
    node[6] = 2.0 * n2


@kernel
def split_value_and_slope(coefficients: FloatArray, x: float) -> tuple[float, float, float, float]:
    """Return P, N, P', N' at `x`: even and odd powers by two Horner recursions in x^2.

    A recursion waits for its own last result; two of half the length take half the time.
    """
    y = x * x
    pe = ne = pe1 = ne1 = po = no = po1 = no1 = 0.0
    for j in range((coefficients.size - 1) // 2, -1, -1):
        even = coefficients[2 * j]
        odd = coefficients[2 * j + 1] if 2 * j + 1 < coefficients.size else 0.0
        pe1 = pe1 * y + pe
        ne1 = ne1 * y + ne
        po1 = po1 * y + po
        no1 = no1 * y + no
        pe = pe * y + max(even, 0.0)
        ne = ne * y + max(-even, 0.0)
        po = po * y + max(odd, 0.0)
        no = no * y + max(-odd, 0.0)
    return (
        pe + x * po,
        ne + x * no,
        2.0 * x * pe1 + po + 2.0 * y * po1,
        2.0 * x * ne1 + no + 2.0 * y * no1,
    )


@kernel
def refine(coefficients: FloatArray, low: float, high: float, positive_at_low: bool) -> float:
    """Return the only root in (low, high), by Newton on ln(P/N) against ln x kept in the bracket.

    ln(P/N) is nearly linear in ln x (its slope is the difference of the two durations), so three
    or four steps reach rounding error from any start, whatever the scale of the coefficients.
    Returns -1 where the steps run out, as for a root of 1e-200: never a root half found.
    """
    x = high
    tolerance = 2.0 * UNIT_ROUNDOFF
    for _ in range(MAX_STEPS):
        p, n, p1, n1 = split_value_and_slope(coefficients, x)
        value = p - n
        if (value > 0.0) == positive_at_low:
            low = x
        else:
            high = x
        if abs(value) <= tolerance * (p + n):
            return x
        new = 0.5 * (low + high)
        slope = x * (p1 / p - n1 / n) if p > 0.0 and n > 0.0 else 0.0
        if slope != 0.0:
            guess = x * math.exp(min(max(-math.log(p / n) / slope, -50.0), 50.0))
            if abs(guess - x) <= 1e-12 * x:
                return min(max(guess, low), high)
            if low < guess < high:
                new = guess
        x = new
    return -1.0


@kernel
def verdict(left: FloatArray, right: FloatArray, tolerance: float) -> int:
    """Return the number of roots between two certified nodes, or -1 if that is still open.

    Second-order bounds: |p - chord| <= h^2/8 max|p''|, and p' differs from its end values by at
    most the distance times max|p''|.
    """
    more, less = 1.0 + tolerance, 1.0 - tolerance
    h = right[0] - left[0]
    same_sign = (left[1] > left[2]) == (right[1] > right[2])
    curve_high = right[5] * more - left[6] * less
    curve_low = left[5] * less - right[6] * more
    curve = max(curve_high, -curve_low)
    if same_sign:
        margin_left = abs(left[1] - left[2]) - tolerance * (left[1] + left[2])
        margin_right = abs(right[1] - right[2]) - tolerance * (right[1] + right[2])
        if min(margin_left, margin_right) > 0.125 * h * h * curve * more:
            return 0
    elif curve_low > 0.0 or curve_high < 0.0:
        return 1
    slope_high = right[3] * more - left[4] * less
    slope_low = left[3] * less - right[4] * more
    slope_left, slope_right = left[3] - left[4], right[3] - right[4]
    noise = tolerance * (left[3] + left[4] + right[3] + right[4])
    monotone = slope_low > 0.0 or slope_high < 0.0
    if not monotone and (slope_left > 0.0) == (slope_right > 0.0):
        monotone = abs(slope_left + slope_right) - noise > h * curve * more
    if monotone:
        return 0 if same_sign else 1
    return -1


@kernel
def certified(node: FloatArray, tolerance: float) -> bool:
    """Return whether the sign of p at the node is beyond doubt."""
    return bool(abs(node[1] - node[2]) > tolerance * (node[1] + node[2]))


@kernel
def isolate(coefficients: FloatArray, end: float, out: FloatArray, count: int) -> int:
    """Append the roots in (0, `end`) to `out` from `count` on; return the new count, or -1.

    -1: `end` or every split point tried lies within rounding error of a root, or `out` is full.
    """
    # Six relative errors of Horner's rule, n + 2 terms: above the 2 n u of theory for P and its
    # first two derivatives (Higham 2002, section 5.1).
    tolerance = 6.0 * (coefficients.size + 1) * UNIT_ROUNDOFF
    pending = np.empty((MAX_DEPTH, 7))
    left = np.empty(7)
    evaluate(coefficients, 0.0, left)
    evaluate(coefficients, end, pending[0])
    if not certified(pending[0], tolerance):
        return -1
    depth = 0
    for _ in range(MAX_SPLITS):
        right = pending[depth]
        roots = verdict(left, right, tolerance)
        if roots >= 0:
            if roots == 1:
                if count == out.size:
                    return -1
                root = refine(coefficients, left[0], right[0], left[1] > left[2])
                if root <= 0.0:
                    return -1
                out[count] = root
                count += 1
            left[:] = right
            depth -= 1
            if depth < 0:
                return count
            continue
        if depth + 1 == MAX_DEPTH or right[0] - left[0] < 1e-14 * right[0]:
            return -1
        depth += 1
        found = False
        for fraction in SPLIT_FRACTIONS:
            x = left[0] + fraction * (right[0] - left[0])
            evaluate(coefficients, x, pending[depth])
            if certified(pending[depth], tolerance):
                found = True
                break
        if not found:
            return -1
    return -1
