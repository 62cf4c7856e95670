"""How every command prints a table: text for people, JSON or CSV for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click
from numpy.typing import ArrayLike

Command = TypeVar("Command", bound=Callable[..., Any])


def output_options(command: Command) -> Command:
    """Add ``--json`` and ``--csv`` to a command, passed as `as_json` and `as_csv`."""
    command = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")(command)
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def table_option(tables: Sequence[str], *, default: str) -> Callable[[Command], Command]:
    """Add ``--table``, passed as `table`: None until one is named, which is then printed whole.

    Parameters
    ----------
    tables : sequence of str
        What can be named.
    default : str
        What ``--json`` and ``--csv`` print where none is.
    """
    return click.option(
        "--table",
        type=click.Choice(tables),
        help=f"Print one table, whole; `{default}` for --json and --csv.",
    )


def tell(notes: Iterable[str]) -> None:
    """Say on standard error what belongs beside any result, such as the age of live prices."""
    for note in notes:
        click.echo(f"rerack: {note}", err=True)


def print_table(columns: Mapping[str, ArrayLike], *, as_json: bool, as_csv: bool) -> None:
    """Print columns in the form that was asked for."""
    from rerack.report import table_text, to_csv, to_json

    if as_json:
        click.echo(to_json(columns))
    elif as_csv:
        click.echo(to_csv(columns), nl=False)
    else:
        click.echo(table_text(columns, width=100))
