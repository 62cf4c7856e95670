"""What a topology file must not say, beyond the shape of its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rerack.scenario.errors import Index
from rerack.scenario.places import YamlPath
from rerack.scenario.problems import Finding, nearest, shorten


def rule_findings(index: Index) -> Iterator[Finding]:
    """Yield what is wrong with references: unknown, doubled, circular, unfed, unused.

    Parameters
    ----------
    index : Index
        Places and plain data of the file, which need not be valid.
    """
    data = index.data if isinstance(index.data, dict) else {}
    components, blocks = _map(data, "components"), _map(data, "blocks")
    top = _map(data, "topology")
    yield from _doubled(index, components, blocks)
    references = list(_references(blocks))
    known = [*components, *blocks]
    feed = top.get("fed_by")
    if isinstance(feed, str):
        references.append((("topology", "fed_by"), "", feed))
    yield from _unknown(index, references, known)
    yield from _source(index, top, components, blocks)
    cycle = _cycle(blocks, references)
    if cycle:
        yield index.finding(
            ("blocks", cycle[-1]),
            f"the cycle {' > '.join([*cycle, cycle[0]])}",
            "blocks that in the end hang on components",
            "Take one of these references out.",
        )
    elif isinstance(feed, str):
        yield from _unused(index, feed, known, references)


def _map(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _references(blocks: dict[str, Any]) -> Iterator[tuple[YamlPath, str, str]]:
    """Yield (path, block, name) of everything that a block names."""
    for block, body in blocks.items():
        if not isinstance(body, dict):
            continue
        for role in ("primary", "generator", "battery"):
            if isinstance(body.get(role), str):
                yield ("blocks", block, role), block, body[role]
        listed = body.get("of")
        for position, name in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(name, str):
                yield ("blocks", block, "of", position), block, name


def _doubled(index: Index, components: dict[str, Any], blocks: dict[str, Any]) -> Iterator[Finding]:
    for name in blocks:
        if name in components:
            yield index.finding(
                ("blocks", name),
                f"{name!r}, which is a component too",
                "one meaning for a name",
                "Rename the block.",
                at_key=True,
            )


def _unknown(
    index: Index, references: list[tuple[YamlPath, str, str]], known: list[str]
) -> Iterator[Finding]:
    for path, _, name in references:
        if name not in known:
            cure = nearest(name, known)
            yield index.finding(
                path,
                f"{shorten(name)!r}, which is not in this file",
                "the name of a component or block",
                cure if cure.startswith("Did") else "Describe it under components or blocks.",
            )


def _source(
    index: Index, top: dict[str, Any], components: dict[str, Any], blocks: dict[str, Any]
) -> Iterator[Finding]:
    """Yield unless the load hangs on exactly one thing."""
    feed, ready = top.get("fed_by"), top.get("preset")
    if feed is None and ready is None and top:
        yield index.finding(
            ("topology",),
            "a load that nothing feeds",
            "fed_by with the name of a block or component, or a preset",
            "Add `fed_by` under topology.",
        )
    if ready is not None and (feed is not None or components or blocks):
        yield index.finding(
            ("topology", "preset"),
            "a preset and blocks",
            "one of them",
            "Remove the preset, or the blocks, components and fed_by.",
        )


def _cycle(blocks: dict[str, Any], references: list[tuple[YamlPath, str, str]]) -> list[str]:
    """Return the names along a cycle, or nothing; without recursion, however deep."""
    below: dict[str, list[str]] = {name: [] for name in blocks}
    for _, block, name in references:
        if block and name in below:
            below[block].append(name)
    finished: set[str] = set()
    for start in below:
        trail, open_ends = [start], [iter(below[start])]
        while trail and start not in finished:
            name = next(open_ends[-1], "")
            if not name:
                finished.add(trail.pop())
                open_ends.pop()
            elif name in trail:
                return trail[trail.index(name) :]
            elif name not in finished:
                trail.append(name)
                open_ends.append(iter(below[name]))
    return []


def _unused(
    index: Index, feed: str, known: list[str], references: list[tuple[YamlPath, str, str]]
) -> Iterator[Finding]:
    """Yield what feeds nothing: left out in silence it would only seem to count."""
    reached, waiting = {feed}, [feed]
    while waiting:
        block = waiting.pop()
        new = {name for _, owner, name in references if owner == block} - reached
        reached |= new
        waiting.extend(new)
    for name in known:
        if name not in reached:
            path: YamlPath = ("components", name)
            path = path if path in index else ("blocks", name)
            yield index.finding(
                path,
                f"{name!r}, which feeds nothing",
                "equipment and blocks on the way to the load",
                "Name it in a block, or remove it.",
            )
