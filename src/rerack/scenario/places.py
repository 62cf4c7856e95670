"""Where a value stands in its file, and how a message points at it."""

from __future__ import annotations

from dataclasses import dataclass

#: Keys from the root of a scenario down to a value; list positions are integers.
YamlPath = tuple[str | int, ...]

#: Longest excerpt shown; a longer line is cut around the caret.
_EXCERPT_WIDTH = 96


@dataclass(frozen=True, kw_only=True)
class Place:
    """A position in a source text.

    Parameters
    ----------
    file : str
        File as the user named it, or the option (``--set site.name``) that gave the value.
    line : int
        Line from 1; 0 for an option of the command line, which has no lines.
    column : int
        Column from 1.
    source_line : str
        The line itself, for the excerpt.
    """

    file: str
    line: int
    column: int
    source_line: str = ""

    def where(self, path: YamlPath = ()) -> str:
        """Return the place as messages show it.

        Examples
        --------
        >>> Place(file="a.yaml", line=3, column=9).where(("site", "name"))
        'a.yaml:3:9 (site.name)'
        """
        if self.line == 0:
            return self.file
        here = f"{self.file}:{self.line}:{self.column}"
        return f"{here} ({dotted(path)})" if path else here

    @property
    def excerpt(self) -> str:
        """The source line with a caret under the place, or empty where there is no line."""
        if not self.source_line.strip():
            return ""
        column = min(self.column - 1, len(self.source_line))
        start = max(0, column - _EXCERPT_WIDTH // 2) if column > _EXCERPT_WIDTH - 8 else 0
        shown = self.source_line[start : start + _EXCERPT_WIDTH]
        # Tabs are kept in the caret's line, so that it stands under the same character.
        lead = "".join("\t" if c == "\t" else " " for c in shown[: column - start])
        return f"    {shown}\n    {lead}^"

    @property
    def order(self) -> tuple[bool, str, int, int]:
        """Sorting key: file order, options of the command line last."""
        return (self.line == 0, self.file, self.line, self.column)


def dotted(path: YamlPath) -> str:
    """Return a path as people write it, ``site.halls.A.power``."""
    return ".".join(str(p) for p in path)
