"""``rerack check``."""

from __future__ import annotations

from pathlib import Path

import click

from rerack.cli.output import output_options, print_table, tell


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@click.option("--inputs", is_flag=True, help="List every input with unit, source and status.")
@output_options
def command(
    file: Path, overrides: tuple[str, ...], inputs: bool, as_json: bool, as_csv: bool
) -> None:
    """Validate the site in FILE and stop; every problem is shown at once."""
    from rerack.scenario import load
    from rerack.study import inputs_table

    scenario = load(file, overrides=overrides)
    tell(scenario.notes)
    if inputs or as_json or as_csv:
        print_table(inputs_table(scenario), as_json=as_json, as_csv=as_csv)
        return
    mw = sum(h.utility_mw for h in scenario.site.halls)
    click.echo(
        f"{file}: good. {scenario.site.name}, {len(scenario.site.halls)} halls with {mw:,.0f} of "
        f"{scenario.site.interconnect_mw:,.0f} MW utility, {len(scenario.offers)} offers, "
        f"{len(scenario.plans)} plans, {scenario.scenarios:,} scenarios × "
        f"{scenario.grid.months} months"
    )
