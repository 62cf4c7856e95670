"""``rerack stress``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rerack.cli.output import output_options, print_table, table_option, tell
from rerack.cli.places import OutFile

if TYPE_CHECKING:
    from rerack.scenario import Scenario
    from rerack.study.store import Table

_TABLES = ("stress", "regret", "indifference")


@click.command("stress")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@click.option(
    "--scenarios", type=click.IntRange(2), default=128, show_default=True, help="Scenarios."
)
@click.option("--offer", help="Offer whose rent of indifference is sought; the first if left out.")
@click.option("--hall", help="Hall that it is sought for; the first with rigs if left out.")
@click.option("--report", type=OutFile(), help="Write figures to this HTML file.")
@table_option(_TABLES, default="stress")
@output_options
def command(
    file: Path,
    overrides: tuple[str, ...],
    scenarios: int,
    offer: str | None,
    hall: str | None,
    report: Path | None,
    table: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Put every plan of the site in FILE under named stresses; find regret and break-even rents.

    \b
    Examples:
      rerack stress examples/corsicana.yaml
      rerack stress site.yaml --offer shell --hall B --report stress.html
    """  # noqa: D301
    from rerack.report.robust_words import robust_text
    from rerack.scenario import load
    from rerack.study.pipeline import prepare
    from rerack.study.robustness import (
        break_even_sentences,
        indifference_table,
        regret_table,
        stress_study,
        stress_table,
    )

    scenario = load(file, overrides=overrides, scenarios=scenarios)
    _require_offers(scenario, table)
    tell(scenario.notes)
    prepared = prepare(scenario)
    chosen = offer if offer is not None else next(iter(scenario.offers), None)
    tables: dict[str, Table] = {}
    if chosen is not None:
        tables["indifference"] = indifference_table(prepared, offer=chosen, hall=hall)
    found = stress_study(prepared, scenarios=scenarios)
    tables |= {"stress": stress_table(found), "regret": regret_table(found)}
    if report is not None:
        _write(tables, scenario, report, file)
    if table is not None or as_json or as_csv:
        print_table(tables[table or "stress"], as_json=as_json, as_csv=as_csv)
        return
    sentences = break_even_sentences(tables["indifference"]) if chosen is not None else []
    click.echo(
        robust_text(
            found, tables["regret"], sentences, name=scenario.name, scenarios=scenario.scenarios
        )
    )
    if report is not None:
        click.echo(f"  report   {report}")


def _require_offers(scenario: Scenario, table: str | None) -> None:
    from rerack.base.checks import require

    require(
        bool(scenario.offers) or table != "indifference",
        "--table",
        given="indifference, of a site without offers",
        allowed="stress, regret",
        cure="Add a section `offers` to the file.",
    )


def _write(tables: dict[str, Table], scenario: Scenario, report: Path, file: Path) -> None:
    from rerack.report import robust_figures as drawn
    from rerack.report.desk_page import write_figures

    figures = {
        "stress": drawn.stress_figure(tables["stress"]),
        "regret": drawn.regret_figure(tables["regret"]),
    }
    if "indifference" in tables:
        figures["indifference"] = drawn.indifference_figure(tables["indifference"])
    write_figures(
        figures,
        report,
        title=f"How well the plans of {scenario.site.name} hold",
        facts=f"{scenario.name} · {scenario.scenarios:,} scenarios × {scenario.grid.months} months",
        explain=f"rerack stress {file} --table stress --csv",
    )
