"""``rerack deals``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.base.errors import InputError
from rerack.cli.output import output_options, print_table

if TYPE_CHECKING:
    from rerack.study.store import Table


@click.command("deals")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--total", is_flag=True, help="Sum the public contracts by date of announcement.")
@click.option("--until", help="Last date that a total counts, such as 2025-11; all if left out.")
@click.option("--quoted", is_flag=True, help="Totals beside sums that are quoted for the industry.")
@click.option("--yields", is_flag=True, help="Yield on cost, and value at exit cap rates.")
@click.option("--time-to-power", "power", is_flag=True, help="Months to power by route.")
@click.option("--queue", help="Months that a queue adds to power.  [default: 0 months]")
@output_options
def command(
    file: Path | None,
    total: bool,
    until: str | None,
    quoted: bool,
    yields: bool,
    power: bool,
    queue: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show the deal book: value, term and USD per MW-year of public contracts, or of FILE's offers.

    \b
    Examples:
      rerack deals
      rerack deals examples/core-scientific.yaml
      rerack deals --total --until 2025-11
      rerack deals --quoted
      rerack deals --yields
      rerack deals --time-to-power --queue "24 months"
    """  # noqa: D301
    from rerack.cli.commands.dispatch import number_of
    from rerack.report import deal_words
    from rerack.study.deal_book import public_deals, time_to_power
    from rerack.study.deal_totals import quoted_totals, running_total
    from rerack.study.deal_yields import deal_yields

    if until is not None and not total:
        _refuse("--until", "--total")
    if queue is not None and not power:
        _refuse("--queue", "--time-to-power")
    last = "9999" if until is None else _date(until)
    plain = not (as_json or as_csv)
    deals, note = public_deals(), ""
    if power:
        table = time_to_power(queue_months=number_of("--queue", queue or "0 months", "months"))
        shown = table if not plain else {k: v for k, v in table.items() if k != "source"}
    elif total:
        shown = running_total(deals, until=last)
        note = deal_words.total_words(deals, last)
    elif quoted:
        table = quoted_totals(deals)
        shown = deal_words.quoted_sheet(table) if plain else table
        note = deal_words.quoted_words(deals)
    elif yields:
        table = deal_yields(deals)
        shown = deal_words.yields_sheet(table) if plain else table
        note = deal_words.yields_words()
    elif file is not None:
        shown, note = _offers(file, plain=plain)
    else:
        shown = _for_people(deals) if plain else deals
    print_table(shown, as_json=as_json, as_csv=as_csv)
    if plain and note:
        click.echo(f"\n{note}")


def _refuse(option: str, needs: str) -> None:
    """Refuse an option that would change nothing."""
    raise InputError.of(
        option,
        given=f"without {needs}",
        allowed=f"together with {needs}",
        cure=f"Add {needs}, or leave {option} out.",
    )


def _date(text: str) -> str:
    """Return a date as written: a year, a month or a day."""
    for layout in ("%Y", "%Y-%m", "%Y-%m-%d"):
        try:
            datetime.strptime(text, layout)
        except ValueError:
            continue
        return text
    raise InputError.of(
        "--until",
        given=repr(text),
        allowed="a year, a month such as 2025-11, or a day such as 2025-11-03",
        cure="Write YYYY, YYYY-MM or YYYY-MM-DD.",
    )


def _offers(file: Path, *, plain: bool) -> tuple[Table, str]:
    """Return a site file's offers, and what owning their GPU-hours costs."""
    from rerack.report.deal_words import gpu_hour_words
    from rerack.scenario import load
    from rerack.study.deal_book import site_deals

    scenario = load(file)
    return site_deals(scenario), gpu_hour_words(scenario.offers) if plain else ""


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
