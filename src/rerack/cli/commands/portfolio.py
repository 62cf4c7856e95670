"""``rerack portfolio``."""

from __future__ import annotations

from pathlib import Path

import click

from rerack.cli.output import output_options, print_table, table_option

_TABLES = ("conversions", "nodes", "limits", "value", "sites")


@click.command("portfolio")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@click.option(
    "--limit",
    type=click.FloatRange(0.1, 86400),
    default=60.0,
    show_default=True,
    help="Longest time for each search; the gap is stated [s].",
)
@table_option(_TABLES, default="conversions")
@output_options
def command(
    file: Path,
    overrides: tuple[str, ...],
    limit: float,
    table: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Decide several sites and companies together, under the capital, crews and offers of FILE.

    \b
    Examples:
      rerack portfolio examples/portfolio/two-companies.yaml
      rerack portfolio FILE --set companies.Riot.crews=4
      rerack portfolio FILE --table nodes --csv
    """  # noqa: D301
    from rerack.report.portfolio_words import portfolio_text
    from rerack.scenario.portfolio import load_portfolio
    from rerack.study.portfolio import run_portfolio
    from rerack.study.tables import portfolio as tables

    run = run_portfolio(load_portfolio(file, overrides=overrides), limit_s=limit)
    found = {
        "conversions": tables.conversions_table(run),
        "nodes": tables.nodes_table(run),
        "limits": tables.limits_table(run),
        "value": tables.value_table(run),
        "sites": tables.sites_table(run),
    }
    if table is not None or as_json or as_csv:
        print_table(found[table or "conversions"], as_json=as_json, as_csv=as_csv)
        return
    click.echo(portfolio_text(run, found))
