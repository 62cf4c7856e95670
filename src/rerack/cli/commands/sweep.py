"""``rerack sweep``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.cli.output import output_options, print_table, tell
from rerack.cli.places import OutFile
from rerack.cli.progress import ProgressLine
from rerack.cli.workers import worker_options

if TYPE_CHECKING:
    from rerack.study.cluster import Cluster
    from rerack.study.sweep.folder import Sweep

_OUT = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("sweeps"),
    show_default=True,
    help="Folder that sweeps are kept in.",
)
_REPORT = click.option("--report", type=OutFile(), help="Draw the results into this HTML file.")


class SweepGroup(click.Group):
    """``sweep FILE`` runs a sweep; ``sweep show`` and ``sweep resume`` are about those kept."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take everything that does not begin with a command for the run of a sweep."""
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of running a sweep, then the commands about those kept."""
        self.commands["run"].format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


@click.group(
    "sweep", cls=SweepGroup, subcommand_metavar="FILE --vary KEY=VALUES... | show | resume"
)
def command() -> None:
    """Run a study for every combination of some inputs, on common random numbers.

    \b
    Examples:
      rerack sweep site.yaml --vary market.bitcoin.price=40k..160k:13 --dry-run
      rerack sweep site.yaml --vary market.bitcoin.price=40k..160k:13 \\
          --vary site.power.adder=2,5,8,11 --scenarios 256 --report sweep.html
      rerack sweep show
    """  # noqa: D301


@command.command("run", hidden=True)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--vary",
    "varied",
    multiple=True,
    required=True,
    metavar="KEY=A..B:N|A,B,C",
    help="N values from A to B (by ratio with :log behind it), or those listed; once for each "
    "input. Numbers may end in k, M or bn; without a unit they have that of the file.",
)
@click.option("--scenarios", type=int, default=256, show_default=True, help="Scenarios a study.")
@click.option("--seed", type=int, help="Seed, in place of the file's.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@click.option("--dry-run", is_flag=True, help="Check everything, estimate the time and stop.")
@worker_options
@_OUT
@_REPORT
@output_options
def run(
    file: Path,
    varied: tuple[str, ...],
    scenarios: int,
    seed: int | None,
    overrides: tuple[str, ...],
    dry_run: bool,
    threads: int,
    cluster: str | None,
    memory: str | None,
    out: Path,
    report: Path | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Run a study for every combination of the inputs that are varied."""
    from rerack.scenario import load
    from rerack.study.sweep.axes import combinations, parse_axes
    from rerack.study.sweep.folder import check_axes, run_sweep, seconds_of_one

    scenario = load(file, overrides=overrides, scenarios=scenarios, seed=seed)
    tell(scenario.notes)
    axes = parse_axes(varied, scenario)
    check_axes(scenario, axes, overrides)
    count = len(combinations(axes))
    with _cluster(cluster, memory) as found:
        at_once = threads if found is None else found.threads()
        one_s = seconds_of_one(scenario, axes)
        click.echo(
            f"{count:,} studies × {one_s:.1f} s measured, {at_once} at once: "
            f"about {_span(count * one_s / at_once)}",
            err=True,
        )
        if dry_run:
            return
        made = run_sweep(
            scenario, axes, out, threads=threads, cluster=found, progress=ProgressLine()
        )
    _tell(made, report, as_json=as_json, as_csv=as_csv)


@command.command("show", short_help="Show what a sweep has found so far.")
@click.argument("name", default="latest")
@_OUT
@_REPORT
@output_options
def show(name: str, out: Path, report: Path | None, as_json: bool, as_csv: bool) -> None:
    """Show what sweep NAME has found so far, the newest if none is named; it may still run."""
    from rerack.study.sweep.folder import open_sweep, sweep_folder

    _tell(open_sweep(sweep_folder(name, out)), report, as_json=as_json, as_csv=as_csv)


@command.command("resume", short_help="Go on with a sweep that was stopped.")
@click.argument("name", default="latest")
@worker_options
@_OUT
@_REPORT
@output_options
def resume(
    name: str,
    threads: int,
    cluster: str | None,
    memory: str | None,
    out: Path,
    report: Path | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Go on with sweep NAME, the newest if none is named; finished studies are not run again."""
    from rerack.study.sweep.folder import resume_sweep, sweep_folder

    folder = sweep_folder(name, out)
    with _cluster(cluster, memory) as found:
        made = resume_sweep(folder, threads=threads, cluster=found, progress=ProgressLine())
    _tell(made, report, as_json=as_json, as_csv=as_csv)


@contextmanager
def _cluster(where: str | None, memory: str | None) -> Iterator[Cluster | None]:
    from rerack.study.memory import parse_memory

    memory_bytes = None if memory is None else parse_memory(memory)
    if where is None:
        yield None
        return
    from rerack.study.cluster import open_cluster

    with open_cluster(where, memory_bytes=memory_bytes) as found:
        yield found


def _tell(made: Sweep, report: Path | None, *, as_json: bool, as_csv: bool) -> None:
    for message in made.messages:
        click.echo(f"rerack: {message}", err=True)
    if as_json or as_csv:
        print_table(made.table, as_json=as_json, as_csv=as_csv)
    else:
        print_table(_answers(made), as_json=False, as_csv=False)
        click.echo(f"\n  {made.done:,} of {made.studies:,} studies, {made.state}: {made.folder}")
    if report is not None and made.done:
        _draw(made, report)


def _answers(made: Sweep) -> dict[str, Any]:
    """Return one row a study: its inputs and its answer, or why it was refused."""
    chosen = made.table["answer"] | (made.table["problem"] != "")
    names = [a.key for a in made.axes]
    shown = {name: made.table[name][chosen] for name in names}
    shown["answer"] = made.table["plan"][chosen]
    for figure in ("npv_mean_usd", "delta_mean_usd", "delta_se_usd"):
        shown[figure] = made.table[figure][chosen]
    if (made.table["problem"] != "").any():
        shown["problem"] = made.table["problem"][chosen]
    return shown


def _draw(made: Sweep, report: Path) -> None:
    from rerack.report.desk_page import write_figures
    from rerack.report.sweep_figures import sweep_figure

    axes = {axis.key: axis.values for axis in made.axes}
    write_figures(
        {"sweep": sweep_figure(made.table, axes)},
        report,
        title="What the answer depends on",
        facts=f"{made.done:,} of {made.studies:,} studies on common random numbers",
        explain=f"rerack sweep show {made.folder} --csv",
    )
    click.echo(f"  report   {report}")


def _span(seconds: float) -> str:
    if seconds < 120.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 7200.0 else f"{seconds / 3600.0:.1f} h"
