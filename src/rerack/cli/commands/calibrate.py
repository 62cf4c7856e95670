"""``rerack calibrate``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from rerack.base.errors import InputError
from rerack.cli.places import OutFile


@click.group("calibrate")
def command() -> None:
    """Estimate market parameters and write them as dated files with standard errors.

    \b
    Examples:
      rerack calibrate power prices.csv --column HB_NORTH --name my_node
      rerack calibrate power --data ercot_north --name my_north
      rerack calibrate markets --data coinmetrics
      rerack calibrate network
    """  # noqa: D301


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


_DATA = click.option(
    "--data", "live", metavar="NAME", help="A cached live series instead of a file."
)
_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    envvar="RERACK_DATA",
    help="Cache of live data; or the environment variable RERACK_DATA.",
)
_OUT = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("parameters"),
    show_default=True,
    help="Folder that parameter files are written to.",
)


@command.command("power", short_help="Fit the hourly power model to prices.")
@click.argument("prices", type=click.Path(path_type=Path), required=False)
@_DATA
@_FOLDER
@click.option("--name", required=True, help="Name of the parameter set, such as my_node.")
@click.option("--column", help="Column of PRICES, where it has several.")
@click.option("--unit", default="USD/MWh", show_default=True, help="Unit of PRICES.")
@click.option("--source", help="Where the prices come from, in one line.")
@click.option("--out", type=OutFile(), help="File to be written, JSON.  [default: power_NAME.json]")
def power(
    prices: Path | None,
    live: str | None,
    folder: Path,
    name: str,
    column: str | None,
    unit: str,
    source: str | None,
    out: Path | None,
) -> None:
    """Fit the hourly power model to PRICES (CSV or Parquet with UTC hours) or a live series.

    Some 10 s for each year of hours.
    """
    from rerack.markets.power import calibrate_power_file

    if (prices is None) == (live is None):
        raise click.UsageError("give either PRICES or --data NAME")
    if live is not None:
        from rerack.livedata.recalibrate import power_prices

        prices = power_prices(folder, live)
    assert prices is not None
    if Path(name).name != name:
        raise InputError.of(
            "--name",
            given=repr(name),
            allowed="a name without a folder, such as my_node",
            cure="Give the folder with --out.",
        )
    target = out or OutFile().convert(f"power_{name}.json", None, None)
    target.parent.mkdir(parents=True, exist_ok=True)
    fitted = calibrate_power_file(
        prices, target, name=name, dated=_today(), column=column, unit=unit, source=source
    )
    click.echo(f"wrote {target}: {fitted.name}, {fitted.source}")


@command.command("markets")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--data", "live", type=click.Choice(["coinmetrics"]), help="Cached live series.")
@click.option(
    "--cache",
    "cached",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    envvar="RERACK_DATA",
    help="Cache of live data; or the environment variable RERACK_DATA.",
)
@_OUT
def markets(folder: Path | None, live: str | None, cached: Path, out: Path) -> None:
    """Fit Bitcoin, fees, leases and GPU-hours.

    FOLDER holds btc_daily_coinmetrics.csv; leases and GPU-hours come from the catalogue.
    """
    from rerack.markets.calibrate import calibrate_markets

    if (folder is None) == (live is None):
        raise click.UsageError("give either FOLDER or --data coinmetrics")
    if folder is None:
        from rerack.livedata.recalibrate import markets_on_live_data

        out.mkdir(parents=True, exist_ok=True)
        for path in markets_on_live_data(cached, out):
            click.echo(f"wrote {path}")
        return
    if not folder.is_dir():
        raise InputError.of(
            str(folder),
            given="no such folder",
            allowed="a folder that holds btc_daily_coinmetrics.csv",
            cure="Name the folder of your price history.",
        )
    out.mkdir(parents=True, exist_ok=True)
    for path in calibrate_markets(folder, out):
        click.echo(f"wrote {path}")


@command.command("network", short_help="Fit network growth and rig prices.")
@_OUT
@click.option("--data", "live", type=click.Choice(["coinmetrics"]), help="Cached live series.")
@_FOLDER
def network(out: Path, live: str | None, folder: Path) -> None:
    """Fit network growth and rig prices to the built-in history, or to cached live series."""
    from rerack.livedata.recalibrate import network_on_live_data
    from rerack.network.calibrate import calibrate_network

    out.mkdir(parents=True, exist_ok=True)
    for path in calibrate_network(out) if live is None else network_on_live_data(folder, out):
        click.echo(f"wrote {path}")
