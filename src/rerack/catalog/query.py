"""Looking things up: load a table with the user's own files over it, select rows, find one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from rerack.base.errors import InputError
from rerack.catalog.read import read_catalog
from rerack.catalog.rows import Catalog, Row
from rerack.catalog.schema import Column, Table, unknown
from rerack.catalog.tables import TABLES

_DATA = Path(__file__).parent / "data"

#: `Row.origin` of the data that come with the package.
BUNDLED = "rerack"


def tables() -> tuple[Table, ...]:
    """Return the descriptions of all tables, in the order in which they are listed.

    Examples
    --------
    >>> [t.name for t in tables()][:3]
    ['rigs', 'gpus', 'ai_deals']
    """
    return tuple(TABLES.values())


def load(name: str, /, *, extend: Iterable[Path] = ()) -> Catalog:
    """Return a table, with the rows of the user's own files added or put in place by key.

    Parameters
    ----------
    name : str
        Table name.
    extend : iterable of Path
        CSV files of the same columns. A row whose key exists replaces that row where it stands
        (`Row.origin` names the new file, `Row.replaced` the old); others are appended. A later
        file wins over an earlier one.

    Raises
    ------
    InputError
        Unknown table.
    DataError
        A file that breaks the rules; see `rerack.catalog.read.read_catalog`.

    Examples
    --------
    >>> load("rigs").table.key
    ('model',)
    """
    if name not in TABLES:
        raise unknown("catalogue table", name, TABLES)
    table = TABLES[name]
    rows = {r.key: r for r in read_catalog(_DATA / f"{name}.csv", table, origin=BUNDLED)}
    for path in extend:
        for row in read_catalog(path, table, origin=str(path)):
            old = rows.get(row.key)
            rows[row.key] = row if old is None else replace(row, replaced=old.origin)
    return Catalog(table=table, rows=tuple(rows.values()))


def select(
    catalog: Catalog,
    *,
    where: Mapping[str, str] | None = None,
    minimum: Mapping[str, float] | None = None,
    maximum: Mapping[str, float] | None = None,
) -> Catalog:
    """Return the rows that meet every condition, in the same order.

    Parameters
    ----------
    catalog : Catalog
        Rows to choose from.
    where : mapping of str to str
        Text that a column must equal, without regard to case.
    minimum, maximum : mapping of str to float
        Bounds on numeric columns, inclusive [unit of the column]. A row that has no figure in a
        bounded column is left out: what is not known does not pass a test.

    Raises
    ------
    InputError
        Unknown column, a bound on text, an equality on a number, or a bound that is NaN.

    Notes
    -----
    Columns go by full or short name (``efficiency_j_per_th`` or ``efficiency``). In a long table
    the unit stands in its own column: bound `value` only together with ``where={"metric": ...}``
    or ``where={"unit": ...}``.

    Examples
    --------
    >>> best = select(load("rigs"), where={"maker": "bitmain"}, maximum={"efficiency": 11})
    >>> [row.text("model") for row in best if row["cooling"] == "air"]
    ['S23']
    """
    table = catalog.table
    tests: list[Callable[[Row], bool]] = []
    for name, text in (where or {}).items():
        tests.append(_equals(_text_column(table, name), text))
    for name, bound in (minimum or {}).items():
        tests.append(_at_least(_number_column(table, name, bound), bound))
    for name, bound in (maximum or {}).items():
        tests.append(_at_most(_number_column(table, name, bound), bound))
    kept = tuple(row for row in catalog.rows if all(test(row) for test in tests))
    return Catalog(table=table, rows=kept)


def find(name: str, /, *, extend: Iterable[Path] = (), **key: str) -> Row:
    """Return the one row whose text columns equal `key`, without regard to case.

    Parameters
    ----------
    name : str
        Table name.
    extend : iterable of Path
        The user's own files, as in `load`.
    **key : str
        Column names and their texts; enough of them to identify one row.

    Raises
    ------
    InputError
        No such row (the message names the nearest), or more than one.

    Examples
    --------
    >>> find("rigs", model="s21 pro").number("efficiency_j_per_th")
    15.0
    """
    catalog = load(name, extend=extend)
    found = select(catalog, where=key).rows
    if len(found) == 1:
        return found[0]
    where = f"catalogue {name}"
    if not found:
        raise _nothing_found(catalog, key, where)
    raise InputError.of(
        where,
        given=", ".join(f"{k}={v}" for k, v in key.items()) or "no key",
        allowed=f"a key that leaves one row; this leaves {len(found)}",
        cure=f"Give more of {', '.join(catalog.table.key)}.",
    )


def _nothing_found(catalog: Catalog, key: Mapping[str, str], where: str) -> InputError:
    """Blame the first column after which no row is left, and offer what it could have been."""
    left = catalog
    for column, text in key.items():
        narrowed = select(left, where={column: text})
        if not narrowed.rows:
            return unknown(f"{where}, {column}", text, (r.text(column) for r in left))
        left = narrowed
    return unknown(where, "nothing", ())


def _text_column(table: Table, name: str) -> Column:
    column = table.column(name)
    if column.kind != "float":
        return column
    raise InputError.of(
        f"table {table.name}, column {name}",
        given="an equality on a number",
        allowed=f"equality on {', '.join(table.text_columns)}",
        cure="Give a least and a greatest value instead.",
    )


def _number_column(table: Table, name: str, bound: float) -> Column:
    column = table.column(name)
    if column.kind == "float" and not math.isnan(bound):
        return column
    raise InputError.of(
        f"table {table.name}, column {name}",
        given=f"the bound {bound}",
        allowed=f"a number, on one of {', '.join(table.numeric_columns)}",
        cure="Correct the column or the bound.",
    )


def _equals(column: Column, text: str) -> Callable[[Row], bool]:
    wanted = text.strip().casefold()
    return lambda row: row.text(column.name).casefold() == wanted


def _at_least(column: Column, bound: float) -> Callable[[Row], bool]:
    def test(row: Row) -> bool:
        value = row[column.name]
        return isinstance(value, float) and value >= bound

    return test


def _at_most(column: Column, bound: float) -> Callable[[Row], bool]:
    def test(row: Row) -> bool:
        value = row[column.name]
        return isinstance(value, float) and value <= bound

    return test
