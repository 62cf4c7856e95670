"""The wrapper ``{value, source, status, as_of}``: taken off values, kept for the inputs table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rerack.catalog import STATUSES
from rerack.scenario.nodes import Entry, Mapping, Node, Scalar, Sequence
from rerack.scenario.places import YamlPath
from rerack.scenario.problems import Finding, nearest, shorten

_KEYS = ("value", "source", "status", "as_of")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z")
#: What a value written without a wrapper is worth.
PLAIN_SOURCE, PLAIN_STATUS = "stated in the scenario file", "unverified"


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a value comes from.

    Parameters
    ----------
    source : str
        Document or person.
    status : str
        One of `rerack.catalog.STATUSES`.
    as_of : str
        Date of the figure, or empty.
    """

    source: str = PLAIN_SOURCE
    status: str = PLAIN_STATUS
    as_of: str = ""


def is_wrapper(node: Node) -> bool:
    """Tell whether a map is a value with its provenance.

    Examples
    --------
    A map is one if it has the key ``value`` with a single value under it.
    """
    if not isinstance(node, Mapping) or "value" not in node.entries:
        return False
    return isinstance(node.entries["value"].node, Scalar)


def unwrap(node: Node) -> tuple[Node, dict[YamlPath, Provenance], list[Finding]]:
    """Return the tree without wrappers, the provenance by path, and what is wrong with them."""
    found: dict[YamlPath, Provenance] = {}
    findings: list[Finding] = []
    return _unwrap(node, (), found, findings), found, findings


def _unwrap(
    node: Node, path: YamlPath, found: dict[YamlPath, Provenance], findings: list[Finding]
) -> Node:
    if isinstance(node, Sequence):
        items = tuple(_unwrap(n, (*path, i), found, findings) for i, n in enumerate(node.items))
        return Sequence(items=items, place=node.place)
    if isinstance(node, Scalar):
        return node
    if is_wrapper(node):
        found[path] = _provenance(node, path, findings)
        return node.entries["value"].node
    entries = {
        key: Entry(key_place=e.key_place, node=_unwrap(e.node, (*path, key), found, findings))
        for key, e in node.entries.items()
    }
    return Mapping(entries=entries, place=node.place)


def _provenance(node: Mapping, path: YamlPath, findings: list[Finding]) -> Provenance:
    texts = {"source": PLAIN_SOURCE, "status": PLAIN_STATUS, "as_of": ""}
    for key, entry in node.entries.items():
        here = (*path, key)
        if key not in _KEYS:
            findings.append(
                Finding(
                    place=entry.key_place,
                    path=here,
                    given=f"unknown key {shorten(key)!r}",
                    allowed=f"the keys {', '.join(_KEYS)}",
                    cure=nearest(key, _KEYS),
                )
            )
        elif key == "value":
            continue
        elif not isinstance(entry.node, Scalar) or entry.node.value is None:
            findings.append(_wrong(entry, here, "a text", "Write a text."))
        else:
            texts[key] = entry.node.text
            findings.extend(_check(key, entry, here))
    return Provenance(source=texts["source"], status=texts["status"], as_of=texts["as_of"])


def _check(key: str, entry: Entry, path: YamlPath) -> list[Finding]:
    assert isinstance(entry.node, Scalar)
    text = entry.node.text
    if key == "status" and text not in STATUSES:
        return [_wrong(entry, path, ", ".join(STATUSES), nearest(text, STATUSES))]
    if key == "as_of" and not _DATE.match(text):
        allowed = "a date such as 2025-09-30, 2025-09 or 2025"
        return [_wrong(entry, path, allowed, "Write YYYY-MM-DD.")]
    return []


def _wrong(entry: Entry, path: YamlPath, allowed: str, cure: str) -> Finding:
    given = shorten(entry.node.text) if isinstance(entry.node, Scalar) else "a map or list"
    return Finding(place=entry.node.place, path=path, given=repr(given), allowed=allowed, cure=cure)
