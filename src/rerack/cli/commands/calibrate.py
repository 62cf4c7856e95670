"""``rerack calibrate``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from rerack.base.errors import InputError


@click.group("calibrate")
def command() -> None:
    """Estimate market parameters and write them as dated files with standard errors."""


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


@command.command("power")
@click.argument("prices", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Name of the parameter set, such as my_node.")
@click.option("--column", help="Column of PRICES, where it has several.")
@click.option("--unit", default="USD/MWh", show_default=True, help="Unit of PRICES.")
@click.option("--source", help="Where the prices come from, in one line.")
@click.option("--out", type=click.Path(path_type=Path), help="File; default: power_NAME.json.")
def power(
    prices: Path, name: str, column: str | None, unit: str, source: str | None, out: Path | None
) -> None:
    """Fit the hourly power model to PRICES (CSV or Parquet with UTC hours)."""
    from rerack.markets.power import calibrate_power_file

    target = out or Path(f"power_{name}.json")
    fitted = calibrate_power_file(
        prices, target, name=name, dated=_today(), column=column, unit=unit, source=source
    )
    click.echo(f"wrote {target}: {fitted.name}, {fitted.source}")


@command.command("markets")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("parameters"), show_default=True
)
def markets(folder: Path, out: Path) -> None:
    """Fit Bitcoin, fees, leases and GPU-hours.

    FOLDER holds btc_daily_coinmetrics.csv; leases and GPU-hours come from the catalogue.
    """
    from rerack.markets.calibrate import calibrate_markets

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


@command.command("network")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("parameters"), show_default=True
)
def network(out: Path) -> None:
    """Fit network growth and rig prices to the built-in history and catalogue."""
    from rerack.network.calibrate import calibrate_network

    out.mkdir(parents=True, exist_ok=True)
    for path in calibrate_network(out):
        click.echo(f"wrote {path}")
