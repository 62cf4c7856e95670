"""``rerack check``."""

from __future__ import annotations

from collections.abc import Sized
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rerack.base.errors import InputError
from rerack.cli.output import output_options, print_table, tell

if TYPE_CHECKING:
    from rerack.scenario import Scenario


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@click.option("--inputs", is_flag=True, help="List every input with unit, source and status.")
@output_options
def command(
    file: Path, overrides: tuple[str, ...], inputs: bool, as_json: bool, as_csv: bool
) -> None:
    """Validate FILE, of any kind, and every file it names, and stop; all problems at once.

    \b
    Examples:
      rerack check site.yaml
      rerack check examples/network/attack.yaml
      rerack check site.yaml --inputs --csv
    """  # noqa: D301
    from rerack.scenario.any_file import load_any
    from rerack.scenario.kinds import SITE
    from rerack.study import inputs_table
    from rerack.study.own_prices import require_prices

    kind, study = load_any(file, overrides=overrides)
    if kind is SITE:
        require_prices(study)
        tell((*study.notes, *_for_the_desk(study)))
    if inputs or as_json or as_csv:
        print_table(inputs_table(study.inputs), as_json=as_json, as_csv=as_csv)
    elif kind is SITE:
        click.echo(f"{file}: good. {_site(study)}")
    else:
        click.echo(f"{file}: good, {kind.name}; `rerack {kind.command} {file}` works it out")


def _for_the_desk(scenario: Scenario) -> list[str]:
    """Return a note for every term that `rerack dispatch` values and no plan can."""
    from rerack.study.plan_power import valued_power

    try:
        valued_power(scenario)
    except InputError as error:
        return [f"`rerack run` will refuse {p.where}: {p.given}" for p in error.problems]
    return []


def _site(scenario: Scenario) -> str:
    mw = sum(h.utility_mw for h in scenario.site.halls)
    return (
        f"{scenario.site.name}, {_count(scenario.site.halls, 'hall')} with {mw:,.0f} of "
        f"{scenario.site.interconnect_mw:,.0f} MW utility, {_count(scenario.offers, 'offer')}, "
        f"{_count(scenario.plans, 'plan')}, {scenario.scenarios:,} scenarios × "
        f"{scenario.grid.months} months"
    )


def _count(things: Sized, name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
