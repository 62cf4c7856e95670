"""A finished study: its description and its tables, in memory or read from a run folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rerack.base.checks import require
from rerack.study.store import Table, read_manifest, read_table


def rows_of(table: Table, **where: object) -> Table:
    """Return the rows of a table whose columns equal `where`.

    Parameters
    ----------
    table : Table
        Columns by name.
    **where : object
        Value by column.
    """
    hit = np.ones(len(next(iter(table.values()))), dtype=bool)
    for key, value in where.items():
        hit &= table[key] == value
    return {key: values[hit] for key, values in table.items()}


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """What a study found.

    Parameters
    ----------
    meta : dict
        Name, seed, scenarios, dates, versions, input hashes and headline facts.
    tables : dict of str to Table
        Columns by table name; filled from `folder` on demand when it is given.
    folder : Path or None
        Run folder that the tables are read from.
    makers : dict of str to callable
        What makes a table that is not there yet, on demand; for runs that answer at once.
    """

    meta: dict[str, Any]
    tables: dict[str, Table] = field(default_factory=dict, repr=False)
    folder: Path | None = None
    makers: dict[str, Callable[[], Table]] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, folder: Path) -> Run:
        """Open a complete run folder; an incomplete or damaged one is refused."""
        manifest = read_manifest(folder)
        return cls(meta=manifest["meta"], folder=folder)

    def names(self) -> tuple[str, ...]:
        """Return the names of all tables."""
        if self.folder is not None:
            return tuple(sorted(read_manifest(self.folder)["tables"]))
        return tuple(sorted(self.tables.keys() | self.makers.keys()))

    def table(self, name: str) -> Table:
        """Return a table as a dict of columns (NumPy arrays of equal length)."""
        if name not in self.tables:
            known = self.names()
            require(
                name in known,
                "table",
                given=repr(name),
                allowed=", ".join(known),
                cure="Name a table of this run.",
            )
            if name in self.makers:
                self.tables[name] = self.makers[name]()
            else:
                assert self.folder is not None  # names() above came from the folder
                self.tables[name] = read_table(self.folder, name)
        return self.tables[name]

    def column(self, table: str, column: str) -> NDArray[Any]:
        """Return one column of a table."""
        return self.table(table)[column]

    def row(self, table: str, **where: object) -> dict[str, Any]:
        """Return the single row of `table` whose columns equal `where`."""
        found = rows_of(self.table(table), **where)
        count = len(next(iter(found.values())))
        require(
            count == 1,
            f"table {table}",
            given=f"{where} matches {count} rows",
            allowed="exactly one row",
        )
        return {key: values[0] for key, values in found.items()}
