"""``rerack company``."""

from __future__ import annotations

from pathlib import Path

import click

from rerack.cli.output import output_options, print_table

_TABLES = ("value", "per_mw", "implied", "liquidity", "inputs")


@click.command("company")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key of FILE."
)
@click.option(
    "--market",
    "market",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override a key of the market file.",
)
@click.option("--scenarios", type=int, help="Number of scenarios, in place of the market file's.")
@click.option("--seed", type=int, help="Seed, in place of the market file's.")
@click.option("--threads", type=int, default=2, show_default=True, help="Worker threads.")
@click.option("--table", type=click.Choice(_TABLES), help="Print one table, whole.")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write figures and tables to this HTML file."
)
@output_options
def command(
    files: tuple[Path, ...],
    overrides: tuple[str, ...],
    market: tuple[str, ...],
    scenarios: int | None,
    seed: int | None,
    threads: int,
    table: str | None,
    report: Path | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Value the listed miners in FILES: per MW with and without conversion, runway, implied values.

    \b
    Examples:
      rerack company examples/companies/riot.yaml
      rerack company examples/companies/terawulf.yaml --set share_price="15 USD" --table implied
      rerack company examples/companies/[!m]*.yaml --report companies.html
    """  # noqa: D301
    from rerack.scenario.company import load_company
    from rerack.study.company_study import run_companies
    from rerack.study.tables.company import COMPANY_TABLES

    studies = [
        load_company(
            file, overrides=overrides, market_overrides=market, scenarios=scenarios, seed=seed
        )
        for file in files
    ]
    runs = run_companies(studies, threads=threads)
    if report is not None:
        from rerack.report.company_page import write_companies

        write_companies(runs, report)
    if as_json or as_csv:
        print_table(COMPANY_TABLES[table or "value"](runs), as_json=as_json, as_csv=as_csv)
        return
    from rerack.report.company_words import companies_text, shown

    click.echo(companies_text(runs) if table is None else shown(table, COMPANY_TABLES[table](runs)))
    if report is not None:
        click.echo(f"  report     {report}")
