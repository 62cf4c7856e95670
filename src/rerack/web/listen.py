"""Listening: binds the address, says where to look, and serves until it is stopped."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

import uvicorn

from rerack.base.errors import StoreError
from rerack.web.app import app_of
from rerack.web.server import Server
from rerack.web.settings import ServeSettings
from rerack.web.step import StoppedError

if TYPE_CHECKING:
    from rerack.study.live import LiveStudy

#: Connections that may wait.
_BACKLOG = 128


def serve(settings: ServeSettings, *, ready: Callable[[str], None]) -> None:
    """Serve a study until interrupted.

    Parameters
    ----------
    settings : ServeSettings
        File, folder of runs, address and limits.
    ready : callable
        Called with the address once the file is read; who asks there at once is answered as soon
        as there is an answer.

    Raises
    ------
    ScenarioError
        The file is wrong.
    StoreError
        The address cannot be had.
    RerackError
        The study cannot be prepared: whoever asked has been told the same.
    """
    with _listener(settings) as listener:
        port = listener.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        server = Server(settings)
        tail = f"?token={settings.token}" if settings.token else ""
        ready(f"http://{host}:{port}/{tail}")
        _answer(server, listener)


def _answer(server: Server, listener: socket.socket) -> None:
    """Answer until interrupted, or until the study turns out to be one that cannot be prepared."""
    study = server.preparing.begin()
    config = uvicorn.Config(
        app_of(server),
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
    )
    answering = uvicorn.Server(config)

    def leave_if_failed(done: Future[LiveStudy]) -> None:
        answering.should_exit |= _failure(done) is not None

    study.add_done_callback(leave_if_failed)
    answering.run(sockets=[listener])
    failure = _failure(study)
    if failure is not None:
        raise failure


def _failure(study: Future[LiveStudy]) -> BaseException | None:
    """Return why a study could not be prepared; None where it could, or was not waited for."""
    if not study.done() or study.cancelled() or isinstance(study.exception(), StoppedError):
        return None
    return study.exception()


def _listener(settings: ServeSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio sends a small answer at once only on a socket whose protocol is said to be TCP; on any
    # other, its last part waits some 40 ms for the reader to confirm the first.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise StoreError(
            f"{settings.host}:{settings.port}: cannot listen there ({error.strerror}). "
            "Choose another --port; --port 0 takes a free one."
        ) from error
    listener.listen(_BACKLOG)
    return listener
