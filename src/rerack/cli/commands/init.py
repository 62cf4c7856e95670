"""``rerack init``."""

from __future__ import annotations

from pathlib import Path

import click

from rerack.base.errors import InputError
from rerack.base.writing import write_whole
from rerack.cli.places import OutFile


@click.command("init")
@click.argument("file", type=OutFile(), default=Path("site.yaml"))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def command(file: Path, force: bool) -> None:
    """Write a commented starter FILE (default: site.yaml) that `rerack run` accepts as it is.

    \b
    Example:
      rerack init mysite.yaml
    """  # noqa: D301
    from rerack.scenario import starter

    if file.exists() and not force:
        raise InputError.of(
            str(file),
            given="a file that exists",
            allowed="a new file",
            cure="Choose another name, or add --force to replace it.",
        )
    write_whole(starter(), file)
    click.echo(f"wrote {file}; edit it, then: rerack check {file} && rerack run {file}")
