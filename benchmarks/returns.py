"""All rates of return of many cash flows, against pyxirr called in a loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pyxirr

from benchmarks.irr import PEER_SERIES, conversions, investments, worst_npv_left
from benchmarks.measure import PeakMemory, best_of
from benchmarks.spec import Measurement, Spec
from rerack.base.checks import FloatArray
from rerack.finance import irr_many

Maker = Callable[[int], FloatArray]


def run_irr(make: Maker, series: int) -> Measurement:
    """Time every root of every series."""
    flows = make(series)
    irr_many(flows[:2], periods_per_year=12)
    memory = PeakMemory()
    time_s = best_of(3, lambda: irr_many(flows, periods_per_year=12))
    peak_mb = memory.read_mb()
    head = flows[:PEER_SERIES]
    left = worst_npv_left(head, irr_many(head, periods_per_year=12).roots_frac)
    return Measurement(time_s=time_s, peak_mb=peak_mb, quality=left)


def peer_irr(make: Maker, series: int) -> Measurement:
    """Time one root of every series."""
    flows = make(series)
    memory = PeakMemory()
    time_s = best_of(1, lambda: [pyxirr.irr(row) for row in flows])
    return Measurement(time_s=time_s, peak_mb=memory.read_mb(), quality=_peer_left(flows))


def _peer_left(flows: FloatArray) -> float:
    head = flows[:PEER_SERIES]
    monthly = [pyxirr.irr(row) for row in head]
    annual = [np.nan if r is None else float(np.expm1(12 * np.log1p(r))) for r in monthly]
    return worst_npv_left(head, np.array(annual)[:, np.newaxis])


SPECS = tuple(
    Spec(
        name=f"irr-{make.__name__}",
        work=f"all IRRs of series of 241 months, {make.__name__}",
        size_unit="series",
        sizes=(1_000, 10_000),
        run=partial(run_irr, make),
        target="10 times faster for 10,000, all roots (the peer finds one)",
        quality="largest |NPV| at a rate found over gross value, first 500 series",
        peer_name="pyxirr in a loop",
        peer=partial(peer_irr, make),
    )
    for make in (investments, conversions)
)
