"""A merged scenario as one YAML text that loads by itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeDumper as SafeDumper
except ImportError:  # PyYAML built without libyaml: the same text, five times slower
    from yaml import SafeDumper  # type: ignore[assignment]

from rerack.scenario.live_series import PREFIX, cached_file
from rerack.scenario.nodes import Mapping, Node, Scalar, Sequence, walk
from rerack.scenario.places import YamlPath
from rerack.scenario.scalars import resolve
from rerack.scenario.topology.files import names_file

#: Keys that name a file of power data; a scenario has one of them at most.
_POWER_FILES: tuple[YamlPath, ...] = (
    ("market", "power", "file"),
    ("market", "power", "parameters"),
)
#: Key that names a world of cohorts: a month of the catalogue, or a file.
WORLD_FILE: YamlPath = ("market", "network", "world")
_MONTH = re.compile(r"\d{4}-\d{2}")


class _Dumper(SafeDumper):
    """Quotes every text that this package would read as a number."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None if isinstance(resolve(text), str) and text else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def render(tree: Mapping) -> str:
    """Return the YAML text of a merged tree: provenance kept, power files named in full.

    Notes
    -----
    Loading the text gives the same scenario; comments and places are not kept.
    """
    text: str = yaml.dump(
        _data(tree, ()), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return text


def power_file_of(tree: Mapping) -> tuple[YamlPath, Path] | None:
    """Return (key, file) of the power data of a tree, relative to the file that names it."""
    for path in _POWER_FILES:
        file = _file_at(tree, path)
        if file is not None:
            return path, file
    return None


def world_file_of(tree: Mapping) -> Path | None:
    """Return the network file of a tree, relative to the file that names it; None for a preset."""
    return _file_at(tree, WORLD_FILE)


def _file_at(tree: Mapping, path: YamlPath) -> Path | None:
    node: Node = tree
    for key in (*path, "value"):
        if isinstance(node, Mapping) and key in node.entries:
            node = node.entries[key].node
    return _located(node) if isinstance(node, Scalar) else None


def hour_files_of(tree: Mapping) -> tuple[Path, ...]:
    """Return files of weather and output of a tree, each relative to the file that names it."""
    found = (
        _located(node)
        for path, _, node in walk(tree)
        if _is_hours(path) and isinstance(node, Scalar)
    )
    return tuple(file for file in found if file is not None)


def _is_hours(path: YamlPath) -> bool:
    key = path[:-1] if path[-1:] == ("value",) else path
    is_output = key[:2] == ("site", "generation") and key[3:] == ("profile",)
    return is_output or key[-2:] == ("cooling", "weather")


def _is_file(path: YamlPath, word: object) -> bool:
    """Return whether the value `word` at `path` names a file."""
    fixed = path[:3] in (*_POWER_FILES, WORLD_FILE) and path[3:] in ((), ("value",))
    return fixed or _is_hours(path) or (_is_topology(path) and names_file(str(word)))


def _is_topology(path: YamlPath) -> bool:
    whole = path[:-1] if path[-1:] == ("value",) else path
    return len(whole) == 3 and whole[0] == "offers" and whole[2] == "topology"


def _located(node: Scalar) -> Path | None:
    """Return the file that a value names, or None where it names none: a month is no file."""
    if not isinstance(node.value, str) or _MONTH.fullmatch(node.value):
        return None
    if node.value.startswith(PREFIX):
        return cached_file(node.value)
    folder = Path() if node.place.line == 0 else Path(node.place.file).parent
    return folder / node.value


def _data(node: Node, path: YamlPath) -> Any:
    if isinstance(node, Mapping):
        return {key: _data(e.node, (*path, key)) for key, e in node.entries.items()}
    if isinstance(node, Sequence):
        return [_data(item, (*path, i)) for i, item in enumerate(node.items)]
    if _is_file(path, node.value):
        file = _located(node)
        return node.value if file is None else str(file.resolve())
    return node.value
