"""Where kernels run: on the processor, or one thread a scenario on a CUDA device.

`numba.cuda` is imported only once a device is asked for: whoever does not ask pays nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Lock
from typing import Any, Literal, TypeVar, cast, get_args

import numpy as np

from rerack.base.errors import InputError

#: The processor, whose results are the same bits everywhere; or a CUDA device.
Device = Literal["cpu", "gpu"]
DEVICES: tuple[Device, ...] = get_args(Device)

#: Threads of a block. A block is scheduled as a whole, and kernels that keep much in registers
#: cannot have larger ones.
_BLOCK_THREADS = 128
#: Share of the device's free memory that scratch may take, so that others find room too.
_SCRATCH_FRAC = 0.5
_alone = Lock()

Arguments = TypeVar("Arguments")


def device_problem() -> str:
    """Return why no CUDA device can be used here; empty if one can.

    Notes
    -----
    With ``NUMBA_ENABLE_CUDASIM=1`` and ``NUMBA_DISABLE_JIT=1`` numba's simulator stands for a
    device: it runs kernels in Python, for tests.
    """
    if find_spec("numba.cuda") is None:
        return "numba has no CUDA target (numba-cuda is not installed)"
    try:
        from numba import cuda

        if cuda.is_available():
            return ""
        broken = cuda.cuda_error()
    except Exception as error:  # a driver or library that does not fit raises what it likes
        broken = error
    if broken is None:
        return "NVIDIA's compiler library NVVM is not there, though a driver is"
    return f"there is no CUDA device ({' '.join(str(broken).split()).partition('. ')[0]})"


def require_device(device: str, where: str) -> None:
    """Refuse a device that is not known or not there.

    Parameters
    ----------
    device : str
        One of `DEVICES`.
    where : str
        Parameter or option that asked for it.

    Raises
    ------
    InputError
        Another word, or ``gpu`` where there is none, saying why.
    """
    if device not in DEVICES:
        raise InputError.of(
            where, given=repr(device), allowed=" or ".join(DEVICES), cure="Write one of them."
        )
    problem = device_problem() if device == "gpu" else ""
    if problem:
        raise InputError.of(
            where,
            given=f"gpu, but {problem}",
            allowed="gpu with an NVIDIA device, its driver and the extra `gpu`; cpu anywhere",
            cure="Install rerack[gpu] beside the driver, or take cpu.",
        )


def device_name() -> str:
    """Return the name of the device that kernels would run on."""
    from numba import cuda

    # The simulator's device has no name.
    name = getattr(cuda.current_context().device, "name", "simulator")
    return name.decode() if isinstance(name, bytes) else str(name)


@contextmanager
def device_alone() -> Iterator[None]:
    """Hold the device for one kernel and its scratch: threads of a study take turns."""
    with _alone:
        yield


def on_device(arguments: Arguments) -> Arguments:
    """Return a tuple or named tuple of arguments, its arrays copied to the device.

    Numbers stay; tuples within keep their type.
    """
    from numba import cuda

    def moved(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return cuda.to_device(np.ascontiguousarray(value))
        if isinstance(value, tuple):
            parts = [moved(part) for part in value]
            return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
        return value

    return cast("Arguments", moved(arguments))


def threads_for(work: int, *, scratch_bytes: int = 0) -> int:
    """Return how many threads to start: one an item of work, if their scratch fits.

    Parameters
    ----------
    work : int
        Items of work.
    scratch_bytes : int
        Memory that a thread needs of its own.

    Raises
    ------
    InputError
        If not even one block of threads fits.
    """
    from numba import cuda

    if scratch_bytes == 0:
        return work
    free_bytes = cuda.current_context().get_memory_info()[0]
    fit = free_bytes * _SCRATCH_FRAC / scratch_bytes
    if fit < _BLOCK_THREADS:
        raise InputError.of(
            "device",
            given=f"a device with {free_bytes / 2**20:.0f} MiB free",
            allowed=f"{_BLOCK_THREADS * scratch_bytes / _SCRATCH_FRAC / 2**20:.0f} MiB or more",
            cure="Free its memory, or take cpu.",
        )
    return int(min(work, fit))


def start(kernel: Callable[..., Any], threads: int, *arguments: Any) -> None:
    """Run a kernel on so many threads, rounded up to whole blocks, and wait for it.

    Parameters
    ----------
    kernel : callable
        Made by `numba.cuda.jit`; every thread takes items by a stride of all threads.
    threads : int
        1 or more.
    arguments
        As the kernel takes them, arrays on the device.
    """
    from numba import cuda

    blocks = -(-threads // _BLOCK_THREADS)
    # numba binds a launch by index: kernel[blocks, threads of a block].
    with warnings.catch_warnings():
        # A small study fills no device, which is no fault of the user's.
        warnings.filterwarnings("ignore", "Grid size")
        launch = cast("Any", kernel)[blocks, min(threads, _BLOCK_THREADS)]
    launch(*arguments)
    cuda.synchronize()
