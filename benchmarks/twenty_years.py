"""1,000 scenarios x 20 years of hours x 10 rig classes: three routes to the monthly margins."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from benchmarks.measure import PeakMemory, best_of
from benchmarks.spec import Measurement, Spec
from benchmarks.workload import CHUNK, Workload, workload
from rerack.base.checks import FloatArray, IntArray
from rerack.dispatch import PriceDuration, RunMargins, hour_margins, margins
from rerack.dispatch.hour_kernel import hour_plain
from rerack.numerics.device import Device

SIZES = (10, 100, 1000)
HourRoute = Callable[[FloatArray, IntArray, FloatArray], RunMargins]


def _compiled(price: FloatArray, hours: IntArray, strike: FloatArray) -> RunMargins:
    return hour_margins(price, month_hours=hours, strike_usd_per_mwh=strike)


def _numpy(price: FloatArray, hours: IntArray, strike: FloatArray) -> RunMargins:
    start = np.concatenate([[0], np.cumsum(hours)])
    run_frac, run_price = np.empty(strike.shape), np.empty(strike.shape)
    hour_plain(price, start, strike, run_frac, run_price)
    return RunMargins(run_frac=run_frac, run_price_usd_per_mwh=run_price)


def duration_route(work: Workload, device: Device = "cpu") -> RunMargins:
    """Return the margins from sorted months, on the processor or a GPU."""
    return margins(
        PriceDuration.build(work.library),
        month_of_year=work.month_of_year,
        library_year=work.library_year,
        level=work.level,
        adder_usd_per_mwh=0.0,
        strike_usd_per_mwh=work.strike,
        device=device,
    )


def _difference(work: Workload, ours: RunMargins) -> float:
    """Return the largest relative difference of yearly margins to NumPy, first scenarios."""
    rows = slice(0, ours.run_frac.shape[0])
    strike = work.strike[rows]
    theirs = _numpy(work.prices(0, rows.stop), work.month_hours, strike)
    mine, other = (
        (r.margin_usd_per_mwh(strike)).reshape(rows.stop, -1, 12, strike.shape[2]).sum(axis=2)
        for r in (ours, theirs)
    )
    return float((np.abs(mine - other) / np.maximum(np.abs(other), 1e-9)).max())


def _by_chunks(scenarios: int, route: HourRoute, *, judge: bool) -> Measurement:
    """Time a route over chunks of written-out prices; writing them out is not timed."""
    work = workload(scenarios)
    memory = PeakMemory()
    route(work.prices(0, 1), work.month_hours, work.strike[:1])
    spent, first = 0.0, None
    for begin in range(0, scenarios, CHUNK):
        end = min(begin + CHUNK, scenarios)
        price, strike = work.prices(begin, end), work.strike[begin:end]
        clock = time.perf_counter()
        found = route(price, work.month_hours, strike)
        spent += time.perf_counter() - clock
        first = found if first is None else first
    peak_mb = memory.read_mb()
    quality = _difference(work, first) if judge and first is not None else None
    return Measurement(time_s=spent, peak_mb=peak_mb, quality=quality)


def run_hour_loop(scenarios: int) -> Measurement:
    """Time the compiled hour loop."""
    return _by_chunks(scenarios, _compiled, judge=True)


def peer_numpy(scenarios: int) -> Measurement:
    """Time NumPy, a chunk of scenarios, a month and a class at a time."""
    return _by_chunks(scenarios, _numpy, judge=False)


def peer_hour_loop(scenarios: int) -> Measurement:
    """Time the compiled hour loop as reference."""
    return _by_chunks(scenarios, _compiled, judge=False)


def run_duration(scenarios: int) -> Measurement:
    """Time the price-duration route, sorting the library included."""
    work = workload(scenarios)
    duration_route(workload(1))
    memory = PeakMemory()
    time_s = best_of(3, lambda: duration_route(work))
    peak_mb = memory.read_mb()
    found = duration_route(work)
    rows = slice(0, min(scenarios, CHUNK))
    head = RunMargins(
        run_frac=found.run_frac[rows], run_price_usd_per_mwh=found.run_price_usd_per_mwh[rows]
    )
    return Measurement(time_s=time_s, peak_mb=peak_mb, quality=_difference(work, head))


_QUALITY = "largest relative difference of a yearly margin to NumPy, first 20 scenarios"

SPECS = (
    Spec(
        name="hour-loop",
        work="monthly margins of 10 rig classes over 20 years, hour by hour",
        size_unit="scenarios",
        sizes=SIZES,
        run=run_hour_loop,
        target="under 1 s for 1,000 scenarios",
        quality=_QUALITY,
        peer_name="NumPy in chunks",
        peer=peer_numpy,
    ),
    Spec(
        name="duration",
        work="the same margins from sorted months, sorting included",
        size_unit="scenarios",
        sizes=SIZES,
        run=run_duration,
        target="well under the hour loop",
        quality=_QUALITY,
        peer_name="compiled hour loop",
        peer=peer_hour_loop,
    ),
    Spec(
        name="twenty-years",
        work="rerack's route for 1,000 scenarios x 20 years, against the usual one",
        size_unit="scenarios",
        sizes=(1000,),
        run=run_duration,
        target="under 1 s and 40 times faster",
        quality=_QUALITY,
        peer_name="NumPy in chunks",
        peer=peer_numpy,
    ),
)
