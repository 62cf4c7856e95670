"""``rerack network``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.cli.output import output_options, print_table
from rerack.cli.places import OutFile
from rerack.cli.workers import threads_option

if TYPE_CHECKING:
    from rerack.network.world.result import NetworkSimulation
    from rerack.scenario.network_file import NetworkStudy

_TABLES = (
    "years",
    "regions",
    "owners",
    "generations",
    "halvings",
    "coins",
    "rigs",
    "attack",
    "assumptions",
)

#: Share of the hashrate whose cost the page follows: a majority.
ATTACK_SHARE_FRAC = 0.51


@click.command("network")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scenarios", type=int, help="Number of scenarios, in place of the file's.")
@click.option("--seed", type=int, help="Seed, in place of the file's.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@threads_option
@click.option("--table", type=click.Choice(_TABLES), help="Print one table, whole.")
@click.option("--assumptions", "table", flag_value="assumptions", help="Every number assumed.")
@click.option("--rigs", "table", flag_value="rigs", help="Payback of rigs, by power price.")
@click.option("--report", type=OutFile(), help="Write figures and tables to this HTML file.")
@output_options
def command(
    file: Path,
    scenarios: int | None,
    seed: int | None,
    overrides: tuple[str, ...],
    threads: int,
    table: str | None,
    report: Path | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Simulate the world's hashrate in FILE: who mines where, who leaves, what it pays.

    \b
    Examples:
      rerack network examples/network/exodus.yaml
      rerack network world.yaml --rigs --set market.bitcoin.price="60,000 USD"
      rerack network world.yaml --table regions --csv
    """  # noqa: D301
    from rerack.report import network_words as words
    from rerack.scenario.network_file import load_network

    study = load_network(file, overrides=overrides, scenarios=scenarios, seed=seed)
    if table == "assumptions":
        columns = _assumptions(study)
        if not (as_json or as_csv):
            columns = {name: columns[name] for name in ("path", "value", "status", "source")}
        print_table(columns, as_json=as_json, as_csv=as_csv)
        return
    from rerack.study.network_study import run_network

    found = run_network(study, workers=threads)
    if report is not None:
        _write(study, found, report)
    if as_json or as_csv:
        print_table(_table(table or "years", found), as_json=as_json, as_csv=as_csv)
        return
    if table is not None:
        click.echo(words.shown(_table(table, found)))
    else:
        click.echo(words.network_text(found, study.name, study.seed))
    if report is not None:
        click.echo(f"  report   {report}")


def _table(name: str, found: NetworkSimulation) -> dict[str, Any]:
    from rerack.network.world import tables

    if name == "attack":
        from rerack.security.curve import attack_curve

        return attack_curve(found, share_frac=ATTACK_SHARE_FRAC)
    if name == "halvings":
        from rerack.network.world.halvings import halving_table

        return halving_table(found)
    if name == "coins":
        return tables.coin_table(found)
    if name == "rigs":
        return tables.rig_table(found)
    if name == "years":
        return tables.year_table(found)
    parts: dict[str, tables.Part] = {
        "regions": "region",
        "owners": "owner",
        "generations": "generation",
    }
    return tables.part_table(found, parts[name])


def _assumptions(study: NetworkStudy) -> dict[str, list[Any]]:
    names = ("path", "value", "unit", "status", "as_of", "source", "where")
    return {name: [getattr(row, name) for row in study.inputs] for name in names}


def _write(study: NetworkStudy, found: NetworkSimulation, report: Path) -> None:
    from rerack.network.world.tables import rig_table, year_table
    from rerack.report import network_words as words
    from rerack.report.network_figures import network_figures
    from rerack.report.network_page import network_html
    from rerack.report.page import write_page
    from rerack.report.security_figures import capital_figure, hour_figure
    from rerack.report.tables import written

    curve = _table("attack", found)
    attack = {
        "attack": capital_figure(curve, study.name, ATTACK_SHARE_FRAC),
        "attack_hour": hour_figure(curve, study.name),
    }
    page = network_html(
        network_figures(found) | attack,
        title=words.headline(found),
        facts=words.facts(found, study.name, study.seed),
        reasons=words.reasons(found),
        sheets={
            "Years": words.sheet(year_table(found)),
            "Payback of a rig bought at the start": words.sheet(rig_table(found)),
            "Assumptions": written(_assumptions(study)),
        },
        explain=f"rerack network {study.path} --table years --csv",
        commands=dict.fromkeys(attack, f"rerack network {study.path} --table attack --csv"),
    )
    write_page(page, report)
