"""A budget of memory: how many blocks of scenarios may be worked on at once."""

from __future__ import annotations

import ctypes
import re
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from rerack.base.errors import InputError

Result = TypeVar("Result")

#: Seconds between two looks at the memory held, while work is measured.
_LOOK_S = 0.005

_UNITS = {"MB": 10**6, "MiB": 2**20, "GB": 10**9, "GiB": 2**30, "TB": 10**12, "TiB": 2**40}


def parse_memory(text: str) -> int:
    """Return bytes of an amount of memory such as ``2GB`` or ``512 MiB``.

    Examples
    --------
    >>> parse_memory("2GB")
    2000000000
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B)\s*", text)
    if found is None or found.group(2) not in _UNITS or float(found.group(1)) == 0.0:
        raise InputError.of(
            "--memory",
            given=repr(text),
            allowed="a number and a unit: " + ", ".join(_UNITS),
            cure="Write 2GB, for example.",
        )
    return int(float(found.group(1)) * _UNITS[found.group(2)])


def peak_bytes() -> int:
    """Return the most memory that this process has held so far, as the system counts it.

    Notes
    -----
    Linux's resource usage also counts what the process held before it became this program: a
    child of a large process would begin at its parent's peak.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def held_bytes() -> int:
    """Return the memory that this process holds now; its peak where the system does not tell."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return peak_bytes()
    return int(statm.read_text().split()[1]) * resource.getpagesize()


def measured(work: Callable[[], Result]) -> tuple[Result, int]:
    """Return what `work` gives, done in a thread of its own, and the most memory that it added.

    Parameters
    ----------
    work : callable
        What is done while nothing else is.

    Notes
    -----
    A new thread, because the C library gives each its own memory to draw from: the first block on
    the main thread would find there what the preparation has freed, and seem to need little.
    """
    before_bytes = most_bytes = held_bytes()
    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(work)
        while wait([future], timeout=_LOOK_S).not_done:
            most_bytes = max(most_bytes, held_bytes())
        result = future.result()
    return result, max(most_bytes, held_bytes()) - before_bytes


def give_back() -> None:
    """Return what threads have freed to the system, where the C library can; else do nothing."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def threads_within(
    memory_bytes: int, *, threads: int, block_bytes: int, before_bytes: int, kept_bytes: int
) -> int:
    """Return how many threads a budget allows.

    Parameters
    ----------
    memory_bytes : int
        The budget.
    threads : int
        Threads wished for.
    block_bytes : int
        What working on one block adds, measured on the first.
    before_bytes : int
        What is held before any block: the process, price library and fitted policies.
    kept_bytes : int
        What is kept of all scenarios in the end.

    Raises
    ------
    InputError
        Not even one thread fits; says how much would do.

    Examples
    --------
    >>> threads_within(
    ...     10**9, threads=8, block_bytes=10**8, before_bytes=4 * 10**8, kept_bytes=10**8
    ... )
    5
    """
    fits = (memory_bytes - before_bytes - kept_bytes) // max(block_bytes, 1)
    if fits < 1:
        needed = before_bytes + kept_bytes + block_bytes
        raise InputError.of(
            "--memory",
            given=f"{memory_bytes / 1e9:.2f} GB",
            allowed=f"{needed / 1e9:.2f} GB or more for this study on one thread",
            cure="Allow more, or ask for fewer scenarios; `rerack resume --memory` goes on.",
        )
    return int(min(threads, fits))
