"""Compiled search for all positive real roots of many polynomials; see `rerack.numerics.roots`."""

from __future__ import annotations

import math

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel
from rerack.numerics.roots_split import isolate, refine

#: Unit roundoff of double precision.
ROUNDOFF = 2.0**-53
#: Where the forward and the reversed search meet; the first that is surely no root is taken.
MEETING_POINTS = (1.0117, 0.9893, 1.0071, 0.9941, 1.0213, 0.9769, 1.0029, 0.9973)


@kernel
def cumulative_sign_changes(coefficients: FloatArray) -> int:
    """Return the sign changes of the partial sums, or -1 where rounding hides a sign.

    On (0, 1), p(x) / (1 - x) is the power series whose coefficients are the partial sums, so by
    Descartes' rule their sign changes bound the roots of p there and have the same parity
    (Norstrom 1972, A Sufficient Condition for a Unique
    Nonnegative Internal Rate of Return, J. Financial and Quantitative Analysis).
    """
    total = 0.0
    gross = 0.0
    changes = 0
    positive = coefficients[0] > 0.0
    for j in range(coefficients.size):
        total += coefficients[j]
        gross += abs(coefficients[j])
        if abs(total) <= 2.0 * ROUNDOFF * j * gross:
            return -1
        if (total > 0.0) != positive:
            positive = not positive
            changes += 1
    return changes


@kernel
def trimmed_and_scaled(row: FloatArray) -> FloatArray:
    """Return the row without outer zeros, times the power of two that brings its peak near 1."""
    first, last = 0, row.size - 1
    while first <= last and row[first] == 0.0:
        first += 1
    while last > first and row[last] == 0.0:
        last -= 1
    peak = 0.0
    for j in range(first, last + 1):
        peak = max(peak, abs(row[j]))
    exponent = math.frexp(peak)[1]
    out = np.empty(last - first + 1)
    for j in range(out.size):
        out[j] = math.ldexp(row[first + j], -exponent)
    return out


@kernel
def row_roots(row: FloatArray, out: FloatArray) -> int:
    """Write the positive roots of one row to `out`; return how many, or -1 if not certain.

    First the partial sums of the coefficients in both directions: where each shows at most one
    sign change, the count is exact at once. Else certified subdivision of (0, b) and of (0, 1/b)
    for the reversed polynomial.
    """
    forward = trimmed_and_scaled(row)
    n = forward.size
    if n < 2:
        return 0
    backward = forward[::-1].copy()
    if min(abs(forward[0]), abs(backward[0])) < 1e-280:
        return -1
    below = cumulative_sign_changes(forward)
    above = cumulative_sign_changes(backward)
    if 0 <= below <= 1 and 0 <= above <= 1:
        count = 0
        if below == 1:
            out[count] = refine(forward, 0.0, 1.0, forward[0] > 0.0)
            count += 1
        if above == 1:
            out[count] = 1.0 / refine(backward, 0.0, 1.0, backward[0] > 0.0)
            count += 1
        return count if count == 0 or out[:count].min() > 0.0 else -1
    for point in MEETING_POINTS:
        count = isolate(forward, point, out, 0)
        if count < 0:
            continue
        inner = count
        count = isolate(backward, 1.0 / point, out, inner)
        if count < 0:
            continue
        for k in range(inner, count):
            out[k] = 1.0 / out[k]
        return count
    return -1


@kernel
def all_positive_roots(coefficients: FloatArray, roots: FloatArray, counts: IntArray) -> None:
    """Fill `roots` (row, K), `counts` (row,) for `coefficients` (row, n + 1); -1: not certain."""
    for s in range(coefficients.shape[0]):
        counts[s] = row_roots(coefficients[s], roots[s])
