"""``rerack compare``."""

from __future__ import annotations

from pathlib import Path

import click

from rerack.cli.output import output_options, print_table


@click.command("compare")
@click.argument("first")
@click.argument("second")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="Folder that run folders are kept in.",
)
@click.option("--inputs", is_flag=True, help="Show the inputs that differ, not the plans.")
@output_options
def command(first: str, second: str, out: Path, inputs: bool, as_json: bool, as_csv: bool) -> None:
    """Set two runs side by side, by name, folder or `latest`.

    \b
    Examples:
      rerack compare 2026-01-05-corsicana latest
      rerack compare 2026-01-05-corsicana latest --inputs --csv
    """  # noqa: D301
    from rerack.report import money, table_text
    from rerack.study import compare_inputs, compare_plans, open_run

    a, b = open_run(first, out), open_run(second, out)
    changed, plans = compare_inputs(a, b), compare_plans(a, b)
    if as_json or as_csv:
        print_table(changed if inputs else plans, as_json=as_json, as_csv=as_csv)
        return
    click.echo(f"first   {a.meta['run_id']}\nsecond  {b.meta['run_id']}\n")
    if inputs or len(changed["input"]):
        click.echo(table_text(changed, width=100) if len(changed["input"]) else "inputs: the same")
    else:
        click.echo("inputs: the same")
    if inputs:
        return
    columns = ("first_npv_mean_usd", "second_npv_mean_usd", "change_npv_mean_usd")
    shown = {"plan": plans["plan"], **{c: plans[c] for c in columns}}
    heads = dict(zip(columns, ("mean NPV, first", "mean NPV, second", "change"), strict=True))
    click.echo()
    click.echo(table_text(shown, headings=heads, formats=dict.fromkeys(columns, money), width=100))
