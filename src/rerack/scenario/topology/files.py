"""Which words name a topology file rather than a preset."""

from __future__ import annotations

from pathlib import PurePath

_SUFFIXES = (".yaml", ".yml")


def names_file(word: str) -> bool:
    """Tell whether a word names a YAML file; presets have no such ending.

    Examples
    --------
    >>> names_file("halls/seven.yaml"), names_file("tier-3")
    (True, False)
    """
    return PurePath(word).suffix.lower() in _SUFFIXES
