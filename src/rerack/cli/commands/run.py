"""``rerack run``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rerack.cli.output import output_options, print_table, tell
from rerack.cli.progress import ProgressLine
from rerack.cli.workers import block_workers, worker_options

if TYPE_CHECKING:
    from rerack.numerics.device import Device


@click.command("run")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scenarios", type=int, help="Number of scenarios, in place of the file's.")
@click.option("--seed", type=int, help="Seed, in place of the file's.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@worker_options
@click.option(
    "--device",
    type=click.Choice(["cpu", "gpu"]),
    default="cpu",
    show_default=True,
    help="Where battery, generation and demand response are valued; gpu needs rerack[gpu].",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder that run folders are kept in.",
)
@click.option(
    "--closed-loop", is_flag=True, help="Let all convertible sites of the world choose alike."
)
@click.option(
    "--option-values",
    is_flag=True,
    help="Value each right of a policy plan: switching off, months saved, an interconnect.",
)
@click.option("--table", help="Print this table of the run; `plans` for --json and --csv.")
@output_options
def command(
    file: Path,
    scenarios: int | None,
    seed: int | None,
    overrides: tuple[str, ...],
    threads: int,
    cluster: str | None,
    memory: str | None,
    device: Device,
    out: Path,
    closed_loop: bool,
    option_values: bool,
    table: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Evaluate every plan of the site in FILE.

    \b
    Examples:
      rerack run examples/corsicana.yaml
      rerack run examples/corsicana.yaml --closed-loop
      rerack run examples/corsicana.yaml --scenarios 100000 --cluster local:2 --memory 4GB
      rerack run site.yaml --scenarios 200 --set site.power.adder="3 USD/MWh"
    """  # noqa: D301
    from rerack.report import summary, write_report
    from rerack.scenario import load
    from rerack.study import Run, run_to_folder

    def finish(run: Run) -> None:
        assert run.folder is not None  # run_to_folder sets it before it calls this
        write_report(run, run.folder / "report.html")

    scenario = load(file, overrides=overrides, scenarios=scenarios, seed=seed)
    tell(scenario.notes)
    with block_workers(threads=threads, cluster=cluster, memory=memory) as workers:
        run = run_to_folder(
            scenario,
            out,
            threads=threads,
            progress=ProgressLine(),
            finish=finish,
            closed_loop=closed_loop,
            option_values=option_values,
            workers=workers,
            device=device,
        )
    if table is not None or as_json or as_csv:
        print_table(run.table(table or "plans"), as_json=as_json, as_csv=as_csv)
        return
    click.echo(summary(run, width=100, colour=sys.stdout.isatty()))
    if closed_loop:
        from rerack.report.loop_words import LOOP_TABLES, loop_text

        click.echo("\n" + loop_text({name: run.table(name) for name in LOOP_TABLES}))
