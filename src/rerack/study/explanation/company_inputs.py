"""Inputs of a company as leaves, each with the row of the catalogue that it names."""

from __future__ import annotations

from rerack.study.explanation.node import Node
from rerack.study.run import Run, rows_of
from rerack.study.store import Table


def company_inputs(run: Run, company: str, *prefixes: str) -> tuple[Node, ...]:
    """Return a leaf for every input of a company at a prefix or under it.

    Parameters
    ----------
    run : Run
        A valuation of companies.
    company : str
        Whose inputs.
    *prefixes : str
        Paths, such as ``sites.Corsicana``.
    """
    facts = rows_of(run.table("facts"), company=company) if "facts" in run.names() else None
    return tuple(
        Node(
            label=one["path"],
            value=one["value"],
            source=_source(one),
            children=() if facts is None else _facts(facts, one["path"]),
        )
        for one in _rows(rows_of(run.table("inputs"), company=company))
        if _under(one["path"], prefixes)
    )


def market_inputs(run: Run, *prefixes: str) -> tuple[Node, ...]:
    """Return a leaf for every input of the market file at a prefix or under it.

    Parameters
    ----------
    run : Run
        A valuation of companies.
    *prefixes : str
        Paths, such as ``market.bitcoin``.
    """
    return tuple(
        Node(label=f"market: {one['path']}", value=one["value"], source=_source(one))
        for one in _rows(run.table("market_inputs"))
        if _under(one["path"], prefixes)
    )


def _facts(facts: Table, path: str) -> tuple[Node, ...]:
    """Return the rows of the catalogue that an input names."""
    return tuple(
        Node(
            label=f"catalogue {one['table']}: {one['row']}",
            value=one["value"],
            formula=one["note"],
            source=f"{one['source']}, {one['as_of']} [{one['status']}]",
        )
        for one in _rows(rows_of(facts, path=path))
    )


def _rows(table: Table) -> list[dict[str, str]]:
    columns = {name: [str(cell) for cell in values] for name, values in table.items()}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _under(path: str, prefixes: tuple[str, ...]) -> bool:
    return any(path == p or path.startswith(f"{p}.") for p in prefixes)


def _source(one: dict[str, str]) -> str:
    dated = f", {one['as_of']}" if one["as_of"] else ""
    place = f" ({one['where']})" if one["where"] else ""
    return f"{one['source']}{dated} [{one['status']}]{place}"
