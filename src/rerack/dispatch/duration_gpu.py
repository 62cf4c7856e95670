"""Price-duration queries on a CUDA device: one thread a scenario, month and unit.

Against the processor, counts of hours are equal, and prices to 1e-12 relative to the sum of their
terms' sizes: the compiler of the device may fuse ``a * b + c``, which rounds once instead of twice.
"""

from __future__ import annotations

from typing import Any

from numba import cuda

from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch.duration_kernel import run_of
from rerack.numerics.device import device_alone, on_device, start, threads_for


@cuda.jit
def duration_threads(
    shape_sorted: FloatArray,
    shape_sum: FloatArray,
    sorted_start: IntArray,
    sum_start: IntArray,
    month_hours: IntArray,
    month_of_year: IntArray,
    library_year: IntArray,
    level: FloatArray,
    adder: float,
    strike: FloatArray,
    run_frac: FloatArray,
    run_price: FloatArray,
) -> None:
    """Do what `duration_kernel` does: the same halvings and sums in the same order."""
    scenarios, months, units = strike.shape
    for i in range(cuda.grid(1), scenarios * months * units, cuda.gridsize(1)):
        s, rest = i // (months * units), i % (months * units)
        m, k = rest // units, rest % units
        calendar = month_of_year[m] - 1
        hours = month_hours[calendar]
        first = sorted_start[calendar] + library_year[s, m] * hours
        x = (strike[s, m, k] - adder) / level[s, m]
        low, window = first, hours
        while window > 1:
            half = window // 2
            if shape_sorted[low + half - 1] < x:
                low += half
            window -= half
        count = low - first
        if shape_sorted[low] < x:
            count += 1
        sums = sum_start[calendar] + library_year[s, m] * (hours + 1)
        run_frac[s, m, k], run_price[s, m, k] = run_of(
            level[s, m], shape_sum[sums + count], adder, count, hours
        )


def duration_on_gpu(given: tuple[Any, ...], run_frac: FloatArray, run_price: FloatArray) -> None:
    """Fill `run_frac` and `run_price`, both (scenario, month, unit).

    Parameters
    ----------
    given : tuple
        Arguments of `duration_kernel` but the last two, in its order.
    run_frac, run_price : ndarray
        Filled; contiguous.
    """
    if run_frac.size == 0:
        return
    with device_alone():
        frac, price = cuda.device_array_like(run_frac), cuda.device_array_like(run_price)
        start(duration_threads, threads_for(run_frac.size), *on_device(given), frac, price)
        frac.copy_to_host(run_frac)
        price.copy_to_host(run_price)
