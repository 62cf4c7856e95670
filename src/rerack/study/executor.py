"""Blocks of scenarios on threads, combined in block order so that the count changes nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from rerack.base.checks import require_between
from rerack.base.streams import BLOCK_PATHS

Item = TypeVar("Item")
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
    yield from map_threads(lambda part: work(*part), blocks(scenarios), threads=threads)


def map_threads(
    work: Callable[[Item], Result], items: Sequence[Item], *, threads: int
) -> Iterator[Result]:
    """Yield ``work(item)`` for each item, in order.

    Parameters
    ----------
    work : callable
        Pure function of an item.
    items : sequence
        What to work on.
    threads : int
        Worker threads.

    Notes
    -----
    No more than twice as many results as threads are under way or waiting to be taken, so that
    memory does not grow with the number of items.
    """
    require_between(threads, 1, 256, "threads", cure="Ask for one thread or more.")
    if threads == 1 or len(items) < 2:
        for item in items:
            yield work(item)
        return
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(max_workers=min(threads, len(items))) as pool:
        try:
            for item in items:
                if len(waiting) >= 2 * threads:
                    yield waiting.popleft().result()
                waiting.append(pool.submit(work, item))
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
