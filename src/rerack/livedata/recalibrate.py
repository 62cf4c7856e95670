"""Calibrations on cached series: the estimators are those for files, the data are live."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rerack.base.checks import FloatArray, require
from rerack.livedata import cache
from rerack.livedata.catalogue import spec_of
from rerack.livedata.observations import filled_by

if TYPE_CHECKING:
    from rerack.markets import NetworkHistory

_PREFIX = "coinmetrics_"


def power_prices(folder: Path, name: str) -> Path:
    """Return the price file of a cached hourly series in USD/MWh, its checksum verified.

    Parameters
    ----------
    folder : Path
        The cache.
    name : str
        Series.
    """
    record, _ = cache.read(folder, name)
    require(
        record.step == "hour" and record.unit == "USD/MWh",
        name,
        given=f"{record.unit} by {record.step}",
        allowed="hourly prices in USD/MWh",
        cure="Name another series; other currencies are not converted.",
    )
    return cache.path_of(folder, name)


def markets_on_live_data(folder: Path, out: Path) -> tuple[Path, ...]:
    """Estimate Bitcoin, fees, leases and GPU-hours on cached Coin Metrics series.

    Parameters
    ----------
    folder : Path
        The cache: coinmetrics_price, coinmetrics_blocks and coinmetrics_fees without a gap.
    out : Path
        Existing folder for the parameter files.
    """
    from rerack.markets.calibrate import calibrate_markets
    from rerack.markets.calibrate.source import FILE_NAME

    days, columns = daily(folder, ("price", "blocks", "fees"))
    lines = ["date,price_usd,blocks,fees_btc"]
    for i, day in enumerate(days):
        lines.append(f"{day}," + ",".join(repr(float(column[i])) for column in columns))
    with tempfile.TemporaryDirectory() as aside:
        (Path(aside) / FILE_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return calibrate_markets(Path(aside), out)


def network_on_live_data(folder: Path, out: Path) -> tuple[Path, ...]:
    """Estimate hashrate growth and rig prices on cached Coin Metrics series.

    Parameters
    ----------
    folder : Path
        The cache: price, hashrate, fees, issuance and blocks of Coin Metrics without a gap.
    out : Path
        Existing folder for the parameter files.
    """
    from rerack.markets.parameters import write_parameters
    from rerack.network.calibrate.growth import calibrate_growth
    from rerack.network.calibrate.rigs import calibrate_rigs

    history = live_history(folder)
    span = f"{history.labels[0]} to {history.labels[-1]}"
    source = f"monthly means and sums of cached Coin Metrics series (CC BY-NC 4.0), {span}"
    growth = replace(calibrate_growth(history), source=source)
    return tuple(write_parameters(p, out) for p in (growth, calibrate_rigs(history)))


def live_history(folder: Path) -> NetworkHistory:
    """Return whole months since 2017 from cached Coin Metrics series.

    Parameters
    ----------
    folder : Path
        The cache.
    """
    from rerack.markets import NetworkHistory

    days, columns = daily(folder, ("price", "hashrate", "fees", "issuance", "blocks"))
    price, hashrate, fees, issuance, blocks = columns
    month = days.astype("datetime64[M]")
    whole = [
        m
        for m in np.unique(month)
        if m >= np.datetime64("2017-01")
        and (month == m).sum()
        == ((m + 1).astype("datetime64[D]") - m.astype("datetime64[D]")) / np.timedelta64(1, "D")
    ]
    require(len(whole) >= 1, str(folder), given="no whole month", allowed="1 or more since 2017")

    def by_month(values: FloatArray, how: str) -> FloatArray:
        return np.array([getattr(values[month == m], how)() for m in whole])

    paid = by_month((fees + issuance) * price, "sum")
    earned = by_month(fees, "sum")
    return NetworkHistory(
        labels=tuple(str(m) for m in whole),
        price_usd=by_month(price, "mean"),
        hashrate_eh_s=by_month(hashrate, "mean"),
        hashprice_usd_per_ph_day=paid / (by_month(hashrate, "sum") * 1e3),
        fees_btc_per_block=earned / by_month(blocks, "sum"),
        fee_share_frac=earned / (earned + by_month(issuance, "sum")),
        revenue_usd=paid,
    )


def daily(
    folder: Path, kinds: tuple[str, ...]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.datetime64]], list[FloatArray]]:
    """Return the days that all the Coin Metrics series cover, and their values; gaps are refused.

    Parameters
    ----------
    folder : Path
        The cache.
    kinds : tuple of str
        Such as ``price`` and ``fees``.
    """
    series = []
    for kind in kinds:
        spec = spec_of(_PREFIX + kind)
        series.append(filled_by(spec, cache.read(folder, spec.name)[1], "none"))
    first = max(s.times[0] for s in series)
    last = min(s.times[-1] for s in series)
    require(first <= last, str(folder), given="series without a common day", allowed="common days",
            cure="Fetch them again with the same --from.")  # fmt: skip
    kept = [(s.times >= first) & (s.times <= last) for s in series]
    days = series[0].times[kept[0]].astype("datetime64[D]")
    return days, [s.values[k] for s, k in zip(series, kept, strict=True)]
