"""What takes longer than a move, one at a time: kept, shared, and left once nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from rerack.study.recent import Recent
from rerack.web.guard import refusal
from rerack.web.step import Step, StoppedError

Made = TypeVar("Made")

#: Answers that are kept, and those that may wait or be under way.
_KEPT, MOST_WAITING = 48, 64
#: Status that says that the asker has gone; nobody reads it.
_GONE = 499
#: Time between looks at whether the asker is still there [s].
_LOOK_S = 0.2


class _Task:
    """One answer under way and how many wait for it."""

    def __init__(self, future: asyncio.Future[Any], stop: Event) -> None:
        self.future = future
        self.stop = stop
        self.waiting = 0


class LongWork:
    """What works out panels, and answers whose rules are fitted anew.

    Notes
    -----
    One thread: kernels use both cores as it is, and live answers have threads of their own. Equal
    questions share one answer. What nobody waits for any more is left at its next step.
    """

    def __init__(self) -> None:
        self._kept: Recent[Hashable, Any] = Recent(_KEPT)
        self._tasks: dict[Hashable, _Task] = {}
        #: What is submitted to it runs before questions that are asked later.
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rerack-long")

    async def answer(
        self, key: Hashable, make: Callable[[Step], Made], request: Request
    ) -> Made | Response:
        """Return what is made, or a refusal where too many wait already.

        Parameters
        ----------
        key : hashable
            What is asked.
        make : callable
            Works it out; told its steps.
        request : Request
            Who asks; nothing is made for one who has gone.
        """
        kept: Made | None = self._kept.get(key)
        if kept is not None:
            return kept
        task = self._tasks.get(key)
        if task is None or task.stop.is_set():
            if sum(not t.future.done() for t in self._tasks.values()) >= MOST_WAITING:
                most = f"up to {MOST_WAITING} waiting"
                return refusal(429, "long work", "one more", most, "Wait for one to end.")
            task = self._start(key, make)
        task.waiting += 1
        try:
            while not task.future.done():
                await asyncio.wait({task.future}, timeout=_LOOK_S)
                if not task.future.done() and await request.is_disconnected():
                    return Response(status_code=_GONE)
            made: Made = task.future.result()
            return made
        finally:
            task.waiting -= 1
            if task.waiting == 0 and not task.future.done():
                task.stop.set()
                task.future.cancel()

    def close(self) -> None:
        """Leave all work."""
        for task in self._tasks.values():
            task.stop.set()
        self.thread.shutdown(wait=False, cancel_futures=True)

    def _start(self, key: Hashable, make: Callable[[Step], Any]) -> _Task:
        stop = Event()

        def step(_doing: str) -> None:
            if stop.is_set():
                raise StoppedError

        def work() -> Any:
            step("starting")
            return make(step)

        future = asyncio.get_running_loop().run_in_executor(self.thread, work)
        task = _Task(future, stop)
        self._tasks[key] = task
        future.add_done_callback(lambda done: self._done(key, task, done))
        return task

    def _done(self, key: Hashable, task: _Task, done: asyncio.Future[Any]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
        if done.cancelled() or done.exception() is not None:
            return
        self._kept.keep(key, done.result())
