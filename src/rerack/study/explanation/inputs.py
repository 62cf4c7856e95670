"""Inputs of a run as leaves of an explanation."""

from __future__ import annotations

from rerack.study.explanation.node import Node
from rerack.study.run import Run


def input_nodes(run: Run, *prefixes: str) -> tuple[Node, ...]:
    """Return a leaf for every input whose path equals a prefix or lies under it."""
    table = run.table("inputs")
    leaves = []
    for i, path in enumerate(table["path"]):
        if any(path == p or str(path).startswith(f"{p}.") for p in prefixes):
            leaves.append(
                Node(
                    label=str(path),
                    value=str(table["value"][i]),
                    source=_source(run, i),
                )
            )
    return tuple(leaves)


def _source(run: Run, row: int) -> str:
    table = run.table("inputs")
    dated = f", {table['as_of'][row]}" if table["as_of"][row] else ""
    place = f" ({table['where'][row]})" if table["where"][row] else ""
    return f"{table['source'][row]}{dated} [{table['status'][row]}]{place}"
