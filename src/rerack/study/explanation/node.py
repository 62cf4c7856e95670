"""A figure and what it is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Node:
    """One figure of an explanation.

    Parameters
    ----------
    label : str
        What it is.
    value : float or str
        As computed, or as given for an input.
    unit : str
        Unit of the value; empty for text.
    formula : str
        How the children make the value; empty for an input.
    source : str
        Where an input comes from, with its status.
    children : tuple of Node
        What the formula uses.
    """

    label: str
    value: float | str
    unit: str = ""
    formula: str = ""
    source: str = ""
    children: tuple[Node, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "label": self.label,
            "value": self.value,
            "unit": self.unit,
            "formula": self.formula,
            "source": self.source,
            "children": [child.to_dict() for child in self.children],
        }


def render(node: Node, *, depth: int = 99) -> str:
    """Return the tree as indented text, cut below `depth`."""
    return "\n".join(_lines(node, "", "", depth))


def _lines(node: Node, lead: str, follow: str, depth: int) -> list[str]:
    text = f"{lead}{node.label}: {_value(node)}"
    out = [text]
    if node.formula:
        out.append(f"{follow}   = {node.formula}")
    if node.source:
        out.append(f"{follow}   source: {node.source}")
    if depth > 0:
        last = len(node.children) - 1
        for i, child in enumerate(node.children):
            elbow, bar = ("└─ ", "   ") if i == last else ("├─ ", "│  ")
            out += _lines(child, follow + elbow, follow + bar, depth - 1)
    return out


def _value(node: Node) -> str:
    if isinstance(node.value, str):
        return f"{node.value} {node.unit}".strip()
    if math.isnan(node.value):
        return "none"
    magnitude = abs(node.value)
    text = f"{node.value:,.2f}" if magnitude >= 1e5 else f"{node.value:.6g}"
    return f"{text} {node.unit}".strip()
