"""``rerack reserves``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.cli.output import output_options, print_table, table_option
from rerack.cli.places import OutFile

if TYPE_CHECKING:
    from rerack.network.reserves import ReserveSimulation
    from rerack.network.reserves.tables import HeaviestSpan
    from rerack.scenario.reserves import ReserveStudy

_FILE = click.Path(path_type=Path)
_TABLES = ("steps", "miners", "inputs")


@click.command("reserves")
@click.argument("file", type=_FILE)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@click.option(
    "--span",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Steps of the span in which most is sold.",
)
@click.option("--report", type=OutFile(), help="Write figures and tables to this HTML file.")
@table_option(_TABLES, default="steps")
@output_options
def command(
    file: Path,
    overrides: tuple[str, ...],
    span: int,
    report: Path | None,
    table: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show what the miners in FILE sell, why, and what that does to the price.

    \b
    Examples:
      rerack reserves examples/network/reserves-rundown.yaml
      rerack reserves run.yaml --set "depth.volume=50,000 BTC/day" --report run.html
      rerack reserves run.yaml --table miners --csv
    """  # noqa: D301
    from rerack.network.reserves import run_reserves
    from rerack.network.reserves.tables import class_table, heaviest_span, step_table
    from rerack.report import reserves_words as words
    from rerack.scenario.reserves import load_reserves

    study = load_reserves(file, overrides=overrides)
    found = run_reserves(
        study.miners,
        study.market,
        price_usd=study.price_usd,
        btc_per_ph_day=study.btc_per_ph_day,
        days=study.days,
    )
    heaviest = heaviest_span(found, min(span, study.days.size))
    steps = step_table(found, study.labels)
    miners = class_table(found, study.miners, study.classes)
    if report is not None:
        _write(study, found, heaviest, steps, miners, report)
    if table is not None or as_json or as_csv:
        tables = {"steps": steps, "miners": miners, "inputs": words.input_columns(study.inputs)}
        print_table(tables[table or "steps"], as_json=as_json, as_csv=as_csv)
        return
    why = words.reasons(found, heaviest, study.inputs)
    said = words.finding(found, heaviest, study.labels)
    click.echo(words.summary_text(study.name, said, why, miners))
    if report is not None:
        click.echo(f"\n  report   {report}")


def _write(
    study: ReserveStudy,
    found: ReserveSimulation,
    heaviest: HeaviestSpan,
    steps: dict[str, list[Any]],
    miners: dict[str, list[Any]],
    report: Path,
) -> None:
    from rerack.report import reserves_words as words
    from rerack.report.network_page import network_html
    from rerack.report.page import write_page
    from rerack.report.reserves_figures import miners_figure, price_figure, sales_figure
    from rerack.report.tables import written

    page = network_html(
        {
            "sales": sales_figure(steps, heaviest),
            "price": price_figure(steps),
            "miners": miners_figure(miners),
        },
        title=words.finding(found, heaviest, study.labels),
        facts=f"{study.name} · {len(study.miners)} miners, {found.paths} price paths",
        reasons=words.reasons(found, heaviest, study.inputs),
        sheets={"Inputs, with their standing": written(words.input_columns(study.inputs))},
        explain=f"rerack reserves {study.path} --table steps --csv",
    )
    write_page(page, report)
