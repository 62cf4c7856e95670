"""Compiled recursion on a concave value function kept as sorted slopes; see `concave`.

One loop over all steps and no calls within it where it counts: a call of a compiled function
costs more than what a step does, as the references of its arrays are counted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.jit import kernel

#: Rounding granted to the first state, as a share of the capacity.
STATE_ROUNDING_FRAC = 1e-12


class Steps(NamedTuple):
    """What the steps offer: each has a kind, and a kind has segments.

    Many steps differ by one number only. Segment j of step t has the slope
    ``slope[j] + rate[j] * price[t]``, so that steps of one kind need their segments written once.

    Parameters
    ----------
    kind : ndarray of int
        Kind of each step, shape (step,).
    price : ndarray
        The number that steps of one kind differ by, shape (step,).
    start : ndarray of int
        First segment of each kind, and the number of segments, shape (kind + 1,).
    split : ndarray of int
        First draw of each kind, shape (kind,); fills lie before, both nearest to rest first.
    slope, rate, width : ndarray
        Constant part of the slope, its part by price, and amount, shape (segment,).
    """

    kind: IntArray
    price: FloatArray
    start: IntArray
    split: IntArray
    slope: FloatArray
    rate: FloatArray
    width: FloatArray


class Levels(NamedTuple):
    """The segments that some state would use, those of a step together; `recede` fills it.

    Parameters
    ----------
    begin : ndarray of int
        First draw of each step, and the end of all, shape (step + 1,).
    split : ndarray of int
        First fill of each step, shape (step,); the draws lie before.
    slope, width, level : ndarray
        Unit gain or cost, amount, and the state down to which a draw, or up to which a fill is
        used, shape (segments of all steps at most,). Filled from the end.
    """

    begin: IntArray
    split: IntArray
    slope: FloatArray
    width: FloatArray
    level: FloatArray


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
    steps: Steps,
    capacity: float,
    first: float,
    last: float,
    keep: float,
    slopes: FloatArray,
    widths: FloatArray,
    bent: FloatArray,
    levels: Levels,
) -> tuple[float, int]:
    """Return the value at state `first` and how many steps were bridged; fill `levels`.

    `bent` is scratch for the segments of a step, `slopes` and `widths` of twice the segments of
    all steps and 8: the list lies in their middle, as each segment moves one end by one
    place, with sentinels of infinite slope at both sides. It spans from `low`, the least state
    that still reaches `last`, to the capacity. NaN where the first state is below that. Steps go
    backwards, and so do the segments of a step: outer ones first. Rest stretches the list: its
    slopes are kept divided, its widths multiplied by `scale`, `shrunk` being its inverse.
    """
    kind, prices, start, split, slope, rate, width = steps
    out_begin, out_split, out_slope, out_width, out_level = levels
    head = tail = slopes.size // 2
    slopes[head - 1], slopes[head], slopes[head + 1] = np.inf, 0.0, -np.inf
    widths[head] = capacity - last
    low, scale, shrunk, value, bridged = last, 1.0, 1.0, 0.0, 0
    out = out_slope.size
    out_begin[kind.size] = out
    for t in range(kind.size - 1, -1, -1):
        of, own = kind[t], prices[t]
        begin, middle, end = start[of], split[of], start[of + 1]
        bridges = begin < middle < end and (
            slope[begin] + rate[begin] * own < slope[middle] + rate[middle] * own
        )
        if bridges:
            for j in range(begin, end):
                bent[j - begin] = slope[j] + rate[j] * own
            value += bridge(bent, width[begin:end], 0, middle - begin, end - begin)
            bridged += 1
        # Segments that no state would use, the outer ones, end the search for those that matter.
        fill, draw = begin, middle
        dearest, cheapest = slopes[head] * scale, slopes[tail] * scale
        while fill < middle and (
            low > 0.0
            or (bent[fill - begin] if bridges else slope[fill] + rate[fill] * own) < dearest
        ):
            fill += 1
        while (
            draw < end
            and (bent[draw - begin] if bridges else slope[draw] + rate[draw] * own) > cheapest
        ):
            draw += 1
        for j in range(fill - 1, begin - 1, -1):
            true = slope[j] + rate[j] * own
            price, amount = (bent[j - begin] if bridges else true) * shrunk, width[j] * scale
            # The fill goes before the first slope that is not worth more.
            more, beyond, i = min(low * scale, amount), 0.0, head
            while slopes[i] > price:
                beyond += widths[i]
                i += 1
            out -= 1
            out_slope[out], out_width[out] = true, width[j]
            out_level[out] = min(low + beyond * shrunk, capacity)
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
        out_split[t] = out
        for j in range(draw - 1, middle - 1, -1):
            true = slope[j] + rate[j] * own
            price, amount = (bent[j - begin] if bridges else true) * shrunk, width[j] * scale
            # The draw goes behind the last slope that is not worth less: near the head if it is
            # dear, so that the few slopes before it are moved and not the many behind it.
            dear = slopes[(head + tail) >> 1] < price
            if dear:
                before, i = 0.0, head
                while slopes[i] >= price:
                    before += widths[i]
                    i += 1
                i -= 1
                reach = min(low + before * shrunk, capacity)
            else:
                beyond, i = 0.0, tail
                while slopes[i] < price:
                    beyond += widths[i]
                    i -= 1
                reach = max(capacity - beyond * shrunk, low)
            out -= 1
            out_slope[out], out_width[out], out_level[out] = true, width[j], reach
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
        out_begin[t] = out
        if keep < 1.0:
            tail = shortened(widths, head, tail, (1.0 - keep) * capacity * scale)
            slopes[tail + 1] = -np.inf
            scale *= keep
            shrunk = 1.0 / scale
            low /= keep
            if low > capacity * (1.0 + STATE_ROUNDING_FRAC):
                out_begin[:t] = out
                out_split[:t] = out
                return np.nan, bridged
    if low > first + STATE_ROUNDING_FRAC * capacity:
        return np.nan, bridged
    return value + integral(slopes, widths, head, tail, (first - low) * scale), bridged


@kernel
def advance(levels: Levels, first: float, keep: float, state: FloatArray, gain: FloatArray) -> None:
    """Fill the `state` after every step and its `gain`, both (step,), from the levels.

    A fill is used while the state is below its level, a draw while it is above. Of segments with
    equal slopes levels may name an outer one first; the step pays for the nearest all the same.
    """
    begin, split, slope, width, level = levels
    s = first
    for t in range(split.size):
        s *= keep
        low, middle, high = begin[t], split[t], begin[t + 1]
        filled = drawn = earned = 0.0
        for j in range(middle, high):
            piece = min(level[j] - s, width[j])
            if piece > 0.0:
                s += piece
                filled += piece
        if filled > 0.0:
            for j in range(middle, high):
                piece = min(filled, width[j])
                filled -= piece
                earned -= slope[j] * piece
        else:
            for j in range(low, middle):
                piece = min(s - level[j], width[j])
                if piece > 0.0:
                    s -= piece
                    drawn += piece
            for j in range(low, middle):
                piece = min(drawn, width[j])
                drawn -= piece
                earned += slope[j] * piece
        state[t] = s
        gain[t] = earned
