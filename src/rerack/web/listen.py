"""Listening: binds the address, says where to look, and serves until it is stopped."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable

from rerack.base.errors import StoreError
from rerack.web.app import create_app
from rerack.web.settings import ServeSettings

#: Connections that may wait.
_BACKLOG = 128


def serve(settings: ServeSettings, *, ready: Callable[[str], None]) -> None:
    """Serve a study until interrupted.

    Parameters
    ----------
    settings : ServeSettings
        File, folder of runs, address and limits.
    ready : callable
        Called with the address once the server answers.

    Raises
    ------
    ScenarioError
        The file is wrong.
    StoreError
        The address cannot be had.
    """
    import uvicorn

    listener = _listener(settings)
    port = listener.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    app = create_app(settings)
    config = uvicorn.Config(
        app, log_level=logging.WARNING, access_log=False, server_header=False, timeout_keep_alive=30
    )
    tail = f"?token={settings.token}" if settings.token else ""
    ready(f"http://{host}:{port}/{tail}")
    uvicorn.Server(config).run(sockets=[listener])


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
