"""Panels one at a time in a thread of their own: kept, shared, and left once nobody waits."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from starlette.requests import Request

from rerack.web.models import Panel
from rerack.web.panel import Step, StoppedError

#: Panels that are kept, and those that may wait or be under way.
_KEPT, MOST_WAITING = 48, 64
#: Time between looks at whether the asker is still there [s].
_LOOK_S = 0.2


class PanelsFullError(Exception):
    """As many panels as are allowed wait already."""


class _Task:
    """One panel under way and how many wait for it."""

    def __init__(self, future: asyncio.Future[Panel], stop: Event) -> None:
        self.future = future
        self.stop = stop
        self.waiting = 0


class PanelWork:
    """What works panels out.

    Notes
    -----
    One thread: kernels use both cores as it is, and live answers have threads of their own. Equal
    questions share one answer. A panel that nobody waits for any more is left at its next step.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Panel] = OrderedDict()
        self._tasks: dict[Hashable, _Task] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rerack-panel")

    async def answer(
        self, key: Hashable, make: Callable[[Step], Panel], request: Request
    ) -> Panel | None:
        """Return a panel, or None where the asker has gone.

        Parameters
        ----------
        key : hashable
            What is asked.
        make : callable
            Works it out; told its steps.
        request : Request
            Who asks.

        Raises
        ------
        PanelsFullError
            Too many wait.
        """
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        task = self._tasks.get(key)
        if task is None or task.stop.is_set():
            task = self._start(key, make)
        task.waiting += 1
        try:
            while not task.future.done():
                await asyncio.wait({task.future}, timeout=_LOOK_S)
                if not task.future.done() and await request.is_disconnected():
                    return None
            return task.future.result()
        finally:
            task.waiting -= 1
            if task.waiting == 0 and not task.future.done():
                task.stop.set()
                task.future.cancel()

    def close(self) -> None:
        """Leave all work."""
        for task in self._tasks.values():
            task.stop.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _start(self, key: Hashable, make: Callable[[Step], Panel]) -> _Task:
        if sum(not t.future.done() for t in self._tasks.values()) >= MOST_WAITING:
            raise PanelsFullError
        stop = Event()

        def step(_doing: str) -> None:
            if stop.is_set():
                raise StoppedError

        def work() -> Panel:
            step("starting")
            return make(step)

        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        task = _Task(future, stop)
        self._tasks[key] = task
        future.add_done_callback(lambda done: self._done(key, task, done))
        return task

    def _done(self, key: Hashable, task: _Task, done: asyncio.Future[Panel]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
        if done.cancelled() or done.exception() is not None:
            return
        self._kept[key] = done.result()
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
