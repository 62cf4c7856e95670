"""What pydantic refuses, said in rerack's words and at the place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rerack.scenario.nodes import Mapping, Node, Scalar, plain, walk
from rerack.scenario.places import Place, YamlPath
from rerack.scenario.problems import Finding, nearest, shorten
from rerack.scenario.quantities import RULE_ERROR
from rerack.scenario.schema import ScenarioFile
from rerack.scenario.schema.base import Section
from rerack.scenario.schema.walk import field_at, section_at


class Index:
    """Places and values of a tree by path.

    Parameters
    ----------
    tree : Mapping
        Tree without wrappers.
    """

    def __init__(self, tree: Mapping) -> None:
        self.data: Any = plain(tree)
        self._nodes: dict[YamlPath, tuple[Place, Node]] = {
            path: (place, node) for path, place, node in walk(tree)
        }

    def __contains__(self, path: YamlPath) -> bool:
        return path in self._nodes

    def node(self, path: YamlPath) -> Node:
        """Return the node at `path`."""
        return self._nodes[path][1]

    def key_place(self, path: YamlPath) -> Place:
        """Return the place of the key at `path`, or of the nearest key above it."""
        while path and path not in self._nodes:
            path = path[:-1]
        return self._nodes[path][0]

    def value_place(self, path: YamlPath) -> Place:
        """Return the place of a single value, or of the key of a map or list."""
        if path in self._nodes and isinstance(self._nodes[path][1], Scalar):
            return self._nodes[path][1].place
        return self.key_place(path)

    def finding(
        self, path: YamlPath, given: str, allowed: str, cure: str, *, at_key: bool = False
    ) -> Finding:
        """Return a problem of the value at `path`, or of its key; a map's is always of its key."""
        place = self.key_place(path) if at_key else self.value_place(path)
        return Finding(place=place, path=path, given=given, allowed=allowed, cure=cure)

    def text(self, path: YamlPath) -> str:
        """Return what was written at `path`, for messages."""
        if path not in self._nodes:
            return "nothing"
        node = self._nodes[path][1]
        if isinstance(node, Scalar):
            return repr(shorten(node.text))
        return "a map" if isinstance(node, Mapping) else "a list"

    def empty(self) -> Iterator[Finding]:
        """Yield a finding for every key that has nothing after its colon."""
        for path, (_, node) in self._nodes.items():
            if isinstance(node, Scalar) and node.value is None:
                yield self.finding(
                    path,
                    "nothing after the colon",
                    "a value",
                    "Write a value or remove the line.",
                    at_key=True,
                )


def findings_of(
    error: ValidationError, index: Index, root: type[Section] = ScenarioFile
) -> list[Finding]:
    """Return the findings of a validation error of the whole file, whose class is `root`."""
    findings = [_finding(detail, index, root) for detail in error.errors(include_url=False)]
    blank = {f.path for f in index.empty()}
    return [f for f in findings if f.path not in blank]


def _finding(detail: ErrorDetails, index: Index, root: type[Section]) -> Finding:
    path = data_path(detail["loc"], index.data)
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, index, root)
    if kind == "missing":
        return _missing_key(path, index, root)
    context = detail.get("ctx", {})
    if kind == "union_tag_not_found":
        return _missing_key((*path, _discriminator(context)), index, root)
    if kind == "union_tag_invalid":
        path = (*path, _discriminator(context))
        return _choice(path, index, _quoted(context["expected_tags"]))
    if kind == "literal_error":
        return _choice(path, index, _quoted(context["expected"]))
    is_key = detail["loc"][-1] == "[key]"
    given = repr(shorten(str(path[-1]))) if is_key else index.text(path)
    if kind == RULE_ERROR:
        allowed, cure = str(context["allowed"]), str(context["cure"])
    else:
        allowed, cure = _SHAPES.get(kind, (detail["msg"], "Correct the value."))
    return index.finding(path, given, allowed, cure, at_key=is_key)


#: Refusals of shape, which pydantic makes itself.
_MAP = ("a map of keys, one a line, indented", "Write the keys below it.")
_SHAPES = {
    "model_type": _MAP,
    "model_attributes_type": _MAP,
    "dict_type": _MAP,
    "word_or_map": ("a name, or a map of keys", "Write one of the two."),
    "list_type": ("a list such as [B, C]", "Put it in square brackets."),
    "too_short": ("at least one entry", "Add one, or remove the key."),
}


def data_path(loc: tuple[int | str, ...], data: Any) -> YamlPath:
    """Return the path in the file of a pydantic location, without the tags of alternatives."""
    path: list[int | str] = []
    for position, step in enumerate(loc):
        inside = isinstance(data, dict) and step in data
        listed = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if inside or listed:
            data = data[step]
            path.append(step)
        elif position == len(loc) - 1 and not str(step).startswith("["):
            path.append(step)
    return tuple(path)


def _unknown_key(path: YamlPath, index: Index, root: type[Section]) -> Finding:
    owner = section_at(root, path[:-1], index.data)
    keys = list(owner.model_fields) if owner else []
    return index.finding(
        path,
        f"unknown key {shorten(str(path[-1]))!r}",
        f"the keys {', '.join(keys)}",
        nearest(str(path[-1]), keys),
        at_key=True,
    )


def _missing_key(path: YamlPath, index: Index, root: type[Section]) -> Finding:
    field = field_at(root, path, index.data)
    what = f" ({field.description.rstrip('.')})" if field and field.description else ""
    return Finding(
        place=index.key_place(path[:-1]),
        path=path,
        given="nothing",
        allowed=f"the key {path[-1]!r}{what}",
        cure=f"Add {path[-1]!r} here.",
    )


def _choice(path: YamlPath, index: Index, options: list[str]) -> Finding:
    written = index.text(path)
    return index.finding(path, written, " or ".join(options), nearest(written.strip("'"), options))


def _discriminator(context: dict[str, Any]) -> str:
    return str(context["discriminator"]).strip("'")


def _quoted(text: Any) -> list[str]:
    """Return the names between quotes in pydantic's listing ``'a', 'b' or 'c'``."""
    return str(text).split("'")[1::2]
