"""``rerack dispatch``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rerack.base.errors import InputError
from rerack.base.writing import write_whole
from rerack.cli.output import output_options, print_table
from rerack.cli.places import OutFile, option_names

if TYPE_CHECKING:
    import numpy as np

    from rerack.assets import Battery
    from rerack.base.checks import FloatArray
    from rerack.dispatch.desk_power_result import PowerSchedule
    from rerack.dispatch.desk_power_series import DeskSeries
    from rerack.dispatch.desk_schedule import SiteSchedule
    from rerack.dispatch.desk_terms import DeskTerms
    from rerack.markets.files import HourlySeries
    from rerack.scenario import Scenario

_FILE = click.Path(path_type=Path)


@click.command("dispatch")
@click.argument("site", type=_FILE)
@click.option("--prices", required=True, type=_FILE, help="Hourly index prices, CSV or Parquet.")
@click.option("--column", help="Column of PRICES, where it has several.")
@click.option("--unit", default="USD/MWh", show_default=True, help="Unit of PRICES.")
@click.option("--hashprice", help='One for all hours, such as "35 USD/PH/day"; else by history.')
@click.option("--from", "first", metavar="DAY", help="First day, UTC: 2024-06-01, 2024-06 or 2024.")
@click.option("--to", "last", metavar="DAY", help="Last day, UTC, whole.")
@click.option(
    "--by", type=click.Choice(["hour", "day", "month", "year"]), help="Rows of the table."
)
@click.option("--load", type=_FILE, help="The system's hourly load, MW, for coincident peaks.")
@click.option("--load-column", help="Column of LOAD, where it has several.")
@click.option("--inlet", type=_FILE, help="Hourly inlet temperature, C, for inlet limits.")
@click.option(
    "--series",
    "named",
    multiple=True,
    metavar="NAME=FILE[::COLUMN]",
    help="Output over capacity of sun or wind, or capacity price of a reserve, by hour.",
)
@click.option("--battery-power", help='Battery instead of the file\'s, such as "50 MW utility".')
@click.option("--battery-energy", help='Its usable energy, such as "200 MWh".')
@click.option("--battery-efficiency", default="86 %", show_default=True, help="Its round trip.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key.")
@click.option("--plot", type=OutFile(), help="Write figures to this HTML file.")
@click.option(
    "--bill", "bill_file", type=OutFile(), help="Write the bill, line by line, to this CSV."
)
@output_options
def command(
    site: Path,
    prices: Path,
    column: str | None,
    unit: str,
    hashprice: str | None,
    first: str | None,
    last: str | None,
    by: str | None,
    load: Path | None,
    load_column: str | None,
    inlet: Path | None,
    named: tuple[str, ...],
    battery_power: str | None,
    battery_energy: str | None,
    battery_efficiency: str,
    overrides: tuple[str, ...],
    plot: Path | None,
    bill_file: Path | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Dispatch SITE (a site file) on the prices of a file, every hour known beforehand.

    Tariff, battery, generation and programmes are those of the file. The table is by month; with
    --csv by hour, unless --by says otherwise.

    \b
    Examples:
      rerack dispatch site.yaml --prices prices.csv --hashprice "35 USD/PH/day"
      rerack dispatch site.yaml --prices dam.parquet --column HB_NORTH --from 2023-08 --to 2023-08
      rerack dispatch site.yaml --prices prices.csv --load load.csv --series solar=solar.csv
      rerack dispatch site.yaml --prices prices.csv --plot plan.html --csv > hours.csv
    """  # noqa: D301
    from rerack.dispatch.desk_power import dispatch_site
    from rerack.scenario import load as load_scenario

    battery = battery_of(battery_power, battery_energy, battery_efficiency)
    scenario = load_scenario(site, overrides=overrides)
    series = prices_of(prices, column, unit, first, last)
    with option_names({"hashprice": "--hashprice", "hours": "--from, --to"}):
        found = dispatch_site(
            scenario.site,
            scenario.desk,
            series,
            hashprice_of(hashprice, series),
            beside=series_of(scenario.desk, load, load_column, inlet, named),
            battery=battery,
            block_end=block_end(scenario),
        )
    if bill_file is not None:
        write_bill(found, scenario, series, bill_file)
    if plot is not None:
        options: dict[str, Any] = {
            "--column": column,
            "--hashprice": hashprice,
            "--from": first,
            "--to": last,
        }
        options |= {"--load": load, "--load-column": load_column, "--inlet": inlet}
        options |= {"--battery-power": battery_power, "--battery-energy": battery_energy}
        write_page(found, series, plot, _hourly_command(site, prices, options, named, overrides))
    rows = by or ("hour" if as_csv else "month")
    if as_json or as_csv:
        print_table(found.table(_by(rows)), as_json=as_json, as_csv=as_csv)
        return
    click.echo(_text(found, _text_rows(rows), series))
    for word, path in (("figures", plot), ("bill", bill_file)):
        if path is not None:
            click.echo(f"\n  {word} {path}")


def series_of(
    terms: DeskTerms,
    load: Path | None,
    load_column: str | None,
    inlet: Path | None,
    named: tuple[str, ...],
) -> DeskSeries:
    """Return the series of the options beside the prices."""
    from rerack.dispatch.desk_load import read_load_file
    from rerack.dispatch.desk_power_series import DeskSeries, read_named_series
    from rerack.markets.files import read_price_file

    return DeskSeries(
        by_name=read_named_series(named, terms),
        load=None if load is None else read_load_file(load, column=load_column),
        inlet_c=None if inlet is None else read_price_file(inlet),
    )


def write_bill(
    found: SiteSchedule | PowerSchedule, scenario: Scenario, series: HourlySeries, path: Path
) -> None:
    """Write the lines of the bill as CSV, all or nothing."""
    from rerack.dispatch.desk_power import site_bill
    from rerack.dispatch.desk_power_result import PowerSchedule
    from rerack.report import to_csv

    if isinstance(found, PowerSchedule):
        lines = found.bill
    else:
        lines = site_bill(
            scenario.desk.site(scenario.site),
            found,
            series,
            zone=scenario.desk.zone,
            block_end=block_end(scenario),
        )
    write_whole(to_csv(lines.table()), path)


def write_page(
    found: SiteSchedule | PowerSchedule, series: HourlySeries, path: Path, explain: str
) -> None:
    """Write the figures as one page that opens offline."""
    from rerack.dispatch.desk_power_result import PowerSchedule
    from rerack.report.desk_page import write_figures

    if isinstance(found, PowerSchedule):
        from rerack.report.desk_power_figures import power_figures

        figures = power_figures(found)
    else:
        from rerack.report.desk_figures import schedule_figures

        figures = schedule_figures(found)
    write_figures(
        figures,
        path,
        title=f"Dispatch of {found.site}",
        facts=f"{series.name} · {series.start}:00Z to {series.end}:00Z · known beforehand",
        explain=explain,
    )


def _text(found: SiteSchedule | PowerSchedule, rows: str, series: HourlySeries) -> str:
    from rerack.dispatch.desk_power_result import PowerSchedule

    if isinstance(found, PowerSchedule):
        from rerack.report.desk_power_words import power_text

        return power_text(found, by=rows, prices=series.name)
    from rerack.report.desk_words import schedule_text

    return schedule_text(found, by=rows, prices=series.name)


def prices_of(
    path: Path, column: str | None, unit: str, first: str | None, last: str | None
) -> HourlySeries:
    """Return the hours asked for of a price file."""
    from rerack.dispatch.desk_prices import between
    from rerack.markets.files import read_price_file

    return between(read_price_file(path, column=column, unit=unit), first, last)


def hashprice_of(text: str | None, series: HourlySeries) -> float | FloatArray:
    """Return the hashprice given [USD/PH/day], or that of the built-in history by hour."""
    if text is not None:
        return number_of("--hashprice", text, "usd_per_ph_day")
    from rerack.dispatch.desk_hashprice import hashprice_by_hour

    return hashprice_by_hour(series)


def number_of(option: str, text: str, kind: str) -> float:
    """Return a quantity in the unit of `kind`; a refusal names the option."""
    from rerack.base.units import parse_quantity

    try:
        return parse_quantity(text, kind).value
    except InputError as error:
        problem = error.problems[0]
        raise InputError.of(
            option, given=problem.given, allowed=problem.allowed, cure=problem.cure
        ) from None


def block_end(scenario: Scenario) -> np.datetime64 | None:
    """Return the hour from which the fixed-price block is out of contract, if there is a block."""
    import numpy as np

    block = scenario.site.tariff.block
    if block is None:
        return None
    start = np.datetime64(scenario.grid.labels[0], "M")
    end: np.datetime64 = (start + block.months).astype("datetime64[h]")
    return end


def battery_of(power: str | None, energy: str | None, efficiency: str) -> Battery | None:
    """Return the battery that the options describe, losses shared evenly; None without one."""
    if power is None and energy is None:
        return None
    if power is None or energy is None:
        missing = "--battery-power" if power is None else "--battery-energy"
        raise InputError.of(
            missing,
            given="nothing",
            allowed="power and energy of a battery together",
            cure='Give both, such as --battery-power "50 MW utility" --battery-energy "200 MWh".',
        )
    from rerack.assets import Battery

    power_mw = number_of("--battery-power", power, "mw")
    one_way = number_of("--battery-efficiency", efficiency, "frac")
    if not 0.0 < one_way <= 1.0:
        raise InputError.of(
            "--battery-efficiency",
            given=efficiency,
            allowed="a share above 0 and up to 100 %",
            cure="Give energy back over energy in, such as 86 %.",
        )
    options = {"charge_mw": "--battery-power", "energy_mwh": "--battery-energy"}
    with option_names(options | {"discharge_mw": "--battery-power"}):
        return Battery(
            charge_mw=power_mw,
            discharge_mw=power_mw,
            energy_mwh=number_of("--battery-energy", energy, "mwh"),
            charge_efficiency_frac=one_way**0.5,
            discharge_efficiency_frac=one_way**0.5,
        )


def _hourly_command(
    site: Path,
    prices: Path,
    options: dict[str, Any],
    named: tuple[str, ...],
    overrides: tuple[str, ...],
) -> str:
    """Return the command that prints the hours behind the figures."""
    given = [str(w) for name, value in options.items() if value is not None for w in (name, value)]
    given += [word for text in named for word in ("--series", text)]
    given += [word for text in overrides for word in ("--set", text)]
    return shlex.join(["rerack", "dispatch", str(site), "--prices", str(prices), *given, "--csv"])


def _by(rows: str) -> Any:
    """Return the choice as the literal type that tables take; click has checked it."""
    return rows


def _text_rows(rows: str) -> str:
    """Return the rows of a text table: hours are for programs."""
    if rows == "hour":
        raise InputError.of(
            "--by",
            given="hour",
            allowed="day, month or year for text",
            cure="Add --csv or --json for hours.",
        )
    return rows
