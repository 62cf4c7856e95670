"""The exception tree: every message says where, what was given, what is allowed, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with an input.

    Parameters
    ----------
    where : str
        Place: ``file:line:column`` and YAML path, a file and row, or a parameter name.
    given : str
        The offending value, as the user wrote it.
    allowed : str
        What would have been accepted, in one phrase.
    cure : str
        What to do now, in one sentence.
    excerpt : str
        The offending source line with a caret under it, or empty.
    """

    where: str
    given: str
    allowed: str
    cure: str
    excerpt: str = ""

    def __str__(self) -> str:
        lines = [f"{self.where}: given {self.given}; allowed: {self.allowed}. {self.cure}"]
        if self.excerpt:
            lines.append(self.excerpt)
        return "\n".join(lines)


class RerackError(Exception):
    """Root of everything that rerack raises on purpose; ``exit_code`` is the command's status."""

    exit_code = 1


class InputError(RerackError, ValueError):
    """What the user gave cannot be used; carries every problem found, not just the first.

    Examples
    --------
    >>> raise InputError.of("power_mw", given="-3", allowed="0 or more", cure="Give a capacity.")
    Traceback (most recent call last):
    rerack.base.errors.InputError: power_mw: given -3; allowed: 0 or more. Give a capacity.
    """

    exit_code = 2

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(p) for p in problems))

    @classmethod
    def of(
        cls, where: str, *, given: str, allowed: str, cure: str, excerpt: str = ""
    ) -> InputError:
        """Build the error from a single problem."""
        return cls(Problem(where=where, given=given, allowed=allowed, cure=cure, excerpt=excerpt))


class ScenarioError(InputError):
    """A scenario file is wrong; problems are in file order with line, column and caret."""


class DataError(InputError):
    """A price, catalogue or parameter file is wrong."""


class StoreError(RerackError):
    """A run folder is missing, incomplete, damaged or cannot be written."""

    exit_code = 3


class SourceError(RerackError):
    """A data source did not answer, or answered what cannot be used; nothing was kept."""

    exit_code = 5


class SolverError(RerackError):
    """A numerical method could not certify its answer; nothing is returned instead."""

    exit_code = 4


class ClusterError(RerackError):
    """A cluster does not answer, lost its scheduler, or its workers cannot do the work."""

    exit_code = 7
