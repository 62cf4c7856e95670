"""``rerack export``."""

from __future__ import annotations

from pathlib import Path

import click

from rerack.cli.places import OutFile


@click.command("export")
@click.argument("run", default="latest")
@click.option(
    "--xlsx",
    type=OutFile(),
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
    """Write RUN (a name, a folder, or `latest`; of a site or companies) as a workbook.

    \b
    Examples:
      rerack export latest
      rerack export 2026-01-05-corsicana --xlsx corsicana.xlsx
    """  # noqa: D301
    from rerack.study import open_run
    from rerack.study.register import COMPANIES

    opened = open_run(run, out, kind=None)
    assert opened.folder is not None  # a run that was opened has one
    target = xlsx if xlsx is not None else opened.folder / f"{opened.folder.name}.xlsx"
    if opened.meta.get("kind") == COMPANIES:
        from rerack.report.company_workbook import write_company_workbook

        click.echo(write_company_workbook(opened, target, opened.names()))
        return
    from rerack.report.workbook import write_workbook

    click.echo(write_workbook(opened, target))
