"""``rerack backtest``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.base.errors import InputError
from rerack.cli.commands.dispatch import block_end, hashprice_of, number_of, prices_of
from rerack.cli.output import output_options, print_table
from rerack.cli.places import option_names

if TYPE_CHECKING:
    from rerack.dispatch.backtest_run import DeskRules
    from rerack.dispatch.desk_load import SystemLoad
    from rerack.dispatch.desk_weather import SystemWeather

_FILE = click.Path(path_type=Path)
_PARAMETERS = {
    "lead_hours": "--lead",
    "peak_charge_usd_per_mw_year": "--peak-charge",
    "hashprice": "--hashprice",
}


@click.command("backtest")
@click.argument("site", type=_FILE)
@click.option("--prices", required=True, type=_FILE, help="Prices at which hours are settled.")
@click.option("--column", help="Column of PRICES, where it has several.")
@click.option("--day-ahead", type=_FILE, help="Day-ahead prices; without it PRICES are known.")
@click.option("--day-ahead-column", help="Column of the day-ahead file, where it has several.")
@click.option("--unit", default="USD/MWh", show_default=True, help="Unit of both price files.")
@click.option("--load", type=_FILE, help="System load, MW, earlier summers included, for peaks.")
@click.option("--load-column", help="Column of the load file, where it has several.")
@click.option("--weather", type=_FILE, help="Air temperature by hour, for the chance of peaks.")
@click.option("--weather-column", help="Column of the weather file, where it has several.")
@click.option(
    "--weather-unit",
    type=click.Choice(["C", "F"]),
    default="C",
    show_default=True,
    help="Degrees of the weather file.",
)
@click.option("--peak-charge", help='Charge by coincident peak, such as "65 USD/kW-year utility".')
@click.option(
    "--signal",
    type=click.Choice(["day_ahead", "last_hour"]),
    default="day_ahead",
    show_default=True,
    help="What the desk goes by: day-ahead prices, or those corrected by the last hour's.",
)
@click.option("--lead", default="2 h", show_default=True, help="Age of the last load it knows.")
@click.option("--hashprice", help='One for all hours, such as "35 USD/PH/day"; else by history.')
@click.option("--from", "first", metavar="DAY", help="First day, UTC: 2024-06-01, 2024-06 or 2024.")
@click.option("--to", "last", metavar="DAY", help="Last day, UTC, whole.")
@click.option(
    "--by",
    type=click.Choice(["hour", "day", "month", "year"]),
    default="month",
    show_default=True,
    help="Rows of the table.",
)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@output_options
def command(
    site: Path,
    prices: Path,
    column: str | None,
    day_ahead: Path | None,
    day_ahead_column: str | None,
    unit: str,
    load: Path | None,
    load_column: str | None,
    weather: Path | None,
    weather_column: str | None,
    weather_unit: str,
    peak_charge: str | None,
    signal: str,
    lead: str,
    hashprice: str | None,
    first: str | None,
    last: str | None,
    by: str,
    overrides: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show what a desk would have earned at SITE, knowing only what it could, and what it missed.

    \b
    Examples:
      rerack backtest site.yaml --prices realtime.csv --day-ahead dayahead.csv
      rerack backtest site.yaml --prices realtime.csv --day-ahead dayahead.csv \\
          --load load.csv --weather temperature.csv --peak-charge "65 USD/kW-year utility" --by year
    """  # noqa: D301
    from rerack.dispatch.backtest_run import backtest
    from rerack.markets.files import read_price_file
    from rerack.scenario import load as load_scenario

    rules = _rules(signal, peak_charge, lead)
    scenario = load_scenario(site, overrides=overrides)
    settled = prices_of(prices, column, unit, first, last)
    if scenario.desk.keys:
        ignored = ", ".join(scenario.desk.keys)
        click.echo(
            f"rerack: NOT valued in this backtest (only by `rerack dispatch`): {ignored}", err=True
        )
    ahead = None
    if day_ahead is not None:
        ahead = read_price_file(day_ahead, column=day_ahead_column, unit=unit)
    with option_names(_PARAMETERS):
        found = backtest(
            scenario.site,
            settled,
            hashprice_of(hashprice, settled),
            day_ahead=ahead,
            load=_load(load, load_column, peak_charge),
            weather=_weather(weather, weather_column, weather_unit, load),
            rules=rules,
            block_end=block_end(scenario),
        )
    if as_json or as_csv:
        rows: Any = by
        print_table(found.table(rows), as_json=as_json, as_csv=as_csv)
        return
    if by == "hour":
        raise InputError.of(
            "--by",
            given="hour",
            allowed="day, month or year for text",
            cure="Add --csv or --json for hours.",
        )
    from rerack.report.desk_words import backtest_text

    names = settled.name if ahead is None else f"{settled.name}, day-ahead {ahead.name}"
    click.echo(backtest_text(found, by=by, prices=names))


def _rules(signal: str, peak_charge: str | None, lead: str) -> DeskRules:
    from rerack.dispatch.backtest_run import DeskRules

    hours = number_of("--lead", lead, "hours")
    if hours != int(hours):
        raise InputError.of(
            "--lead", given=lead, allowed="whole hours, 1 to 12", cure="Give whole hours."
        )
    charge = 0.0
    if peak_charge is not None:
        charge = number_of("--peak-charge", peak_charge, "usd_per_mw_year")
    chosen: Any = signal
    with option_names(_PARAMETERS):
        return DeskRules(signal=chosen, peak_charge_usd_per_mw_year=charge, lead_hours=int(hours))


def _load(path: Path | None, column: str | None, peak_charge: str | None) -> SystemLoad | None:
    if path is None:
        return None
    if peak_charge is None:
        raise InputError.of(
            "--peak-charge",
            given="nothing, with --load",
            allowed="the charge that coincident peaks set, such as 65 USD/kW-year utility",
            cure="Give your own; `rerack catalog tariffs` lists what is claimed for ERCOT.",
        )
    from rerack.dispatch.desk_load import read_load_file

    return read_load_file(path, column=column)


def _weather(
    path: Path | None, column: str | None, unit: str, load: Path | None
) -> SystemWeather | None:
    if path is None:
        return None
    if load is None:
        raise InputError.of(
            "--weather",
            given="temperatures without --load",
            allowed="the system load whose peaks they forecast beside",
            cure="Add --load and --peak-charge, or leave the weather out.",
        )
    from rerack.dispatch.desk_weather import read_weather_file

    chosen: Any = unit
    return read_weather_file(path, column=column, unit=chosen)
