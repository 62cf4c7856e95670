"""A merged scenario as one YAML text that loads by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from rerack.scenario.nodes import Mapping, Node, Scalar, Sequence
from rerack.scenario.places import YamlPath
from rerack.scenario.scalars import resolve

#: Keys that name a file of power data; a scenario has one of them at most.
_POWER_FILES: tuple[YamlPath, ...] = (
    ("market", "power", "file"),
    ("market", "power", "parameters"),
)


class _Dumper(yaml.SafeDumper):
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
        node: Node = tree
        for key in (*path, "value"):
            if isinstance(node, Mapping) and key in node.entries:
                node = node.entries[key].node
        if isinstance(node, Scalar) and isinstance(node.value, str):
            folder = Path() if node.place.line == 0 else Path(node.place.file).parent
            return path, folder / node.value
    return None


def _data(node: Node, path: YamlPath) -> Any:
    if isinstance(node, Mapping):
        return {key: _data(e.node, (*path, key)) for key, e in node.entries.items()}
    if isinstance(node, Sequence):
        return [_data(item, (*path, i)) for i, item in enumerate(node.items)]
    if path[:3] in _POWER_FILES and path[3:] in ((), ("value",)) and isinstance(node.value, str):
        folder = Path() if node.place.line == 0 else Path(node.place.file).parent
        return str((folder / node.value).resolve())
    return node.value
