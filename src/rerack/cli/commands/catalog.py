"""``rerack catalog``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.base.errors import InputError
from rerack.cli.output import output_options, print_table

if TYPE_CHECKING:
    from rerack.catalog import Table


@click.command("catalog", context_settings={"ignore_unknown_options": True})
@click.argument("table", required=False)
@click.argument("filters", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--extend",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Your own CSV, whose rows are added or replace those of the same key.",
)
@click.option("--columns", help="Columns to show, separated by commas; `all` for all.")
@output_options
def command(
    table: str | None,
    filters: tuple[str, ...],
    extend: tuple[Path, ...],
    columns: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show the dated facts of TABLE, each with unit, source and status; without TABLE, the tables.

    \b
    Filters by column, numbers with their unit:
      rerack catalog rigs --max-efficiency "20 J/TH" --maker Bitmain
      rerack catalog ai_deals --min-critical_mw "200 MW" --kind powered_shell
    """  # noqa: D301
    from rerack.catalog import load, select, tables

    if table is None:
        rows = [(t.name, len(load(t.name)), t.description) for t in tables()]
        listing: dict[str, list[str] | list[int]] = {
            "table": [r[0] for r in rows],
            "rows": [r[1] for r in rows],
            "what": [r[2] for r in rows],
        }
        print_table(listing, as_json=as_json, as_csv=as_csv)
        return
    catalog = load(table, extend=extend)
    where, low, high = parse_filters(catalog.table, filters)
    chosen = select(catalog, where=where, minimum=low, maximum=high)
    people = not (as_json or as_csv)
    names = _shown(catalog.table, columns, complete=not people)
    found: dict[str, Any] = {name: [row[name] for row in chosen] for name in names}
    if people and not len(chosen):
        click.echo(f"{table}: no row passes; `rerack catalog {table}` shows all {len(catalog)}.")
        return
    if people and columns is None:
        found = {n: cells for n, cells in found.items() if any(c is not None for c in cells)}
    print_table(found, as_json=as_json, as_csv=as_csv)


def parse_filters(
    table: Table, filters: tuple[str, ...]
) -> tuple[dict[str, str], dict[str, float], dict[str, float]]:
    """Return (equal, minimum, maximum) by column from ``--maker X --max-efficiency "20 J/TH"``."""
    equal: dict[str, str] = {}
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    words = [part for word in filters for part in _split(word)]
    for option, text in zip(words[::2], [*words[1::2], None][: len(words[::2])], strict=True):
        if not option.startswith("--") or text is None:
            raise InputError.of(
                f"catalog {table.name}",
                given=option,
                allowed="--COLUMN TEXT, --min-COLUMN NUMBER or --max-COLUMN NUMBER",
                cure="Give each filter a value; quote values that hold spaces.",
            )
        name = option.removeprefix("--")
        if name.startswith(("min-", "max-")):
            bounds = low if name.startswith("min-") else high
            column = name[4:]
            bounds[column] = _number(table, column, text)
        else:
            equal[name] = text
    return equal, low, high


def _split(word: str) -> list[str]:
    return word.split("=", 1) if word.startswith("--") and "=" in word else [word]


def _number(table: Table, column: str, text: str) -> float:
    from rerack.base.units import parse_quantity

    unit = table.column(column).unit
    if unit:
        return parse_quantity(text, unit).value
    try:
        return float(text)
    except ValueError:
        raise InputError.of(
            f"catalog {table.name}, {column}",
            given=repr(text),
            allowed="a plain number",
            cure="The unit of this column stands in the row; give the number alone.",
        ) from None


def _shown(table: Table, columns: str | None, *, complete: bool) -> list[str]:
    """Return the columns to print: all for programs, the short ones for people."""
    every = [c.name for c in table.columns]
    if columns is not None and columns != "all":
        return [table.column(name.strip()).name for name in columns.split(",")]
    if complete or columns == "all":
        return every
    wordy = {"source", "note", "url"}
    return [name for name in every if name not in wordy]
