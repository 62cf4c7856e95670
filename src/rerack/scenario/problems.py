"""Collecting problems with their places, and raising them once, in file order."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from rerack.base.errors import Problem, ScenarioError
from rerack.scenario.places import Place, YamlPath

#: More than this are counted, not shown: after a hundred nobody reads on.
_MOST_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A problem that still knows its place, so that findings can be sorted."""

    place: Place
    path: YamlPath
    given: str
    allowed: str
    cure: str

    def problem(self) -> Problem:
        """Return the problem as messages carry it."""
        return Problem(
            where=self.place.where(self.path),
            given=self.given,
            allowed=self.allowed,
            cure=self.cure,
            excerpt=self.place.excerpt,
        )


def raise_all(findings: Iterable[Finding]) -> None:
    """Raise one `ScenarioError` with every finding in file order, unless there is none."""
    ordered = sorted(dict.fromkeys(findings), key=lambda f: (*f.place.order, f.given))
    if not ordered:
        return
    problems = [f.problem() for f in ordered[:_MOST_SHOWN]]
    if len(ordered) > _MOST_SHOWN:
        problems.append(
            Problem(
                where=ordered[_MOST_SHOWN].place.where(),
                given=f"{len(ordered) - _MOST_SHOWN} more problems",
                allowed="none",
                cure="Mend those above first.",
            )
        )
    raise ScenarioError(*problems)


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a cure that proposes the nearest of `names`.

    Examples
    --------
    >>> nearest("pwoer", ["power", "rigs"])
    "Did you mean 'power'?"
    """
    known = list(names)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if not close:
        folded = {k.casefold(): k for k in known}
        close = [folded[name.casefold()]] if name.casefold() in folded else []
    return f"Did you mean {close[0]!r}?" if close else "Use one of these, or remove it."


def shorten(text: str, limit: int = 60) -> str:
    """Return `text` on one line, cut to `limit` characters.

    Examples
    --------
    >>> shorten("a" * 5, limit=3)
    'aaa…'
    """
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]}…"
