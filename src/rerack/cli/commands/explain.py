"""``rerack explain``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rerack.cli.output import output_options, print_table


@click.command("explain")
@click.argument("run", default="latest")
@click.argument("figure", required=False)
@click.option(
    "--list", "list_names", is_flag=True, help="List the figures that explain themselves."
)
@click.option("--inputs", is_flag=True, help="List every input with unit, source and status.")
@click.option(
    "--depth",
    type=click.IntRange(0),
    default=99,
    help="Levels of the tree to show; all if left out.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder that run folders are kept in.",
)
@output_options
def command(
    run: str,
    figure: str | None,
    list_names: bool,
    inputs: bool,
    depth: int,
    out: Path,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show what FIGURE of RUN is made of, down to formula, inputs and sources.

    RUN is a name, a folder, or `latest`; a site's or companies'. FIGURE is such as `npv`, `gain`,
    `hashprice`, `strike:A`, `worst_dscr`; of companies `value`, `equity:Riot`, `implied:Riot`,
    `worst_dscr:Cipher:signed`; --list names all.

    \b
    Examples:
      rerack explain latest npv
      rerack explain latest "gain:announced" --depth 2
      rerack explain 2026-01-05-corsicana --inputs --csv
    """  # noqa: D301
    from rerack.study import explain, explainable, open_run, render

    opened = open_run(run, out, kind=None)
    if inputs:
        print_table(opened.table("inputs"), as_json=as_json, as_csv=as_csv)
    elif list_names or figure is None:
        print_table({"figure": list(explainable(opened))}, as_json=as_json, as_csv=as_csv)
    elif as_json:
        click.echo(json.dumps(explain(opened, figure).to_dict(), indent=1, ensure_ascii=False))
    else:
        click.echo(render(explain(opened, figure), depth=depth))
