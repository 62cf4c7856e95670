"""The interface and the bodies of pages: made in a thread, while heads and files are served."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor, Future
from threading import Lock
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from rerack.web.server import Server

if TYPE_CHECKING:
    from rerack.web.inner import Inner


class LaterInterface:
    """An ASGI application that waits until it is made.

    Parameters
    ----------
    server : Server
        What is served.
    thread : Executor
        Where it is made.
    """

    def __init__(self, server: Server, thread: Executor) -> None:
        self._server, self._thread, self._lock = server, thread, Lock()
        self._begun: Future[Inner] | None = None

    def begin(self) -> Future[Inner]:
        """Begin, if that has not been done, and return what will be the interface."""
        with self._lock:
            if self._begun is None:
                self._begun = self._thread.submit(self._make)
            return self._begun

    async def body(self, name: str) -> str:
        """Return the body of a page."""
        inner = await self._inner()
        await self._server.preparing.wait()
        return inner.body(name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        inner = await self._inner()
        await inner.app(scope, receive, send)

    async def _inner(self) -> Inner:
        return await asyncio.shield(asyncio.wrap_future(self.begin()))

    def _make(self) -> Inner:
        # Imported here: all that answers from a study takes as long to import as a page to load.
        from rerack.web.inner import inner_of

        return inner_of(self._server)
