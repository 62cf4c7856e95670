"""Blocks of scenarios on threads, combined in block order so that the count changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rerack.base.checks import require_between
from rerack.base.streams import BLOCK_PATHS

Result = TypeVar("Result")

#: Scenarios worked on at once by one thread. Fixed, so that sums are formed in the same order
#: whatever the number of threads.
BLOCK_SCENARIOS = 4 * BLOCK_PATHS


def blocks(scenarios: int) -> list[tuple[int, int]]:
    """Return (first scenario, count) of each block."""
    require_between(scenarios, 1, 10_000_000, "scenarios", cure="Ask for one scenario or more.")
    starts = range(0, scenarios, BLOCK_SCENARIOS)
    return [(start, min(BLOCK_SCENARIOS, scenarios - start)) for start in starts]


def map_blocks(
    work: Callable[[int, int], Result], scenarios: int, *, threads: int
) -> Iterator[Result]:
    """Yield ``work(first, count)`` for each block, in block order.

    Parameters
    ----------
    work : callable
        Pure function of (first scenario, count).
    scenarios : int
        Total.
    threads : int
        Worker threads; kernels release the interpreter lock.
    """
    require_between(threads, 1, 256, "threads", cure="Ask for one thread or more.")
    parts = blocks(scenarios)
    if threads == 1 or len(parts) == 1:
        for first, count in parts:
            yield work(first, count)
        return
    with ThreadPoolExecutor(max_workers=min(threads, len(parts))) as pool:
        yield from pool.map(lambda part: work(*part), parts)
