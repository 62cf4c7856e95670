"""``rerack export``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("export")
@click.argument("run", default="latest")
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path),
    help="Workbook to write; `RUN.xlsx` in the run's folder if left out.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder that run folders are kept in.",
)
def command(run: str, xlsx: Path | None, out: Path) -> None:
    """Write RUN (a name, a folder, or `latest`) as a workbook with live formulas.

    \b
    Examples:
      rerack export latest
      rerack export 2026-01-05-corsicana --xlsx corsicana.xlsx
    """  # noqa: D301
    from rerack.report.workbook import write_workbook
    from rerack.study import open_run

    opened = open_run(run, out)
    assert opened.folder is not None  # a run that was opened has one
    target = xlsx if xlsx is not None else opened.folder / f"{opened.folder.name}.xlsx"
    click.echo(write_workbook(opened, target))
