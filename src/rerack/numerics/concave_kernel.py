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
    `scale`.
    """
    head = tail = slopes.size // 2
    slopes[head - 1], slopes[head], slopes[head + 1] = np.inf, 0.0, -np.inf
    widths[head] = capacity - last
    true = np.empty((start[1:] - start[:-1]).max())
    low, scale, value, bridged = last, 1.0, 0.0, 0
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
        for n in range(fill - begin + draw - middle):
            fills = n < fill - begin
            j = fill - 1 - n if fills else draw - 1 - n + fill - begin
            price, amount = slope[j] / scale, width[j] * scale
            step, k = (1, head) if fills else (-1, tail)
            more = min(low * scale, amount) if fills else 0.0
            beyond, i = 0.0, k
            while step * (slopes[i] - price) > 0.0:
                beyond += widths[i]
                i += step
            if fills:
                level[j] = min(low + beyond / scale, capacity)
            else:
                level[j] = max(capacity - beyond / scale, low)
            if beyond <= 0.0 and more <= 0.0:
                continue
            # Cut as much off the end as the state space cannot hold, of old slopes first.
            left, gained = amount - more, -price * more
            while k != i and left >= widths[k]:
                gained += (slopes[k] - price) * widths[k]
                left -= widths[k]
                k += step
            if k != i:
                widths[k] -= left
                gained += (slopes[k] - price) * left
                left = 0.0
            edge = k - step
            while k != i:
                slopes[k - step], widths[k - step] = slopes[k], widths[k]
                k += step
            slopes[i - step], widths[i - step] = price, amount - left
            slopes[edge - step] = step * np.inf
            if fills:
                head = edge
                low -= more / scale
                value += gained
            else:
                tail = edge
        if bridges:
            slope[begin:end] = true[: end - begin]
        if keep < 1.0:
            tail = shortened(widths, head, tail, (1.0 - keep) * capacity * scale)
            slopes[tail + 1] = -np.inf
            scale *= keep
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
