"""A parsed scenario as a tree whose every node knows its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rerack.scenario.places import Place, YamlPath

#: What a plain scalar can become.
Atom = str | int | float | bool


@dataclass(frozen=True, kw_only=True)
class Scalar:
    """One value: `text` as written, `value` as understood, None where nothing was written."""

    text: str
    value: Atom | None
    place: Place


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A key of a map with the place of the key itself."""

    key_place: Place
    node: Node


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """A map; keys are text and unique."""

    entries: dict[str, Entry]
    place: Place


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place


Node = Scalar | Mapping | Sequence


def plain(node: Node) -> object:
    """Return the tree as plain dictionaries, lists and atoms."""
    if isinstance(node, Mapping):
        return {key: plain(entry.node) for key, entry in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value


def walk(node: Node, path: YamlPath = ()) -> Iterator[tuple[YamlPath, Place, Node]]:
    """Yield (path, place of its key or item, node) for every node, parents first."""
    if not path:
        yield path, node.place, node
    if isinstance(node, Mapping):
        for key, entry in node.entries.items():
            yield (*path, key), entry.key_place, entry.node
            yield from walk(entry.node, (*path, key))
    elif isinstance(node, Sequence):
        for position, item in enumerate(node.items):
            yield (*path, position), item.place, item
            yield from walk(item, (*path, position))
