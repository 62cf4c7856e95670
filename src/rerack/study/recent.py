"""A few things that were made last, kept so that asking again costs nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Recent(Generic[Key, Made]):
    """What was asked for last, by key; safe to use from several threads.

    Parameters
    ----------
    most : int
        How many are kept; the one asked for longest ago goes first.

    Examples
    --------
    >>> recent: Recent[str, int] = Recent(2)
    >>> for word in ("one", "three", "seventeen"):
    ...     recent.keep(word, len(word))
    >>> recent.get("one"), recent.get("three")
    (None, 5)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Key, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Made | None:
        """Return what is kept under a key; None for nothing."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
            return self._made.get(key)

    def keep(self, key: Key, made: Made) -> None:
        """Keep something under a key."""
        with self._lock:
            self._made[key] = made
            self._made.move_to_end(key)
            if len(self._made) > self._most:
                self._made.popitem(last=False)
