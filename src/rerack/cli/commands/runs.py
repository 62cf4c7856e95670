"""``rerack runs``."""

from __future__ import annotations

from pathlib import Path

import click

from rerack.cli.output import output_options, print_table


@click.command("runs")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder that run folders are kept in.",
)
@output_options
def command(out: Path, as_json: bool, as_csv: bool) -> None:
    """List the runs kept so far, oldest first: complete, running, incomplete or damaged.

    An incomplete run goes on with `rerack resume RUN`; its column of blocks says how far it is.

    \b
    Examples:
      rerack runs
      rerack runs --csv
    """  # noqa: D301
    from rerack.study import list_runs

    rows = list_runs(out)
    if not rows and not (as_json or as_csv):
        click.echo(f"{out}: no runs yet. `rerack run FILE` makes one.")
        return
    names = ("run", "study", "created", "scenarios", "months", "seed", "answer", "state", "blocks")
    print_table({n: [r[n] for r in rows] for n in names}, as_json=as_json, as_csv=as_csv)
    if any(r["state"] == "incomplete" for r in rows) and not (as_json or as_csv):
        click.echo("\nAn incomplete run goes on with `rerack resume RUN`.")
