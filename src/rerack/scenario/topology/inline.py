"""Topologies written into the offers of a site file: the keys of a topology file, one level in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rerack.scenario.errors import Index
from rerack.scenario.nodes import Mapping
from rerack.scenario.places import YamlPath
from rerack.scenario.problems import Finding
from rerack.scenario.topology.rules import rule_findings


def inline_findings(index: Index) -> Iterator[Finding]:
    """Yield what is wrong with the references of every topology written into an offer.

    Parameters
    ----------
    index : Index
        Places and plain data of a site file, which need not be valid.
    """
    data = index.data if isinstance(index.data, dict) else {}
    offers = data.get("offers")
    for name in offers if isinstance(offers, dict) else ():
        path = ("offers", name, "topology")
        if path in index and isinstance(index.node(path), Mapping):
            yield from at_path(path, rule_findings(part_of(index, path)))


def part_of(index: Index, path: YamlPath) -> Index:
    """Return places and values below `path`, where a map stands, as those of a file of its own."""
    node = index.node(path)
    assert isinstance(node, Mapping)
    return Index(node)


def at_path(path: YamlPath, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings of a part of a file as findings of the whole."""
    for found in findings:
        yield replace(found, path=(*path, *found.path))
