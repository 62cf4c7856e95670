"""What a catalogue table is: its columns, their units, and the columns that identify a row."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rerack.base.errors import InputError
from rerack.base.units import KINDS

ColumnKind = Literal["text", "float", "date", "status", "unit"]

#: How far a row may be trusted, strongest first.
STATUSES = ("verified", "secondary", "unverified", "derived")

#: Units that the `unit` column of a long table may name: the quantity kinds, and plain counts.
UNITS = frozenset({*KINDS, "count"})


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Name in the header line; a number's name ends in its unit, such as ``power_w``.
    kind : {"text", "float", "date", "status", "unit"}
        What the cells hold. A date is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, as precise as known.
    doc : str
        One phrase for the reader.
    unit : str
        Unit of a number, a quantity kind of `rerack.base.units` such as ``"j_per_th"``; empty for
        text, for a count, and for a number whose unit stands in the row's `unit` column.
    required : bool
        Whether an empty cell is refused.
    choices : tuple of str
        The only texts accepted; empty accepts any.
    low : float
        Least number accepted [unit of the column].

    Examples
    --------
    >>> Column(name="efficiency_j_per_th", kind="float", unit="j_per_th", doc="").option
    'efficiency'
    """

    name: str
    kind: ColumnKind
    doc: str
    unit: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()
    low: float = -math.inf

    def __post_init__(self) -> None:
        if self.unit and not (self.unit in KINDS and self.name.endswith(f"_{self.unit}")):
            raise InputError.of(
                f"column {self.name}",
                given=f"unit {self.unit!r}",
                allowed="a name that ends in its unit, and a unit of rerack.base.units",
                cure="Correct the unit or the name.",
            )

    @property
    def option(self) -> str:
        """Short name on a command line: the name without its unit."""
        return self.name.removesuffix(f"_{self.unit}") if self.unit else self.name


@dataclass(frozen=True, kw_only=True)
class Table:
    """The description of a catalogue table.

    Parameters
    ----------
    name : str
        Name, also that of the data file without its ending.
    description : str
        One sentence on what the rows are.
    columns : tuple of Column
        Columns in file order, provenance included.
    key : tuple of str
        Columns that together identify a row; compared without regard to case.

    Examples
    --------
    >>> model = Column(name="model", kind="text", doc="Name.")
    >>> power = Column(name="power_w", kind="float", unit="w", doc="Power [W].")
    >>> fans = Table(name="fans", description="Fans.", columns=(model, power), key=("model",))
    >>> fans.numeric_columns
    {'power': 'w'}
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def __post_init__(self) -> None:
        names = [c.name for c in self.columns] + [
            c.option for c in self.columns if c.option != c.name
        ]
        twice = sorted({n for n in names if names.count(n) > 1})
        absent = sorted(set(self.key) - {c.name for c in self.columns})
        if twice or absent or not self.key:
            raise InputError.of(
                f"table {self.name}",
                given=f"repeated names {twice}, key columns that do not exist {absent}",
                allowed="distinct column and option names, and a key made of columns",
                cure="Rename the columns or correct the key.",
            )

    @property
    def numeric_columns(self) -> dict[str, str]:
        """Short option name of each numeric column, with its unit kind (empty: see `unit`)."""
        return {c.option: c.unit for c in self.columns if c.kind == "float"}

    @property
    def text_columns(self) -> tuple[str, ...]:
        """Names of the columns that equality filters accept."""
        return tuple(c.name for c in self.columns if c.kind != "float")

    def column(self, name: str) -> Column:
        """Return the column called `name`, by its full name or its short option name.

        Raises
        ------
        InputError
            No such column; the message names the nearest ones.
        """
        for column in self.columns:
            if name in (column.name, column.option):
                return column
        allowed = [c.option for c in self.columns]
        raise unknown(f"table {self.name}, column", name, allowed)


def unknown(where: str, given: str, allowed: Iterable[str]) -> InputError:
    """Return the error for a name that is not among `allowed`, with the nearest ones."""
    names = list(dict.fromkeys(allowed))
    by_folded = {n.casefold(): n for n in names}
    close = difflib.get_close_matches(given.casefold(), list(by_folded), n=4, cutoff=0.5)
    near = [by_folded[c] for c in close]
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return InputError.of(
        where,
        given=repr(given),
        allowed=shown or "nothing, the table is empty",
        cure=f"Did you mean {' or '.join(near)}?" if near else "Choose one of these.",
    )
