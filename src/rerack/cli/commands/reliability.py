"""``rerack reliability``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.cli.output import output_options, print_table, table_option
from rerack.cli.places import OutFile

if TYPE_CHECKING:
    from rerack.reliability import Reliability
    from rerack.reliability.assessment import Assessment
    from rerack.reliability.sla import SlaOutlook
    from rerack.scenario.topology import TopologyStudy

_FILE = click.Path(path_type=Path)
_TABLES = ("summary", "levels", "causes", "outages", "parts", "pue")


@click.command("reliability")
@click.argument("file", type=_FILE)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@click.option(
    "--extend", multiple=True, type=_FILE, help="Your own rows of `rerack catalog equipment`."
)
@click.option(
    "--simulate",
    "cycles",
    type=click.IntRange(10_000),
    help="Check by so many simulated cycles, such as 200000.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the simulation."
)
@click.option(
    "--report", type=OutFile(), help="Write diagram, figures and tables to this HTML file."
)
@table_option(_TABLES, default="summary")
@output_options
def command(
    file: Path,
    overrides: tuple[str, ...],
    extend: tuple[Path, ...],
    cycles: int | None,
    seed: int,
    report: Path | None,
    table: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Evaluate the topology in FILE: availability, outages, causes, and the SLA if it has one.

    \b
    Examples:
      rerack reliability examples/reliability/two-feeds.yaml
      rerack reliability hall.yaml --simulate 200000 --report hall.html
      rerack reliability hall.yaml --table causes --csv
    """  # noqa: D301
    from rerack.report import reliability_words as words
    from rerack.scenario.topology import load_topology

    study = load_topology(file, overrides=overrides, extend=extend)
    assessed = _assessed(study)
    found, outlook = assessed.found, assessed.outlook
    reasons: dict[str, str] = {}
    if study.sla is not None:
        reasons["sla"] = words.sla_words(assessed, study.sla.confidence_frac)
    if study.cooling is not None:
        reasons["cooling"] = words.cooling_words(*study.cooling, study.topology.critical_mw)
    if cycles is not None:
        from rerack.reliability.simulation import simulate

        simulated = simulate(study.topology, cycles=cycles, seed=seed)
        reasons["checks"] = words.check_words(found, simulated)
    unverified = sum("(unverified)" in c.source for c, _ in study.topology.components)
    count = len(study.topology.components)
    reasons["inputs"] = f"{unverified} of {count} components rest on unverified figures"
    if report is not None:
        _write(study, found, outlook, reasons, report)
    if table is not None or as_json or as_csv:
        print_table(_table(table or "summary", study, assessed), as_json=as_json, as_csv=as_csv)
        return
    click.echo(words.reliability_text(study.topology, found, outlook, reasons))
    if report is not None:
        click.echo(f"  report   {report}")


def _assessed(study: TopologyStudy) -> Assessment:
    from rerack.reliability.assessment import assess

    terms = study.sla
    if terms is None:
        return assess(study.topology)
    return assess(
        study.topology,
        promised_frac=terms.availability_frac,
        planned_counts=terms.planned_counts,
        schedule=terms.schedule,
        fee_usd_per_month=terms.fee_usd_per_month,
    )


def _table(name: str, study: TopologyStudy, assessed: Assessment) -> dict[str, Any]:
    from rerack.report import reliability_words as words

    if name == "levels":
        return words.level_columns(assessed.outlook)
    if name == "causes":
        return words.cause_columns(assessed.found)
    if name == "parts":
        return words.part_columns(study.topology)
    if name == "pue":
        return _pue_columns(study)
    if name == "outages":
        kinds = assessed.outlook.profile.kinds
        return {
            "cause": [kind.cause for kind in kinds],
            "outages_per_year": [kind.outages_per_year for kind in kinds],
            "mean_hours": [kind.mean_hours for kind in kinds],
        }
    return words.summary_columns(assessed)


def _pue_columns(study: TopologyStudy) -> dict[str, Any]:
    from rerack.base.errors import InputError
    from rerack.reliability.cooling import meter_mw

    if study.cooling is None:
        raise InputError.of(
            "--table",
            given="pue",
            allowed="a table that the file has the inputs of",
            cure="Add a section `cooling` with type and weather to the file.",
        )
    _, year = study.cooling
    return {
        "hour": range(year.pue.size),
        "pue": year.pue,
        "load_mw_utility": meter_mw(study.topology.critical_mw, year),
    }


def _write(
    study: TopologyStudy,
    found: Reliability,
    outlook: SlaOutlook,
    reasons: dict[str, str],
    report: Path,
) -> None:
    from rerack.report import reliability_words as words
    from rerack.report.format import number
    from rerack.report.page import write_page
    from rerack.report.reliability_figures import outage_figure, year_figure
    from rerack.report.reliability_page import reliability_html
    from rerack.report.tables import written

    topology = study.topology
    page = reliability_html(
        topology,
        {"outages": outage_figure(outlook.profile), "year": year_figure(outlook.profile)},
        title=words.headline(topology, found),
        facts=f"{topology.name} · {number(topology.critical_mw)} MW critical",
        reasons=reasons,
        sheets={
            "Largest causes": written(words.cause_columns(found)),
            "Equipment": written(words.part_columns(topology)),
        },
        explain=f"rerack reliability {study.path} --table outages --csv",
    )
    write_page(page, report)
