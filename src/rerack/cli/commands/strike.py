"""``rerack strike``."""

from __future__ import annotations

from pathlib import Path

import click

from rerack.cli.commands.dispatch import number_of
from rerack.cli.output import output_options, print_table
from rerack.cli.places import option_names

_PARAMETERS = {
    "hashprice_usd_per_ph_day": "--hashprice",
    "pool_fee_frac": "--fee",
    "variable_om_usd_per_mwh": "--om",
}


@click.command("strike")
@click.option("--hashprice", required=True, help='Hashprice, such as "35 USD/PH/day".')
@click.option("--fee", default="0 %", show_default=True, help="Pool fee.")
@click.option("--om", default="0 USD/MWh", show_default=True, help="Variable operating cost.")
@click.option(
    "--extend",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Your own CSV of rigs, whose rows are added or replace those of the same model.",
)
@output_options
def command(
    hashprice: str, fee: str, om: str, extend: tuple[Path, ...], as_json: bool, as_csv: bool
) -> None:
    """Print the strike price of each catalogue rig: the power price up to which it pays its way.

    \b
    Example:
      rerack strike --hashprice "35 USD/PH/day" --fee 0.5% --om "2 USD/MWh"
    """  # noqa: D301
    from rerack.dispatch.desk_strikes import strike_table

    price = number_of("--hashprice", hashprice, "usd_per_ph_day")
    with option_names(_PARAMETERS):
        table = strike_table(
            price,
            pool_fee_frac=number_of("--fee", fee, "frac"),
            variable_om_usd_per_mwh=number_of("--om", om, "usd_per_mwh"),
            extend=extend,
        )
    if as_json or as_csv:
        print_table(table, as_json=as_json, as_csv=as_csv)
        return
    from rerack.report.desk_words import strike_text

    terms = f"pool fee {fee}, variable O&M {om}"
    click.echo(strike_text(table, hashprice_usd_per_ph_day=price, terms=terms))
