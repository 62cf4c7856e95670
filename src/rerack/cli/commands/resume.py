"""``rerack resume``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rerack.cli.progress import ProgressLine
from rerack.cli.workers import block_workers, worker_options


@click.command("resume")
@click.argument("run", default="latest")
@worker_options
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder that run folders are kept in.",
)
def command(run: str, threads: int, cluster: str | None, memory: str | None, out: Path) -> None:
    """Go on with RUN, a run that was stopped; the newest such run if none is named.

    The tables are those of a run that was never stopped, byte for byte. A run whose scenario, data
    files or package versions have changed since is refused, saying which.

    \b
    Examples:
      rerack resume
      rerack resume 2026-01-05-corsicana --threads 4
    """  # noqa: D301
    from rerack.report import summary, write_report
    from rerack.study import Run, resume_run, stopped_run

    def finish(made: Run) -> None:
        assert made.folder is not None  # resume_run sets it before it calls this
        write_report(made, made.folder / "report.html")

    folder = stopped_run(run, out)
    with block_workers(threads=threads, cluster=cluster, memory=memory) as workers:
        found = resume_run(
            folder,
            threads=threads,
            progress=ProgressLine(),
            finish=finish,
            workers=workers,
            say=lambda message: click.echo(f"rerack: {message}", err=True),
        )
    click.echo(summary(found, width=100, colour=sys.stdout.isatty()))
