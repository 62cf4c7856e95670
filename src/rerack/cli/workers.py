"""Options that say where the work of a study is done: threads, a cluster, a budget of memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rerack.study.work import BlockWorkers

Command = TypeVar("Command", bound=Callable[..., Any])


#: Refused at once when out of range, before a run folder is begun.
threads_option = click.option(
    "--threads",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help="Worker threads.",
)


def worker_options(command: Command) -> Command:
    """Add ``--threads``, ``--cluster`` and ``--memory`` to a command."""
    for option in (
        click.option("--memory", metavar="SIZE", help="Memory to stay within, such as 2GB."),
        click.option(
            "--cluster",
            metavar="local:N|tcp://HOST:PORT",
            help="Work on a Dask cluster: N processes here, or a scheduler.",
        ),
        threads_option,
    ):
        command = option(command)
    return command


@contextmanager
def block_workers(
    *, threads: int, cluster: str | None, memory: str | None
) -> Iterator[BlockWorkers]:
    """Yield whoever works out blocks of scenarios, as the options ask.

    Parameters
    ----------
    threads : int
        Threads of this process, where there is no cluster.
    cluster : str or None
        As `rerack.study.cluster.open_cluster` takes it.
    memory : str or None
        As `rerack.study.memory.parse_memory` takes it.
    """
    from rerack.study.memory import parse_memory
    from rerack.study.work import ThreadWorkers

    memory_bytes = None if memory is None else parse_memory(memory)
    if cluster is None:
        yield ThreadWorkers(threads=threads, memory_bytes=memory_bytes)
        return
    from rerack.study.cluster import open_cluster
    from rerack.study.cluster_blocks import ClusterWorkers

    with open_cluster(cluster, memory_bytes=memory_bytes) as found:
        yield ClusterWorkers(cluster=found)
