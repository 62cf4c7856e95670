"""What an unquoted scalar means: number, true, false, or the text itself."""

from __future__ import annotations

import math
import re

from rerack.scenario.nodes import Atom

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")


def resolve(text: str) -> Atom:
    """Return what an unquoted scalar stands for.

    Parameters
    ----------
    text : str
        The scalar as written.

    Returns
    -------
    str, int, float or bool
        A number or truth value only where the text is one beyond doubt.

    Notes
    -----
    YAML 1.1 turns ``no`` into False, ``12:30`` into 750, ``2026-01-01`` into a date, ``0o17`` and
    ``017`` into 15 and leaves ``1e6`` a text. None of that happens here.

    Examples
    --------
    >>> [resolve(t) for t in ("no", "12:30", "2026-01-01", "1_000", "017", "1e6", "true")]
    ['no', '12:30', '2026-01-01', '1_000', '017', 1000000.0, True]
    """
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.match(text):
        return int(text)
    if _FLOAT.match(text) and not _LEADING_ZERO.match(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
