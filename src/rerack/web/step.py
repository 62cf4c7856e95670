"""How long work says what it does, and is told to stop."""

from __future__ import annotations

from collections.abc import Callable

#: Says what is being done; raises `StoppedError` once nobody waits for the answer any more.
Step = Callable[[str], None]


class StoppedError(Exception):
    """Nobody waits for the answer any more."""
