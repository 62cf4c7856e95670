"""What couples halls valued on a CUDA device: one thread a scenario-month.

The bodies are those of the processor's kernels, compiled a second time. The device's compiler may
fuse ``a * b + c``, which rounds once instead of twice: figures are equal to about 1e-12 of a
month's turnover, not bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import cuda

from rerack.base.checks import FloatArray, IntArray
from rerack.numerics.device import device_alone, on_device, start, threads_for
from rerack.planning.power.battery_kernel import battery_month, float_room, int_room
from rerack.planning.power.generation_kernel import generation_month
from rerack.planning.power.hours import Hours
from rerack.planning.power.response_kernel import response_month

_BYTES = 8


@cuda.jit
def battery_threads(
    hours: Hours,
    export: float,
    power: FloatArray,
    energy: FloatArray,
    ai: FloatArray,
    room: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
    wanted: FloatArray,
    gain: FloatArray,
    floats: FloatArray,
    ints: IntArray,
) -> None:
    """Do what `battery_kernel` does; scratch has one row a thread."""
    scenarios, me = gain.shape[0], cuda.grid(1)
    if me >= floats.shape[0]:
        return
    for i in range(me, gain.size, floats.shape[0]):
        s, m = i % scenarios, i // scenarios
        if wanted[s, m] != 0.0:
            gain[s, m] = battery_month(
                hours, export, power, energy, ai, room, strike, capacity, s, m,
                floats[me], ints[me],
            )  # fmt: skip


@cuda.jit
def generation_threads(
    hours: Hours,
    export: float,
    cost: FloatArray,
    available: FloatArray,
    permit: FloatArray,
    ai: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
    wanted: FloatArray,
    gain: FloatArray,
    floats: FloatArray,
) -> None:
    """Do what `generation_kernel` does; scratch has one row a thread."""
    scenarios, me = gain.shape[0], cuda.grid(1)
    if me >= floats.shape[0]:
        return
    for i in range(me, gain.size, floats.shape[0]):
        s, m = i % scenarios, i // scenarios
        if wanted[s, m] != 0.0:
            gain[s, m] = generation_month(
                hours, export, cost, available, permit, ai, strike, capacity, s, m, floats[me]
            )


@cuda.jit
def response_threads(
    hours: Hours,
    open_hours: FloatArray,
    cap: float,
    paid: float,
    standing: FloatArray,
    most: FloatArray,
    ai: FloatArray,
    strike: FloatArray,
    capacity: FloatArray,
    wanted: FloatArray,
    gain: FloatArray,
    earned: FloatArray,
) -> None:
    """Do what `response_kernel` does; scratch has one row a thread."""
    scenarios, me = gain.shape[0], cuda.grid(1)
    if me >= earned.shape[0]:
        return
    for i in range(me, gain.size, earned.shape[0]):
        s, m = i % scenarios, i // scenarios
        if wanted[s, m] != 0.0:
            gain[s, m] = response_month(
                hours, open_hours, cap, paid, standing, most, ai, strike, capacity, s, m, earned[me]
            )


def _rows(threads: int, size: int, kind: str = "float64") -> Any:
    # Element i of all threads lies together: threads of a warp walk their hours in step.
    return cuda.device_array((threads, size), dtype=kind, order="F")


def _fill(kernel: Any, given: tuple[Any, ...], gain: FloatArray, scratch: tuple[Any, ...]) -> None:
    """Run a kernel whose last arguments are `gain`, to be filled, and scratch."""
    filled = cuda.to_device(gain)
    start(kernel, scratch[0].shape[0], *on_device(given), filled, *scratch)
    filled.copy_to_host(gain)


def _battery(*given: Any) -> None:
    """Take the arguments of `battery_kernel` and do what it does."""
    *first, gain = given
    hours, classes = int(first[0].hours.max()), first[6].shape[2]
    floats, ints = float_room(hours, classes), int_room(hours, classes)
    with device_alone():
        threads = threads_for(gain.size, scratch_bytes=_BYTES * (floats + ints))
        scratch = (_rows(threads, floats), _rows(threads, ints, "int64"))
        _fill(battery_threads, tuple(first), gain, scratch)


def _with_months(kernel: Any, count: int) -> Callable[..., None]:
    """Return a kernel whose scratch is `count` months of hours, called as the processor's is."""

    def run(*given: Any) -> None:
        *first, gain = given
        hours = count * int(first[0].hours.max())
        with device_alone():
            threads = threads_for(gain.size, scratch_bytes=_BYTES * hours)
            _fill(kernel, tuple(first), gain, (_rows(threads, hours),))

    return run


#: What fills the gain of each term, called as the processor's kernels are.
ON_GPU: dict[str, Callable[..., None]] = {
    "battery": _battery,
    "generation": _with_months(generation_threads, 2),
    "response": _with_months(response_threads, 1),
}
