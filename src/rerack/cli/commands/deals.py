"""``rerack deals``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.cli.output import output_options, print_table

if TYPE_CHECKING:
    from rerack.study.store import Table

#: What has been claimed of all contracts together [USD]; no list of them was found.
CLAIMED_USD = 43e9


@click.command("deals")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--total", is_flag=True, help="Sum the public contracts by date of announcement.")
@click.option("--time-to-power", "power", is_flag=True, help="Months to power by route.")
@click.option("--queue", default="0 months", show_default=True, help="Months that a queue adds.")
@output_options
def command(
    file: Path | None, total: bool, power: bool, queue: str, as_json: bool, as_csv: bool
) -> None:
    """Show the deal book: value, term and USD per MW-year of public contracts, or of FILE's offers.

    \b
    Examples:
      rerack deals
      rerack deals examples/core-scientific.yaml
      rerack deals --total
      rerack deals --time-to-power --queue "24 months"
    """  # noqa: D301
    from rerack.cli.commands.dispatch import number_of
    from rerack.study.deal_book import public_deals, running_total, site_deals, time_to_power

    plain = not (as_json or as_csv)
    if power:
        table = time_to_power(queue_months=number_of("--queue", queue, "months"))
        shown = table if not plain else {k: v for k, v in table.items() if k != "source"}
        print_table(shown, as_json=as_json, as_csv=as_csv)
        return
    if file is not None:
        from rerack.scenario import load

        print_table(site_deals(load(file)), as_json=as_json, as_csv=as_csv)
        return
    deals = public_deals()
    if total:
        table = running_total(deals)
        print_table(table, as_json=as_json, as_csv=as_csv)
        if plain:
            without = deals["deal"][deals["value_usd"] != deals["value_usd"]]
            included = deals["deal"][deals["part_of"] != ""]
            click.echo(
                f"\n{table['total_usd'][-1] / 1e9:.1f} bnUSD in the catalogue, options left out. "
                f"The {CLAIMED_USD / 1e9:.0f} bnUSD that is\nquoted for the industry names no "
                "contracts, so that it cannot be reproduced: what is missing\nis its list.\n"
                f"Without a value: {', '.join(without)}; no lease when announced: Riot Corsicana, "
                f"CleanSpark Texas.\nIncluded in others: {', '.join(included)}."
            )
        return
    print_table(deals if not plain else _for_people(deals), as_json=as_json, as_csv=as_csv)


def _for_people(deals: Table) -> dict[str, Any]:
    """Return the columns that fit a screen, money in bnUSD and MUSD per MW-year."""
    return {
        "deal": deals["deal"],
        "kind": deals["kind"],
        "MW": deals["mw"],
        "of": deals["basis"],
        "years": deals["term_years"],
        "bnUSD": (deals["value_usd"] / 1e9).round(2),
        "MUSD/MW-yr": (deals["rate_usd_per_mw_year"] / 1e6).round(2),
        "NOI": (deals["noi_usd_per_mw_year"] / 1e6).round(2),
        "support": (deals["support_usd"] / 1e9).round(2),
        "status": deals["status"],
    }
