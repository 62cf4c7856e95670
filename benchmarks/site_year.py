"""One site, one year of hours: the fast route against HiGHS started from its last basis."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import numpy as np

from benchmarks.measure import PeakMemory, best_of
from benchmarks.spec import Measurement, Spec
from benchmarks.workload import HOURS_OF_MONTH, workload
from rerack.assets import Hall, RigFleet, Site, Tariff
from rerack.base.checks import FloatArray
from rerack.dispatch import (
    LpOracle,
    hall_strikes_usd_per_mwh,
    hour_margins,
    merit_capacity_mw,
    rig_capacity_mw,
    solve,
)

HOURS = int(HOURS_OF_MONTH.sum())
#: The hashprice moves between solves, as it does between the months of a study [USD/PH/s/day].
HASHPRICES = (45.0, 42.0, 48.0, 38.0, 52.0)


def site_of(classes: int) -> Site:
    """Return a site whose interconnect binds, with firm load."""
    halls = tuple(
        Hall(
            name=f"hall {k}",
            utility_mw=100.0,
            rigs=RigFleet(model="m", efficiency_j_per_th=e, pool_fee_frac=0.01, uptime_frac=0.95),
        )
        for k, e in enumerate(np.linspace(15.0, 38.0, classes))
    )
    return Site(
        name="bench",
        interconnect_mw=80.0 * classes,
        halls=halls,
        tariff=Tariff(adder_usd_per_mwh=4.0),
        firm_load_mw=10.0 * classes,
    )


def year_prices() -> FloatArray:
    """Return one year of the invented library."""
    return np.concatenate([month[0] for month in workload(1).library])


def value_usd(site: Site, price: FloatArray, hashprice: float) -> float:
    """Return the year's mining margin without writing the schedule out."""
    strike = hall_strikes_usd_per_mwh(site.halls, hashprice)
    served = merit_capacity_mw(
        rig_capacity_mw(site), strike, site.interconnect_mw - site.firm_load_mw
    )
    found = hour_margins(
        price[np.newaxis] + site.tariff.adder_usd_per_mwh,
        month_hours=np.array([price.size]),
        strike_usd_per_mwh=strike[np.newaxis, np.newaxis],
    )
    rate = found.margin_usd_per_mwh(strike)[0, 0]
    return float((served * rate).sum() * price.size)


def _oracle(site: Site, price: FloatArray) -> tuple[LpOracle, Callable[[float], FloatArray]]:
    meter = price + site.tariff.adder_usd_per_mwh
    oracle = LpOracle(
        rig_capacity_mw(site), limit_mw=site.interconnect_mw - site.firm_load_mw, hours=price.size
    )

    def gain(hashprice: float) -> FloatArray:
        return hall_strikes_usd_per_mwh(site.halls, hashprice) - meter[:, np.newaxis]

    return oracle, gain


def _difference(site: Site, price: FloatArray, ours: Callable[[float], float]) -> float:
    oracle, gain = _oracle(site, price)
    pairs = [(ours(h), oracle.maximise(gain(h))) for h in HASHPRICES]
    return max(abs(a - b) / abs(b) for a, b in pairs)


def _measured(classes: int, ours: Callable[[Site, FloatArray, float], float]) -> Measurement:
    site, price = site_of(classes), year_prices()
    ours(site, price, HASHPRICES[0])
    turn = cycle(HASHPRICES)
    memory = PeakMemory()
    time_s = best_of(50, lambda: ours(site, price, next(turn)))
    peak_mb = memory.read_mb()
    quality = _difference(site, price, lambda h: ours(site, price, h))
    return Measurement(time_s=time_s, peak_mb=peak_mb, quality=quality)


def run_value(classes: int) -> Measurement:
    """Time the year's margin alone."""
    return _measured(classes, value_usd)


def run_schedule(classes: int) -> Measurement:
    """Time the whole `solve`: checked inputs, hourly schedule, certified result."""
    return _measured(
        classes, lambda site, price, h: float(solve(site, price, h).margin_usd.values.sum())
    )


def _warm_highs(classes: int, *, schedule: bool) -> Measurement:
    site, price = site_of(classes), year_prices()
    memory = PeakMemory()
    oracle, gain = _oracle(site, price)
    costs = {h: gain(h) for h in HASHPRICES}
    for h in HASHPRICES:
        oracle.maximise(costs[h])
    turn = cycle(HASHPRICES)

    def once() -> None:
        oracle.maximise(costs[next(turn)])
        if schedule:
            _ = oracle.run_mw

    time_s = best_of(10, once)
    return Measurement(time_s=time_s, peak_mb=memory.read_mb())


def peer_value(classes: int) -> Measurement:
    """Time a warm solve, objective only."""
    return _warm_highs(classes, schedule=False)


def peer_schedule(classes: int) -> Measurement:
    """Time a warm solve, schedule read back."""
    return _warm_highs(classes, schedule=True)


_QUALITY = "largest relative difference of the objective to HiGHS, five hashprices"

SPECS = (
    Spec(
        name="site-year-value",
        work="margin of 8,760 hours under a binding interconnect",
        size_unit="classes",
        sizes=(3, 10),
        run=run_value,
        target="200 times faster, objective equal to 1e-9",
        quality=_QUALITY,
        peer_name="HiGHS, warm",
        peer=peer_value,
    ),
    Spec(
        name="site-year-schedule",
        work="the same with the hourly schedule, inputs checked, result certified",
        size_unit="classes",
        sizes=(3, 10),
        run=run_schedule,
        target="objective equal to 1e-9",
        quality=_QUALITY,
        peer_name="HiGHS, warm",
        peer=peer_schedule,
    ),
)
