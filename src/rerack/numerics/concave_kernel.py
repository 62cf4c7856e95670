"""Compiled recursion on a concave value function kept as sorted slopes; see `concave`.

One loop over all steps and no calls within it where it counts: a call of a compiled function
costs more than what a step does, as the references of its arrays are counted.
"""

from __future__ import annotations

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel

#: Rounding granted to the first state, as a share of the capacity.
STATE_ROUNDING_FRAC = 1e-12


@kernel
def bridge(slope: FloatArray, width: FloatArray, begin: int, split: int, end: int) -> float:
    """Replace slopes by those of the concave envelope; return its height above 0 at rest.

    Fills are ``[begin:split]``, draws ``[split:end]``, nearest first. The first fill costs less
    than the first draw pays; the two sides pool outwards from rest while the next fill costs
    less than the pool's mean slope or the next draw pays more (pool adjacent violators).
    """
    fill, draw = begin + 1, split + 1
    total = width[begin] + width[split]
    mean = (slope[begin] * width[begin] + slope[split] * width[split]) / total
    grows = True
    while grows:
        grows = False
        if fill < split and slope[fill] < mean:
            total += width[fill]
            mean += (slope[fill] - mean) * width[fill] / total
            fill += 1
            grows = True
        if draw < end and slope[draw] > mean:
            total += width[draw]
            mean += (slope[draw] - mean) * width[draw] / total
            draw += 1
            grows = True
    lift = 0.0
    for j in range(begin, fill):
        lift += (mean - slope[j]) * width[j]
        slope[j] = mean
    for j in range(split, draw):
        slope[j] = mean
    return lift


@kernel
def shortened(widths: FloatArray, head: int, tail: int, spare: float) -> int:
    """Cut `spare` off the tail of a list; return the new tail."""
    while tail > head and spare >= widths[tail]:
        spare -= widths[tail]
        tail -= 1
    widths[tail] -= min(spare, widths[tail])
    return tail


@kernel
def integral(slopes: FloatArray, widths: FloatArray, head: int, tail: int, x: float) -> float:
    """Return the integral of the slopes over the first `x` of the list."""
    value = 0.0
    for k in range(head, tail + 1):
        piece = min(x, widths[k])
        value += slopes[k] * piece
        x -= piece
        if x <= 0.0:
            break
    return value


@kernel
def recede(
    slope: FloatArray,
    width: FloatArray,
    start: IntArray,
    split: IntArray,
    capacity: float,
    first: float,
    last: float,
    keep: float,
    slopes: FloatArray,
    widths: FloatArray,
    level: FloatArray,
    used: IntArray,
) -> tuple[float, int]:
    """Return the value at state `first` and how many steps were bridged; fill `level` and `used`.

    `level` (segment,) is set for fills up to ``used[t, 0]`` and draws up to ``used[t, 1]``, the
    ends of those that some state would use, `used` being (step, 2).

    `slopes` and `widths` are scratch of twice the segments and 8: the list lies in their middle,
    as each segment moves one end by one place, with sentinels of infinite slope at both sides.
    It spans from `low`, the least state that still reaches `last`, to the capacity. NaN where
    the first state is below that. Steps go backwards, and so do the segments of a step: outer
    ones first. Rest stretches the list: its slopes are kept divided, its widths multiplied by
    `scale`, `shrunk` being its inverse.
    """
    head = tail = slopes.size // 2
    slopes[head - 1], slopes[head], slopes[head + 1] = np.inf, 0.0, -np.inf
    widths[head] = capacity - last
    true = np.empty((start[1:] - start[:-1]).max())
    low, scale, shrunk, value, bridged = last, 1.0, 1.0, 0.0, 0
    for t in range(split.size - 1, -1, -1):
        begin, middle, end = start[t], split[t], start[t + 1]
        bridges = begin < middle < end and slope[begin] < slope[middle]
        if bridges:
            true[: end - begin] = slope[begin:end]
            value += bridge(slope, width, begin, middle, end)
            bridged += 1
        # Segments that no state would use, the outer ones, end the search for those that matter.
        fill, draw = begin, middle
        dearest, cheapest = slopes[head] * scale, slopes[tail] * scale
        while fill < middle and (low > 0.0 or slope[fill] < dearest):
            fill += 1
        while draw < end and slope[draw] > cheapest:
            draw += 1
        used[t, 0], used[t, 1] = fill, draw
        for j in range(fill - 1, begin - 1, -1):
            price, amount = slope[j] * shrunk, width[j] * scale
            # The fill goes before the first slope that is not worth more.
            more, beyond, i = min(low * scale, amount), 0.0, head
            while slopes[i] > price:
                beyond += widths[i]
                i += 1
            level[j] = min(low + beyond * shrunk, capacity)
            if beyond <= 0.0 and more <= 0.0:
                continue
            # Cut as much off the end as the state space cannot hold, of old slopes first.
            left, gained, k = amount - more, -price * more, head
            while k != i and left >= widths[k]:
                gained += (slopes[k] - price) * widths[k]
                left -= widths[k]
                k += 1
            if k != i:
                widths[k] -= left
                gained += (slopes[k] - price) * left
                left = 0.0
            head = k - 1
            while k != i:
                slopes[k - 1], widths[k - 1] = slopes[k], widths[k]
                k += 1
            slopes[i - 1], widths[i - 1] = price, amount - left
            slopes[head - 1] = np.inf
            low -= more * shrunk
            value += gained
        for j in range(draw - 1, middle - 1, -1):
            price, amount = slope[j] * shrunk, width[j] * scale
            # The draw goes behind the last slope that is not worth less: near the head if it is
            # dear, so that the few slopes before it are moved and not the many behind it.
            dear = slopes[(head + tail) >> 1] < price
            if dear:
                before, i = 0.0, head
                while slopes[i] >= price:
                    before += widths[i]
                    i += 1
                i -= 1
                level[j] = min(low + before * shrunk, capacity)
            else:
                beyond, i = 0.0, tail
                while slopes[i] < price:
                    beyond += widths[i]
                    i -= 1
                level[j] = max(capacity - beyond * shrunk, low)
            if i == tail:
                continue
            left, k = amount, tail
            while k != i and left >= widths[k]:
                left -= widths[k]
                k -= 1
            if k != i:
                widths[k] -= left
                left = 0.0
            tail = k
            if dear:
                head -= 1
                slopes[head - 1] = np.inf
                for k in range(head, i):
                    slopes[k], widths[k] = slopes[k + 1], widths[k + 1]
            else:
                tail, i = tail + 1, i + 1
                for k in range(tail, i, -1):
                    slopes[k], widths[k] = slopes[k - 1], widths[k - 1]
            slopes[i], widths[i] = price, amount - left
            slopes[tail + 1] = -np.inf
        if bridges:
            slope[begin:end] = true[: end - begin]
        if keep < 1.0:
            tail = shortened(widths, head, tail, (1.0 - keep) * capacity * scale)
            slopes[tail + 1] = -np.inf
            scale *= keep
            shrunk = 1.0 / scale
            low /= keep
            if low > capacity * (1.0 + STATE_ROUNDING_FRAC):
                for n in range(t):
                    used[n, 0], used[n, 1] = start[n], split[n]
                return np.nan, bridged
    if low > first + STATE_ROUNDING_FRAC * capacity:
        return np.nan, bridged
    return value + integral(slopes, widths, head, tail, (first - low) * scale), bridged


@kernel
def advance(
    slope: FloatArray,
    width: FloatArray,
    start: IntArray,
    split: IntArray,
    used: IntArray,
    first: float,
    keep: float,
    level: FloatArray,
    state: FloatArray,
    gain: FloatArray,
) -> None:
    """Fill the `state` after every step and its `gain`, both (step,), from the levels.

    A fill is used while the state is below its level, a draw while it is above. Of segments with
    equal slopes levels may name an outer one first; the step pays for the nearest all the same.
    """
    s = first
    for t in range(split.size):
        s *= keep
        filled = drawn = earned = 0.0
        for j in range(start[t], used[t, 0]):
            piece = min(level[j] - s, width[j])
            if piece > 0.0:
                s += piece
                filled += piece
        if filled > 0.0:
            for j in range(start[t], used[t, 0]):
                piece = min(filled, width[j])
                filled -= piece
                earned -= slope[j] * piece
        else:
            for j in range(split[t], used[t, 1]):
                piece = min(s - level[j], width[j])
                if piece > 0.0:
                    s -= piece
                    drawn += piece
            for j in range(split[t], used[t, 1]):
                piece = min(drawn, width[j])
                drawn -= piece
                earned += slope[j] * piece
        state[t] = s
        gain[t] = earned
