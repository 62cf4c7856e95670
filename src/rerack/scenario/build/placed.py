"""Running domain constructors so that what they refuse is reported at its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rerack.base.errors import InputError
from rerack.scenario.errors import Index
from rerack.scenario.places import YamlPath
from rerack.scenario.problems import Finding, raise_all


class Placed:
    """Collects what domain objects refuse.

    Parameters
    ----------
    index : Index
        Places of the file.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.findings: list[Finding] = []

    def raise_any(self) -> None:
        """Raise what has been collected so far, if anything."""
        raise_all(self.findings)

    def folder(self, path: YamlPath) -> Path:
        """Return the folder of the file that has the key, from which it names other files.

        Parameters
        ----------
        path : YamlPath
            The key; one of the command line stands for the folder that the command runs in.
        """
        place = self.index.value_place(path)
        return Path() if place.line == 0 else Path(place.file).parent

    @contextmanager
    def at(self, *path: str | int) -> Iterator[None]:
        """Turn an `InputError` raised inside into findings at `path`."""
        try:
            yield
        except InputError as error:
            self.findings.extend(
                self.index.finding(
                    path,
                    _given(problem.where, problem.given, path),
                    problem.allowed,
                    problem.cure,
                )
                for problem in error.problems
            )


def _given(where: str, given: str, path: YamlPath) -> str:
    """Keep the domain's own name of the part where the path does not say it."""
    return given if path and str(path[-1]) in where else f"{given} for {where}"
