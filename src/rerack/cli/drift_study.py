"""The drivers of ``rerack data drift``: what is cached of each, and its parameter file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rerack.base.errors import DataError

if TYPE_CHECKING:
    import numpy as np

    from rerack.base.checks import FloatArray
    from rerack.livedata import Observations
    from rerack.livedata.drift import DriftTest
    from rerack.markets.parameters import Calibration


def drift_tests(
    folder: Path,
    parameters: Path | None,
    power: str,
    now: np.datetime64,
    *,
    allow_stale: bool,
    seed: int,
) -> tuple[DriftTest, ...]:
    """Return the tests of every driver whose series are cached; none is an error."""
    from rerack.livedata import cache
    from rerack.livedata.drift import bitcoin_drift, power_drift

    there = cache.names(folder)
    tests: list[DriftTest] = []
    if "coinmetrics_price" in there:
        price = _fresh(folder, "coinmetrics_price", now, allow_stale)
        tests += bitcoin_drift(price.values, _file(parameters, "bitcoin"), seed=seed)
    if {"coinmetrics_fees", "coinmetrics_blocks"} <= set(there):
        tests += _fees(folder, parameters, now, allow_stale, seed)
    tests += _network(folder, parameters, there, now, allow_stale, seed)
    if power in there:
        from rerack.markets.power.parameters import PowerParameters

        prices = _fresh(folder, power, now, allow_stale)
        fitted = (
            PowerParameters.load(power)
            if parameters is None
            else PowerParameters.read(parameters / f"power_{power}.json")
        )
        tests += power_drift(prices.values, prices.times[-1], fitted, seed=seed)
    if not tests:
        raise DataError.of(
            str(folder),
            given="no series of a calibrated driver",
            allowed="coinmetrics_price; coinmetrics_fees with coinmetrics_blocks; "
            f"coinmetrics_hashrate; {power}",
            cure="Fetch one with `rerack data update`.",
        )
    return tuple(tests)


def _network(
    folder: Path,
    parameters: Path | None,
    there: tuple[str, ...],
    now: np.datetime64,
    allow_stale: bool,
    seed: int,
) -> tuple[DriftTest, ...]:
    from rerack.livedata.drift_network import block_time_drift, hashrate_drift

    if "coinmetrics_hashrate" not in there:
        return ()
    _fresh(folder, "coinmetrics_hashrate", now, allow_stale)
    months, hashrate = _monthly_hashrate(folder)
    history = _calibrated_hashrate(folder, parameters, months, hashrate)
    tests = hashrate_drift(hashrate, history, seed=seed)
    if "coinmetrics_blocks" in there:
        blocks = _fresh(folder, "coinmetrics_blocks", now, allow_stale)
        tests += block_time_drift(blocks.values, history, seed=seed)
    return tests


def _monthly_hashrate(folder: Path) -> tuple[list[str], FloatArray]:
    """Return whole months and their mean hashrate [EH/s]; the first and the last are left out."""
    import numpy as np

    from rerack.livedata.recalibrate import daily

    days, (hashrate,) = daily(folder, ("hashrate",))
    month = days.astype("datetime64[M]")
    whole = np.unique(month)[1:-1]
    return [str(m) for m in whole], np.array([hashrate[month == m].mean() for m in whole])


def _calibrated_hashrate(
    folder: Path, parameters: Path | None, months: list[str], hashrate: FloatArray
) -> FloatArray:
    """Return the months that growth was estimated on: built in, or of the cache to that date."""
    from rerack.markets import network_history

    if parameters is None:
        return network_history().hashrate_eh_s
    last = _file(parameters, "growth").date
    kept = [i for i, month in enumerate(months) if "2017-01" <= month <= last]
    if not kept or months[kept[-1]] != last or months[kept[0]] > "2017-02":
        raise DataError.of(
            f"{folder}: coinmetrics_hashrate",
            given="no months" if not months else f"{months[0]} to {months[-1]}",
            allowed=f"the months that {parameters / 'growth.json'} rests on, 2017-01 to {last}",
            cure="Run `rerack data update coinmetrics_hashrate --from 2016-12-01`.",
        )
    return hashrate[kept]


def _fees(
    folder: Path, parameters: Path | None, now: np.datetime64, allow_stale: bool, seed: int
) -> tuple[DriftTest, ...]:
    import numpy as np

    from rerack.livedata.drift import fee_drift
    from rerack.livedata.recalibrate import daily

    for name in ("coinmetrics_fees", "coinmetrics_blocks"):
        _fresh(folder, name, now, allow_stale)
    days, (fees, blocks) = daily(folder, ("fees", "blocks"))
    month = days.astype("datetime64[M]")
    # The first and the last month are whole only by chance: both are left out.
    whole = np.unique(month)[1:-1]
    by_month = np.array([fees[month == m].sum() / blocks[month == m].sum() for m in whole])
    return fee_drift(by_month, _file(parameters, "fees"), seed=seed)


def _fresh(folder: Path, name: str, now: np.datetime64, allow_stale: bool) -> Observations:
    from rerack.livedata import age_of, cache, filled_by

    record, seen = cache.read(folder, name)
    age = age_of(record, seen, now)
    if age.stale and not allow_stale:
        raise DataError.of(
            name,
            given=f"a stale series: {age.words}",
            allowed="a fresh one: drift is about today",
            cure=f"Run `rerack data update {name}`, or say --stale.",
        )
    return filled_by(cache.spec_of_record(record), seen, "none")


def _file(parameters: Path | None, name: str) -> Calibration:
    from rerack.markets.parameters import packaged, read_parameters

    return packaged(name) if parameters is None else read_parameters(parameters / f"{name}.json")
