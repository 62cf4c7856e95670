"""Rows and catalogues: facts in memory, each with its date, source, standing and origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rerack.base.errors import InputError
from rerack.catalog.schema import Table

Cell = str | float | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One fact, or one thing with its figures.

    Parameters
    ----------
    table : Table
        Description of the table it belongs to.
    cells : mapping of str to str, float or None
        Value of every column of the table by its full name; None is an empty cell.
    origin : str
        File it was read from: ``"rerack"`` for the bundled data, else the user's path.
    line : int
        Line of that file on which the row ends, the header being line 1.
    replaced : str
        Origin of the row of the same key that this one overrides, or empty.
    """

    table: Table
    cells: Mapping[str, Cell]
    origin: str
    line: int
    replaced: str = ""

    def __getitem__(self, column: str) -> Cell:
        """Return a cell by the column's full or short name; None if it is empty."""
        return self.cells[self.table.column(column).name]

    def text(self, column: str) -> str:
        """Return a cell of text; an empty one is an empty string."""
        value = self[column]
        return "" if value is None else str(value)

    def number(self, column: str) -> float:
        """Return a number [unit of the column].

        Raises
        ------
        InputError
            The cell is empty (not known) or holds text: nothing is put in its place.
        """
        value = self[column]
        if isinstance(value, float):
            return value
        raise InputError.of(
            f"catalogue {self.table.name}, {self.label}, {column}",
            given="no number" if value is None else repr(value),
            allowed="a number known to the catalogue",
            cure="Give the figure yourself, or extend the table with your own file.",
        )

    @property
    def key(self) -> tuple[str, ...]:
        """Identity of the row within its table, case folded."""
        return tuple(self.text(name).casefold() for name in self.table.key)

    @property
    def label(self) -> str:
        """Identity as written in the file."""
        return ", ".join(self.text(name) for name in self.table.key)

    @property
    def as_of(self) -> str:
        """Date of the fact, ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
        return self.text("as_of")

    @property
    def source(self) -> str:
        """Where the figures come from."""
        return self.text("source")

    @property
    def status(self) -> str:
        """Standing of the figures: verified, secondary, unverified or derived."""
        return self.text("status")


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """The rows of one table, in file order, the user's own files after the bundled one.

    Parameters
    ----------
    table : Table
        Description.
    rows : tuple of Row
        Rows, their keys distinct.
    """

    table: Table
    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)
