"""The kinds of file that rerack reads, told apart by the one key that no other kind has."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from rerack.base.errors import Problem, ScenarioError
from rerack.scenario.nodes import Mapping


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """One kind of file.

    Parameters
    ----------
    name : str
        As people call it, "a site file".
    key : str
        Key at the root that every file of this kind has, and no other kind.
    command : str
        Command that works it out.
    """

    name: str
    key: str
    command: str


SITE = FileKind(name="a site file", key="site", command="run")
NETWORK = FileKind(name="a network file", key="world", command="network")
SECURITY = FileKind(name="a security file", key="worlds", command="security")
RESERVES = FileKind(name="a reserves file", key="miners", command="reserves")
TOPOLOGY = FileKind(name="a topology file", key="topology", command="reliability")
PORTFOLIO = FileKind(name="a portfolio file", key="companies", command="portfolio")
COMPANY = FileKind(name="a company file", key="sites", command="company")

KINDS = (SITE, NETWORK, SECURITY, RESERVES, TOPOLOGY, PORTFOLIO, COMPANY)


def kind_of(tree: Mapping) -> FileKind | None:
    """Return the kind of a file, or None where no key, or more than one, tells it.

    Parameters
    ----------
    tree : Mapping
        The file, read.
    """
    found = [kind for kind in KINDS if kind.key in tree.entries]
    return found[0] if len(found) == 1 else None


def require_kind(tree: Mapping, wanted: FileKind, file: str) -> None:
    """Raise if the file is clearly of another kind: one message instead of one for every key.

    Parameters
    ----------
    tree : Mapping
        The file, read.
    wanted : FileKind
        Kind that the command takes.
    file : str
        File as the user named it.

    Raises
    ------
    ScenarioError
        The file has the key of another kind and not that of the wanted one.
    """
    found = kind_of(tree)
    if found is None or found is wanted:
        return
    place = tree.entries[found.key].key_place
    raise ScenarioError(
        Problem(
            where=place.where((found.key,)),
            given=found.name,
            allowed=f"{wanted.name}, which has the key {wanted.key!r}",
            cure=f"Use `rerack {found.command} {shlex.quote(file)}`, or give another file.",
            excerpt=place.excerpt,
        )
    )
