"""The blocks of a study worked out: in memory, or kept one by one in the run folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from rerack.planning import Plan
from rerack.planning.policy import FittedPlan
from rerack.study.block_codec import encode_block
from rerack.study.block_store import BlockStore
from rerack.study.executor import blocks, map_blocks, map_threads
from rerack.study.merge import Merged, merge, merge_stream
from rerack.study.simulate import Block, Prepared, run_block

#: Called with (share done, what is being done).
Progress = Callable[[float, str], None]
#: Plans ready to be evaluated.
Runnable = tuple[Plan | FittedPlan, ...]


class BlockWorkers(Protocol):
    """Whoever works blocks out."""

    def encoded(
        self, prepared: Prepared, plans: Runnable, indexes: list[int]
    ) -> Iterator[tuple[int, bytes]]:
        """Yield (index, encoded block) of each index, in any order."""


@dataclass(frozen=True, kw_only=True)
class ThreadWorkers:
    """Threads of this process.

    Parameters
    ----------
    threads : int
        How many; the result does not depend on it.
    """

    threads: int

    def encoded(
        self, prepared: Prepared, plans: Runnable, indexes: list[int]
    ) -> Iterator[tuple[int, bytes]]:
        """Yield (index, encoded block) of each index, in order."""
        parts = blocks(prepared.scenario.scenarios)

        def work(index: int) -> tuple[int, bytes]:
            return index, encode_block(run_block(prepared, plans, *parts[index]))

        yield from map_threads(work, indexes, threads=self.threads)


def merged_in_memory(
    prepared: Prepared, plans: Runnable, *, threads: int, progress: Progress
) -> Merged:
    """Return all blocks of a study merged, every driver path held in memory."""
    scenarios = prepared.scenario.scenarios
    done: list[Block] = []
    count = len(blocks(scenarios))
    work = map_blocks(
        lambda first, n: run_block(prepared, plans, first, n), scenarios, threads=threads
    )
    for block in work:
        done.append(block)
        progress(len(done) / count, f"{len(done)} of {count} blocks of scenarios")
    return merge(done)


def merged_in_folder(
    prepared: Prepared,
    plans: Runnable,
    *,
    store: BlockStore,
    workers: BlockWorkers,
    progress: Progress,
    say: Callable[[str], None],
) -> Merged:
    """Return all blocks of a study merged, each kept in the folder as soon as it is finished.

    Parameters
    ----------
    prepared : Prepared
        The study.
    plans : tuple of Plan or FittedPlan
        Its plans.
    store : BlockStore
        Where blocks are kept; those that are there already are not worked out again.
    workers : BlockWorkers
        Who works the others out.
    progress : callable
        Called with (share done, what is being done).
    say : callable
        Called with a message for every damaged block.
    """
    absent, damaged = store.missing()
    for message in damaged:
        say(message)
    count = len(blocks(store.scenarios))
    done = count - len(absent)
    if done:
        progress(done / count, f"{done} of {count} blocks of scenarios kept")
    for index, content in workers.encoded(prepared, plans, absent):
        store.keep(index, content)
        done += 1
        progress(done / count, f"{done} of {count} blocks of scenarios")
    return merge_stream(store.read(prepared.scenario.plans), store.drivers())
