"""Long lists a page at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rerack.study.store import Table
from rerack.web.endpoint import Query
from rerack.web.models import TablePage

PAGE = Query(name="page", about="Page, from 1.", kind="integer", low=1, high=1_000_000, default=1)
PER_PAGE = Query(
    name="per_page", about="Rows a page.", kind="integer", low=1, high=1_000, default=100
)


def bounds(values: Mapping[str, Any]) -> slice:
    """Return the rows of the page that was asked for."""
    first = (values["page"] - 1) * values["per_page"]
    return slice(first, first + values["per_page"])


def table_page(name: str, table: Table, values: Mapping[str, Any]) -> TablePage:
    """Return a page of a table; numbers that are none or infinite are null."""
    total = len(next(iter(table.values()))) if table else 0
    part = bounds(values)
    columns = [column[part].tolist() for column in table.values()]
    rows = [[_plain(cell) for cell in row] for row in zip(*columns, strict=True)]
    return TablePage(
        name=name,
        columns=list(table),
        rows=rows,
        total=total,
        page=values["page"],
        per_page=values["per_page"],
    )


def _plain(cell: Any) -> Any:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
