"""One site with a battery: the concave recursion against HiGHS started from its last basis.

The site-year benchmarks compare medians of processor time, both on one thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import numpy as np

from benchmarks.measure import PeakMemory, best_of, median_of
from benchmarks.site_year import HASHPRICES, HOURS, site_of, year_prices
from benchmarks.spec import Measurement, Spec
from benchmarks.workload import CHUNK, YEARS, workload
from rerack.assets import Battery, Site
from rerack.base.checks import FloatArray
from rerack.dispatch import (
    hall_strikes_usd_per_mwh,
    rig_capacity_mw,
    solve,
    solve_storage,
    storage_values,
)
from rerack.dispatch.storage_lp import StorageOracle
from rerack.dispatch.storage_program import StorageProgram

BATTERY = Battery(
    charge_mw=100.0,
    discharge_mw=100.0,
    energy_mwh=400.0,
    charge_efficiency_frac=0.93,
    discharge_efficiency_frac=0.93,
    throughput_cost_usd_per_mwh=10.0,
)
#: Cores that the long benchmark uses.
THREADS = 2


def value_usd(site: Site, price: FloatArray, hashprice: float) -> float:
    """Return what the battery adds in the hours given."""
    found = storage_values(
        site,
        BATTERY,
        price[np.newaxis],
        np.full((1, 1), hashprice),
        month_hours=np.array([price.size]),
    )
    return float(found.gain_usd.sum())


def schedule_usd(site: Site, price: FloatArray, hashprice: float) -> float:
    """Return the same from the whole schedule, certified."""
    return solve_storage(site, BATTERY, price, hashprice).gain_usd


def _oracle(site: Site, price: FloatArray) -> tuple[StorageOracle, Callable[[float], float]]:
    meter = price + site.tariff.adder_usd_per_mwh
    oracle = StorageOracle(
        StorageProgram(
            capacity_mw=rig_capacity_mw(site),
            interconnect_mw=site.interconnect_mw,
            firm_mw=site.firm_load_mw,
            export_limit_mw=0.0,
            battery=BATTERY,
            hours=price.size,
            guarded_hours=np.empty(0, dtype=np.int64),
        ),
        time_limit_s=300.0,
    )
    shape = (price.size, len(site.halls))
    strikes = {
        h: np.broadcast_to(hall_strikes_usd_per_mwh(site.halls, h), shape) for h in HASHPRICES
    }
    return oracle, lambda h: oracle.maximise(strikes[h], meter, meter)


def _difference(site: Site, price: FloatArray, ours: Callable[[float], float]) -> float:
    """Return the largest difference of the site's margin, relative, over five hashprices."""
    _, maximise = _oracle(site, price)
    worst = 0.0
    for h in HASHPRICES:
        best = maximise(h)
        mine = float(solve(site, price, h).margin_usd.values.sum()) + ours(h)
        worst = max(worst, abs(mine - best) / abs(best))
    return worst


def _measured(classes: int, ours: Callable[[Site, FloatArray, float], float]) -> Measurement:
    site, price = site_of(classes), year_prices()
    ours(site, price, HASHPRICES[0])
    turn = cycle(HASHPRICES)
    memory = PeakMemory()
    time_s = median_of(100, lambda: ours(site, price, next(turn)))
    peak_mb = memory.read_mb()
    quality = _difference(site, price, lambda h: ours(site, price, h))
    return Measurement(time_s=time_s, peak_mb=peak_mb, quality=quality)


def run_value(classes: int) -> Measurement:
    """Time what the battery adds in a year."""
    return _measured(classes, value_usd)


def run_schedule(classes: int) -> Measurement:
    """Time the whole `solve_storage`: checked inputs, hourly schedule, certified result."""
    return _measured(classes, schedule_usd)


def _warm_highs(classes: int, *, schedule: bool) -> Measurement:
    site, price = site_of(classes), year_prices()
    memory = PeakMemory()
    oracle, maximise = _oracle(site, price)
    for h in HASHPRICES:
        maximise(h)
    turn = cycle(HASHPRICES)

    def once() -> None:
        maximise(next(turn))
        if schedule:
            _ = oracle.stored_mwh

    time_s = median_of(15, once)
    return Measurement(time_s=time_s, peak_mb=memory.read_mb())


def peer_value(classes: int) -> Measurement:
    """Time a warm solve, objective only."""
    return _warm_highs(classes, schedule=False)


def peer_schedule(classes: int) -> Measurement:
    """Time a warm solve, schedule read back."""
    return _warm_highs(classes, schedule=True)


def run_hours(hours: int) -> Measurement:
    """Time the value over more and more hours: the year's prices again and again."""
    site = site_of(3)
    price = np.tile(year_prices(), hours // HOURS + 1)[:hours]
    value_usd(site, price, 45.0)
    memory = PeakMemory()
    time_s = best_of(20, lambda: value_usd(site, price, 45.0))
    return Measurement(time_s=time_s, peak_mb=memory.read_mb())


def run_twenty_years(scenarios: int) -> Measurement:
    """Time 20 years of hours for many scenarios on two threads; writing prices is not timed.

    The time is that of the processor over the threads: what free cores take.
    """
    work, site = workload(scenarios), site_of(3)
    hashprice = work.strike[:, :, 0] * 24.0 * 15.0 / 1e3

    def part(price: FloatArray, first: int, rows: slice) -> FloatArray:
        found = storage_values(
            site, BATTERY, price[rows], hashprice[first:][rows], month_hours=work.month_hours
        )
        return found.gap_usd / found.bound_usd

    part(work.prices(0, 1), 0, slice(0, 1))
    memory, spent, worst = PeakMemory(), 0.0, 0.0
    with ThreadPoolExecutor(THREADS) as pool:
        for begin in range(0, scenarios, CHUNK):
            end = min(begin + CHUNK, scenarios)
            price = work.prices(begin, end)
            half = (end - begin + 1) // 2
            clock = time.process_time()
            jobs = [
                pool.submit(part, price, begin, rows)
                for rows in (slice(0, half), slice(half, end - begin))
            ]
            worst = max(worst, *(float(job.result().max(initial=0.0)) for job in jobs))
            spent += (time.process_time() - clock) / THREADS
    return Measurement(time_s=spent, peak_mb=memory.read_mb(), quality=worst)


def peer_twenty_years(scenarios: int) -> Measurement:
    """Return the time of one warm site-year, times scenarios and years over threads."""
    return Measurement(time_s=peer_value(3).time_s * scenarios * YEARS / THREADS)


_QUALITY = "largest relative difference of the site's margin to HiGHS, five hashprices"

SPECS = (
    Spec(
        name="storage-year-value",
        work="what a battery adds in 8,760 hours, rigs and firm load on a binding interconnect",
        size_unit="classes",
        sizes=(3, 10, 30),
        run=run_value,
        target="200 times faster, objective equal to 1e-9",
        quality=_QUALITY,
        peer_name="HiGHS, warm",
        peer=peer_value,
    ),
    Spec(
        name="storage-year-schedule",
        work="the same with the hourly schedule, inputs checked, result certified",
        size_unit="classes",
        sizes=(3, 10),
        run=run_schedule,
        target="objective equal to 1e-9",
        quality=_QUALITY,
        peer_name="HiGHS, warm",
        peer=peer_schedule,
    ),
    Spec(
        name="storage-hours",
        work="what a battery adds, over more and more hours",
        size_unit="hours",
        sizes=(2_190, 8_760, 35_040, 175_200),
        run=run_hours,
        target="time grows as the hours do",
    ),
    Spec(
        name="storage-twenty-years",
        work="what a battery adds, 20 years of hours, two threads, 3 classes",
        size_unit="scenarios",
        sizes=(10, 100, 1_000),
        run=run_twenty_years,
        target="20 s for 1,000 on two free cores",
        quality="largest gap to the upper bound, relative",
        peer_name="HiGHS, warm, one site-year extrapolated",
        peer=peer_twenty_years,
    ),
)
