"""Work on a Dask cluster: tasks out, results in, workers lost on the way replaced."""

from __future__ import annotations

import queue
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from rerack.base.errors import ClusterError, InputError, RerackError

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Seconds to wait for a scheduler to answer, first or again.
_PATIENCE_S = 15.0
#: Tasks handed out at once, for each thread of the cluster: enough to keep it busy, few enough that
#: results waiting to be fetched fit into its memory.
_AHEAD = 3
#: Workers that may be lost over one task before it is divided, or given up.
_LOSSES = 3


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A cluster that is connected.

    Parameters
    ----------
    client : distributed.Client
        Connected to the scheduler.
    address : str
        The scheduler's address, for messages.
    """

    client: Any
    address: str

    def threads(self) -> int:
        """Return how many tasks the cluster works on at once."""
        return max(1, sum(int(n) for n in self.client.nthreads().values()))

    def results(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        divide: Callable[[Item], Sequence[Item]],
    ) -> Iterator[tuple[Item, Result]]:
        """Yield (item, ``work(item)``) as results come in, in any order.

        Parameters
        ----------
        work : callable
            Pure function, importable on the workers.
        items : sequence
            What to work on.
        divide : callable
            Returns the parts of an item over which workers were lost again and again, as happens
            when it needs more memory than they have; one part means that it cannot be divided.

        Raises
        ------
        ClusterError
            The scheduler is gone, or an item that cannot be divided has cost too many workers.

        Notes
        -----
        A task whose worker, or whose result, is lost is worked out again by Dask, on another
        worker. What has been yielded is this process's own: it survives the cluster.
        """
        waiting = deque(items)
        under_way: dict[Any, Item] = {}
        ended: queue.Queue[Any] = queue.Queue()
        try:
            while waiting or under_way:
                self._hand_out(work, waiting, under_way, ended)
                future = self._next(ended)
                item = under_way.pop(future, None)
                if item is None:
                    continue
                found = self._outcome(future, item, divide)
                future.release()
                if isinstance(found, _Divided):
                    waiting.extendleft(reversed(found.parts))
                else:
                    yield item, found
        finally:
            with suppress(Exception):
                self.client.cancel(list(under_way))

    def _hand_out(
        self, work: Any, waiting: deque[Any], under_way: dict[Any, Any], ended: queue.Queue[Any]
    ) -> None:
        try:
            while waiting and len(under_way) < _AHEAD * self.threads():
                future = self.client.submit(work, waiting[0], pure=False)
                under_way[future] = waiting.popleft()
                future.add_done_callback(ended.put)
        except Exception as error:
            # Asking the scheduler for its threads, or handing it a task, fails once it is gone.
            raise self._lost() from error

    def _next(self, ended: queue.Queue[Any]) -> Any:
        """Wait for a task to end, watching that the scheduler lives."""
        silent_s = 0.0
        while True:
            try:
                return ended.get(timeout=0.5)
            except queue.Empty:
                silent_s = 0.0 if self._answers() else silent_s + 0.5
                if silent_s >= _PATIENCE_S:
                    raise self._lost() from None

    def _answers(self) -> bool:
        return bool(self.client.status == "running" and self.client.scheduler_comm is not None)

    def _outcome(self, future: Any, item: Any, divide: Callable[[Any], Sequence[Any]]) -> Any:
        """Return a result, or the parts of an item that cost too many workers."""
        from distributed import KilledWorker

        try:
            return future.result(timeout=10 * _PATIENCE_S)
        except RerackError:
            raise
        except KilledWorker as error:
            parts = divide(item)
            if len(parts) > 1:
                return _Divided(parts)
            raise ClusterError(
                f"{self.address}: {_LOSSES + 1} workers were lost over one task: each may need "
                "more memory, or fewer threads, than it has. What is finished is kept: "
                "`rerack resume` goes on, here or on a larger cluster."
            ) from error
        except Exception as error:
            if future.status in ("cancelled", "lost") or not self._answers():
                raise self._lost() from error
            raise

    def _lost(self) -> ClusterError:
        return ClusterError(
            f"{self.address}: the scheduler does not answer any more. What is finished is kept: "
            "`rerack resume` goes on, with or without a cluster."
        )


@dataclass(frozen=True)
class _Divided:
    parts: Sequence[Any]


@contextmanager
def open_cluster(where: str, *, memory_bytes: int | None = None) -> Iterator[Cluster]:
    """Connect to a cluster, or start one on this machine.

    Parameters
    ----------
    where : str
        ``local:N`` starts N worker processes here; ``tcp://host:port`` and ``tls://host:port`` name
        a scheduler.
    memory_bytes : int or None
        Memory of all workers of ``local:N`` together; a worker that exceeds its share is restarted.

    Raises
    ------
    InputError
        `where` is neither, or the extra ``cluster`` is not installed.
    ClusterError
        No scheduler answers, or it has no workers.
    """
    local = re.fullmatch(r"local:([1-9]\d{0,3})", where)
    if local is None and re.fullmatch(r"(tcp|tls)://\S+:\d+", where) is None:
        raise InputError.of(
            "--cluster",
            given=repr(where),
            allowed="local:N, tcp://host:port or tls://host:port",
            cure="Start workers here with local:2, or name a Dask scheduler.",
        )
    try:
        import distributed
    except ImportError as error:
        raise InputError.of(
            "--cluster",
            given=where,
            allowed="a cluster where the extra `cluster` is installed",
            cure='Install it: pip install "rerack[cluster]".',
        ) from error
    _quiet()
    with ExitStack() as stack:
        address = where
        if local is not None:
            workers = int(local.group(1))
            made = distributed.LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                memory_limit="auto" if memory_bytes is None else memory_bytes // workers,
                silence_logs=50,
            )
            address = stack.enter_context(made).scheduler_address
        try:
            client = distributed.Client(  # type: ignore[no-untyped-call]
                address, timeout=_PATIENCE_S, set_as_default=False
            )
        except (OSError, TimeoutError) as error:
            raise ClusterError(
                f"{address}: no scheduler answers ({error}). Start one with `dask scheduler`, "
                "or use --cluster local:2."
            ) from error
        stack.callback(_close, client)
        _wait_for_workers(client, address)
        yield Cluster(client=client, address=address)


def _quiet() -> None:
    """Keep Dask's own log out of the command's output; what it means for a run is said here."""
    import logging

    import dask

    dask.config.set(
        {
            "distributed.scheduler.allowed-failures": _LOSSES,
            "distributed.comm.retry.count": 2,
            "distributed.comm.timeouts.connect": f"{_PATIENCE_S}s",
        }
    )
    logging.getLogger("distributed").setLevel(logging.CRITICAL)


def _wait_for_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=2 * _PATIENCE_S)
    except TimeoutError as error:
        raise ClusterError(
            f"{address}: the scheduler has no workers. Start some with `dask worker {address}`."
        ) from error


def _close(client: Any) -> None:
    with suppress(Exception):
        client.close(timeout=5)
