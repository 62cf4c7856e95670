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
from rerack.study.memory import give_back, held_bytes, measured, threads_within
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
    memory_bytes : int or None
        Memory that the process may use; None for no limit. It limits how many blocks are under way:
        the first is worked out alone and measured.
    """

    threads: int
    memory_bytes: int | None = None

    def encoded(
        self, prepared: Prepared, plans: Runnable, indexes: list[int]
    ) -> Iterator[tuple[int, bytes]]:
        """Yield (index, encoded block) of each index, in order."""
        parts = blocks(prepared.scenario.scenarios)

        def work(index: int) -> tuple[int, bytes]:
            return index, encode_block(run_block(prepared, plans, *parts[index]))

        if self.memory_bytes is None or not indexes:
            yield from map_threads(work, indexes, threads=self.threads)
            return
        give_back()
        before_bytes = held_bytes()
        block, added_bytes = measured(lambda: run_block(prepared, plans, *parts[indexes[0]]))
        content = encode_block(block)
        threads = threads_within(
            self.memory_bytes,
            threads=self.threads,
            # Each thread may have an encoded block waiting while it works on the next.
            block_bytes=added_bytes + len(content),
            before_bytes=before_bytes,
            kept_bytes=_kept_bytes(block, prepared.scenario.scenarios),
        )
        del block
        yield indexes[0], content
        yield from map_threads(work, indexes[1:], threads=threads)


#: Bytes a scenario and plan in the table of scenarios, text included, and while it is written.
_TABLE_BYTES = 400
#: Bytes a scenario of the driver months that are read at once, and of their quantiles.
_MONTHS_BYTES = 4 * 12 * 8


def _kept_bytes(block: Block, scenarios: int) -> int:
    """Return what is held of all scenarios when they are merged and put into tables."""
    count = block.plans[0].npv_usd.size
    arrays = [a for plan in block.plans for a in (plan.npv_usd, *plan.decisions.month.values())]
    arrays += [a for plan in block.plans for a in plan.decisions.use.values()]
    arrays += [a for judged in block.judged if judged is not None for a in vars(judged).values()]
    financing = 4 * 8 * len(block.plans)
    by_scenario = sum(a.nbytes for a in arrays) // count + financing
    table = _TABLE_BYTES * len(block.plans)
    return scenarios * (by_scenario + table + _MONTHS_BYTES)


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
    # Tables follow, on one thread: what the others have freed is not theirs to keep.
    give_back()
    parts = store.read(prepared.scenario.plans)
    return merge_stream(parts, store.drivers(), scenarios=store.scenarios)
