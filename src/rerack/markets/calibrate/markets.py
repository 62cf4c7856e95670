"""The calibration command's work: every market model but power, from a folder of data."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rerack.markets.calibrate.bitcoin import calibrate_bitcoin
from rerack.markets.calibrate.fees import calibrate_fees
from rerack.markets.calibrate.index import calibrate_gpu, calibrate_lease
from rerack.markets.calibrate.source import monthly_fees, read_daily
from rerack.markets.parameters import Calibration, write_parameters

_SOURCE: Final = "Coin Metrics community network data, daily (CC BY-NC 4.0); only estimates shown"
_FEES_START: Final = "2017-01"


def calibrate_markets(folder: Path, out: Path) -> tuple[Path, ...]:
    """Estimate the Bitcoin, fee, lease and GPU models and write their files.

    Parameters
    ----------
    folder : Path
        Holds ``btc_daily_coinmetrics.csv``; lease and GPU prices come from the catalogue.
    out : Path
        Existing folder for ``bitcoin.json``, ``fees.json``, ``lease.json`` and ``gpu.json``.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    DataError
        The daily file cannot be used.
    """
    return tuple(write_parameters(p, out) for p in estimate_markets(folder))


def estimate_markets(folder: Path) -> tuple[Calibration, ...]:
    """Return the estimates that `calibrate_markets` writes, in the order of its files.

    Parameters
    ----------
    folder : Path
        Holds ``btc_daily_coinmetrics.csv``.
    """
    daily = read_daily(folder)
    months, fees, price = monthly_fees(daily)
    first = months.index(_FEES_START)
    return (
        calibrate_bitcoin(daily.labels, daily.price_usd, source=_SOURCE),
        calibrate_fees(months[first:], fees[first:], price[first:], source=_SOURCE),
        calibrate_lease(),
        calibrate_gpu(),
    )
