"""YAML text to a tree with places; limits hold before anything grows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from rerack.base.errors import ScenarioError
from rerack.scenario.nodes import Entry, Mapping, Node, Scalar, Sequence
from rerack.scenario.places import Place
from rerack.scenario.problems import Finding, shorten
from rerack.scenario.scalars import resolve
from rerack.scenario.source import Source

#: Values after aliases are expanded; a large real scenario has some thousand.
MAX_NODES = 50_000
#: Maps within maps; the schema is six deep.
MAX_DEPTH = 40

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(source: Source) -> tuple[Mapping, tuple[Finding, ...]]:
    """Return the tree of a YAML text and the problems that do not stop reading.

    Parameters
    ----------
    source : Source
        Text and its name.

    Returns
    -------
    tree : Mapping
        Root map.
    findings : tuple of Finding
        Repeated keys and keys that are not text; of repeated keys the first is kept.

    Raises
    ------
    ScenarioError
        Not YAML, more than one document, a tag, too deep, too large, not a map.

    Notes
    -----
    The tree is built from parser events without recursion, so that hostile nesting cannot exhaust
    the stack, and the size with aliases expanded is known at each step, so that an alias bomb is
    refused before it is built. PyYAML: https://pyyaml.org/wiki/PyYAMLDocumentation, section
    *Events*.
    """
    node, findings = read_node(source)
    if not isinstance(node, Mapping):
        place = node.place if node is not None else source.place(0, 0)
        given = "an empty file" if node is None else f"a {_kind(node)}"
        _stop(place, given, "a map of sections", "Start from `rerack init`.")
    return node, findings


def read_node(source: Source) -> tuple[Node | None, tuple[Finding, ...]]:
    """Return the root of any kind, or None for an empty text, and what `read_yaml` returns."""
    builder = _Builder(source=source)
    try:
        for event in _events(source):
            builder.take(event)
    except yaml.YAMLError as error:
        _stop(*_syntax(error, source))
    return builder.root, tuple(builder.findings)


def _events(source: Source) -> Iterator[yaml.Event]:
    events: Iterator[yaml.Event] = yaml.parse(source.text, Loader=_LOADER)
    return events


@dataclass(kw_only=True)
class _Open:
    """A map or list whose end has not been seen."""

    place: Place
    is_map: bool
    anchor: str | None
    entries: dict[str, Entry] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    key: Scalar | None = None
    size: int = 1
    depth: int = 1


@dataclass(kw_only=True)
class _Builder:
    """Turns events into nodes, innermost open collection last."""

    source: Source
    root: Node | None = None
    findings: list[Finding] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[Node, int, int] | None] = field(default_factory=dict)
    _documents: int = 0

    def take(self, event: yaml.Event) -> None:
        """Advance by one event."""
        if isinstance(event, yaml.ScalarEvent):
            self._tagless(event)
            self._add(self._scalar(event), size=1, depth=1, anchor=event.anchor)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                _stop(
                    self._place(event),
                    "a second document",
                    "one document a file",
                    "Remove the line with --- or split the file.",
                )

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None, "the parser marks every event"
        return self.source.place(mark.line, mark.column)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        text: str = event.value
        if any("\ud800" <= c <= "\udfff" for c in text if c > "\ud7ff"):
            _stop(self._place(event), "half of a character pair", "Unicode text", "Remove it.")
        if event.style:
            return Scalar(text=text, value=text, place=self._place(event))
        value = resolve(text) if text else None
        return Scalar(text=text, value=value, place=self._place(event))

    def _tagless(self, event: yaml.NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            _stop(
                self._place(event),
                f"the tag {shorten(str(tag))}",
                "plain YAML without tags",
                "Remove the tag.",
            )

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        self._tagless(event)
        place = self._place(event)
        if len(self._stack) >= MAX_DEPTH:
            _stop(place, "deeper nesting", f"at most {MAX_DEPTH} levels", "Flatten the file.")
        if event.anchor:
            self._anchors[event.anchor] = None
        is_map = isinstance(event, yaml.MappingStartEvent)
        self._stack.append(_Open(place=place, is_map=is_map, anchor=event.anchor))

    def _close(self) -> None:
        done = self._stack.pop()
        node: Node
        if done.is_map:
            node = Mapping(entries=done.entries, place=done.place)
        else:
            node = Sequence(items=tuple(done.items), place=done.place)
        self._add(node, size=done.size, depth=done.depth, anchor=done.anchor)

    def _alias(self, event: yaml.AliasEvent) -> None:
        place = self._place(event)
        if event.anchor not in self._anchors:
            _stop(place, f"*{event.anchor}", "an anchor defined above", "Define it first.")
        target = self._anchors[event.anchor]
        if target is None:
            _stop(place, f"*{event.anchor}", "an anchor outside itself", "Remove the loop.")
        node, size, depth = target
        self._add(node, size=size, depth=depth, anchor=None)

    def _add(self, node: Node, *, size: int, depth: int, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = (node, size, depth)
        if not self._stack:
            self.root = node
            return
        top = self._stack[-1]
        top.size += size
        top.depth = max(top.depth, depth + 1)
        if sum(o.size for o in self._stack) > MAX_NODES:
            given = f"more than {MAX_NODES:,} values"
            _stop(node.place, given, f"at most {MAX_NODES:,}", "Shorten the file.")
        if len(self._stack) + depth > MAX_DEPTH + 1:
            _stop(node.place, "deeper nesting", f"at most {MAX_DEPTH} levels", "Flatten the file.")
        if not top.is_map:
            top.items.append(node)
        elif top.key is None:
            top.key = self._key(node)
        else:
            self._entry(top, top.key, node)
            top.key = None

    def _key(self, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            _stop(node.place, f"a {_kind(node)} as a key", "text keys", "Write a name.")
        return node

    def _entry(self, top: _Open, key: Scalar, node: Node) -> None:
        name = key.text
        if name == "<<" and isinstance(key.value, str):
            given, allowed = "the merge key <<", "plain keys"
            self._find(key, given, allowed, "Use `extends`, or write the keys out.")
        elif name in top.entries:
            first = top.entries[name].key_place
            given = f"the key {name!r} a second time"
            self._find(key, given, f"each key once (line {first.line})", "Remove one of the two.")
        else:
            top.entries[name] = Entry(key_place=key.place, node=node)

    def _find(self, key: Scalar, given: str, allowed: str, cure: str) -> None:
        self.findings.append(
            Finding(place=key.place, path=(), given=given, allowed=allowed, cure=cure)
        )


def _kind(node: Node) -> str:
    if isinstance(node, Mapping):
        return "map"
    return "list" if isinstance(node, Sequence) else "single value"


def _syntax(error: yaml.YAMLError, source: Source) -> tuple[Place, str, str, str]:
    """Return place, given, allowed and cure of what the parser refused."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    if mark is None:
        return source.place(0, 0), str(reason), "YAML text", "Remove what is not text."
    place = source.place(mark.line, mark.column)
    cure = "Check indentation, colons, quotes and brackets here and on the line above."
    if "\t" in place.source_line:
        cure = "Indent with spaces: YAML does not allow tabs."
    return place, str(reason), "well-formed YAML", cure


def _stop(place: Place, given: str, allowed: str, cure: str) -> NoReturn:
    finding = Finding(place=place, path=(), given=given, allowed=allowed, cure=cure)
    raise ScenarioError(finding.problem())
