"""Compiled: the sum of the largest numbers of a list, without sorting it."""

from __future__ import annotations

from rerack.base.checks import FloatArray
from rerack.numerics.jit import kernel


@kernel
def sum_of_largest(values: FloatArray, size: int, count: int) -> float:
    """Return the sum of the `count` largest of the first `size` values, which it reorders.

    Quickselect (Hoare, Algorithm 65: Find, Communications of the ACM 4(7), 1961) in place, so that
    it needs no memory: a GPU thread has none of its own.
    """
    cut = max(size - count, 0)
    low, high = 0, size - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if cut <= j:
            high = j
        elif cut >= i:
            low = i
        else:
            break
    total = 0.0
    for k in range(cut, size):
        total += values[k]
    return total
