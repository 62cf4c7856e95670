"""Dates and amounts of a page that stay on one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

#: A browser would break after a hyphen or a space of these.
_WHOLE = re.compile(
    r"\d{4}-(?:\d\d(?:-\d\d)?|Q\d)"
    r"|\d{4} Q\d"
    r"|[−+-]?[\d.,]+ ± [\d.,]+ (?:bn USD|MUSD|USD)"
    r"|[−+-]?[\d.,]+ (?:%|×|bn USD|MUSD|USD|[GM]W|[ZE]H/s|J/TH|BTC|T|h|min|years?|months?)(?!\w)"
    r"|[●◐○◇✓✗←] \S+"
    r"|--[a-z]\S*"
)


def unbroken(text: object) -> Markup:
    """Return a text as HTML, escaped, its dates and amounts each within ``span.unbroken``.

    Parameters
    ----------
    text : object
        Plain text.

    Notes
    -----
    The dashboard does the same in ``words.js``. What is copied from a page stays as it was: no
    other character stands in for the hyphen or the space.

    Examples
    --------
    >>> print(unbroken("from 2026 Q3, at <35 USD>"))
    from <span class="unbroken">2026 Q3</span>, at &lt;<span class="unbroken">35 USD</span>&gt;
    """
    from markupsafe import Markup, escape

    plain, parts, start = str(text), [], 0
    for found in _WHOLE.finditer(plain):
        parts += [escape(plain[start : found.start()])]
        parts += [Markup('<span class="unbroken">{}</span>').format(found.group())]
        start = found.end()
    return Markup("").join([*parts, escape(plain[start:])])
