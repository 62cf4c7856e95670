"""``rerack company``."""

from __future__ import annotations

from pathlib import Path

import click

from rerack.cli.output import output_options, print_table
from rerack.cli.places import OutFile
from rerack.cli.workers import threads_option

_TABLES = (
    "value", "per_mw", "implied", "liquidity", "inputs", "known", "yields", "statements", "cash",
    "debt", "dscr",
)  # fmt: skip


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
@threads_option
@click.option("--table", type=click.Choice(_TABLES), help="Print one table, whole.")
@click.option("--report", type=OutFile(), help="Write the page to this file as well.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder that run folders are kept in.",
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
    out: Path,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Value the listed miners in FILES: per MW with and without conversion, runway, statements.

    A folder among FILES stands for its company files. The run folder keeps every table, the page,
    and the statements by year; `rerack explain` and `rerack export` read it.

    \b
    Examples:
      rerack company examples/companies/riot.yaml
      rerack company examples/companies/terawulf.yaml --set share_price="15 USD" --table implied
      rerack company examples/companies/cipher.yaml --table statements
      rerack company examples/companies
    """  # noqa: D301
    from rerack.report.company_page import write_companies
    from rerack.report.company_sheets import shown
    from rerack.report.company_statements import yearly
    from rerack.report.company_words import companies_text
    from rerack.report.tables import to_csv
    from rerack.scenario.company import company_files, load_company
    from rerack.study import Run
    from rerack.study.company_folder import companies_to_folder, require_place
    from rerack.study.company_study import run_companies

    studies = [
        load_company(
            file, overrides=overrides, market_overrides=market, scenarios=scenarios, seed=seed
        )
        for file in company_files(files)
    ]
    require_place(out)
    runs = run_companies(studies, threads=threads)

    def finish(run: Run) -> None:
        assert run.folder is not None  # companies_to_folder sets it before it calls this
        write_companies(runs, run.folder / "report.html")
        text = to_csv(yearly(run.table("statements")))
        (run.folder / "statements.csv").write_text(text, encoding="utf-8")

    kept = companies_to_folder(runs, out, finish=finish)
    if report is not None:
        write_companies(runs, report)
    if as_json or as_csv:
        print_table(kept.table(table or "value"), as_json=as_json, as_csv=as_csv)
        return
    click.echo(companies_text(runs) if table is None else shown(table, kept.table(table), runs))
    click.echo(f"  report     {kept.folder}/report.html")
    click.echo(f"  explain    rerack explain {kept.folder} value")
