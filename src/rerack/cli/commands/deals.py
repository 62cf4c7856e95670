"""``rerack deals``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

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
@click.option("--queue", help='Months that a queue adds, such as "24 months".  [default: 0 months]')
@click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key of FILE."
)
@output_options
def command(
    file: Path | None,
    total: bool,
    until: str | None,
    quoted: bool,
    yields: bool,
    power: bool,
    queue: str | None,
    overrides: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show the deal book: value, term and USD per MW-year of public contracts, or of FILE's offers.

    \b
    Examples:
      rerack deals
      rerack deals examples/core-scientific.yaml
      rerack deals site.yaml --set offers.shell.rate="1.5 MUSD/MW-year critical"
      rerack deals --total --until 2025-11
      rerack deals --yields
      rerack deals --time-to-power --queue "24 months"
    """  # noqa: D301
    from rerack.cli.commands.dispatch import number_of
    from rerack.report import deal_words
    from rerack.study.deal_book import public_deals, time_to_power
    from rerack.study.deal_totals import quoted_totals, running_total
    from rerack.study.deal_yields import deal_yields

    asked = {"--total": total, "--quoted": quoted, "--yields": yields, "--time-to-power": power}
    given = {"--until": until, "--queue": queue, "--set": " ".join(overrides) or None}
    _refuse_mixtures({"FILE": file is not None, **asked}, given)
    plain = not (as_json or as_csv)
    deals, note = public_deals(), ""
    if power:
        table = time_to_power(queue_months=number_of("--queue", queue or "0 months", "months"))
        shown = table if not plain else {k: v for k, v in table.items() if k != "source"}
    elif total:
        table = running_total(deals, until=until or "9999")
        shown = deal_words.total_sheet(table) if plain else table
        note = deal_words.total_words(deals, until or "9999")
    elif quoted:
        table = quoted_totals(deals)
        shown = deal_words.quoted_sheet(table) if plain else table
        note = deal_words.quoted_words(deals)
    elif yields:
        table = deal_yields(deals)
        shown = deal_words.yields_sheet(table) if plain else table
        note = deal_words.yields_words()
    elif file is not None:
        shown, note = _offers(file, overrides, plain=plain)
    else:
        shown = deal_words.public_sheet(deals) if plain else deals
        note = deal_words.DASH
    print_table(shown, as_json=as_json, as_csv=as_csv)
    if plain and note:
        click.echo(f"\n{note}")


def _offers(file: Path, overrides: tuple[str, ...], *, plain: bool) -> tuple[Table, str]:
    """Return a site file's offers, and what their values stand for."""
    from rerack.report.deal_words import offers_sheet, offers_words
    from rerack.scenario import load
    from rerack.study.deal_book import site_deals

    scenario = load(file, overrides=overrides)
    table = site_deals(scenario)
    return (offers_sheet(table), offers_words(scenario.offers)) if plain else (table, "")


#: What an option belongs to: alone it would change nothing.
_BELONGS_TO = {"--until": "--total", "--queue": "--time-to-power", "--set": "FILE"}


def _refuse_mixtures(asked: dict[str, bool], given: dict[str, str | None]) -> None:
    """Refuse two tables at once, an option without its table, and a date that is none."""
    chosen = [name for name, wanted in asked.items() if wanted]
    if len(chosen) > 1:
        raise InputError.of(
            "deals",
            given=" and ".join(chosen),
            allowed=f"one of {', '.join(asked)}",
            cure="Ask for one table at a time.",
        )
    for option, text in given.items():
        table = _BELONGS_TO[option]
        if text is not None and table not in chosen:
            raise InputError.of(
                option,
                given=text,
                allowed=f"with {table}, which it belongs to",
                cure=f"Add {table}, or leave {option} out.",
            )
    if given["--until"] is not None:
        _require_date(given["--until"])


def _require_date(text: str) -> None:
    """Refuse what is no year, month or day: as a text it would sort somewhere all the same."""
    for form in ("%Y", "%Y-%m", "%Y-%m-%d"):
        try:
            datetime.strptime(text, form)
        except ValueError:
            continue
        return
    raise InputError.of(
        "--until", given=text, allowed="2025, 2025-11 or 2025-11-03", cure="Write YYYY-MM-DD."
    )
